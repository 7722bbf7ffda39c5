"""What people send about knowledge: what they look for, a draft, and the reason it is published."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.models import Reason
from qa.selectors.articles import About, AskedQuestion, QuestionKey, asked_questions

MOST_REASONS = 500


class AboutForm(forms.Form):
    """The list of articles narrowed by words, a reason and a question."""

    q = forms.CharField(required=False, label=_("Find"), max_length=120)
    reason = forms.ChoiceField(required=False, label=_("Reason"))
    question = forms.ChoiceField(required=False, label=_("Question"))
    withdrawn = forms.BooleanField(required=False, label=_("Withdrawn ones"))

    def __init__(self, data: Any, *, answered: Iterable[QuestionKey] = (), editor: bool = False) -> None:
        super().__init__(data)
        self.questions = asked_questions()
        known = set(answered)
        reasons = [(str(pk), name) for pk, name in Reason.objects.values_list("pk", "name")[:MOST_REASONS]]
        self.fields["reason"].choices = [("", _("all reasons")), *reasons]  # type: ignore[attr-defined]
        named = [(one.value, _named(one, known)) for one in self.questions]
        self.fields["question"].choices = [("", _("all questions")), *named]  # type: ignore[attr-defined]
        if not editor:
            del self.fields["withdrawn"]

    @property
    def about(self) -> About:
        """What was asked for; what can't be read asks for everything."""
        self.is_valid()
        given = self.cleaned_data
        reason = given.get("reason")
        return About(
            text=(given.get("q") or "").replace("\x00", "").strip(),
            reason=UUID(reason) if reason else None,
            question=question_key(given.get("question") or ""),
            withdrawn=bool(given.get("withdrawn")),
        )

    @property
    def asked(self) -> AskedQuestion | None:
        """The question it is narrowed to."""
        name = self.about.question
        return next((one for one in self.questions if one.name == name), None)


class WhyPublishedForm(forms.Form):
    why = forms.CharField(
        max_length=200,
        strip=True,
        label=_("What is new in it"),
        error_messages={"required": _("Say in a few words what is new. It stands in the list of versions.")},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput())


def question_key(text: str) -> QuestionKey | None:
    """A question as an address names it, scorecard and key with a colon between; None for what is no such thing."""
    scorecard, colon, key = text.partition(":")
    try:
        return (UUID(scorecard), key) if colon and key else None
    except ValueError:
        return None


def _named(one: AskedQuestion, answered: set[QuestionKey]) -> str:
    about = {"scorecard": one.scorecard, "number": one.number, "short": one.short}
    if one.name in answered:
        return _("%(scorecard)s %(number)s, %(short)s") % about
    return _("%(scorecard)s %(number)s, %(short)s (no article yet)") % about
