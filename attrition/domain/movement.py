"""Who was there, who came and who went, over a range of days: the facts every attrition formula is made of.

A person counts on every day from the first to the last worked. Opening is who is there at the end of the day before
the range, closing who is there at the end of its last day; a leaver is gone at the end of the last day worked. So
opening + hired + moved in - left - moved out = closing, whatever the spells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from attrition.domain.reasons import KINDS

DAY: Final = timedelta(days=1)
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Spell:
    """Somebody's time in a group: the company, or a client by the share of their time.

    `ends_on` is the first day no longer there. `hired` tells an entry from outside from a move in; `left` is the
    kind of the separation that ended it, "" for a move out or for who is still there. `from_before` is the weight
    that was there the day before under another spell, `goes_on` the weight that stays under the next: a change of
    share moves only the difference.
    """

    starts_on: date
    ends_on: date | None = None
    weight: Decimal = Decimal(1)
    hired: bool = True
    left: str = ""
    from_before: Decimal = ZERO
    goes_on: Decimal = ZERO

    def on(self, day: date) -> bool:
        """Whether the person works that day, the last day included."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def after(self, day: date) -> bool:
        """Whether the person is still there when that day is over."""
        return self.starts_on <= day and (self.ends_on is None or day + DAY < self.ends_on)

    def days(self, first: date, last: date) -> int:
        """How many days of the range are worked."""
        start = max(self.starts_on, first)
        end = last + DAY if self.ends_on is None else min(self.ends_on, last + DAY)
        return max(0, (end - start).days)


@dataclass(frozen=True, slots=True)
class Movement:
    """Weights by what happened from `first` to `last`; `leavers` and `people` count heads."""

    first: date
    last: date
    opening: Decimal
    hired: Decimal
    moved_in: Decimal
    left: dict[str, Decimal]
    moved_out: Decimal
    closing: Decimal
    person_days: Decimal
    leavers: int
    people: int

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def mean(self) -> float:
        """The mean of the daily headcounts."""
        return float(self.person_days) / self.days

    @property
    def gone(self) -> Decimal:
        """The weight of everybody who left the company."""
        return sum(self.left.values(), ZERO)


def headcount(spells: Iterable[Spell], day: date) -> Decimal:
    """The weight of who works that day."""
    return sum((spell.weight for spell in spells if spell.on(day)), ZERO)


def movement(spells: Iterable[Spell], first: date, last: date) -> Movement:
    """Sum up spells over the days `first` to `last`, both counted. ValueError when they are the wrong way round."""
    if last < first:
        raise ValueError(f"last {last} is before first {first}")
    spells = [
        spell for spell in spells if spell.starts_on <= last and (spell.ends_on is None or spell.ends_on >= first)
    ]
    before = first - DAY
    started = [spell for spell in spells if first <= spell.starts_on <= last]
    ended = [spell for spell in spells if spell.ends_on is not None and first <= spell.ends_on - DAY <= last]
    left = {kind: _weight(spell for spell in ended if spell.left == kind) for kind in KINDS}
    return Movement(
        first=first,
        last=last,
        opening=_weight(spell for spell in spells if spell.after(before)),
        hired=_weight(spell for spell in started if spell.hired),
        moved_in=sum((spell.weight - spell.from_before for spell in started if not spell.hired), ZERO),
        left=left,
        moved_out=sum((spell.weight - spell.goes_on for spell in ended if not spell.left), ZERO),
        closing=_weight(spell for spell in spells if spell.after(last)),
        person_days=sum((spell.weight * spell.days(first, last) for spell in spells), ZERO),
        leavers=sum(1 for spell in ended if spell.left),
        people=sum(1 for spell in spells if spell.days(first, last)),
    )


def _weight(spells: Iterator[Spell]) -> Decimal:
    return sum((spell.weight for spell in spells), ZERO)
