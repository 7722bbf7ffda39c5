from django.urls import path

from qa.api import EvaluationViewSet

urlpatterns = [
    path("evaluations/", EvaluationViewSet.as_view({"get": "list"}), name="api-evaluations"),
    path("evaluations/<uuid:pk>/", EvaluationViewSet.as_view({"get": "retrieve"}), name="api-evaluation"),
]
