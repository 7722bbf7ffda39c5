"""Evaluations for leads: the list with its figures, one as it stands, and what agents were told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, Reach, reach, requires
from bpo.ratio import Ratio, wilson
from bpo.ui.numbers import Measure
from interactions.models import Recording
from qa import selectors
from qa.domain.content import sections
from qa.domain.means import FEWEST, Mean
from qa.forms import EvaluationsForm
from qa.models import Evaluation
from qa.selectors.measures import RECENT
from qa.showing import answer_words
from qa.views.sound import play
from qa.words import DEFINITIONS, OUTCOMES

PAGE = 50


def measure(mean: Mean, **more: Any) -> Measure:
    """A mean score as the kit shows a number."""
    return Measure(mean.value, n=mean.n, low=mean.low, high=mean.high, needs=FEWEST, unit="", **more)


def share(ratio: Ratio, code: str) -> Measure:
    """A share with its 95 % Wilson interval."""
    low, high = wilson(int(ratio.num), int(ratio.den))
    return Measure(ratio.value, ratio.num, ratio.den, low, high, code=code)


def _reach(request: HttpRequest) -> Reach | None:
    return reach(principal_of(request), Permission.SEE_EVALUATIONS)


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first, with what four weeks of random ones say."""
    form = EvaluationsForm(request.GET)
    page = Paginator(form.narrow(selectors.evaluations(reach=_reach(request))), PAGE).get_page(request.GET.get("page"))
    end = timezone.localdate() + timedelta(days=1)
    start = end - RECENT
    critical, passed = selectors.critical_accuracy(start, end), selectors.pass_rate(start, end)
    context = {
        "page": page,
        "form": form,
        "filtered": form.filtered,
        "mean": measure(selectors.mean_score(start, end), code="QA-MEAN"),
        "critical": share(critical, "QA-CRIT"),
        "passed": share(passed, "QA-PASS"),
    }
    return render(request, "qa/evaluations.html", context)


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def detail(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    found = selectors.evaluation_by_id(evaluation_id, reach=_reach(request))
    if found is None:
        raise Http404
    return render(request, "qa/evaluation.html", shown(found, for_agent=False))


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def definition(request: HttpRequest, key: str) -> HttpResponse:
    """What one figure counts and what it leaves out, for the side panel."""
    if key not in DEFINITIONS:
        raise Http404
    return render(request, "qa/measure.html", {"figure": DEFINITIONS[key], "name": f"qa-{key}"})


@requires(Permission.PLAY_RECORDINGS)
@require_safe
def sound(request: HttpRequest, evaluation_id: UUID) -> HttpResponseBase:
    """The sound of an evaluated interaction."""
    reached = reach(principal_of(request), Permission.PLAY_RECORDINGS)
    found = selectors.evaluation_by_id(evaluation_id, reach=reached)
    return play(request, recording_of(found))


def recording_of(found: Evaluation | None) -> Recording | None:
    if found is None:
        return None
    return Recording.objects.select_related("file").filter(interaction_id=found.interaction_id).first()


def shown(found: Evaluation, *, for_agent: bool) -> dict[str, Any]:
    """One evaluation as its page shows it. For the agent without private notes and without the evaluator."""
    revision = found.current
    assert revision is not None  # noqa: S101 - the selector gives submitted ones, the database keeps it so
    notes = selectors.notes_of(found, for_agent=for_agent)
    content = revision.scorecard_version.content
    scores = {key: value for key, value, _weight in revision.sections}
    words = answer_words(content, revision.answers)
    parts = []
    for section in sections(content):
        rows = [
            {
                "question": question,
                "answer": text or _("N/A"),
                "good": good,
                "na": not text,
                "trigger": question.key in revision.triggers,
                "notes": [note for note in notes if note.question == question.key],
            }
            for question, text, good in words
            if question.section == section.key
        ]
        parts.append({"section": section, "score": scores.get(section.key), "rows": rows})
    label, tone = OUTCOMES[revision.outcome]
    release = getattr(revision, "release", None)
    return {
        "one": found,
        "revision": revision,
        "interaction": found.interaction,
        "parts": parts,
        "general": [note for note in notes if not note.question],
        "notes": notes,
        "outcome": label,
        "tone": tone,
        "released": release,
        "seen": getattr(release, "acknowledgement", None),
        "recording": Recording.objects.filter(interaction_id=found.interaction_id).exists(),
    }


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def coaching(request: HttpRequest) -> HttpResponse:
    """What was said to agents, and what they haven't seen yet."""
    page = Paginator(selectors.coaching_notes(reach=_reach(request)), PAGE).get_page(request.GET.get("page"))
    unseen = list(selectors.unacknowledged(reach=_reach(request))[:PAGE])
    return render(request, "qa/coaching.html", {"page": page, "unseen": unseen, "now": timezone.now()})
