"""What screens say about scores and reviews."""

from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bpo.ui.numbers import DASH, interval, number
from qa.domain.live import Live
from qa.domain.means import FEWEST, FEWEST_PEOPLE, Mean, Median
from qa.models import ReviewTask

OUTCOMES: dict[str, tuple[str | Promise, str]] = {
    "PASS": (gettext_lazy("Pass"), "good"),
    "FAIL": (gettext_lazy("Fail"), "bad"),
    "UNSCORED": (gettext_lazy("No score"), ""),
}

ARTICLE_FIELDS: dict[str, str | Promise] = {
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("In one sentence"),
    "body": gettext_lazy("Text"),
    "reasons": gettext_lazy("Reasons"),
    "questions": gettext_lazy("Questions"),
    "about": gettext_lazy("What it is about"),
}

_WHICH = gettext_lazy("Random evaluations, released, of interactions of the last 28 business dates, as they stand now.")
_NOT = gettext_lazy("Targeted ones and those queued by hand; unscored ones; revisions that were taken back.")
DEFINITIONS: dict[str, dict[str, str | Promise]] = {
    "mean": {
        "title": gettext_lazy("Mean score"),
        "what": gettext_lazy("The arithmetic mean of the final scores, 0 to 100, each as the scoring engine gave it."),
        "over": _WHICH,
        "without": _NOT,
        "sure": gettext_lazy("95 % t interval of the mean, kept within 0 and 100; from three evaluations on."),
    },
    "critical": {
        "title": gettext_lazy("Critical accuracy"),
        "what": gettext_lazy("Interactions without a critical error, of those where a critical question applied."),
        "over": _WHICH,
        "without": _NOT,
        "sure": gettext_lazy("95 % Wilson interval, from five on. Two critical errors in one interaction count once."),
    },
    "passed": {
        "title": gettext_lazy("Passed"),
        "what": gettext_lazy("Evaluations with the outcome Pass, of those with a score."),
        "over": _WHICH,
        "without": _NOT,
        "sure": gettext_lazy(
            "95 % Wilson interval, from five on. The number shown is the number compared with the pass mark."
        ),
    },
}

_RANDOM = gettext_lazy(
    "Random evaluations, released, of interactions of the period's business dates, as they stand now."
)
GAP_DEFINITIONS: dict[str, dict[str, str | Promise]] = {
    "question": {
        "title": gettext_lazy("Errors of a question"),
        "what": gettext_lazy(
            "Answers that fail the section or the form; of a question without such answers, any but the best. Of all "
            "its answers but N/A."
        ),
        "over": _RANDOM,
        "without": _NOT,
        "sure": gettext_lazy("95 % Wilson interval, from five on. An answer is the unit."),
    },
    "reason": {
        "title": gettext_lazy("Failed evaluations of a reason"),
        "what": gettext_lazy(
            "Evaluations with the outcome Fail, of those with a score, of interactions with the reason."
        ),
        "over": _RANDOM,
        "without": _NOT,
        "sure": gettext_lazy("95 % Wilson interval, from five on. An evaluation is the unit."),
    },
    "around": {
        "title": gettext_lazy("Before an article, and since"),
        "what": gettext_lazy(
            "The same share over the business dates before the day on which the newest article about it was last "
            "published, and over those after. That other things changed, too, is likely."
        ),
        "over": _RANDOM,
        "without": gettext_lazy("The day of the publication itself; targeted evaluations and those queued by hand."),
        "sure": gettext_lazy("95 % Wilson interval, each from five on. Only intervals that lie apart say anything."),
    },
}

_ONE_WAY = gettext_lazy(
    "Released evaluations picked in the one way chosen on the page, by business date, as they stand."
)
_OTHERS = gettext_lazy("Those picked in another way; unscored ones; revisions that were taken back.")
ANALYSIS_DEFINITIONS: dict[str, dict[str, str | Promise]] = {
    "mean": {
        "title": gettext_lazy("Mean score"),
        "what": gettext_lazy(
            "The arithmetic mean of the final scores, 0 to 100. Ways of picking are never in one mean."
        ),
        "over": _ONE_WAY,
        "without": _OTHERS,
        "sure": gettext_lazy("95 % t interval of the mean, kept within 0 and 100; from three evaluations on."),
    },
    "rank": {
        "title": gettext_lazy("Rank"),
        "what": gettext_lazy(
            "By mean score. Whoever's interval reaches the next one's shares a band with them: “2–5” says that chance "
            "explains the order among these four."
        ),
        "over": _ONE_WAY,
        "without": gettext_lazy("Who has fewer than three evaluations: listed last, without a rank."),
        "sure": gettext_lazy(
            "Neighbours are compared by their 95 % intervals; a band can be wider than any one of them."
        ),
    },
    "section": {
        "title": gettext_lazy("Mean of a section"),
        "what": gettext_lazy("The mean of the section's scores, 0 to 100, a failed section being 0."),
        "over": _ONE_WAY,
        "without": gettext_lazy("Evaluations in which nothing of the section applied."),
        "sure": gettext_lazy("95 % t interval of the mean, kept within 0 and 100; from three evaluations on."),
    },
    "best": {
        "title": gettext_lazy("Share of best answers"),
        "what": gettext_lazy("Answers that nothing would earn more than, of all answers but N/A."),
        "over": _ONE_WAY,
        "without": gettext_lazy("N/A, and questions that an earlier answer hid."),
        "sure": gettext_lazy("95 % Wilson interval, from five on. An answer is the unit."),
    },
    "na": {
        "title": gettext_lazy("N/A rate"),
        "what": gettext_lazy(
            "Of a question: answers N/A of all its answers. Of an evaluator: of those that could be N/A."
        ),
        "over": _ONE_WAY,
        "without": gettext_lazy("Questions that an earlier answer hid."),
        "sure": gettext_lazy("95 % Wilson interval, from five on. N/A raises a score: look where it is often taken."),
    },
    "critical": {
        "title": gettext_lazy("Critical accuracy"),
        "what": gettext_lazy(
            "1 less evaluations with at least one error of the class, of those where a question of the class applied. "
            "Two errors in one evaluation count once."
        ),
        "over": _ONE_WAY,
        "without": gettext_lazy("Evaluations in which every question of the class was N/A or hidden."),
        "sure": gettext_lazy("95 % Wilson interval, from five on. An evaluation is the unit."),
    },
    "other": {
        "title": gettext_lazy("Non-critical accuracy"),
        "what": gettext_lazy(
            "1 less errors, of the answers to questions without an error class. N/A is no opportunity."
        ),
        "over": _ONE_WAY,
        "without": gettext_lazy("Critical questions."),
        "sure": gettext_lazy("95 % Wilson interval, from five on. An answer is the unit."),
    },
    "evaluator": {
        "title": gettext_lazy("Figures of an evaluator"),
        "what": gettext_lazy(
            "The mean of the scores they gave, the median of their active minutes, and the mean share of the sound they "
            "heard. Who scores what is drawn, so a mean far from the others' may be chance or severity."
        ),
        "over": _ONE_WAY,
        "without": _OTHERS,
        "sure": gettext_lazy("95 % t interval of the mean, from three evaluations on."),
    },
}


def points(value: Decimal | float | None) -> str:
    """A score, 0..100, with one decimal, or two where the second says something: what is shown is what is compared."""
    if value is None:
        return DASH
    exact = Decimal(str(value)).quantize(Decimal("0.01"))
    return number(exact, 1 if exact == exact.quantize(Decimal("0.1")) else 2)


def basis(mean: Mean) -> str:
    """ "n = 5, 95 % 76.9–91.3", or how many it takes."""
    if mean.low is None or mean.high is None:
        return _("n = %(n)s, needs %(needs)s") % {"n": number(mean.n), "needs": number(FEWEST)}
    return _("n = %(n)s, 95 %% %(limits)s") % {"n": number(mean.n), "limits": interval(mean.low, mean.high)}


def figure(mean: Mean) -> str:
    return number(mean.value, 1) if mean.n >= FEWEST else DASH


def so_far(live: Live) -> tuple[str, str]:
    """The outcome as it stands while scoring, and its tone."""
    outcome = live.now.outcome if live.now else "UNSCORED"
    if not live.missing:
        return str(OUTCOMES[outcome][0]), OUTCOMES[outcome][1]
    words = {"PASS": _("Pass so far"), "FAIL": _("Fail so far"), "UNSCORED": _("No score yet")}
    return words[outcome], OUTCOMES[outcome][1]


def reach(live: Live) -> str:
    """ "can end 41.3–91.3", and how low an auto-fail would take it."""
    if live.low is None or live.high is None:
        return ""
    if not live.missing:
        return _("all answered")
    text = _("can end %(low)s–%(high)s") % {"low": points(live.low), "high": points(live.high)}
    if live.floor is not None and live.floor < live.low:
        return _("%(text)s, or %(floor)s") % {"text": text, "floor": points(live.floor)}
    return text


def picked(task: ReviewTask) -> str:
    """ "Random 3 of 8", "Targeted", "By hand"."""
    if task.picked == "random":
        told = _("Random %(place)s of %(places)s") % {"place": task.place, "places": task.places}
        return _("%(picked)s, replacement") % {"picked": told} if task.replaces_id else told
    return _("Targeted") if task.picked == "targeted" else _("By hand")


def minutes_left(task: ReviewTask, now: datetime) -> str:
    """ "23 min": how long a review stays in hand without a sign of life; the last minute counts whole."""
    if task.lease_until is None or task.lease_until <= now:
        return ""
    return _("%(n)s min") % {"n": -(-int((task.lease_until - now).total_seconds()) // 60)}


def count_of_notes(n: int) -> str:
    return ngettext("%(n)s note", "%(n)s notes", n) % {"n": n}


def middle(median: Median) -> tuple[str, str]:
    """A team's median and what it is made of: "82.0", "n = 37 of 9 people"; or how many people it takes."""
    about = {"n": number(median.n), "people": number(median.people), "needs": number(FEWEST_PEOPLE)}
    if median.value is None:
        return DASH, _("%(people)s people, needs %(needs)s") % about
    return number(median.value, 1), _("n = %(n)s of %(people)s people") % about
