from django.urls import path

from bpo.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="list"),
    path("unread/", views.unread, name="unread"),
    path("read/", views.read_all, name="read_all"),
    path("preferences/", views.preferences, name="preferences"),
    path("<uuid:notice_id>/", views.open_notice, name="open"),
]
