"""What people send us: an answer, and a period."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpo.permissions import Permission, Principal
from surveys.domain.metrics import SCALE
from surveys.selectors import Period
from surveys.selectors.satisfaction import month_of


class AnswerForm(forms.Form):
    score = forms.TypedChoiceField(
        coerce=int,
        choices=[(score, str(score)) for score in SCALE],
        error_messages={
            "required": gettext_lazy("Choose a number from 1 to 5, then press Send."),
            "invalid_choice": gettext_lazy("Choose a number from 1 to 5, then press Send."),
        },
    )
    comment = forms.CharField(required=False, max_length=2000)


class PeriodForm(forms.Form):
    """Two business dates, `from` and `to`, both included; empty is open."""

    start = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}), label=gettext_lazy("From"))
    end = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}), label=gettext_lazy("To"))

    def add_prefix(self, field_name: str) -> str:
        return {"start": "from", "end": "to"}.get(field_name, field_name)

    def clean_end(self) -> object:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            raise forms.ValidationError(_("The last day is before the first. Choose a later one."))
        return end

    @property
    def period(self) -> Period:
        """The period asked for. Valid forms only."""
        return Period(self.cleaned_data["start"], self.cleaned_data["end"])

    @property
    def problems(self) -> dict[str, list[str]]:
        """Errors under the names the address has."""
        return {self.add_prefix(name): [str(text) for text in texts] for name, texts in self.errors.items()}


class MonthForm(PeriodForm):
    """One calendar month that is over; the last one unless another is asked for.

    Months share no day, so no two of them differ by a few answers: what one hides, no other gives away (ADR 19).
    """

    def __init__(self, data: Mapping[str, Any], today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if self.errors:
            return found
        if found["start"] is None and found["end"] is None:
            found["start"], found["end"] = month_before(self.today)
        elif (found["start"], found["end"]) != month_of(found["start"] or found["end"]):
            self.add_error("start", _("Choose one whole month, from its first day to its last."))
        elif found["end"] >= self.today:
            self.add_error("end", _("This month is not over yet. Choose an earlier one."))
        return found


def month_before(day: date) -> tuple[date, date]:
    return month_of(day.replace(day=1) - timedelta(days=1))


def period_form(principal: Principal, data: Mapping[str, Any], today: date) -> PeriodForm:
    """Any days for those who may see the answers one by one, whole months for those who read figures alone."""
    return PeriodForm(data) if sees_every_answer(principal) else MonthForm(data, today)


def sees_every_answer(principal: Principal) -> bool:
    """Whether the person may read answers one by one; a token asks as freely as the person it is of."""
    return Permission.SEE_ANSWERS in principal.permissions
