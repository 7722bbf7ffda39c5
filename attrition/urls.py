"""Why and when people leave: separations, rates, survival."""

from django.urls import path

from attrition.views import separations

app_name = "attrition"
urlpatterns = [
    path("employments/<uuid:employment_id>/separation/", separations.separate, name="separate"),
    path("separations/<uuid:separation_id>/<int:version>/take-back/", separations.take_back, name="take_back"),
]
