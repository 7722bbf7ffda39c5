"""Why and when people leave: rates, survival, clients."""

from django.urls import path

from attrition.views import overview

app_name = "attrition"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("clients.csv", overview.clients_csv, name="clients_csv"),
    path("definitions/<slug:key>/", overview.definition, name="definition"),
]
