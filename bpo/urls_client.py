"""A client's host. Apps are named by string; each view carries its stamp."""

from django.urls import include, path

from bpo.home import home

urlpatterns = [
    path("", home, name="home"),
    path("audit/", include("bpo.audit.urls")),
    path("notices/", include("bpo.notices.urls")),
    path("", include("accounts.urls_client")),
]
