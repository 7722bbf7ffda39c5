from django.urls import path

from surveys.views import comments, overview

app_name = "surveys"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("comments/", comments.listing, name="comments"),
    path("figures.csv", comments.figures_csv, name="csv"),
    path("definition/<slug:figure>/", overview.definition, name="definition"),
]
