"""What a counted replay shows: counts, means, reasons in words, and lines from old to new scores."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bpo.permissions import Reach
from bpo.ui.numbers import DASH, number
from qa import selectors
from qa.building_words import label_of
from qa.domain.content import Content
from qa.models import ScorecardReplay
from qa.words import OUTCOMES, points

WHY: Final = {
    "not_asked": gettext_lazy("wasn’t asked then and is now"),
    "answer_gone": gettext_lazy("was answered with what isn’t there any more"),
    "na_forbidden": gettext_lazy("was N/A, which isn’t allowed any more"),
    "type_changed": gettext_lazy("is answered in another way now"),
    "nothing_left": gettext_lazy("none of its questions is left"),
}
MOST_LINES: Final = 200
FLIP_WORDS: Final = {
    "PASS>FAIL": gettext_lazy("%(n)s pass to fail"),
    "FAIL>PASS": gettext_lazy("%(n)s fail to pass"),
}


def summary_of(replay: ScorecardReplay) -> dict[str, Any]:
    """Counts and means in words; the mean is of random reviews alone and says its n."""
    found: Mapping[str, Any] = replay.result
    means = found["means"]
    flips = [
        {"text": str(FLIP_WORDS[key]) % {"n": number(n)}, "bad": key == "PASS>FAIL"}
        for key, n in found["flips"].items()
        if key in FLIP_WORDS
    ]
    other = sum(n for key, n in found["flips"].items() if key not in FLIP_WORDS)
    if other:
        text = ngettext("%(n)s gains or loses its score", "%(n)s gain or lose their score", other) % {"n": other}
        flips.append({"text": text, "bad": False})
    return {
        "total": replay.total,
        "compared": found["compared"],
        "changed": found["changed"],
        "flips": flips,
        "left_out": [label_of(replay.content, "question", key) for key in found["left_out"]],
        "reasons": [_reason(replay.content, *one) for one in found["reasons"]],
        "missing": replay.total - found["compared"],
        "mean": _mean(means) if means["n"] else "",
        "lines": _lines(found["rows"]),
        "mark": float(replay.content.get("pass_mark") or 0) * 3,
        "pass_mark": replay.content.get("pass_mark"),
    }


def _reason(content: Content, question: str, why: str, n: int) -> dict[str, Any]:
    place = label_of(content, "question", question) if question else ""
    return {"text": f"{place} {WHY[why]}".strip(), "n": n}


def _mean(means: Mapping[str, Any]) -> str:
    told = {"before": number(means["before"], 1), "after": number(means["after"], 1), "n": number(means["n"])}
    text = _("Mean of random reviews %(before)s to %(after)s, n = %(n)s") % told
    if means["low"] is None:
        return text
    limits = {"low": number(means["low"], 1, sign=True), "high": number(means["high"], 1, sign=True)}
    return text + _(", change %(low)s to %(high)s") % limits


def _lines(rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """From the old score above to the new one below, 3 units a point; flips last, so that they lie on top."""
    drawn = [
        {"x1": float(old) * 3, "x2": float(new) * 3, "bad": was == "PASS" and outcome == "FAIL"}
        for _one, old, was, new, outcome in rows[:MOST_LINES]
        if old is not None and new is not None
    ]
    return sorted(drawn, key=lambda line: line["bad"])


def rows_of(rows: Sequence[Sequence[Any]], *, reach: Reach | None) -> list[dict[str, Any]]:
    """Changed evaluations with what a row shows; those out of reach are left out."""
    ids = [UUID(row[0]) for row in rows]
    known = {one.pk: one for one in selectors.evaluations(reach=reach).filter(pk__in=ids)}
    shown = []
    for (ident, old, was, new, outcome), pk in zip(rows, ids, strict=True):
        if pk in known:
            shown.append(
                {
                    "one": known[pk],
                    "id": ident,
                    "old": _points(old),
                    "new": _points(new),
                    "was": OUTCOMES[was],
                    "now": OUTCOMES[outcome],
                    "flipped": was != outcome,
                }
            )
    return shown


def _points(value: str | None) -> str:
    return DASH if value is None else points(Decimal(value))
