"""Filters and small edits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions import selectors
from interactions.selectors import Filters


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


class EmailForm(forms.Form):
    """The address of a case's customer, and the version it was seen in."""

    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class VersionForm(forms.Form):
    """The version a person saw when pressing a button."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
