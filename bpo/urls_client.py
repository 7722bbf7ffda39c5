"""A client's host. Apps are named by string; each view carries its stamp."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls_client")),
]
