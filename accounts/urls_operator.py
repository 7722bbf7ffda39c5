from django.urls import include, path

from accounts.views import company, crossing, passkeys, reset_second_step, second_step, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/second-step/", second_step.second_step, name="sign-in-second-step"),
    path("sign-in/passkey/", passkeys.sign_in_by_passkey, name="sign-in-passkey"),
    path("sign-in/company/", company.start, name="company"),
    path("sign-in/company/back/", company.back, name="company-back"),
    path("security/second-step/", include("accounts.urls_second_step")),
    path("security/reset/<uuid:user_id>/", reset_second_step.reset, name="reset-second-step"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("cross/<slug:key>/", crossing.cross, name="cross"),
]
