from django.urls import path

from surveys.views import public

urlpatterns = [path("s/<str:token>/", public.survey, name="survey")]
