"""What the operator fills in."""

import re
import unicodedata
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from bpo.roles import ROLES
from bpo.service_levels import LONGEST_SHORT, LevelDefinition
from bpo.ui.context import COLOURS

_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def zone_choices() -> list[tuple[str, str]]:
    """IANA zones people live in, by area, and UTC."""
    names = sorted(name for name in available_timezones() if name.split("/")[0] in _AREAS and "/" in name)
    return [("", ""), *((name, name.replace("_", " ")) for name in names), ("UTC", "UTC")]


def suggested_key(name: str) -> str:
    """A host label from a name: "Łódź Energia" gives "odz-energia", "Norvik Telecom" gives "norvik-telecom"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    joined = re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789")
    return joined[:31].strip("-")


class OpeningForm(forms.Form):
    """A new client. The key may stay empty: it is then made from the name."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As people say it."))
    key = forms.CharField(
        label=_("Key"), max_length=40, required=False, help_text=_("The first part of its address. It never changes.")
    )
    zone = forms.ChoiceField(label=_("Zone"), help_text=_("Its weeks and business dates follow this clock."))
    colour = forms.TypedChoiceField(
        label=_("Colour"),
        coerce=int,
        choices=[(number, str(number)) for number in range(1, COLOURS + 1)],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"] = forms.ChoiceField(
            label=_("Zone"),
            choices=zone_choices(),
            help_text=_("Its weeks and business dates follow this clock."),
            error_messages={
                "invalid_choice": _("“%(value)s” is not a time zone. Choose one as Area/City, such as Asia/Manila.")
            },
        )
        self.order_fields(["name", "key", "zone", "colour"])

    def clean_key(self) -> str:
        given: str = self.cleaned_data["key"].strip().lower()
        return given or suggested_key(self.cleaned_data.get("name", ""))


class TermsForm(forms.Form):
    """What is agreed with a client, each of which the product obeys."""

    sees_reports = forms.BooleanField(
        label=_("The client's people see reports"),
        required=False,
        help_text=_("Otherwise none of them opens one, over the API neither, and nobody is told of one."),
    )
    sees_satisfaction = forms.BooleanField(
        label=_("The client's people see satisfaction"),
        required=False,
        help_text=_("By whole months that are over. Staff see it always."),
    )
    sees_evaluations = forms.BooleanField(
        label=_("The client's people see evaluations"),
        required=False,
        help_text=_("Released ones with their answers, the agent by pseudonym, and the notes that are for them."),
    )
    hears_recordings = forms.BooleanField(
        label=_("The client's people and third parties hear recordings"),
        required=False,
        help_text=_("Only copies in which the redacted parts are silent. Staff hear what is left of the original."),
    )
    surveys_asked = forms.BooleanField(
        label=_("Customers are asked how satisfied they are"),
        required=False,
        help_text=_("One question by mail once a matter is resolved."),
    )
    survey_rest_days = forms.IntegerField(
        label=_("Days before the same address is asked again"), min_value=1, max_value=730
    )
    service_level = forms.DecimalField(
        label=_("Service level promised"), min_value=1, max_value=100, max_digits=4, decimal_places=1,
        help_text=_("For each queue, and each that is made later. Weeks reported before keep the promise of then."),
    )  # fmt: skip
    answer_within_seconds = forms.IntegerField(label=_("Answered within"), min_value=1, max_value=86_400)
    service_level_definition = forms.ChoiceField(
        label=_("Counted as"), required=False,
        choices=[("", _("not agreed on: in time, of all but those gone in time")), *LevelDefinition.choices],
        help_text=_("In reports, on the console and in staffing. Weeks that are over stay counted as they were."),
    )  # fmt: skip
    short_abandon_seconds = forms.IntegerField(
        label=_("An abandon is short under"), min_value=1, max_value=LONGEST_SHORT, required=False
    )
    second_person = forms.BooleanField(
        label=_("Weeks are published by a second person"),
        required=False,
        help_text=_("Whoever sends a week for review doesn’t publish it. Repairs after absences are sent for review."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("service_level_definition") != LevelDefinition.SHORT_ABANDONS_EXCLUDED:
            values["short_abandon_seconds"] = None
            self.errors.pop("short_abandon_seconds", None)  # not asked for
        elif values.get("short_abandon_seconds") is None and "short_abandon_seconds" not in self.errors:
            self.add_error("short_abandon_seconds", _("Say how long a short abandon is."))
        return values

    def agreed(self) -> dict[str, Any]:
        """The terms as the service takes them."""
        given = dict(self.cleaned_data)
        given.pop("reason", None)
        return {**given, "service_level_target": given.pop("service_level") / 100}

    @staticmethod
    def shown(agreed: dict[str, Any]) -> dict[str, Any]:
        """Terms as the form's initial values."""
        return {**agreed, "service_level": format((agreed["service_level_target"] * 100).normalize(), "f")}


class ChangeTermsForm(TermsForm):
    """The same for a client that is open: with why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For those who read it later. Name no person."),
    )  # fmt: skip


class StepForm(forms.Form):
    """Why a step in a client's life is taken."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For those who read it later. Name no person."),
    )


class HostForm(forms.Form):
    """A host name of the client's own."""

    host = forms.CharField(
        label=_("Host name"), max_length=253, help_text=_("Such as care.example.com. It goes live once DNS proves it.")
    )


class FirstUserForm(forms.Form):
    """Somebody who gets a role at a new client."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("Who can't sign in yet gets a link there, good for a week, and chooses a password."),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.key, role.label) for role in ROLES.values() if role.key not in ("third_party", "hr")]
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=choices, initial="team_lead")
        self.order_fields(["email", "name", "role"])
