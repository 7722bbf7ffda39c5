"""The BPO's people on the operator's host."""

from django.urls import URLPattern, URLResolver

app_name = "workforce"
urlpatterns: list[URLPattern | URLResolver] = []
