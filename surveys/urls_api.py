from django.urls import include, path
from rest_framework.routers import SimpleRouter

from surveys.api import CsatView, ResponseViewSet, SurveyViewSet

router = SimpleRouter(use_regex_path=False)
router.register("surveys", SurveyViewSet, basename="api-surveys")
router.register("responses", ResponseViewSet, basename="api-responses")
urlpatterns = [
    path("csat/", CsatView.as_view({"get": "list"}), name="api-csat"),
    path("", include(router.urls)),
]
