"""What is sent of a recording: the sound itself, and the stretches to silence."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.domain.spans import KINDS, Span, clock, moment_ms
from interactions.models import Interaction
from interactions.showing import WORDS

ACCEPT: Final = ".wav,.mp3,.ogg,.opus,.flac,audio/*"


class SoundForm(forms.Form):
    """One file of sound."""

    file = forms.FileField(
        label=_("Sound file"),
        help_text=_("WAV, MP3, FLAC, or Ogg with Vorbis or Opus. With two channels the first is the agent's."),
        error_messages={
            "required": _("No file came. Choose a file of sound."),
            "empty": _("The file is empty. Export the recording again and send the new file."),
        },
        max_length=None,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )


class ConsentForm(forms.Form):
    """The customer's word on being recorded."""

    consent = forms.ChoiceField(label=_("Consent to being recorded"), choices=Interaction.Consent.choices)


class SpanForm(forms.Form):
    """A stretch to silence, from and to as a clock shows them, and the change of the spans that was looked at."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    start = forms.CharField(
        label=_("From"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    )
    end = forms.CharField(
        label=_("To"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=_("What is said there"), choices=[(key, WORDS[key]) for key in KINDS])

    def __init__(self, *args: Any, length_ms: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.length_ms = length_ms

    def clean_start(self) -> int:
        return self._moment("start")

    def clean_end(self) -> int:
        return self._moment("end")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = self.cleaned_data
        start, end = found.get("start"), found.get("end")
        if start is not None and end is not None and not start < end <= self.length_ms:
            self.add_error(
                "end",
                _("The end has to be after the start and at most %(length)s. Set it anew.")
                % {"length": clock(self.length_ms)},
            )
        return found

    def span(self) -> Span:
        found = self.cleaned_data
        return Span(found["start"], found["end"], found["kind"])

    def _moment(self, name: str) -> int:
        try:
            return moment_ms(self.cleaned_data[name])
        except ValueError as error:
            raise forms.ValidationError(_("Write minutes and seconds, as in 1:53 or 1:53.5.")) from error


class GoneForm(forms.Form):
    """A stretch to be heard again: which of those there are."""

    number = forms.IntegerField()
    span = forms.IntegerField(min_value=0)


class Several(forms.ClearableFileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each of which may be empty: the run says so of that one."""

    widget = Several

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        found = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not found:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(one, initial) for one in found]


class SoundsForm(forms.Form):
    """One archive, or several files of sound."""

    recordings = FilesField(
        label=_("Recordings"),
        allow_empty_file=True,
        help_text=_("One ZIP archive, or several files of sound at once."),
        error_messages={"required": _("No file came. Choose an archive or files of sound.")},
        widget=Several(attrs={"accept": f".zip,{ACCEPT}"}),
    )
