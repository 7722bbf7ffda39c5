"""One's own second step, on either host."""

from django.urls import path

from accounts.views import company, my_second_step, passkeys

app_name = "second-step"
urlpatterns = [
    path("", my_second_step.mine, name="mine"),
    path("confirm/", my_second_step.confirm, name="confirm"),
    path("app/", my_second_step.app, name="app"),
    path("app/remove/", my_second_step.app_remove, name="app-remove"),
    path("passkey/", passkeys.passkey, name="passkey"),
    path("passkeys/<uuid:passkey_id>/remove/", passkeys.passkey_remove, name="passkey-remove"),
    path("passkeys/<uuid:passkey_id>/name/", passkeys.passkey_rename, name="passkey-rename"),
    path("company/connect/", company.connect_mine, name="company-connect"),
    path("company/disconnect/", company.disconnect_mine, name="company-disconnect"),
    path("codes/", my_second_step.codes, name="codes"),
]
