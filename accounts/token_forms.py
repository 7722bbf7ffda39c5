"""Making an API token: what it is for, how long it is good, and what of one's own rights it has."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.services.tokens import LONGEST
from bpo.permission_words import AREAS
from bpo.permissions import Permission, Principal
from bpo.roles import NEVER_BY_TOKEN


def grantable(principal: Principal) -> frozenset[Permission]:
    """What somebody may hand to a token: what they may do here, but for what no token does."""
    return principal.permissions - NEVER_BY_TOKEN - {Permission.SEE_HOME}


class TokenForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What it is for, such as: nightly export."))
    days = forms.IntegerField(
        label=_("Good for, days"),
        min_value=1,
        max_value=LONGEST,
        initial=90,
        error_messages={
            "min_value": _("A day at least. Write 1 to 365."),
            "max_value": _("A year at most. Write 1 to 365."),
            "required": _("Every token runs out. Write 1 to 365."),
        },
    )

    def __init__(self, held: Collection[Permission], data: Any = None) -> None:
        super().__init__(data)
        offered = [(one.value, words) for _area, known in AREAS for one, words in known.items() if one in held]
        self.fields["scopes"] = forms.MultipleChoiceField(
            label=_("May"),
            choices=offered,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("No more than you may yourself. If you may less one day, so does the token."),
            error_messages={"required": _("Choose at least one thing it may do.")},
        )
