"""The form of an erasure."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bpo.privacy.models import Ground


class ErasureForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Why"),
        choices=[("", _("Choose a reason")), *Ground.choices],
        error_messages={"required": _("No reason is chosen. Choose why the data has to go.")},
    )
    typed = forms.CharField(
        label=_("Type the word to go on"),
        max_length=40,
        error_messages={"required": _("Nothing is typed. Type the eight characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
