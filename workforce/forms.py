"""What the list of people is narrowed to."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from workforce.selectors.people import EMPLOYED, EVERYONE, LEFT, Filters, Options

STATES = ((EMPLOYED, _("employed")), (LEFT, _("left")), (EVERYONE, _("everyone")))
PICKS = ("client", "team", "site", "training_class")


class PeopleFilters(forms.Form):
    """Search and filters; a value that is no choice narrows to nothing and says so."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    client = forms.ChoiceField(label=_("Client"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    site = forms.ChoiceField(label=_("Site"), required=False)
    training_class = forms.ChoiceField(label=_("Class"), required=False)

    def __init__(self, data: Any, options: Options) -> None:
        super().__init__(data)
        given = {
            "client": (_("all clients"), options.clients),
            "team": (_("all teams"), options.teams),
            "site": (_("all sites"), options.sites),
            "training_class": (_("all classes"), options.classes),
        }
        for name, (everything, choices) in given.items():
            self.fields[name].choices = [("", everything), *choices]  # type: ignore[attr-defined]  # all four choose

    def filters(self) -> Filters:
        """The filters that are valid; call after `is_valid`."""
        found = self.cleaned_data
        picked = {name: UUID(found[name]) if found.get(name) else None for name in PICKS}
        return Filters(text=found.get("q", "").strip(), state=found.get("state") or EMPLOYED, **picked)
