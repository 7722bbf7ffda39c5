from django.urls import path

from bpo.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.log, name="log"),
    path("<str:label>/<str:object_id>/", views.history, name="history"),
]
