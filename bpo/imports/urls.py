from django.urls import path

from bpo.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.upload, name="new"),
    path("<uuid:run_id>/", views.run, name="run"),
    path("<uuid:run_id>/start/", views.start, name="start"),
    path("<uuid:run_id>/progress/", views.progress, name="progress"),
    path("<uuid:run_id>/problems.csv", views.problems, name="problems"),
]
