"""Forms of absences and of the repair of a week."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.models import Actor
from scheduling.domain.weeks import Week
from scheduling.forms import number_field
from scheduling.models import Absence


class AbsenceForm(forms.Form):
    """Somebody who won't work on these days."""

    actor = forms.ChoiceField(label=_("Who"))
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("Why"), choices=[one for one in Absence.Kind.choices if one[0] != Absence.Kind.TIME_OFF]
    )

    def __init__(self, *args: Any, people: list[Actor], week: Week, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor"].choices = [(str(one.pk), one.display_name) for one in people]  # type: ignore[attr-defined]
        for name in ("first_day", "last_day"):
            self.fields[name].widget.attrs.update(min=week.dates[0].isoformat())


class RepairForm(forms.Form):
    """What a repair may change, and what each change has to win. Times in hours, prices in missing agent hours."""

    lead = number_field(_("Leave what begins within, hours"), 0, 168)
    notice = number_field(_("Short notice within, hours"), 0, 168)
    change_hours = number_field(_("A change wins at least, agent hours"), 0, 100)
    short_notice_hours = number_field(_("At short notice at least"), 0, 100)

    USUAL = {"lead": 2, "notice": 48, "change_hours": 1, "short_notice_hours": 2}

    @property
    def asked(self) -> dict[str, Any]:
        """Valid forms only."""
        values = self.cleaned_data
        return {
            "lead": timedelta(hours=values["lead"]),
            "notice": timedelta(hours=values["notice"]),
            "change_hours": values["change_hours"],
            "short_notice_hours": values["short_notice_hours"],
        }


class AcceptForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class WithdrawForm(forms.Form):
    plan = forms.UUIDField()
