from django.urls import path

from bpo.privacy import views

app_name = "privacy"
urlpatterns = [
    path("customers/<uuid:customer_id>/", views.customer, name="customer"),
    path("customers/<uuid:customer_id>/export/", views.export, name="export"),
    path("customers/<uuid:customer_id>/erase/", views.erase, name="erase"),
    path("requests/<uuid:request_id>/file/", views.download, name="file"),
]
