"""A client's host. Apps are named by string; each view carries its stamp."""

from django.urls import include, path

from bpo.home import home

urlpatterns = [
    path("", home, name="home"),
    path("files/", include("bpo.files.urls")),
    path("imports/", include("bpo.imports.urls")),
    path("", include("interactions.urls")),
    path("api/v1/", include("interactions.urls_api")),
    path("audit/", include("bpo.audit.urls")),
    path("notices/", include("bpo.notices.urls")),
    path("csat/", include("surveys.urls")),
    path("api/v1/", include("surveys.urls_api")),
    path("", include("surveys.urls_public")),
    path("", include("accounts.urls_client")),
]
