"""The upload form."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ENCODINGS = (
    ("", _("as the mapping says, or UTF-8")),
    ("cp1252", _("Windows, Western Europe (cp1252)")),
    ("utf-16", _("UTF-16, “Unicode text” of older Excel")),
    ("cp1250", _("Windows, Central Europe (cp1250)")),
    ("shift_jis", _("Japanese (Shift JIS)")),
)


class UploadForm(forms.Form):
    """A file, and how to read it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX with one header row."),
        error_messages={"required": _("No file came. Choose a CSV or XLSX file.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    preset = forms.ChoiceField(label=_("Columns"), required=False)
    mapping = forms.FileField(
        label=_("Mapping"),
        required=False,
        help_text=_("A JSON file, in place of the choice above."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json"}),
    )
    encoding = forms.ChoiceField(label=_("Encoding"), required=False, choices=ENCODINGS)

    def __init__(self, *args: Any, presets: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Suggest from the header")), *((name, name) for name in presets)]
        self.fields["preset"] = forms.ChoiceField(label=_("Columns"), required=False, choices=choices)
