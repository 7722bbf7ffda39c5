"""Filters and small edits."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions import selectors
from interactions.interval_reading import Origin
from interactions.selectors import Filters

USUAL_MINUTES: Final = 30


class FilterForm(forms.Form):
    """What the list is narrowed to. A value that is no choice narrows to nothing and says so."""

    queue = forms.ChoiceField(label=_("Queue"), required=False)
    agent = forms.ChoiceField(label=_("Agent"), required=False)
    day = forms.DateField(label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    abandoned = forms.ChoiceField(
        label=_("Abandoned"), required=False, choices=[("", _("all")), ("yes", _("abandoned")), ("no", _("answered"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queues = [(str(one.pk), one.name) for one in selectors.queues()]
        agents = [(str(one.pk), one.display_name) for one in selectors.agents()]
        self.fields["queue"] = forms.ChoiceField(
            label=_("Queue"), required=False, choices=[("", _("all queues")), *queues]
        )
        self.fields["agent"] = forms.ChoiceField(
            label=_("Agent"), required=False, choices=[("", _("all agents")), *agents]
        )

    def filters(self) -> Filters:
        """The filters that are valid; call after `is_valid`."""
        found = self.cleaned_data
        return Filters(
            queue=found.get("queue") or None,
            agent=found.get("agent") or None,
            day=found.get("day"),
            abandoned={"yes": True, "no": False}.get(found.get("abandoned", "")),
        )


class IntervalForm(forms.Form):
    """Which counts, summed to how many minutes, and which day in full. What is wrong falls back and says so."""

    origin = forms.ChoiceField(label=_("Queue"), required=False)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=1440)
    day = forms.DateField(label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any = None, *, origins: Sequence[Origin]) -> None:
        super().__init__(data, initial={"minutes": USUAL_MINUTES})
        self._origins = {one.key: one for one in origins}
        choices = [(one.key, f"{one.queue}, {one.source}") for one in origins]
        self.fields["origin"] = forms.ChoiceField(label=_("Queue"), required=False, choices=choices)
        self.order_fields(["origin", "minutes", "day"])

    @property
    def origin_chosen(self) -> Origin | None:
        return self._origins.get(self._valid.get("origin") or "")

    @property
    def minutes_chosen(self) -> int:
        return self._valid.get("minutes") or USUAL_MINUTES

    @property
    def day_chosen(self) -> date | None:
        return self._valid.get("day")

    @property
    def _valid(self) -> dict[str, Any]:
        return getattr(self, "cleaned_data", {})


class EmailForm(forms.Form):
    """The address of a case's customer, and the version it was seen in."""

    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class VersionForm(forms.Form):
    """The version a person saw when pressing a button."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
