from django.urls import include, path
from rest_framework.routers import SimpleRouter

from scheduling.api import ShiftViewSet

router = SimpleRouter(use_regex_path=False)
router.register("shifts", ShiftViewSet, basename="api-shifts")
urlpatterns = [path("", include(router.urls))]
