"""What planners send us."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from interactions.models import Queue
from scheduling.domain.requirement import Target
from scheduling.models import Requirement


def _number(label: Any, low: float, high: float, *, required: bool = True, step: str = "any") -> forms.FloatField:
    widget = forms.NumberInput(attrs={"min": low, "max": high, "step": step, "inputmode": "decimal"})
    limits = [MinValueValidator(low), MaxValueValidator(high)]
    return forms.FloatField(label=label, required=required, widget=widget, validators=limits)


class TargetForm(forms.Form):
    """A target as people say it: shares in per cent, times in seconds."""

    service_level = _number(_("Service level, %"), 1, 99.9)
    seconds = _number(_("within, s"), 1, 86_400)
    max_occupancy = _number(_("Occupancy at most, %"), 10, 100, required=False)
    shrinkage = _number(_("Shrinkage, %"), 0, 90)
    patience = _number(_("Patience, s"), 1, 86_400, required=False)
    minimum = _number(_("At least, agents"), 0, 500, step="1")
    concurrency = _number(_("At once"), 1, 20, step="1")

    @staticmethod
    def given(queue: Queue, last: Requirement | None) -> dict[str, Any]:
        """What stands in the form: the last target, else the queue's own promise with usual limits."""
        if last is None:
            level, seconds = float(queue.service_level_target), queue.answer_within_seconds
            usual = {"max_occupancy": 88, "shrinkage": 12, "patience": None, "minimum": 0, "concurrency": 1}
            return {"service_level": round(level * 100, 2), "seconds": seconds, **usual}
        return {
            "service_level": round(last.service_level * 100, 2),
            "seconds": last.target_seconds,
            "max_occupancy": None if last.max_occupancy is None else round(last.max_occupancy * 100, 2),
            "shrinkage": round(last.shrinkage * 100, 2),
            "patience": last.patience_seconds,
            "minimum": last.minimum,
            "concurrency": last.concurrency,
        }

    @property
    def target(self) -> Target:
        """Valid forms only."""
        values = self.cleaned_data
        occupancy = values["max_occupancy"]
        return Target(
            service_level=values["service_level"] / 100,
            seconds=values["seconds"],
            max_occupancy=None if occupancy is None else occupancy / 100,
            shrinkage=values["shrinkage"] / 100,
            patience=values["patience"],
            minimum=int(values["minimum"]),
            concurrency=int(values["concurrency"]),
        )


class BuildForm(forms.Form):
    requirement = forms.UUIDField()
    seconds = forms.IntegerField(min_value=1, max_value=20, required=False)


class ShiftForm(forms.Form):
    """A change to one shift of a draft, and the version of the plan it was seen in."""

    template = forms.UUIDField()
    version = forms.IntegerField(min_value=1)


class VersionForm(forms.Form):
    version = forms.IntegerField(min_value=1)


class PublishForm(VersionForm):
    reason = forms.CharField(max_length=200, required=False, label=_("Reason"))
