"""What somebody would rather have, as it is asked on a phone."""

import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from interactions.models import Actor
from scheduling.domain.preferences import EARLY, LATE
from scheduling.models import Preference
from scheduling.services.preferring import Wanted

ONCE = "once"
CLOCK = {"type": "time"}


class PreferenceForm(forms.Form):
    """A day or weekday, what is wished for it, and how much."""

    day = forms.ChoiceField(label=_("When"))
    date = forms.DateField(label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    wish = forms.ChoiceField(
        label=_("I’d rather have"),
        choices=[
            ("off", _("a day off")),
            ("early", _("an early start, before 10:00")),
            ("late", _("a late start, 14:00 or later")),
            ("band", _("a start between two times")),
        ],
    )
    begins_from = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(attrs=CLOCK))
    begins_until = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs=CLOCK))
    strength = forms.ChoiceField(
        label=_("How much"), choices=Preference.Strength.choices, initial=Preference.Strength.LIKE,
        widget=forms.RadioSelect,
    )  # fmt: skip

    BANDS: ClassVar[dict[str, tuple[datetime.time, datetime.time]]] = {"early": EARLY, "late": LATE}

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(f"{number}", _("Every %(day)s") % {"day": name}) for number, name in WEEKDAYS.items()]
        self.fields["day"].choices = [*days, (ONCE, _("Once, on a date"))]  # type: ignore[attr-defined]
        self.fields["date"].widget.attrs["min"] = today.isoformat()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("day") == ONCE and not values.get("date") and "date" not in self.errors:
            self.add_error("date", _("Choose the date."))
        if values.get("wish") == "band":
            for name in ("begins_from", "begins_until"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose a time."))
        return values

    def wanted(self, zone: str) -> Wanted:
        """Valid forms only."""
        values = self.cleaned_data
        once, wish = values["day"] == ONCE, values["wish"]
        band = (values["begins_from"], values["begins_until"]) if wish == "band" else self.BANDS.get(wish)
        return Wanted(None if once else int(values["day"]), values["date"] if once else None, band,
                      values["strength"], zone)  # fmt: skip


class AgentPreferenceForm(PreferenceForm):
    """The same, noted for somebody else."""

    actor = forms.ChoiceField(label=_("Who"))
    field_order = ("actor", "day", "date", "wish", "begins_from", "begins_until", "strength")

    def __init__(self, *args: Any, people: list[Actor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["actor"].choices = [(str(one.pk), one.display_name) for one in people]  # type: ignore[attr-defined]
        self.fields["wish"].label = _("They’d rather have")
