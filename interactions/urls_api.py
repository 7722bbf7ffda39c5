from django.urls import include, path
from rest_framework.routers import SimpleRouter

from interactions.api import CaseViewSet, InteractionViewSet

router = SimpleRouter(use_regex_path=False)
router.register("interactions", InteractionViewSet, basename="api-interactions")
router.register("cases", CaseViewSet, basename="api-cases")
urlpatterns = [path("", include(router.urls))]
