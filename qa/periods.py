"""The period that figures of quality are asked for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa.models import Picked

USUAL: Final = 28  # days
LONGEST: Final = 400
DAY = {"type": "date"}


@dataclass(frozen=True, slots=True)
class Period:
    """Business dates from `start` up to but not including `end`."""

    start: date
    end: date

    @property
    def words(self) -> str:
        last = self.end - timedelta(days=1)
        return _("%(start)s to %(end)s") % {"start": _day(self.start), "end": _day(last)}


class PeriodForm(forms.Form):
    """`from` and `to`, both included; without, the four weeks that end today. `picked` is one way of picking."""

    start = forms.DateField(required=False, widget=forms.DateInput(attrs=DAY), label=gettext_lazy("From"))
    end = forms.DateField(required=False, widget=forms.DateInput(attrs=DAY), label=gettext_lazy("To"))
    picked = forms.ChoiceField(required=False, choices=Picked.choices, widget=forms.HiddenInput())

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def add_prefix(self, field_name: str) -> str:
        return {"start": "from", "end": "to"}.get(field_name, field_name)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        end = found.get("end") or self.today
        start = found.get("start") or end - timedelta(days=USUAL - 1)
        if end < start:
            self.add_error("end", _("The last day is before the first. Choose a later one."))
        elif (end - start).days > LONGEST:
            self.add_error("start", _("That is more than %(n)s days. Choose a later first day.") % {"n": LONGEST})
        return found | {"start": start, "end": end}

    @property
    def period(self) -> Period:
        """The period asked for. Valid forms only."""
        return Period(self.cleaned_data["start"], self.cleaned_data["end"] + timedelta(days=1))

    @property
    def picked_one(self) -> str:
        return self.cleaned_data.get("picked") or Picked.RANDOM

    @property
    def presets(self) -> list[tuple[str, str]]:
        """Periods that end today, in words, with their query."""
        named = ((_("Last 4 weeks"), 4), (_("Last 8 weeks"), 8), (_("Last 13 weeks"), 13), (_("Last 26 weeks"), 26))
        return [
            (words, f"?from={self.today - timedelta(days=7 * weeks - 1)}&to={self.today}") for words, weeks in named
        ]


def _day(day: date) -> str:
    return date_format(day, "j M Y")
