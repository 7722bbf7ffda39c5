from django.urls import path

from surveys.api import CsatView, ResponseViewSet

urlpatterns = [
    path("csat/", CsatView.as_view({"get": "list"}), name="api-csat"),
    path("responses/", ResponseViewSet.as_view({"get": "list"}), name="api-responses"),
]
