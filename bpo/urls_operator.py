"""The operator's host."""

from django.contrib import admin
from django.urls import include, path

from bpo.search import find

urlpatterns = [
    path("search/", find, name="search"),
    path("", include("console.urls")),
    path("", include("accounts.urls_operator")),
    path("people/", include("attrition.urls_people")),
    path("people/", include("workforce.urls")),
    path("attrition/", include("attrition.urls")),
    path("admin/", admin.site.urls),
]
