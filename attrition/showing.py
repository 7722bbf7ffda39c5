"""What the attrition page shows, from one reading of the book: rates, waterfall, curve and clients."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Client
from attrition import charts
from attrition.definitions import DEFINITIONS, Definition
from attrition.domain.book import Book, Curve
from attrition.domain.movement import DAY, Movement, movement
from attrition.domain.reasons import KINDS
from attrition.facts import NEEDS, Facts
from attrition.selectors import Rates
from attrition.words import KIND_LABELS
from bpo.ratio import Ratio
from bpo.ui.charts import Axis
from bpo.ui.context import colour_class
from bpo.ui.numbers import interval, number, percent, too_few

AXIS: Final = Axis(0.2, 5, (0.25, 0.5, 1, 2, 4), ("¼", "½", "", "2", "4"), reference=1, ratio=True)
VERDICTS: Final = ("higher", "same", "lower")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks at: the company or a client, and whole months from `first` to `last`."""

    first: date
    last: date
    client: Client | None = None

    @property
    def months(self) -> int:
        after = self.last + DAY
        return (after.year - self.first.year) * 12 + after.month - self.first.month


@dataclass(frozen=True, slots=True)
class Figure:
    """A rate by one of its names, as it is shown."""

    key: str
    definition: Definition
    ratio: Ratio
    text: str
    parts: str


def facts_of(wanted: Wanted, found: Rates) -> Facts | None:
    """The facts of what is looked at; None for a client with nobody in these months."""
    return found.clients.get(wanted.client.pk) if wanted.client else found.company


def count(value: Any) -> str:
    """A headcount: whole where it is, else with one decimal."""
    return number(value, 0 if value == int(value) else 1)


def figures(facts: Facts, *, at_client: bool) -> list[Figure]:
    """The same facts by all their names, the chosen one first. The account's view needs an account."""
    keys = [key for key in DEFINITIONS if key != "account" or at_client]
    return [figure(facts, key) for key in keys]


def figure(facts: Facts, key: str) -> Figure:
    definition = DEFINITIONS[key]
    ratio = definition.ratio(facts)
    shown = None if facts.suppressed else ratio.value
    parts = f"{count(ratio.num)} / {count(ratio.den)}"
    return Figure(key, definition, ratio, percent(shown), too_few(int(ratio.den), NEEDS) if facts.suppressed else parts)


def limits(facts: Facts) -> str:
    """The 95 % interval of the rate, in percent."""
    if facts.suppressed or facts.interval is None:
        return ""
    return "95\u202f% " + _span(facts.interval)


def _span(limits: tuple[float, float]) -> str:
    return interval(limits[0] * 100, limits[1] * 100)


def change(now: Facts, before: Facts | None, words: str) -> str:
    """What became of the rate since the months before, by an exact test of the two counts."""
    if now.suppressed or before is None or before.suppressed:
        return ""
    ratio = now.against(before)
    said = {
        "higher": _("Higher than %(rate)s in %(when)s"),
        "lower": _("Lower than %(rate)s in %(when)s"),
        "same": _("No clear change from %(rate)s in %(when)s"),
    }
    return said[ratio.verdict if ratio else "same"] % {"rate": percent(before.rate.value), "when": words}


def steps(moved: Movement, opening: str, closing: str) -> list[tuple[Any, Decimal, str]]:
    """The waterfall's steps; moves are left out where there are none, as in the company."""
    left = [(KIND_LABELS[kind], -moved.left[kind], "") for kind in KINDS]
    found = [(_("Hired"), moved.hired, "accent"), (_("Moved in"), moved.moved_in, "accent"), *left]
    found += [(_("Moved out"), -moved.moved_out, "compare")]
    found = [step for step in found if step[1] or step[2] == ""]
    return [(opening, moved.opening, "compare"), *found, (closing, moved.closing, "compare")]


def waterfall_title(moved: Movement) -> str:
    came, went = moved.hired + moved.moved_in, moved.gone + moved.moved_out
    parts = {"there": count(moved.closing), "came": count(came), "went": count(went), "left": count(moved.gone)}
    return _("%(there)s people: %(came)s came, %(went)s went, %(left)s of them left the company") % parts


def curve_title(curve: Curve) -> str:
    """One sentence about the first 90 days and the year."""
    early, late = curve.at(90), curve.at(365)
    if curve.n < NEEDS:
        return _("Too few people for a curve")
    if early is None or late is None or late.survival == 1:
        return _("How long people stay")
    share = (1 - early.survival) / (1 - late.survival)
    return _("%(share)s of a year’s loss comes in the first 90 days") % {"share": percent(share, 0)}


def curve_rows(curve: Curve, other: Curve | None) -> list[dict[str, Any]]:
    """Who is still here at round days, while at least ten are at risk."""
    rows = []
    for day in charts.TABLE_DAYS:
        point, there = curve.at(day), curve.at_risk(day) >= NEEDS
        beside = other.at(day) if other and other.at_risk(day) >= NEEDS else None
        rows.append(
            {
                "day": day,
                "share": (point.survival if point else 1.0) if there else None,
                "limits": _limits_of(point) if there and point else "",
                "other": beside.survival if beside else None,
                "at_risk": curve.at_risk(day),
            }
        )
    return rows


def _limits_of(point: Any) -> str:
    return "" if point.low is None else interval(point.low * 100, point.high * 100, 0)


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client's rate against all the others together."""

    client: Client
    colour: str
    facts: Facts
    left: int
    mean: str
    rate: str
    ratio: float | None
    low: float
    high: float
    limits: str
    verdict: str
    few: str

    @property
    def differs(self) -> bool:
        return self.verdict in ("higher", "lower")


def client_rows(clients: Iterable[Client], found: Rates, book: Book, wanted: Wanted) -> list[ClientRow]:
    """Clients in tied groups: harder to stay at than the others together, not to be told apart, easier, too few."""
    rows = [
        _client_row(client, found.clients[client.pk], _rest(client.pk, book, wanted))
        for client in clients
        if client.pk in found.clients
    ]
    order = {verdict: place for place, verdict in enumerate((*VERDICTS, ""))}
    return sorted(rows, key=lambda row: (order[row.verdict], -(row.ratio or 0), row.client.name))


def _rest(client: UUID, book: Book, wanted: Wanted) -> Facts:
    spells = [spell for other, mine in book.by_client.items() if other != client for spell in mine]
    return Facts(movement(spells, wanted.first, wanted.last))


def _client_row(client: Client, facts: Facts, rest: Facts) -> ClientRow:
    ratio = None if facts.suppressed or rest.suppressed else facts.against(rest)
    moved = facts.movement
    high = ratio.high if ratio and ratio.high is not None else AXIS.high
    return ClientRow(
        client=client,
        colour=colour_class(client.colour),
        facts=facts,
        left=moved.leavers,
        mean=number(moved.mean, 1),
        rate=figure(facts, "mean").text,
        ratio=ratio.value if ratio else None,
        low=ratio.low if ratio else 0,
        high=high,
        limits=f"{number(ratio.low, 2)}–{number(ratio.high, 2) if ratio.high is not None else '∞'}" if ratio else "",
        verdict=ratio.verdict if ratio else "",
        few=too_few(int(moved.mean), NEEDS) if facts.suppressed else _span(facts.interval or (0, 0)),
    )


def clients_title(rows: list[ClientRow]) -> str:
    harder = sum(row.verdict == "higher" for row in rows)
    tied = sum(row.verdict == "same" for row in rows)
    if not harder:
        return _("No client is harder to stay at than chance explains")
    first = ngettext("%(n)s client is harder to stay at", "%(n)s clients are harder to stay at", harder) % {"n": harder}
    second = ngettext("%(n)s can’t be told apart", "%(n)s can’t be told apart", tied) % {"n": tied}
    return f"{first}; {second}"


def group_words(verdict: str) -> str:
    """What heads a group of tied clients."""
    return {
        "higher": _("Harder to stay at than the others"),
        "same": _("Not distinguishable"),
        "lower": _("Easier to stay at than the others"),
        "": _("Too few people to show"),
    }[verdict]
