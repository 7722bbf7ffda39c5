"""A new endpoint."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bpo.webhooks.events import EVENTS


class EndpointForm(forms.Form):
    url = forms.CharField(
        label=_("Address"), max_length=500, strip=True, help_text=_("Such as https://example.com/hooks/quality."),
        widget=forms.URLInput,
    )  # fmt: skip
    events = forms.MultipleChoiceField(label=_("What it is told of"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"].choices = list(EVENTS.items())  # type: ignore[attr-defined]
