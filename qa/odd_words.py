"""What screens say about handling times that don't fit, and about what is different of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpo.ui.numbers import duration, interval, number, percent
from interactions.models import Interaction
from qa.domain.outliers import Contrast, Outlier
from qa.selectors.outliers import HOURS, Trait

KINDS: Final[dict[str, str | Promise]] = {
    "hold": gettext_lazy("Share on hold"),
    "reason": gettext_lazy("Reason"),
    "tenure": gettext_lazy("Days the agent has worked here"),
    "hour": gettext_lazy("Time of day"),
    "agent": gettext_lazy("Agent"),
}
BAND_WORDS: Final[dict[str, str | Promise]] = {
    "0": gettext_lazy("under 30 days"),
    "30": gettext_lazy("30 to 89 days"),
    "90": gettext_lazy("90 to 179 days"),
    "180": gettext_lazy("180 days and more"),
    "": gettext_lazy("not known"),
}
SHOWN: Final = 6  # of one kind that chance doesn't explain


@dataclass(frozen=True, slots=True)
class Line:
    """One trait beyond chance: its name, both shares with what they are of, and the difference in points."""

    name: str
    own: bool  # the client's own word, not to be translated
    here: str
    here_n: str
    there: str
    there_n: str
    gap: str
    up: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What one kind of trait says: the lines beyond chance, or how many comparisons chance explains."""

    title: str
    lines: tuple[Line, ...]
    compared: int
    left: int  # beyond chance, too, and not shown


def findings(traits: Iterable[Trait], names: Mapping[object, str]) -> list[Finding]:
    """Each kind of trait in its order; kinds with nothing to compare are left out."""
    by_kind: dict[str, list[Contrast]] = {}
    for trait in traits:
        by_kind.setdefault(trait.kind, []).append(trait.contrast)
    found = []
    for kind, contrasts in by_kind.items():
        clear = [one for one in contrasts if one.clear]
        lines = tuple(_line(kind, one, names) for one in clear[:SHOWN])
        found.append(Finding(str(KINDS[kind]), lines, len(contrasts), max(len(clear) - SHOWN, 0)))
    return found


def _line(kind: str, one: Contrast, names: Mapping[object, str]) -> Line:
    limits = interval(one.gap.low * 100, one.gap.high * 100)
    gap = _("%(gap)s points, %(limits)s") % {"gap": number(one.gap.value * 100, 1, sign=True), "limits": limits}
    if kind == "hold":
        n, other = _("mean of %(n)s") % {"n": number(one.n)}, _("mean of %(n)s") % {"n": number(one.other_n)}
    else:
        n, other = _of(one.value, one.n), _of(one.other, one.other_n)
    return Line(
        name=_name(kind, one.name, names),
        own=kind in ("reason", "agent"),
        here=percent(one.value),
        here_n=n,
        there=percent(one.other),
        there_n=other,
        gap=gap,
        up=one.gap.value > 0,
    )


def _of(share: float, n: int) -> str:
    return _("%(k)s of %(n)s") % {"k": number(round(share * n)), "n": number(n)}


def _name(kind: str, name: Any, names: Mapping[object, str]) -> str:
    if kind == "hold":
        return _("of the handling time")
    if kind == "tenure":
        return str(BAND_WORDS[name])
    if kind == "hour":
        return f"{name:02d}:00–{(name + HOURS) % 24:02d}:00"
    return names.get(name) or _("without a reason")


def row_words(one: Interaction, verdict: Outlier) -> dict[str, Any]:
    """What a row says beside the interaction: its handling time, what is usual, among how many of what."""
    groups = (_("this reason"), _("this queue"), _("this channel"))
    seconds = (one.talk_seconds or 0) + (one.hold_seconds or 0) + (one.after_call_seconds or 0)
    return {
        "seconds": seconds,
        "hold": (one.hold_seconds or 0) / seconds if seconds else None,
        "usual": duration(verdict.usual),
        "basis": _("%(n)s of %(group)s") % {"n": number(verdict.n), "group": groups[verdict.level]},
        "z": number(verdict.z, 1, sign=True),
    }
