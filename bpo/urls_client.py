"""A client's host. Apps are named by string; each view carries its stamp."""

from django.urls import include, path

from bpo.home import home
from bpo.search import find

urlpatterns = [
    path("", home, name="home"),
    path("search/", find, name="search"),
    path("api/v1/", include("bpo.api_docs.urls")),
    path("files/", include("bpo.files.urls")),
    path("imports/", include("bpo.imports.urls")),
    path("", include("interactions.urls")),
    path("api/v1/", include("interactions.urls_api")),
    path("audit/", include("bpo.audit.urls")),
    path("privacy/", include("bpo.privacy.urls")),
    path("webhooks/", include("bpo.webhooks.urls")),
    path("notices/", include("bpo.notices.urls")),
    path("", include("scheduling.urls")),
    path("api/v1/", include("scheduling.urls_api")),
    path("", include("qa.urls")),
    path("api/v1/", include("qa.urls_api")),
    path("reports/", include("reports.urls")),
    path("api/v1/", include("reports.urls_api")),
    path("csat/", include("surveys.urls")),
    path("api/v1/", include("surveys.urls_api")),
    path("", include("surveys.urls_public")),
    path("", include("accounts.urls_client")),
]
