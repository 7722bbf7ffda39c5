"""The whole content of a report: figures with their definitions, sentences, series, and what changed since before."""

import hashlib
import json
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from bpo.tenancy.identities import ClientRef
from bpo.ui.numbers import percent
from reports.content.entries import Json, counted, entry
from reports.content.gather import Gathered
from reports.content.narrative import finding, sentences
from reports.domain import DEFINITIONS as SERVICE_LEVELS
from reports.measures import DEFINITIONS_VERSION
from reports.measures.levels import USUAL, promised
from reports.measures.registry import SERVICE_LEVEL

SCHEMA: Final = 1  # of this JSON; a reader of old reports looks here first
CHARTED: Final = ("SL-2", "AB-1", "HT-1", "CS-1", "QA-3", "FC-2")
COUNTED: Final = ("VO-1", "HC-1", "RR-1", "EV-1")  # under the table of promises, as cards


def document(gathered: Gathered, *, client: ClientRef, by_name: str, now: datetime) -> Json:
    """The content of a report but for its revision, which is known only when it is frozen."""
    week = gathered.week
    figures = [entry(line) for line in gathered.lines]
    by_ref = {one["ref"]: one for one in figures}
    return {
        "schema": SCHEMA,
        "client": {"key": client.key, "name": client.name, "zone": client.zone, "colour": client.colour},
        "period": {"start": week.start.isoformat(), "end": week.end.isoformat(), "week": week.number},
        "data_to": now.isoformat(),
        "definitions_version": DEFINITIONS_VERSION,
        "prepared_by": by_name,
        "interactions": gathered.interactions,
        "figures": figures,
        "sentences": sentences(by_ref, gathered.busy),
        "notes": notes(gathered),
        "series": [_series(code, gathered, by_ref) for code in CHARTED if _is_drawn(code, gathered)],
        "comments": {
            "answers": gathered.comments.answers,
            "with_text": gathered.comments.with_text,
            "newest": [str(one) for one in gathered.comments.newest],
        },
    }


def _is_drawn(code: str, gathered: Gathered) -> bool:
    return any(figure.value is not None for _week, figure in gathered.series.get(code, ()))


def _series(code: str, gathered: Gathered, by_ref: dict[str, Json]) -> Json:
    one = by_ref[code]
    points = [
        {"start": week.start.isoformat(), "week": week.number, **counted(figure)}
        for week, figure in gathered.series[code]
    ]
    return {"ref": code, "title": finding(one), "points": points}


def notes(gathered: Gathered) -> list[str]:
    """What a reader of the service level must know: by which formula, what the others give, and since when."""
    parts, level = gathered.levels.parts, next(one for one in gathered.lines if one.ref == SERVICE_LEVEL).definition
    others = [promised(parts, one).value for one in SERVICE_LEVELS if one != (level.by or USUAL)]
    known = [value for value in others if value is not None]
    found = []
    if known:
        words = {"low": percent(min(known)), "high": percent(max(known))}
        if level.by:
            found.append(
                _("SL-2 is %(formula)s, as agreed. The other formulas in use give %(low)s to %(high)s on the same "
                  "interactions.") % {"formula": level.formula, **words}
            )  # fmt: skip
        else:
            found.append(
                _("SL-2 is answered in time / (answered + abandoned after that time). The other formulas in use give "
                  "%(low)s to %(high)s on the same interactions.") % words
            )  # fmt: skip
    if gathered.levels.new:
        found.append(
            _("This way of counting SL-2 was agreed on in this week. Here weeks before are counted so too, to be "
              "compared; their own reports keep what they said.")
        )  # fmt: skip
    if gathered.levels.new_time:
        found.append(
            _("The time to answer in was agreed on in this week. Here weeks before are counted by it too, to be compared; "
              "their own reports keep what they said.")
        )  # fmt: skip
    return found


def differences(before: Json, after: Json) -> list[Json]:
    """Figures that are not what an earlier revision of the same week says: numerator, denominator or target."""
    old = {one["ref"]: one for one in before["figures"]}
    new = {one["ref"]: one for one in after["figures"]}
    found = []
    for ref in [*new, *(ref for ref in old if ref not in new)]:
        was, is_now = old.get(ref), new.get(ref)
        if _of(was) != _of(is_now):
            found.append({"ref": ref, "name": (is_now or was or {})["name"], "before": was, "after": is_now})
    return found


def _of(one: Json | None) -> Any:
    if one is None:
        return None
    target, words = one["target"], one["definition"]
    counted_by = (words["version"], words.get("by"), words.get("short_seconds"))  # no key where nothing was agreed on
    return one["num"], one["den"], one["n"], counted_by, target and (target["value"], target["amber"])


def canonical(content: Json) -> str:
    """The one text of this content: keys sorted, nothing between, no NaN. Its UTF-8 bytes are what the hash covers."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
