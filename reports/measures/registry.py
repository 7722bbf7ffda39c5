"""The measures there are. A change of formula is a new version; what a report froze keeps the one it was made by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bpo.ratio import Ratio
from qa.models import Picked
from reports.measures.facts import Facts, Reviews
from reports.measures.figure import Figure, count, mean, share
from reports.measures.levels import WORDS, Named, by_of, left_out, promised, words_of

Text = str | Promise
Compute = Callable[[str, Facts, UUID | None], Figure]
SERVICE_LEVEL: Final = "SL-2"
DEFINITIONS_VERSION: Final = 1  # of the whole list; raise it with any change below

EXCLUSIONS: Final[dict[str, Text]] = {
    "abandoned_in_target": _("left before the time promised had passed"),
    "abandoned": _("abandoned"),
    "short_abandoned": _("left so soon that it counts as a short abandon"),
    "wait_unknown": _("no waiting time known"),
    "handle_unknown": _("no handling time known"),
    "outbound": _("outbound"),
    "back_office": _("back office"),
    "not_live": _("neither call nor chat"),
    "customer_unknown": _("customer not known"),
    "not_random": _("not drawn at random"),
    "not_critical": _("nothing in them that could be a critical error"),
    "not_scored": _("nothing in them applied, so no score"),
}
INTERVALS: Final[dict[str, Text]] = {
    "wilson": _("95 % interval of a share by Wilson's score method"),
    "t": _("95 % interval of a mean by Student's t"),
    "none": _("counted in full, so nothing is estimated and there is no interval"),
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One measure in words, and the function that counts it."""

    code: str
    name: Text
    version: int
    formula: Text
    numerator: Text
    denominator: Text
    unit: Literal["%", "s", "points", ""]
    better: Literal["higher", "lower", ""]
    interval: Literal["wilson", "t", "none"]
    compute: Compute
    needs: int = 5
    digits: int = 1
    exclusions: tuple[str, ...] = ()
    by_queue: bool = False  # promised queue by queue, so reported so too
    days_before: int = 0  # measured on the days so many before the report's
    by: str = ""  # of a service level: the definition agreed on, with the seconds of a short abandon
    short: int | None = None

    def figure(self, facts: Facts, queue: UUID | None = None) -> Figure:
        return self.compute(self.code, facts, queue)


def _offered(code: str, facts: Facts, queue: UUID | None) -> Figure:
    floor = facts.floor(queue)
    return count(code, floor.offered, {"outbound": floor.outbound, "back_office": floor.back_office})


def _service_level(code: str, facts: Facts, queue: UUID | None) -> Figure:
    floor, parts = facts.floor(queue), list(facts.counted(queue).values())
    out = left_out(parts) | {"wait_unknown": floor.wait_unknown}
    return share(code, promised(parts), out | {"outbound": floor.outbound, "back_office": floor.back_office})


def _abandonment(code: str, facts: Facts, queue: UUID | None) -> Figure:
    floor = facts.floor(queue)
    return share(code, Ratio(floor.live_abandoned, floor.live), {"not_live": floor.offered - floor.live})


def _handling(code: str, facts: Facts, queue: UUID | None) -> Figure:
    floor = facts.floor(queue)
    out = {"handle_unknown": floor.handle_unknown, "outbound": floor.outbound, "back_office": floor.back_office}
    return mean(code, (floor.handle_seconds, floor.handle_squares), floor.handled, out)


def _first_contact(code: str, facts: Facts, queue: UUID | None) -> Figure:
    found = facts.repeats(queue)
    return share(code, Ratio(found.known - found.again, found.known), {"customer_unknown": found.unknown})


def _satisfaction(code: str, facts: Facts, queue: UUID | None) -> Figure:
    return share(code, Ratio(facts.satisfaction.num, facts.satisfaction.den))


def _response_rate(code: str, facts: Facts, queue: UUID | None) -> Figure:
    return share(code, Ratio(facts.funnel.answered, facts.funnel.sent))


def _quality(code: str, facts: Facts, queue: UUID | None) -> Figure:
    drawn = facts.reviews.get(Picked.RANDOM, Reviews())
    others = sum(one.n for picked, one in facts.reviews.items() if picked != Picked.RANDOM)
    out = {"not_random": others, "not_scored": drawn.n - drawn.scored}
    return mean(code, (drawn.points, drawn.squares), drawn.scored, out, most=100)


def _critical(code: str, facts: Facts, queue: UUID | None) -> Figure:
    drawn = facts.reviews.get(Picked.RANDOM, Reviews())
    return share(code, Ratio(drawn.flawless, drawn.critical), {"not_critical": drawn.n - drawn.critical})


def _reviews(code: str, facts: Facts, queue: UUID | None) -> Figure:
    return count(code, sum(one.n for one in facts.reviews.values()))


def _agents(code: str, facts: Facts, queue: UUID | None) -> Figure:
    return count(code, facts.agents)


DEFINITIONS: Final[dict[str, Definition]] = {
    one.code: one
    for one in (
        Definition(
            SERVICE_LEVEL, _("Service level"), 1,
            WORDS[""].formula,
            _("inbound interactions answered within the seconds their queue promises"),
            WORDS[""].denominator,
            "%", "higher", "wilson", _service_level,
            exclusions=("abandoned_in_target", "wait_unknown", "outbound", "back_office"), by_queue=True,
        ),
        Definition(
            "AB-1", _("Abandonment"), 1,
            _("abandoned in the queue / offered to the queue, calls and chats"),
            _("calls and chats the customer left before anybody answered, however soon"),
            _("calls and chats offered"),
            "%", "lower", "wilson", _abandonment, exclusions=("not_live",),
        ),
        Definition(
            "HT-1", _("Average handling time"), 1,
            _("(talk + hold + after-call work) / answered"),
            _("seconds of talk, hold and after-call work"),
            _("inbound interactions answered, with at least one of the three times known"),
            "s", "lower", "t", _handling, digits=0, exclusions=("handle_unknown", "outbound", "back_office"),
        ),
        Definition(
            "FC-2", _("First contact resolution"), 1,
            _("answered without another inbound interaction of the same customer in 7 days / answered"),
            _("answered inbound interactions not followed by another of the same customer within 7 days"),
            _("answered inbound interactions of known customers, of the week before the report's, so that 7 days "
              "have passed"),
            "%", "higher", "wilson", _first_contact, exclusions=("customer_unknown",), days_before=7,
        ),
        Definition(
            "CS-1", _("Customer satisfaction"), 1,
            _("answers of 4 or 5 / all answers, on a scale of 1 to 5"),
            _("survey answers of 4 or 5"),
            _("survey answers about interactions of the week"),
            "%", "higher", "wilson", _satisfaction,
        ),
        Definition(
            "QA-3", _("Quality score, random reviews"), 1,
            _("mean score of reviews drawn at random, 0 to 100"),
            _("points of released reviews of interactions drawn at random, as they stand"),
            _("those reviews that have a score"),
            "points", "higher", "t", _quality, exclusions=("not_random", "not_scored"),
        ),
        Definition(
            "QA-5", _("Critical-error accuracy"), 1,
            _("random reviews without a critical error / random reviews that could have one"),
            _("released reviews of interactions drawn at random without a critical error"),
            _("those reviews in which a question about a critical error applied"),
            "%", "higher", "wilson", _critical, exclusions=("not_critical",),
        ),
        Definition(
            "RR-1", _("Survey response"), 1,
            _("answers / surveys sent"),
            _("survey answers"),
            _("survey mails sent about interactions of the week"),
            "%", "", "wilson", _response_rate,
        ),
        Definition(
            "VO-1", _("Interactions offered"), 1,
            _("number of inbound interactions"),
            _("inbound interactions, answered or abandoned"),
            _("none: a count"),
            "", "", "none", _offered, needs=0, digits=0, exclusions=("outbound", "back_office"),
        ),
        Definition(
            "HC-1", _("People who served you"), 1,
            _("number of agents with at least one interaction"),
            _("agents named on at least one interaction of the week"),
            _("none: a count"),
            "", "", "none", _agents, needs=0, digits=0,
        ),
        Definition(
            "EV-1", _("Interactions reviewed"), 1,
            _("number of released reviews"),
            _("released reviews of interactions of the week, drawn at random or picked for a reason"),
            _("none: a count"),
            "", "", "none", _reviews, needs=0, digits=0,
        ),
    )
}  # fmt: skip


def agreed(one: Definition, countings: Sequence[Named]) -> Definition:
    """A measure in the words that are in force for these queues: of the service level the contract's."""
    ways = [counting for _name, counting in countings]
    if one.code != SERVICE_LEVEL or not any(counting.definition for counting in ways):
        return one
    found = words_of(countings)
    out = dict.fromkeys(WORDS[counting.definition].leaves_out for counting in ways)
    always = [key for key in one.exclusions if key != WORDS[""].leaves_out]
    by, short = by_of(ways)
    return replace(
        one, formula=found.formula, denominator=found.denominator, by=by, short=short,
        exclusions=(*filter(None, out), *always),
    )  # fmt: skip


def figures(facts: Facts, queue: UUID | None = None) -> dict[str, Figure]:
    """Every measure of a period, by code; of one queue only those that are promised queue by queue."""
    wanted = [one for one in DEFINITIONS.values() if queue is None or one.by_queue]
    return {one.code: one.figure(facts, queue) for one in wanted}


def week_figures(start: date, end: date) -> dict[str, Figure]:
    """Every measure of the client entered for business dates `start` to `end`, both included, by reference code.

    Shares are 0..1, handling times seconds. ValueError when the end lies before the start.
    """
    if end < start:
        raise ValueError(f"end {end} is before start {start}")
    return figures(Facts(start, end))
