"""Giving a role, changing it, and what the list of access is narrowed to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from bpo.roles import Role
from console.access import STATES, Wanted

DAY = {"type": "date"}
STATE_WORDS = dict(zip(STATES, (_("holds now"), _("ended"), _("all")), strict=True))


def last_day_field() -> forms.DateField:
    return forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("Empty: until it is ended. A third-party evaluator needs one."),
        error_messages={"invalid": _("Write a date such as 2026-11-23.")},
    )


def reach_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Reach"), choices=Membership.Scope.choices, initial="all", help_text=_("Whose work they see.")
    )


class GiveForm(forms.Form):
    """A role for somebody who signs in already, or who is invited."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("Whoever signs in with it here or at the client has the role at once."),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Of somebody new: they are invited by mail to choose a password."),
    )

    def __init__(self, roles: Sequence[Role], data: Any = None) -> None:
        super().__init__(data)
        first = "team_lead" if any(role.key == "team_lead" for role in roles) else ""
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"), choices=[(role.key, role.label) for role in roles], initial=first
        )
        self.fields["scope"] = reach_field()
        self.fields["last_day"] = last_day_field()


class ChangeForm(forms.Form):
    """Another reach or another last day; `version` is the row as it was read."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, third_party: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"] = reach_field()
        self.fields["last_day"] = last_day_field()
        self.fields["last_day"].required = third_party
        if third_party:
            self.fields["last_day"].help_text = _("A third-party evaluator's access always ends.")
            self.fields["last_day"].error_messages["required"] = _(
                "A third-party evaluator's access has to end. Choose the last day of their work."
            )


class AccessFilters(forms.Form):
    """A value that is no choice narrows to nothing and says so."""

    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=120)
    role = forms.ChoiceField(label=_("Role"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=list(STATE_WORDS.items()))

    def __init__(self, data: Any, roles: Sequence[Role]) -> None:
        super().__init__(data)
        choices = [("", _("every role")), *((role.key, role.label) for role in roles)]
        self.fields["role"] = forms.ChoiceField(label=_("Role"), required=False, choices=choices)
        self.order_fields(["q", "role", "state"])

    def wanted(self) -> Wanted:
        """What is asked for; call after `is_valid`."""
        found = self.cleaned_data
        return Wanted(found["q"].replace("\x00", "").strip(), found["role"], found["state"] or "holds")
