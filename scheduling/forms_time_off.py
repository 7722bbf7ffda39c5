"""Forms of planned time off."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from interactions.models import Team
from scheduling.forms import number_field

MOST = 20_000  # hours of a team and day


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class AllotForm(forms.Form):
    """How many paid hours a team's people may be off, on chosen weekdays of a stretch."""

    team = forms.ChoiceField(label=_("Team"))
    hours = number_field(_("Hours a day"), 0, MOST, step="0.25")
    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"), coerce=int, widget=forms.CheckboxSelectMultiple,
        choices=[(number, WEEKDAYS_ABBR[number]) for number in range(7)],
    )  # fmt: skip

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [(str(one.pk), one.name) for one in teams]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        """Valid forms only."""
        values = self.cleaned_data
        return {
            "team_id": values["team"],
            "first_day": values["first_day"],
            "last_day": values["last_day"],
            "weekdays": values["weekdays"],
            "cap_minutes": round(values["hours"] * 60),
        }


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


class AskForm(forms.Form):
    """The days somebody wants to be off."""

    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"))
