"""What screens say about scores and reviews."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bpo.ui.numbers import DASH, interval, number
from qa.domain.live import Live
from qa.domain.means import FEWEST, Mean
from qa.models import ReviewTask

OUTCOMES: dict[str, tuple[str | Promise, str]] = {
    "PASS": (gettext_lazy("Pass"), "good"),
    "FAIL": (gettext_lazy("Fail"), "bad"),
    "UNSCORED": (gettext_lazy("No score"), ""),
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
        return _("Random %(place)s of %(places)s") % {"place": task.place, "places": task.places}
    return _("Targeted") if task.picked == "targeted" else _("By hand")


def count_of_notes(n: int) -> str:
    return ngettext("%(n)s note", "%(n)s notes", n) % {"n": n}
