"""Handling times that don't fit, and what is different about them, read from stored interactions."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from bpo.permissions import Reach
from interactions.models import Actor, Interaction, Queue, Reason
from qa.domain.outliers import Contrast, Item, Outlier, means, mixes, outliers

BANDS: Final = ((30, "0"), (90, "30"), (180, "90"))  # days of tenure below which → the band's first day
HOURS: Final = 4  # an hour of day stands in a stretch of so many
_FIELDS: Final = (
    "pk", "queue_id", "channel", "reason_id", "agent_id", "agent__team_id", "agent__starts_on", "started_at", "zone",
    "business_date", "talk_seconds", "hold_seconds", "after_call_seconds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Handled:
    """What is compared of one handled interaction; times in seconds."""

    key: UUID
    queue: UUID
    channel: str
    reason: UUID | None
    agent: UUID
    team: UUID | None
    starts_on: date | None
    started_at: datetime
    zone: str
    day: date
    talk: int | None
    hold: int | None
    after: int | None

    @property
    def seconds(self) -> int:
        return (self.talk or 0) + (self.hold or 0) + (self.after or 0)

    @property
    def band(self) -> str:
        """The first day of the tenure band, "180" for the last; "" where nobody knows since when."""
        if self.starts_on is None:
            return ""
        days = (self.day - self.starts_on).days
        return next((first for below, first in BANDS if days < below), "180")

    @property
    def hour(self) -> int:
        """The stretch of the local day it began in, by its first hour."""
        return self.started_at.astimezone(ZoneInfo(self.zone)).hour // HOURS * HOURS

    def item(self) -> Item:
        place = (self.queue, self.channel)
        return Item(self.key, self.seconds, ((*place, self.reason), place, self.channel))


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait of the outliers beside the others."""

    kind: str  # hold, reason, tenure, hour or agent
    contrast: Contrast


@dataclass(frozen=True, slots=True)
class Odd:
    """Outliers of a period and place, and what is different about each side."""

    judged: int
    without_time: int  # handled, with no handling time to judge
    found: tuple[Outlier, ...]
    long: tuple[Trait, ...]
    short: tuple[Trait, ...]


def handled(start: date, end: date) -> list[Handled]:
    """Every handled interaction of the business dates from `start` to and including `end`."""
    found = Interaction.objects.filter(
        business_date__gte=start, business_date__lte=end, agent__isnull=False, abandoned=False
    )
    return [Handled(*row) for row in found.order_by().values_list(*_FIELDS)]


def odd(start: date, end: date) -> list[Outlier]:
    """Outliers of a period, judged within its whole floor."""
    return outliers(one.item() for one in handled(start, end) if one.seconds > 0)


def odd_ones(
    start: date, end: date, *, queue: UUID | None = None, channel: str = "", reach: Reach | None = None
) -> Odd:
    """Outliers of a place within reach, judged within the whole floor, and how they differ from the rest there."""
    everything = handled(start, end)
    timed = [one for one in everything if one.seconds > 0]
    verdicts = {one.key: one for one in outliers(one.item() for one in timed)}
    here = [one for one in timed if _here(one, queue, channel, reach)]
    untimed = sum(1 for one in everything if one.seconds <= 0 and _here(one, queue, channel, reach))
    own = tuple(verdicts[one.key] for one in here if one.key in verdicts)
    sides = {
        side: _traits(
            [one for one in here if one.key in verdicts and verdicts[one.key].long is side],
            [one for one in here if one.key not in verdicts],
        )
        for side in (True, False)
    }
    ordered = tuple(sorted(own, key=lambda one: (-abs(one.z), str(one.key))))
    return Odd(len(here), untimed, ordered, sides[True], sides[False])


def _here(one: Handled, queue: UUID | None, channel: str, reach: Reach | None) -> bool:
    if queue is not None and one.queue != queue:
        return False
    if channel and one.channel != channel:
        return False
    return reach is None or one.agent == reach.actor or one.team in reach.teams


def _traits(picked: Sequence[Handled], others: Sequence[Handled]) -> tuple[Trait, ...]:
    """Every comparison, by kind: the screen names those beyond chance and counts the others."""
    hold = means("hold", [_held(one) for one in picked], [_held(one) for one in others])
    found = [Trait("hold", hold)] if hold else []
    kinds: dict[str, Callable[[Handled], Hashable]] = {
        "reason": lambda one: one.reason,
        "tenure": lambda one: one.band,
        "hour": lambda one: one.hour,
        "agent": lambda one: one.agent,
    }
    for kind, trait in kinds.items():
        found += [Trait(kind, one) for one in mixes([trait(x) for x in picked], [trait(x) for x in others])]
    return tuple(found)


def _held(one: Handled) -> float:
    return (one.hold or 0) / one.seconds


def names_of(traits: Iterable[Trait]) -> dict[object, str]:
    """Names of the reasons and agents among traits."""
    ids = [one.contrast.name for one in traits if isinstance(one.contrast.name, UUID)]
    reasons = Reason.objects.filter(pk__in=ids).values_list("pk", "name")
    agents = Actor.objects.filter(pk__in=ids).values_list("pk", "display_name")
    return {**dict(reasons), **dict(agents)}


def queues() -> list[Queue]:
    return list(Queue.objects.all()[:200])
