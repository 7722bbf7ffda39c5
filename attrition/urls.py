"""Why and when people leave: separations, rates, survival."""

from django.urls import URLPattern, URLResolver

app_name = "attrition"
urlpatterns: list[URLPattern | URLResolver] = []
