"""Scorecards, evaluations and coaching."""

from django.urls import URLPattern, URLResolver, path

from qa.views import mine

app_name = "qa"
urlpatterns: list[URLPattern | URLResolver] = [
    path("reviews/<uuid:evaluation_id>/", mine.detail, name="my_review"),
]
