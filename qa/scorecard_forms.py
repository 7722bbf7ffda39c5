"""What people send about scorecards: a new one, a file, a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.models.vocabulary import Channel
from qa.domain.documents import MOST_BYTES, Document, DocumentError, read
from qa.models import TemplateCopy
from qa.presets import PRESETS


class NamedForm(forms.Form):
    name = forms.CharField(
        max_length=120, label=_("Name"), error_messages={"required": _("Give it a name, such as “Billing calls”.")}
    )
    channel = forms.ChoiceField(required=False, label=_("Channel"), choices=[("", _("any")), *Channel.choices])


class NewForm(NamedForm):
    start = forms.ChoiceField(label=_("Start from"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, templates: list[TemplateCopy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(one.pk): one for one in templates}
        library = [(key, _("%(name)s, from the operator") % {"name": one.name}) for key, one in self.offered.items()]
        own = [(key, preset.label) for key, preset in PRESETS.items()]
        self.fields["start"].choices = [("", _("Nothing: an empty form")), *library, *own]  # type: ignore[attr-defined]
        self.fields["start"].required = False

    @property
    def template(self) -> TemplateCopy | None:
        return self.offered.get(self.cleaned_data["start"])

    @property
    def content(self) -> dict[str, Any] | None:
        """What the scorecard starts with; None is nothing."""
        start = self.cleaned_data["start"]
        if start in self.offered:
            return dict(self.offered[start].content)
        return PRESETS[start].content() if start in PRESETS else None


class FileForm(forms.Form):
    """A scorecard as a JSON file, or its text: what was looked at comes back as text."""

    file = forms.FileField(required=False, label=_("JSON file"))
    text = forms.CharField(
        required=False, strip=False, label=_("or its text"), widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faults: list[Any] = []
        self.document: Document | None = None
        self.raw = ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        file = data.get("file")
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. A scorecard’s own export is far smaller."))
        self.raw = file.read().decode("utf-8", "replace") if file is not None else data.get("text", "")
        if not self.raw.strip():
            raise forms.ValidationError(_("Choose a file, or paste its text."))
        try:
            self.document = read(self.raw)
        except DocumentError as error:
            self.faults = error.faults
            raise forms.ValidationError(_("This isn’t a scorecard as it stands. Each place is named below.")) from error
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label=_("What changed, for whoever scores with it"),
        error_messages={"required": _("Say what changed, in a few words.")},
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
