from django.urls import path

from accounts.views import step_in

urlpatterns = [path("", step_in.leave, name="step-out")]
