"""What people send us: an answer, and a period."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.domain.metrics import SCALE
from surveys.selectors import Period


class AnswerForm(forms.Form):
    score = forms.TypedChoiceField(
        coerce=int,
        choices=[(score, str(score)) for score in SCALE],
        error_messages={
            "required": gettext_lazy("Choose a number from 1 to 5, then press Send."),
            "invalid_choice": gettext_lazy("Choose a number from 1 to 5, then press Send."),
        },
    )
    comment = forms.CharField(required=False, max_length=2000)


class PeriodForm(forms.Form):
    """Two business dates, `from` and `to`, both included; empty is open."""

    start = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}), label=gettext_lazy("From"))
    end = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}), label=gettext_lazy("To"))

    def add_prefix(self, field_name: str) -> str:
        return {"start": "from", "end": "to"}.get(field_name, field_name)

    def clean_end(self) -> object:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            raise forms.ValidationError(_("The last day is before the first. Choose a later one."))
        return end

    @property
    def period(self) -> Period:
        """The period asked for. Valid forms only."""
        return Period(self.cleaned_data["start"], self.cleaned_data["end"])

    @property
    def problems(self) -> dict[str, list[str]]:
        """Errors under the names the address has."""
        return {self.add_prefix(name): [str(text) for text in texts] for name, texts in self.errors.items()}
