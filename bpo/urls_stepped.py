"""A client's host for an operator who has stepped in: what everybody has there, and a look at every row.

Chosen a request at a time by the principal's middleware. For everybody else these addresses are not there at all.
"""

from typing import Any

from django.urls import include, path
from django.utils.module_loading import import_string

from bpo import urls_client

_admin: Any = import_string("console.client_admin.site")
inside = [
    path("admin/", _admin.urls),
    path("step-out/", include("accounts.urls_stepped")),
]
urlpatterns = [*inside, *urls_client.urlpatterns]
