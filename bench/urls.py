from django.urls import path

from bench.view import one_query

urlpatterns = [path("", one_query)]
