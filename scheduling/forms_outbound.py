"""What planners send us of calls we make."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from interactions.models import Queue
from scheduling.domain.attempts import Learned, OutboundTarget, Tried
from scheduling.domain.forecasting.history import DAY
from scheduling.forms import PARTS, AnyTargetForm, number_field
from scheduling.models import Requirement

HOURS = range(24)


class TurnForm(forms.Form):
    direction = forms.ChoiceField(choices=Queue.Direction.choices)


class OutboundForm(AnyTargetForm):
    """A list to work within the week: times in seconds, shares in per cent. An hour left empty has the usual reach."""

    plain = (
        "records", "most", "usual", "talk", "unanswered", "opens", "closes", "weekends", "max_occupancy", *PARTS,
        "shrinkage", "minimum",
    )  # fmt: skip
    records = number_field(_("Records to work"), 1, 10_000_000, step="1")
    most = number_field(_("Attempts at each, at most"), 1, 50, step="1")
    usual = number_field(_("Reached, % of attempts"), 0.1, 100)
    talk = number_field(_("Reached takes, s"), 1, 86_400)
    unanswered = number_field(_("Unanswered takes, s"), 1, 86_400)
    opens = forms.TimeField(label=_("Called from"), widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label=_("until"), widget=forms.TimeInput(attrs={"type": "time"}))
    weekends = forms.BooleanField(label=_("At weekends too"), required=False)

    learned = Learned()

    def __init__(self, *args: Any, learned: Learned | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.learned = learned or Learned()
        for hour in HOURS:
            label = _("Reached from %(hour)s, %%") % {"hour": f"{hour:02}:00"}
            self.fields[f"reach_{hour}"] = number_field(label, 0, 100, required=False)

    @staticmethod
    def given(learned: Learned, last: Requirement | None) -> dict[str, Any]:
        """What stands in the form: the last plan of this week, else what past attempts say with usual limits."""
        if last is None or last.method != Requirement.Method.OUTBOUND:
            own, whole = learned.reach(), learned.whole
            first, until = (own[0][0], own[-1][0] + 1) if own else (9, 18)
            return {
                "most": 3,
                "usual": None if whole.share is None else _per_cent(whole.share),
                "talk": learned.talk and round(learned.talk, 1),
                "unanswered": learned.unanswered and round(learned.unanswered, 1),
                "opens": time(first),
                "closes": time(until % 24),
                "weekends": False,
                "max_occupancy": 88,
                "shrinkage": 12,
                "minimum": 0,
                **{f"reach_{hour}": _per_cent(share) for hour, share in own},
            }
        return {
            "records": last.records,
            "most": last.attempts,
            "usual": _per_cent(last.reach or 0.0),
            "talk": last.talk_seconds,
            "unanswered": last.unanswered_seconds,
            "opens": time(*divmod(last.opens_minute, 60)),
            "closes": time(*divmod(last.closes_minute % DAY, 60)),
            "weekends": last.weekends,
            **{f"reach_{hour}": _per_cent(share) for hour, share in last.reach_by_hour},
            **AnyTargetForm.given_before(last),
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        opens, closes = values.get("opens"), values.get("closes")
        if opens is not None and closes not in (None, time()) and closes <= opens:
            self.add_error("closes", _("Calls end after they begin, on the same day."))
        return values

    @property
    def fields_in_row(self) -> Iterator[BoundField]:
        return (self[name] for name in self.plain)

    @property
    def by_hour(self) -> list[tuple[str, BoundField, Tried | None]]:
        """The hours of the day that were ever called in or may be, with what was learned of each."""
        shown = [hour for hour in HOURS if 6 <= hour < 23 or self.learned.of(hour)]
        return [(f"{hour:02}:00", self[f"reach_{hour}"], self.learned.of(hour)) for hour in shown]

    @property
    def target(self) -> OutboundTarget:
        """Valid forms only."""
        values = self.cleaned_data
        opens, closes = values["opens"], values["closes"]
        made = OutboundTarget(
            records=values["records"],
            most=int(values["most"]),
            usual=values["usual"] / 100,
            talk=values["talk"],
            unanswered=values["unanswered"],
            opens=opens.hour * 60 + opens.minute,
            closes=closes.hour * 60 + closes.minute if closes != time() else DAY,
            weekends=values["weekends"],
            learned=self.learned,
            **self.limits,
        )
        own = {hour: values[f"reach_{hour}"] for hour in made.hours}
        return replace(made, reach=tuple((hour, share / 100) for hour, share in own.items() if share is not None))


def _per_cent(share: float) -> float:
    return round(share * 100, 2)
