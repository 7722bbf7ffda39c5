"""Choosing and changing a password, and asking for another."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, help_text=help_text)


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )


class NewPasswordForm(forms.Form):
    """A password twice. The address stands beside it, so that a password manager knows whose it is."""

    email = forms.EmailField(
        label=_("E-mail"), disabled=True,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )  # fmt: skip
    password = _password(
        _("New password"), "new-password", _("At least 12 characters, not a common one, and not like your name.")
    )
    again = _password(_("New password once more"), "new-password")

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].initial = email

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "again" in given and given.get("password") != given["again"]:
            self.add_error("again", _("The two are not the same. Type it once more."))
        return given


class JoinForm(NewPasswordForm):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["email", "name", "password", "again"]


class ChangePasswordForm(NewPasswordForm):
    old = _password(_("Password you have now"), "current-password")
    field_order = ["email", "old", "password", "again"]
