from django.urls import path

from surveys.views import overview

app_name = "surveys"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("definition/<slug:figure>/", overview.definition, name="definition"),
]
