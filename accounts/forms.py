"""Sign-in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refused


def put(form: forms.Form, error: Refused) -> None:
    """Show what a service refused, beside its field, or above the form when it has no such field."""
    form.add_error(error.field if error.field in form.fields else None, f"{error.problem} {error.remedy}".strip())


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """The second step: a code of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits from your authenticator app, or one of your recovery codes."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}),
    )


class AppForm(forms.Form):
    """What shows that the app has the secret."""

    code = forms.CharField(
        label=_("Code the app shows now"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the device or app that keeps it"),
        help_text=_("So that you know later which one to remove."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PasswordForm(forms.Form):
    """Whoever changes how they sign in shows once more that it is them."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ResetForm(forms.Form):
    reason = forms.CharField(
        label=_("How do you know that it is them?"),
        help_text=_("It stands in the audit log. No secrets, please."),
        max_length=200,
    )
