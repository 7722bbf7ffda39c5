from django.urls import path

from bpo.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:endpoint_id>/", views.detail, name="endpoint"),
    path("<uuid:endpoint_id>/ping/", views.send_ping, name="ping"),
    path("<uuid:endpoint_id>/secret/", views.new_secret, name="secret"),
    path("<uuid:endpoint_id>/pause/", views.pause, name="pause"),
    path("<uuid:endpoint_id>/resume/", views.resume, name="resume"),
    path("<uuid:endpoint_id>/switch-off/", views.switch_off, name="switch_off"),
    path("deliveries/<uuid:delivery_id>/", views.delivery, name="delivery"),
    path("deliveries/<uuid:delivery_id>/replay/", views.send_again, name="replay"),
]
