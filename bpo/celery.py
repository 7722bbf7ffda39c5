"""The Celery app. Messages are wake-ups with an id; the outbox row is the work."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bpo.settings")
os.environ.setdefault("BPO_MAY_OWN", "0")
