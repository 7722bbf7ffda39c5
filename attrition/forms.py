"""Recording and correcting a separation; choosing what the attrition page looks at."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from attrition.models import Separation
from attrition.selectors import months_back
from attrition.words import grouped_choices

DAY_FIELD = {"type": "date"}


class SeparationForm(forms.Form):
    """A last day and a reason; notice and note where there are any."""

    last_day = forms.DateField(
        label=_("Last day worked"),
        widget=forms.DateInput(attrs=DAY_FIELD, format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose the last day worked."),
            "invalid": _("Write a date such as 2026-11-23."),
        },
    )
    reason = forms.ChoiceField(label=_("Reason"), error_messages={"required": _("Choose a reason.")})
    notice_on = forms.DateField(
        label=_("Notice given on"),
        required=False,
        widget=forms.DateInput(attrs=DAY_FIELD, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a date such as 2026-11-23.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only HR and operator admins read it; no client does."),
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.choices = [("", _("choose one")), *grouped_choices()]  # type: ignore[attr-defined]  # it is a ChoiceField


def initial_of(separation: Separation | None, *, today: date) -> dict[str, Any]:
    """What the form starts with: today for a new separation, else what is recorded."""
    if separation is None:
        return {"last_day": today}
    names = ("last_day", "reason", "notice_on", "note", "version")
    return {name: getattr(separation, name) for name in names}


class OverviewForm(forms.Form):
    """The company or a client, the last month looked at and how many, and whose curve is drawn."""

    client = forms.ChoiceField(label=_("Client"), required=False)
    until = forms.ChoiceField(label=_("Month"), required=False)
    months = forms.ChoiceField(
        label=_("Length"),
        required=False,
        choices=[("1", _("one month")), ("3", _("three months")), ("12", _("a year"))],
    )
    group = forms.ChoiceField(label=_("Curve of"), required=False)

    def __init__(self, data: Any, *, clients: list[Any], classes: list[Any], today: date) -> None:
        self.last_full = months_back(today, 1)
        super().__init__({"until": f"{self.last_full:%Y-%m}"} | data.dict())
        months = [months_back(self.last_full, count) for count in range(-1, 24)]
        choices: dict[str, list[tuple[str, Any]]] = {
            "client": [("", _("whole company")), *((one.key, one.name) for one in clients)],
            "until": [(f"{day:%Y-%m}", date_format(day, "F Y")) for day in months],
            "group": [
                ("", _("hired in two years")),
                ("all", _("everybody")),
                *((str(one.pk), one.name) for one in classes),
            ],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]  # each of the three chooses

    def month(self) -> date:
        """The first day of the last month looked at: the last full one unless another is chosen."""
        chosen = self.cleaned_data.get("until")
        return date.fromisoformat(f"{chosen}-01") if chosen else self.last_full

    def length(self) -> int:
        return int(self.cleaned_data.get("months") or 1)
