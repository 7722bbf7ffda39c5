from django.urls import include, path

from accounts.views import company, crossing, passkeys, second_step, sign_in, tokens

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/second-step/", second_step.second_step, name="sign-in-second-step"),
    path("sign-in/passkey/", passkeys.sign_in_by_passkey, name="sign-in-passkey"),
    path("sign-in/company/", company.start, name="company"),
    path("sign-in/company/back/", company.back, name="company-back"),
    path("security/second-step/", include("accounts.urls_second_step")),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("arrive/", crossing.arrive, name="arrive"),
]
