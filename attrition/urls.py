"""Why and when people leave: separations, rates, survival."""

from django.urls import path

from attrition.views import overview, separations

app_name = "attrition"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("clients.csv", overview.clients_csv, name="clients_csv"),
    path("definitions/<slug:key>/", overview.definition, name="definition"),
    path("employments/<uuid:employment_id>/separation/", separations.separate, name="separate"),
    path("separations/<uuid:separation_id>/<int:version>/take-back/", separations.take_back, name="take_back"),
]
