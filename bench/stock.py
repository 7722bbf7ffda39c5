"""Settings under which django-tenants' own backend and commands work on our database, for a baseline."""

from bpo.settings import *  # noqa: F403 - a settings module is its names
from bpo.settings import DATABASES, OWNER

DATABASES["default"].update(ENGINE="django_tenants.postgresql_backend", **(OWNER or {}))
