"""The web entry point: never holds the owner's credentials."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bpo.settings")
os.environ["BPO_MAY_OWN"] = "0"

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

application = get_wsgi_application()

# Loaded before the first request asks for it. It stays for the process's life, so collections needn't look through it
# again: on a large page one of them would, and take 0.15 s.
for urlconf in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
    _ = get_resolver(urlconf).url_patterns
gc.collect()
gc.freeze()
