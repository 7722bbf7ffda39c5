"""What a planner asks a design of shifts for: up to three kinds of shift, and how they may lie."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from scheduling.domain.designing.asked import Asked

KINDS = 3
USUAL = Asked(540, 0, 1425, 60, 2)  # nine hours at any time, a meal and two breaks
CHOICES = {
    "every": [(15, _("every 15 minutes")), (30, _("every half hour")), (60, _("every hour"))],
    "flex": [(0, _("stay where they are")), (30, _("30 minutes")), (45, _("45 minutes")), (60, _("an hour")), (90, _("90 minutes"))],
    "missing": [(0, _("is not allowed")), (2, _("counts twice as long")), (4, _("counts four times")), (8, _("counts eight times"))],
    "seconds": [(10, _("10 seconds")), (30, _("30 seconds")), (60, _("a minute")), (120, _("two minutes"))],
}  # fmt: skip


def _whole(label: Any, low: int, high: int, step: int, initial: int) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"min": low, "max": high, "step": step, "inputmode": "numeric"})
    limits = [MinValueValidator(low), MaxValueValidator(high)]
    return forms.IntegerField(label=label, required=False, widget=widget, validators=limits, initial=initial)


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time", "step": 900}, format="%H:%M"))  # fmt: skip


class KindForm(forms.Form):
    """One kind of shift; without its hours there is none."""

    hours = forms.FloatField(
        label=_("Hours"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 2, "max": 16, "step": 0.25, "inputmode": "decimal"}),
        validators=[MinValueValidator(2), MaxValueValidator(16)],
    )
    earliest = _clock(_("Begins from"))
    latest = _clock(_("until"))
    meal = _whole(_("Unpaid meal, min"), 0, 120, 15, 0)
    breaks = _whole(_("Paid breaks"), 0, 4, 1, 0)
    rest = _whole(_("Minutes each"), 5, 60, 5, 15)

    @staticmethod
    def of(asked: Asked) -> dict[str, Any]:
        """What stands in the form."""
        hours = asked.minutes / 60
        return {
            "hours": int(hours) if hours.is_integer() else hours,
            "earliest": time(*divmod(asked.earliest, 60)),
            "latest": time(*divmod(asked.latest, 60)),
            "meal": asked.meal,
            "breaks": asked.breaks,
            "rest": asked.rest,
        }

    @property
    def asked(self) -> Asked | None:
        """Valid forms only. Times left out are any."""
        values = self.cleaned_data
        if not values["hours"]:
            return None
        earliest, latest = values["earliest"] or time(), values["latest"] or time(23, 45)
        return Asked(
            minutes=round(values["hours"] * 4) * 15,
            earliest=earliest.hour * 60 + earliest.minute,
            latest=latest.hour * 60 + latest.minute,
            meal=values["meal"] or 0,
            breaks=values["breaks"] or 0,
            rest=values["rest"] or 15,
        )


class SearchForm(forms.Form):
    """How all of them may lie, and how long to look."""

    every = forms.TypedChoiceField(label=_("Shifts begin"), choices=CHOICES["every"], coerce=int, initial=30)
    flex = forms.TypedChoiceField(label=_("Breaks may move by"), choices=CHOICES["flex"], coerce=int, initial=45)
    missing = forms.TypedChoiceField(
        label=_("Time that somebody is missing"), choices=CHOICES["missing"], coerce=int, initial=0
    )
    seconds = forms.TypedChoiceField(label=_("Look for"), choices=CHOICES["seconds"], coerce=int, initial=30)
    wraps = forms.BooleanField(label=_("Every week is like this one"), required=False, initial=True)


class DesignForm:
    """Both together."""

    def __init__(self, data: QueryDict | None = None, given: Sequence[Asked] = ()) -> None:
        rows = [KindForm.of(one) for one in (given or [USUAL])[:KINDS]]
        rows += [{}] * (KINDS - len(rows))
        self.kinds = [KindForm(data, prefix=f"kind{number}", initial=row) for number, row in enumerate(rows)]
        self.search = SearchForm(data)
        self.problem = ""

    def is_valid(self) -> bool:
        """Whether each form is, and one kind has its hours; if that alone is missing, `problem` says so."""
        valid = [form.is_valid() for form in (*self.kinds, self.search)]  # each, so that all errors show
        if all(valid) and not any(form.asked for form in self.kinds):
            self.problem = str(_("Give at least one kind of shift its hours."))
        return all(valid) and not self.problem

    @property
    def values(self) -> dict[str, Any]:
        """Valid forms only: as the service wants them."""
        return {"asked": [form.asked for form in self.kinds if form.asked], **self.search.cleaned_data}
