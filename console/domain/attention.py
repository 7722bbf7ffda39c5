"""Why a client needs somebody, as rules over its weeks. Every rule names its reason; the words are the screen's.

NOW is a promise broken or a thing that stands still; SOON is a change that chance doesn't explain; QUIET is neither.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from statistics import median
from typing import Any, Final

from console.domain.week import Week
from surveys.domain.comparison import difference

NEEDS: Final = 5  # observations under which a figure isn't shown or judged
COMPARED: Final = 4  # earlier weeks a change is measured against
USUAL_DAYS: Final = 2  # earlier same weekdays it takes to say what is usual
USUAL_LEAST: Final = 10  # interactions a day must usually have before its silence means anything
FELL_TO: Final = 0.2  # of the usual: less than that is a day with a part missing


class Level(IntEnum):
    """Lower comes first on the page."""

    NOW = 0
    SOON = 1
    QUIET = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that holds: its code, how heavy it weighs among its level, and the numbers its sentence is made of."""

    level: Level
    code: str
    weight: float = 0
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """Jobs of the client that wait for a person."""

    dead: int = 0
    uncertain: int = 0
    kind: str = ""  # of the newest dead one


def reasons(weeks: Sequence[Week], work: Work = Work()) -> list[Reason]:
    """Everything that holds for a client, heaviest first; never empty. `weeks` are oldest first, without gaps."""
    found = [*_jobs(work), *[reason for rule in RULES if weeks for reason in rule(weeks)]]
    return sorted(found, key=lambda one: (one.level, -one.weight, one.code)) or [_quiet(weeks)]


def stopped(status: str, drops_at: datetime | None) -> Reason:
    """What a row says of a client that isn't served: its weeks and jobs stand still, so nothing else is asked of it."""
    return Reason(Level.SOON if status == "suspended" else Level.QUIET, status, facts={"drops_at": drops_at})


def _jobs(work: Work) -> list[Reason]:
    found = []
    if work.dead:
        found.append(Reason(Level.NOW, "jobs_dead", 50 + work.dead, {"n": work.dead, "kind": work.kind}))
    if work.uncertain:
        found.append(Reason(Level.SOON, "jobs_uncertain", work.uncertain, {"n": work.uncertain}))
    return found


def _silent_days(weeks: Sequence[Week]) -> list[Reason]:
    """A day far below the same weekday of the weeks before: its data is missing, wholly or in part."""
    newest, earlier = weeks[-1], weeks[:-1]
    found = []
    for number, count in enumerate(newest.days):
        same = [week.days[number] for week in earlier if number < len(week.days) and week.interactions]
        usual = median(same) if len(same) >= USUAL_DAYS else 0
        if usual >= USUAL_LEAST and count < FELL_TO * usual:
            day = newest.start + timedelta(days=number)
            found.append(Reason(Level.NOW, "day_missing", 40, {"day": day, "count": count, "usual": round(usual)}))
    return found


def _service_level(weeks: Sequence[Week]) -> list[Reason]:
    """A queue under its promise, and for how many weeks running."""
    found = []
    for queue in weeks[-1].queues:
        if not queue.under or queue.den < NEEDS:
            continue
        running = _weeks_under(weeks, queue.name)
        level = Level.NOW if running > 1 else Level.SOON
        facts = {"queue": queue.name, "weeks": running, "value": queue.value, "target": queue.target}
        found.append(Reason(level, "sl_under", 10 + running + queue.target - (queue.value or 0), facts))
    return found


def _weeks_under(weeks: Sequence[Week], name: str) -> int:
    running = 0
    for week in reversed(weeks):
        levels = [queue for queue in week.queues if queue.name == name]
        if not levels or not levels[0].under or levels[0].den < NEEDS:
            break
        running += 1
    return running


def _satisfaction(weeks: Sequence[Week]) -> list[Reason]:
    """CSAT below the four weeks before by more than chance explains (Newcombe's interval leaves 0 out)."""
    now, before = weeks[-1].satisfaction, [week.satisfaction for week in weeks[-1 - COMPARED : -1]]
    good, n = round(sum(one.num for one in before)), sum(one.n for one in before)
    if now.n < NEEDS or n < NEEDS:
        return []
    found = difference(round(now.num), now.n, good, n)
    if found.high >= 0:
        return []
    facts = {"value": now.value, "before": good / n, "low": found.low, "high": found.high}
    return [Reason(Level.SOON, "csat_fell", -100 * found.value, facts)]


def _attrition(weeks: Sequence[Week]) -> list[Reason]:
    """Leavers of four weeks above the 95 % band of the four weeks before them."""
    if len(weeks) <= COMPARED:
        return []
    now, band = weeks[-1].attrition, weeks[-1 - COMPARED].attrition
    if now.value is None or band.low is None or band.high is None or now.value <= band.high:
        return []
    facts = {"value": now.value, "low": band.low, "high": band.high, "left": now.n}
    return [Reason(Level.SOON, "attrition_above", 100 * (now.value - band.high), facts)]


def _quiet(weeks: Sequence[Week]) -> Reason:
    """What a row says that needs nobody."""
    if not weeks:
        return Reason(Level.QUIET, "no_week")
    newest = weeks[-1]
    if not newest.interactions:
        return Reason(Level.QUIET, "no_work")
    if len([week for week in weeks if week.interactions]) == 1:
        return Reason(Level.QUIET, "first_week")
    if newest.satisfaction.n < NEEDS:
        return Reason(Level.QUIET, "few_answers", facts={"n": newest.satisfaction.n, "needs": NEEDS})
    return Reason(Level.QUIET, "in_band")


RULES: Final[tuple[Callable[[Sequence[Week]], list[Reason]], ...]] = (
    _silent_days,
    _service_level,
    _satisfaction,
    _attrition,
)
