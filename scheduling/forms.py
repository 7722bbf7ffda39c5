"""What planners send us."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from interactions.models import Queue
from scheduling.domain.due import DueTarget
from scheduling.domain.erlang import DEFINITIONS
from scheduling.domain.forecasting.history import DAY
from scheduling.domain.requirement import Target
from scheduling.domain.weeks import at_local, midnight
from scheduling.models import Requirement
from scheduling.staffing import may_wait

PARTS = ("absence", "coaching", "meetings")  # of shrinkage, and the rest as "other"
LEVELS = [
    ("served_of_offered", _("in time, of all offered")),
    ("served_of_not_abandoned", _("in time, of those answered")),
    ("short_abandons_excluded", _("in time, of all but short abandons")),
    ("served_and_abandoned_in_target", _("in time or gone in time, of all offered")),
    ("late_abandons_only", _("in time, of all but those gone in time")),
    ("short_abandons_as_served", _("in time or a short abandon, of all offered")),
]


class NumberField(forms.FloatField):
    """A number that stands in its field without a fraction where it has none."""

    def prepare_value(self, value: Any) -> Any:
        return int(value) if isinstance(value, float) and value.is_integer() else value


def number_field(label: Any, low: float, high: float, *, required: bool = True, step: str = "any") -> forms.FloatField:
    widget = forms.NumberInput(attrs={"min": low, "max": high, "step": step, "inputmode": "decimal"})
    limits = [MinValueValidator(low), MaxValueValidator(high)]
    return NumberField(label=label, required=required, widget=widget, validators=limits)


class AnyTargetForm(forms.Form):
    """What every target has, as people say it: shares in per cent."""

    max_occupancy = number_field(_("Occupancy at most, %"), 10, 100, required=False)
    absence = number_field(_("Absence, %"), 0, 90, required=False)
    coaching = number_field(_("Coaching and training, %"), 0, 90, required=False)
    meetings = number_field(_("Meetings, %"), 0, 90, required=False)
    shrinkage = number_field(_("Other shrinkage, %"), 0, 90)
    minimum = number_field(_("At least, agents"), 0, 500, step="1")

    @staticmethod
    def given_before(last: Requirement) -> dict[str, Any]:
        """The same of the last target."""
        parts = {name: round(share * 100, 2) for name, share in last.parts} or {"other": last.shrinkage * 100}
        return {
            **{name: parts.get(name) for name in PARTS},
            "shrinkage": round(parts.get("other", 0), 2),
            "max_occupancy": None if last.max_occupancy is None else round(last.max_occupancy * 100, 2),
            "minimum": last.minimum,
        }

    @property
    def limits(self) -> dict[str, Any]:
        """The same as a target wants it. Valid forms only."""
        values = self.cleaned_data
        shares = {name: values[name] for name in PARTS} | {"other": values["shrinkage"]}
        occupancy = values["max_occupancy"]
        return {
            "max_occupancy": None if occupancy is None else occupancy / 100,
            "minimum": int(values["minimum"]),
            "parts": tuple((name, share / 100) for name, share in shares.items() if share),
        }


class TargetForm(AnyTargetForm):
    """A promise of answering in time; times in seconds."""

    field_order = (
        "service_level", "seconds", "max_occupancy", "max_asa", *PARTS, "shrinkage", "patience", "minimum",
        "concurrency", "definition", "short",
    )  # fmt: skip

    service_level = number_field(_("Service level, %"), 1, 99.9)
    seconds = number_field(_("within, s"), 1, 86_400)
    max_asa = number_field(_("Mean wait at most, s"), 0.1, 86_400, required=False)
    patience = number_field(_("Patience, s"), 1, 86_400, required=False)
    concurrency = number_field(_("At once"), 1, 20, step="1")
    definition = forms.ChoiceField(label=_("Service level is"), choices=LEVELS, required=False)
    short = number_field(_("Short abandon, s"), 0, 600, required=False)

    @staticmethod
    def given(queue: Queue, last: Requirement | None) -> dict[str, Any]:
        """What stands in the form: the last target, else the queue's own promise with usual limits."""
        if last is None or last.service_level is None:
            level, seconds = float(queue.service_level_target), queue.answer_within_seconds
            usual = {"max_occupancy": 88, "shrinkage": 12, "patience": None, "minimum": 0, "concurrency": 1}
            counted = {
                "definition": queue.service_level_definition or DEFINITIONS[0], "short": queue.short_abandon_seconds
            }  # fmt: skip
            return {"service_level": round(level * 100, 2), "seconds": seconds, **usual, **counted}
        return {
            "max_asa": last.max_asa,
            "definition": last.definition,
            "short": last.short_seconds or None,
            **AnyTargetForm.given_before(last),
            "service_level": round(last.service_level * 100, 2),
            "seconds": last.target_seconds,
            "patience": last.patience_seconds,
            "concurrency": last.concurrency,
        }

    @property
    def target(self) -> Target:
        """Valid forms only."""
        values = self.cleaned_data
        return Target(
            service_level=values["service_level"] / 100,
            seconds=values["seconds"],
            max_asa=values["max_asa"],
            definition=values["definition"] or DEFINITIONS[0],
            short=values["short"] or 0.0,
            patience=values["patience"],
            concurrency=int(values["concurrency"]),
            **self.limits,
        )


class DueForm(AnyTargetForm):
    """A target for work that may wait: all of it done in so many hours, worked at these times."""

    field_order = (
        "due_hours", "opens", "closes", "weekends", "backlog", "max_occupancy", *PARTS, "shrinkage", "minimum",
    )  # fmt: skip
    due_hours = number_field(_("All done within, hours"), 0.5, 720)
    opens = forms.TimeField(label=_("Worked from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label=_("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    weekends = forms.BooleanField(label=_("At weekends too"), required=False)
    backlog = number_field(_("Open when the week begins"), 0, 1_000_000, required=False)

    @staticmethod
    def given(queue: Queue, last: Requirement | None) -> dict[str, Any]:
        """What stands in the form: the last target, else the queue's own promise with usual limits."""
        if last is None or last.method != Requirement.Method.DUE:
            hours = max(queue.answer_within_seconds / 3600, 1)
            usual = {"max_occupancy": 88, "shrinkage": 12, "minimum": 0, "weekends": True, "backlog": 0}
            return {"due_hours": round(hours, 2), "opens": None, "closes": None, **usual}
        return {
            "due_hours": round(last.target_seconds / 3600, 2),
            "opens": time(*divmod(last.opens_minute, 60)),
            "closes": time(*divmod(last.closes_minute % DAY, 60)),
            "weekends": last.weekends,
            "backlog": last.backlog,
            **AnyTargetForm.given_before(last),
        }

    @property
    def target(self) -> DueTarget:
        """Valid forms only."""
        values = self.cleaned_data
        opens, closes = values["opens"], values["closes"]
        return DueTarget(
            seconds=values["due_hours"] * 3600,
            opens=opens.hour * 60 + opens.minute if opens else 0,
            closes=closes.hour * 60 + closes.minute if closes and closes != time() else DAY,
            weekends=values["weekends"],
            backlog=values["backlog"] or 0.0,
            **self.limits,
        )


def target_form(queue: Queue) -> type[TargetForm] | type[DueForm]:
    """The form of a queue's target: mail and back office wait until they are due, the rest is answered."""
    return DueForm if may_wait(queue) else TargetForm


class EventForm(forms.Form):
    """A holiday or special event. Hours left out mean the whole day, the share left out is learned."""

    name = forms.CharField(label=_("Event"), max_length=60)
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    begins = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    share = number_field(_("Of the usual volume, %"), 0, 2000, required=False)

    @property
    def event(self) -> dict[str, Any]:
        """Valid forms only."""
        values = self.cleaned_data
        begins, ends, share = values["begins"], values["ends"], values["share"]
        return {
            "name": values["name"],
            "first_day": values["first_day"],
            "last_day": values["last_day"],
            "factor": None if share is None else share / 100,
            "begins_minute": begins.hour * 60 + begins.minute if begins else 0,
            "ends_minute": ends.hour * 60 + ends.minute if ends and (ends.hour or ends.minute) else DAY,
        }


class EditForm(forms.Form):
    """A change to a day's forecast, all of it or some hours: a share of what is expected, or a number an interval."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    begins = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    share = number_field(_("Of what is expected, %"), 0, 2000, required=False)
    volume = number_field(_("Or each interval"), 0, 1_000_000, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def change(self, zone: str) -> dict[str, Any]:
        """Valid forms only: the times as instants, on the clock of `zone`."""
        values = self.cleaned_data
        day, ends, share = values["day"], values["ends"], values["share"]
        whole = ends is None or ends == time()
        return {
            "begins_at": at_local(day, values["begins"] or time(), zone),
            "ends_at": midnight(day + timedelta(days=1), zone) if whole else at_local(day, ends, zone),
            "factor": None if share is None else share / 100,
            "volume": values["volume"],
            "reason": values["reason"],
        }


class BuildForm(forms.Form):
    requirement = forms.UUIDField()
    seconds = forms.IntegerField(min_value=1, max_value=20, required=False)


class ShiftForm(forms.Form):
    """A change to one shift of a draft, and the version of the plan it was seen in."""

    template = forms.UUIDField()
    version = forms.IntegerField(min_value=1)


class VersionForm(forms.Form):
    version = forms.IntegerField(min_value=1)


class PlaceForm(forms.Form):
    """Where a shift might go: an instant as the board sends it, or a day and a time of the shift's own clock."""

    actor = forms.UUIDField(required=False)  # empty: who has it
    start = forms.DateTimeField(required=False)
    day = forms.DateField(required=False)
    time = forms.TimeField(required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("start") and not (values.get("day") and values.get("time") is not None):
            raise forms.ValidationError(_("Say when it starts: a day and a time."))
        return values

    def starts_at(self, zone: str) -> datetime:
        """Valid forms only. A time that the clocks of `zone` show twice is the first of the two."""
        values = self.cleaned_data
        start: datetime | None = values["start"]
        return start if start is not None else at_local(values["day"], values["time"], zone)


class MoveForm(VersionForm, PlaceForm):
    """Where it goes."""


class BreakForm(VersionForm):
    """Where a break goes: minutes from its shift's start, or a time of the shift's own clock within it."""

    number = forms.IntegerField(min_value=0, max_value=50)
    after = forms.IntegerField(min_value=0, max_value=1440, required=False)
    time = forms.TimeField(required=False)

    def minutes(self, starts_at: datetime, zone: str) -> int:
        """Minutes from the shift's start. Valid forms only; without either value the start itself, where none may be."""
        values = self.cleaned_data
        if values["after"] is not None:
            return int(values["after"])
        if values["time"] is None:
            return 0
        day = starts_at.astimezone(ZoneInfo(zone)).date()
        found = [at_local(day + timedelta(days=more), values["time"], zone) for more in (0, 1)]
        return int((next(one for one in found if one >= starts_at) - starts_at).total_seconds() // 60)


class PublishForm(VersionForm):
    reason = forms.CharField(max_length=200, required=False, label=_("Reason"))
