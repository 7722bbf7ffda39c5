from django.urls import path

from qa.api import EvaluationViewSet
from qa.api_notes import NoteViewSet
from qa.api_scorecards import ScorecardViewSet

urlpatterns = [
    path("evaluations/", EvaluationViewSet.as_view({"get": "list"}), name="api-evaluations"),
    path("evaluations/<uuid:pk>/", EvaluationViewSet.as_view({"get": "retrieve"}), name="api-evaluation"),
    path("notes/", NoteViewSet.as_view({"get": "list", "post": "create"}), name="api-notes"),
    path("notes/<uuid:pk>/", NoteViewSet.as_view({"get": "retrieve"}), name="api-note"),
    path("notes/<uuid:pk>/share/", NoteViewSet.as_view({"post": "share"}), name="api-note-share"),
    path("scorecards/", ScorecardViewSet.as_view({"get": "list"}), name="api-scorecards"),
    path("scorecards/<uuid:pk>/", ScorecardViewSet.as_view({"get": "retrieve"}), name="api-scorecard"),
]
