"""How a realm's people sign in: whether a second step is wanted, and by which company provider."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import IdentityProvider
from accounts.models.identity import NEW_ROLES
from bpo.roles import ROLES

PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class SwitchForm(forms.Form):
    """On or off, of what was read; an undo names no version."""

    on = forms.TypedChoiceField(choices=[("1", _("on")), ("0", _("off"))], coerce=lambda value: value == "1")
    version = forms.IntegerField(min_value=0, required=False)


class ProviderForm(forms.Form):
    """A company's provider as it describes itself. What is kept of the secret is never put into the page."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("It stands on the button: “Sign in with …”."),
        widget=forms.TextInput(attrs=PLAIN),
    )  # fmt: skip
    issuer = forms.CharField(
        label=_("Issuer"), max_length=300, widget=forms.URLInput(attrs=PLAIN),
        help_text=_("The provider's https address, letter by letter as it writes it."),
    )  # fmt: skip
    client_id = forms.CharField(label=_("Client id"), max_length=255, widget=forms.TextInput(attrs=PLAIN))
    secret = forms.CharField(
        label=_("Client secret"), max_length=500, strip=False, help_text=_("Kept sealed, and shown to nobody again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, there: IdentityProvider | None, of_client: bool, connected: int) -> None:
        super().__init__(data, initial=_shown(there))
        self.fields["issuer"].strip = True  # type: ignore[attr-defined]  # a CharField
        if there is not None:
            self.fields["secret"].required = False
            self.fields["secret"].label = _("Replace the client secret")
            self.fields["secret"].help_text = _("One is kept, sealed, and shown to nobody. Empty keeps it.")
        if of_client:
            choices = [
                ("", _("are refused until they are invited")),
                *((one, _("become %(role)s") % {"role": ROLES[one].label}) for one in NEW_ROLES),
            ]
            self.fields["new_role"] = forms.ChoiceField(
                label=_("New people it sends"), choices=choices, required=False,
                help_text=_("An address it names is looked up nowhere: nobody takes over somebody who is here."),
            )  # fmt: skip
        if connected:
            self.fields["replaces"] = forms.BooleanField(
                label=_("Let go of who is connected"), required=False,
                help_text=_("Only asked for with another issuer or client id: that is another provider."),
            )  # fmt: skip


def _shown(there: IdentityProvider | None) -> dict[str, Any]:
    if there is None:
        return {"version": 0}
    return {name: getattr(there, name) for name in ("version", "name", "issuer", "client_id", "new_role")}
