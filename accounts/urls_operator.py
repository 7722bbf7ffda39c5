from django.urls import include, path

from accounts.views import company, crossing, keys, links, passkeys, reset_second_step, second_step, security, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/second-step/", second_step.second_step, name="sign-in-second-step"),
    path("sign-in/passkey/", passkeys.sign_in_by_passkey, name="sign-in-passkey"),
    path("sign-in/company/", company.start, name="company"),
    path("sign-in/company/back/", company.back, name="company-back"),
    path("reset/", links.forgotten, name="forgotten"),
    path("reset/<str:token>/", links.new_password, name="new-password"),
    path("join/<str:token>/", links.join, name="join"),
    path("security/", security.security, name="security"),
    path("security/password/", security.password, name="change-password"),
    path("security/sessions/end-others/", security.end_others, name="end-other-sessions"),
    path("security/sessions/<uuid:session_id>/end/", security.end_one, name="end-session"),
    path("security/second-step/", include("accounts.urls_second_step")),
    path("security/reset/<uuid:user_id>/", reset_second_step.reset, name="reset-second-step"),
    path("keys/", keys.keys, name="keys"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("cross/<slug:key>/", crossing.cross, name="cross"),
]
