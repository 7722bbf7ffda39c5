from django.urls import path

from accounts.views import crossing, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("cross/<slug:key>/", crossing.cross, name="cross"),
]
