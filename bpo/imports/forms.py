"""The upload form."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bpo.imports.registry import Importer

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
    kind = forms.ChoiceField(label=_("What it holds"), required=False)
    preset = forms.ChoiceField(label=_("Columns"), required=False)
    mapping = forms.FileField(
        label=_("Mapping"),
        required=False,
        help_text=_("A JSON file, in place of the choice above."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json"}),
    )
    encoding = forms.ChoiceField(label=_("Encoding"), required=False, choices=ENCODINGS)

    field_order = ("kind", "file", "preset", "mapping", "encoding")

    def __init__(self, *args: Any, kinds: Iterable[Importer] = (), presets: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("What it holds"), required=False, choices=[(one.key, one.label) for one in kinds]
        )
        choices = [("", _("Suggest from the header")), *((name, name) for name in presets)]
        self.fields["preset"] = forms.ChoiceField(label=_("Columns"), required=False, choices=choices)
        self.order_fields(self.field_order)
