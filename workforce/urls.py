"""The BPO's people on the operator's host."""

from django.urls import path

from workforce.views import people

app_name = "workforce"
urlpatterns = [
    path("", people.people, name="people"),
    path("<uuid:employee_id>/", people.person, name="person"),
]
