"""What work is looked for with: the search, handling times, and plans."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bpo.permissions import Reach
from interactions.models import Actor, Queue, Team
from interactions.models.vocabulary import Channel
from qa.models import SamplingPlan, Scorecard
from qa.selectors import Wanted, cards_without_plan
from qa.selectors.finding import ORDERS
from qa.services.sampling import LONGEST_DAYS, MOST_A_WEEK

USUAL: Final = timedelta(days=28)
LONGEST: Final = timedelta(days=92)
AHT = {
    "long": gettext_lazy("unusually long"),
    "short": gettext_lazy("unusually short"),
    "both": gettext_lazy("unusually long or short"),
}
ABUSIVE = {"caller": gettext_lazy("by an abusive caller"), "marked": gettext_lazy("marked abusive")}


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class PeriodForm(forms.Form):
    """Business dates, both included; the last four weeks unless told, a quarter at most."""

    start = _day(gettext_lazy("From"))
    end = _day(gettext_lazy("To"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        end = found.get("end") or self.today
        start = found.get("start") or end - USUAL + timedelta(days=1)
        if start > end:
            self.add_error("start", _("This is after the other day. Choose an earlier one."))
        elif end - start > LONGEST:
            self.add_error("start", _("That is more than a quarter. Choose a later day."))
        return found

    @property
    def period(self) -> tuple[date, date]:
        """The days asked for; where they can't be, the last four weeks. Call after `is_valid`."""
        given = {} if self.errors.get("start") or self.errors.get("end") else self.cleaned_data
        end = given.get("end") or self.today
        return given.get("start") or end - USUAL + timedelta(days=1), end


class PlaceForm(PeriodForm):
    """A period of one queue, or of one channel, or of all."""

    queue = forms.ChoiceField(label=gettext_lazy("Queue"), required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), required=False, choices=[("", gettext_lazy("all channels")), *Channel.choices]
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, today=today)
        self.queues = [(str(one.pk), one.name) for one in Queue.objects.all()[:200]]
        self.fields["queue"].choices = [("", _("all queues")), *self.queues]  # type: ignore[attr-defined]


class FindForm(PlaceForm):
    """Interactions worth a review. What can't be read asks for nothing."""

    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    agent = forms.ChoiceField(label=gettext_lazy("Agent"), required=False)
    aht = forms.ChoiceField(
        label=gettext_lazy("Handling time"), required=False, choices=[("", gettext_lazy("any")), *AHT.items()]
    )
    low = forms.BooleanField(label=gettext_lazy("Rated 1 or 2"), required=False)
    again = forms.IntegerField(label=gettext_lazy("Came again within, days"), required=False, min_value=1, max_value=60)
    new = forms.IntegerField(label=gettext_lazy("Agent here under, days"), required=False, min_value=1, max_value=365)
    abusive = forms.ChoiceField(
        label=gettext_lazy("Abuse"), required=False, choices=[("", gettext_lazy("any")), *ABUSIVE.items()]
    )
    seen = forms.BooleanField(label=gettext_lazy("Also those queued or scored"), required=False)
    order = forms.CharField(required=False, widget=forms.HiddenInput)

    MORE = ("low", "again", "new", "abusive", "seen")

    def __init__(self, data: Any = None, *, today: date, reach: Reach | None = None) -> None:
        super().__init__(data, today=today)
        self.teams = [(str(one.pk), one.name) for one in self._teams(reach)]
        people = Actor.objects.filter(_of(reach), kind=Actor.Kind.PERSON)
        self.people = [(str(one.pk), one.display_name) for one in people[:500]]
        self.fields["team"].choices = [("", _("all teams")), *self.teams]  # type: ignore[attr-defined]
        self.fields["agent"].choices = [("", _("everybody")), *self.people]  # type: ignore[attr-defined]

    @staticmethod
    def _teams(reach: Reach | None) -> list[Team]:
        found = Team.objects.order_by("name")
        return list((found if reach is None else found.filter(pk__in=list(reach.teams)))[:200])

    def wanted(self) -> Wanted:
        """What was asked for. Call after `is_valid`."""
        given = self.cleaned_data
        start, end = self.period

        def one(name: str) -> UUID | None:
            return UUID(given[name]) if given.get(name) else None

        return Wanted(
            start=start,
            end=end,
            queue=one("queue"),
            team=one("team"),
            agent=one("agent"),
            channel=given.get("channel") or "",
            aht=given.get("aht") or "",
            low_rating=bool(given.get("low")),
            again_days=given.get("again"),
            new_days=given.get("new"),
            abusive=given.get("abusive") or "",
            fresh=not given.get("seen"),
        )

    @property
    def ordered(self) -> str:
        asked = self.cleaned_data.get("order") or ""
        return asked if asked in ORDERS else "newest"

    def words(self) -> str:
        """The search in words: what a review that comes of it gives as its reason. Call after `is_valid`."""
        found = reasons(self.wanted(), self._names())
        return "; ".join(found)[:200]

    def _names(self) -> Mapping[str, str]:
        return dict([*self.queues, *self.teams, *self.people])


def reasons(wanted: Wanted, names: Mapping[str, str]) -> list[str]:
    """What was looked for, the signals first, then the place."""
    found: list[str] = []
    if wanted.aht:
        found.append(_("Handling time %(which)s") % {"which": AHT[wanted.aht]})
    if wanted.low_rating:
        found.append(_("Rated 1 or 2"))
    if wanted.again_days:
        n = wanted.again_days
        found.append(ngettext("Came again within %(n)s day", "Came again within %(n)s days", n) % {"n": n})
    if wanted.new_days:
        n = wanted.new_days
        found.append(ngettext("Agent here under %(n)s day", "Agent here under %(n)s days", n) % {"n": n})
    if wanted.abusive:
        found.append(_("Abusive caller") if wanted.abusive == "caller" else _("Marked abusive"))
    places = [names.get(str(one), "") for one in (wanted.queue, wanted.team) if one is not None]
    if wanted.channel:
        places.append(str(Channel(wanted.channel).label))
    found += [place for place in places if place]
    if not found:
        days = {"start": date_format(wanted.start, "j M"), "end": date_format(wanted.end, "j M")}
        found.append(_("Chosen from %(start)s to %(end)s") % days)
    return found


def _of(reach: Reach | None) -> Q:
    """The people a reach holds."""
    return Q() if reach is None else Q(pk=reach.actor) | Q(team_id__in=list(reach.teams))


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=200,
        strip=True,
        label=gettext_lazy("Why you take it over"),
        error_messages={"required": gettext_lazy("Say why, in a few words. Whoever had it reads them.")},
    )


class PlanForm(forms.Form):
    """How much a plan draws, and until when it is due."""

    quota = forms.IntegerField(
        label=gettext_lazy("Interactions of each agent, a week"), min_value=1, max_value=MOST_A_WEEK
    )
    due_days = forms.IntegerField(
        label=gettext_lazy("Days until they are due"), min_value=1, max_value=LONGEST_DAYS,
        help_text=gettext_lazy("Counted from the Monday they are drawn on."),
    )  # fmt: skip
    replaces = forms.BooleanField(
        label=gettext_lazy("Whatever is skipped is replaced by the next one by lot"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, plan: SamplingPlan, data: Any = None) -> "PlanForm":
        shown = {"quota": plan.quota, "due_days": plan.due_days, "replaces": plan.replaces, "version": plan.version}
        return cls(data, initial=shown)

    @property
    def agreed(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("quota", "due_days", "replaces")}


class NewPlanForm(PlanForm):
    scorecard = forms.ModelChoiceField(
        label=gettext_lazy("Scorecard"), queryset=Scorecard.objects.none(), empty_label=None
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"quota": 2, "due_days": 5, "replaces": True})
        self.fields["scorecard"].queryset = cards_without_plan()  # type: ignore[attr-defined]
        self.order_fields(["scorecard", "quota", "due_days", "replaces"])


class SaveForm(forms.Form):
    name = forms.CharField(max_length=60, strip=True)
