"""Recording and correcting a separation; choosing what the attrition page looks at."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attrition.models import Separation
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
