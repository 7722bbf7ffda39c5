"""What people send: filters of the queue and of evaluations, a reason, and what the review screen saves."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bpo.permissions import Reach
from interactions.models import Queue
from qa import selectors
from qa.models import Evaluation, Picked
from qa.models.note import Visibility


class QueueForm(forms.Form):
    agent = forms.ChoiceField(required=False, label=_("Agent"))
    queue = forms.ChoiceField(required=False, label=_("Queue"))
    picked = forms.ChoiceField(required=False, label=_("Picked"), choices=[("", _("all ways")), *Picked.choices])

    def __init__(self, *args: Any, reach: Reach | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agents = [(str(one.pk), one.display_name) for one in selectors.queue_agents(reach=reach)]
        queues = [(str(one.pk), one.name) for one in Queue.objects.all()[:200]]
        self.fields["agent"].choices = [("", _("everybody")), *agents]  # type: ignore[attr-defined]
        self.fields["queue"].choices = [("", _("all queues")), *queues]  # type: ignore[attr-defined]

    def filters(self) -> selectors.Filters:
        """What was asked for; what isn't there asks for everything."""
        from uuid import UUID

        self.is_valid()
        given = self.cleaned_data
        agent, queue = given.get("agent"), given.get("queue")
        return selectors.Filters(
            UUID(agent) if agent else None, UUID(queue) if queue else None, given.get("picked") or ""
        )


class WhyForm(forms.Form):
    why = forms.CharField(
        max_length=200,
        strip=True,
        label=_("Why it should be reviewed"),
        error_messages={"required": _("Say why, in a few words. Whoever scores it reads them.")},
    )


class NoteForm(forms.Form):
    text = forms.CharField(max_length=2000, strip=True)
    at_ms = forms.IntegerField(required=False, min_value=0)
    question = forms.CharField(required=False, max_length=60)
    visibility = forms.ChoiceField(choices=Visibility.choices)
    version = forms.IntegerField(required=False, min_value=0)  # the one it was changed from


class EvidenceForm(forms.Form):
    start_ms = forms.IntegerField(min_value=0)
    end_ms = forms.IntegerField(min_value=1)
    question = forms.CharField(required=False, max_length=60)
    note_id = forms.UUIDField(required=False)


class EvaluationsForm(forms.Form):
    """The list of evaluations narrowed by agent's name, outcome, and how they were picked."""

    agent = forms.CharField(required=False, label=_("Agent"), max_length=120)
    outcome = forms.ChoiceField(
        required=False, label=_("Outcome"), choices=[("", _("all")), ("PASS", _("Pass")), ("FAIL", _("Fail"))]
    )
    picked = forms.ChoiceField(required=False, label=_("Picked"), choices=[("", _("all ways")), *Picked.choices])

    @property
    def filtered(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self, found: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
        """What was asked for; what can't be read asks for everything."""
        if not self.is_valid():
            return found
        wanted = {"agent__display_name__icontains": "agent", "current__outcome": "outcome", "current__picked": "picked"}
        given = {lookup: self.cleaned_data[name] for lookup, name in wanted.items() if self.cleaned_data[name]}
        return found.filter(**given)


class MomentField(forms.CharField):
    """A moment as people write it, 3:24 or 204; milliseconds, or None for the whole of it."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        minutes, colon, seconds = text.rpartition(":")
        if not seconds.isdecimal() or (colon and not (minutes.isdecimal() and len(seconds) == 2 and seconds < "60")):
            raise forms.ValidationError(_("That is no moment. Write minutes and seconds, as in 3:24."))
        return (int(minutes or 0) * 60 + int(seconds)) * 1000


class GiveNoteForm(forms.Form):
    """A note beside an evaluation, or on an interaction; `note` is its id, made with the page, so a resend is known."""

    note = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("What you want to say"), max_length=2000, strip=True, widget=forms.Textarea(attrs={"rows": 3})
    )
    at_ms = MomentField(
        label=_("Moment"), required=False, max_length=8, help_text=_("As in 3:24; leave it empty for the whole of it.")
    )
    question = forms.ChoiceField(label=_("Question"), required=False)
    visibility = forms.ChoiceField(label=_("Who sees it"), choices=Visibility.choices, initial=Visibility.AGENT)

    def __init__(self, *args: Any, asked: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asked:
            del self.fields["question"]
        else:
            self.fields["question"].choices = [("", _("the whole of it")), *asked]  # type: ignore[attr-defined]


class ReplyForm(forms.Form):
    reply = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("Your answer"), max_length=2000, strip=True, widget=forms.Textarea(attrs={"rows": 3})
    )


class ShareForm(forms.Form):
    to = forms.ChoiceField(label=_("Who sees it from now on"), choices=Visibility.choices)
