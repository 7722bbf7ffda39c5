from django.urls import path

from bpo.api_docs import views

app_name = "api"
urlpatterns = [
    path("", views.reader, name="reader"),
    path("schema/", views.schema, name="schema"),
]
