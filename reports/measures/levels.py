"""The service level as it was agreed on: one function counts it everywhere, and its words say by which definition."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpo.ratio import Ratio
from bpo.service_levels import Counting, LevelDefinition
from bpo.ui.numbers import number
from reports.domain import service_level
from reports.measures.facts import Floor

USUAL: Final = "late_abandons_only"  # where the contract doesn't say how
EACH_QUEUE: Final = "each_queue"  # in place of a definition, where queues are counted in different ways
Counted = tuple[Floor, Counting]  # the counts of one queue, and how they are taken
Named = tuple[str, Counting]  # a queue's name, and how its level is counted


def promised(parts: Iterable[Counted], definition: str = "") -> Ratio:
    """The service level of these queues together, each by what was agreed on, or all by `definition`."""
    found = [_one(floor, counting, definition) for floor, counting in parts]
    return Ratio(sum(int(one.num) for one in found), sum(int(one.den) for one in found))


def _one(floor: Floor, counting: Counting, definition: str) -> Ratio:
    counts = (floor.answered, floor.abandoned, floor.in_target, floor.abandoned_in_target, floor.short_abandoned)
    return service_level(*counts, definition=definition or counting.definition or USUAL)


def left_out(parts: Iterable[Counted]) -> dict[str, int]:
    """What each definition keeps out of the denominator: numbers of abandoned interactions, by reason."""
    found: dict[str, int] = {}
    for floor, counting in parts:
        reason = WORDS[counting.definition].leaves_out  # a field of the floor, too
        if reason:
            found[reason] = found.get(reason, 0) + int(getattr(floor, reason))
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """A definition for people: as a formula, its denominator, a sentence, and which exclusion it brings."""

    formula: str | Promise
    denominator: str | Promise
    sentence: str | Promise
    leaves_out: str = ""

    def with_seconds(self, counting: Counting) -> "Words":
        """The same with the seconds of a short abandon in it."""
        seconds = number(counting.short or 0)
        formula, denominator, sentence = (
            str(text) % {"seconds": seconds} for text in (self.formula, self.denominator, self.sentence)
        )
        return Words(formula, denominator, sentence, self.leaves_out)


WORDS: Final[Mapping[str, Words]] = {
    "": Words(
        gettext_lazy("answered in the time promised / (answered + abandoned after that time)"),
        gettext_lazy("inbound interactions answered, and those abandoned after the seconds promised"),
        gettext_lazy("Answered in the time their queue promises, of those answered or abandoned after that time."),
        "abandoned_in_target",
    ),
    LevelDefinition.SERVED_OF_OFFERED: Words(
        gettext_lazy("answered in the time promised / offered"),
        gettext_lazy("inbound interactions answered or abandoned, however soon"),
        gettext_lazy("Answered in the time their queue promises, of all offered."),
    ),
    LevelDefinition.SERVED_OF_NOT_ABANDONED: Words(
        gettext_lazy("answered in the time promised / answered"),
        gettext_lazy("inbound interactions answered"),
        gettext_lazy("Answered in the time their queue promises, of those answered."),
        "abandoned",
    ),
    LevelDefinition.SHORT_ABANDONS_EXCLUDED: Words(
        gettext_lazy("answered in the time promised / (offered − abandoned in under %(seconds)s s)"),
        gettext_lazy("inbound interactions answered, and those abandoned after %(seconds)s s or more"),
        gettext_lazy(
            "Answered in the time their queue promises, of all offered but those who left in under %(seconds)s s."
        ),
        "short_abandoned",
    ),
}  # fmt: skip


def words(counting: Counting) -> Words:
    """What is shown beside a level counted so."""
    found = WORDS[counting.definition]
    return found if counting.short is None else found.with_seconds(counting)


def words_of(countings: Sequence[Named]) -> Words:
    """The words of several queues together: one definition's, or each queue's own one after another."""
    different = list(dict.fromkeys(counting for _name, counting in countings))
    if len(different) < 2:
        return words(different[0] if different else Counting())
    each = "; ".join(f"{name}: {words(one).denominator}" for name, one in countings)
    return Words(
        _("answered in the time promised / what each queue's agreement counts"),
        each,
        _("Answered in the time their queue promises, counted as agreed for each queue: %(each)s.") % {"each": each},
    )


def by_of(countings: Iterable[Counting]) -> tuple[str, int | None]:
    """The definition and the seconds of a short abandon as reports and weeks keep them, or each_queue."""
    different = set(countings)
    if len(different) > 1:
        return EACH_QUEUE, None
    return next(iter(different), Counting())
