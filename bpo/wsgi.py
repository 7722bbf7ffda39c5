"""The web entry point: never holds the owner's credentials."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bpo.settings")
os.environ["BPO_MAY_OWN"] = "0"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
