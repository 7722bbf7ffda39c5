"""Two formats of published instances, read into a problem. InstanceError names the line or place, and the remedy."""

import json
from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Any

from scheduling.domain.rostering.problem import Option, Person, Problem, Step, Wish

DAY = 1440  # minutes
SECTIONS = (
    "HORIZON", "SHIFTS", "STAFF", "DAYS_OFF", "SHIFT_ON_REQUESTS", "SHIFT_OFF_REQUESTS", "COVER",
)  # fmt: skip
Row = tuple[int, list[str]]  # the line's number and its fields


class InstanceError(ValueError):
    """The text is no instance; the message says where and what to do."""


def read(text: str) -> Problem:
    """A problem from text of either format, told apart by how it begins."""
    return from_json(text) if text.lstrip().startswith("{") else from_sections(text)


# --- Sections of comma-separated lines ---------------------------------------------------------------


def from_sections(text: str) -> Problem:
    """The format of the public shift scheduling instances: days start on a Monday, one shift a day, no times."""
    rows = _sections(text)
    [(line, [horizon])] = rows["HORIZON"] or [(0, ["0"])]
    days = _number(line, "horizon", horizon, least=1)
    lengths: dict[str, int] = {}
    for line, fields in _wide(rows["SHIFTS"], 2, 3):
        _new(line, "shift", fields[0], lengths)
        lengths[fields[0]] = _number(line, "length", fields[1], least=1)
    if not lengths:
        raise InstanceError("SECTION_SHIFTS is empty. Give at least one shift.")
    kinds = list(lengths)
    options = tuple(
        Option(kind, day, day * DAY, day * DAY + lengths[kind], lengths[kind], (day * len(kinds) + place,))
        for day in range(days)
        for place, kind in enumerate(kinds)
    )
    return Problem(
        steps=_cover(rows["COVER"], days, kinds),
        options=options,
        people=tuple(_staff(rows, days, kinds)),
        never_after=frozenset(_never(rows["SHIFTS"], kinds)),
        weekends=tuple((day, day + 1) if day + 1 < days else (day,) for day in range(5, days, 7)),
        days=days,
    )


def _sections(text: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {name: [] for name in SECTIONS}
    current = None
    for line, raw in enumerate(text.splitlines(), 1):
        said = raw.strip()
        if not said or said.startswith("#"):
            continue
        if said.startswith("SECTION_"):
            current = said.removeprefix("SECTION_")
            if current not in found:
                raise InstanceError(f"line {line}: {said} is no section. Use SECTION_ with {', '.join(SECTIONS)}.")
        elif current is None:
            raise InstanceError(f"line {line}: text before the first section. Begin with SECTION_HORIZON.")
        else:
            found[current].append((line, [field.strip() for field in said.split(",")]))
    if len(found["HORIZON"]) != 1:
        raise InstanceError("SECTION_HORIZON must have one line. Give the number of days there.")
    return found


def _wide(rows: list[Row], least: int, most: int) -> Iterator[Row]:
    for line, fields in rows:
        if not least <= len(fields) <= most:
            raise InstanceError(f"line {line}: {len(fields)} fields. Give {most}, separated by commas.")
        yield line, fields


def _number(line: int, name: str, text: str, *, least: int = 0, below: int | None = None) -> int:
    if not text.isdecimal() or int(text) < least or (below is not None and int(text) >= below):
        limits = f"from {least}" + (f" to {below - 1}" if below is not None else "")
        raise InstanceError(f"line {line}: {name} is {text!r}. Give a whole number {limits}.")
    return int(text)


def _known(line: int, what: str, text: str, known: list[str]) -> str:
    if text not in known:
        raise InstanceError(f"line {line}: there is no {what} {text!r}. Use one of {', '.join(known[:10])}.")
    return text


def _new(line: int, what: str, text: str, known: Container[str]) -> None:
    if not text or text in known:
        raise InstanceError(f"line {line}: the {what} {text!r} has no name of its own. Give each another name.")


def _never(rows: list[Row], kinds: list[str]) -> Iterator[tuple[str, str]]:
    for line, fields in rows:
        for after in filter(None, "".join(fields[2:]).split("|")):
            yield fields[0], _known(line, "shift", after, kinds)


def _cover(rows: list[Row], days: int, kinds: list[str]) -> tuple[Step, ...]:
    steps = [Step(0, 0, 0)] * (days * len(kinds))
    for line, fields in _wide(rows, 5, 5):
        day = _number(line, "day", fields[0], below=days)
        kind = _known(line, "shift", fields[1], kinds)
        need, under, over = (_number(line, "cover", field) for field in fields[2:])
        steps[day * len(kinds) + kinds.index(kind)] = Step(need, under, over)
    return tuple(steps)


def _staff(rows: dict[str, list[Row]], days: int, kinds: list[str]) -> Iterator[Person]:
    people: dict[str, Person] = {}
    for line, fields in _wide(rows["STAFF"], 8, 8):
        _new(line, "person", fields[0], people)
        people[fields[0]] = _person(line, fields, kinds)
    if not people:
        raise InstanceError("SECTION_STAFF is empty. Give at least one person.")
    keys = list(people)
    for line, fields in rows["DAYS_OFF"]:
        key = _known(line, "person", fields[0], keys)
        off = {_number(line, "day", field, below=days) for field in fields[1:]}
        people[key] = replace(people[key], days_off=people[key].days_off | off)
    for name, on in (("SHIFT_ON_REQUESTS", True), ("SHIFT_OFF_REQUESTS", False)):
        for line, fields in _wide(rows[name], 4, 4):
            key = _known(line, "person", fields[0], keys)
            day, weight = _number(line, "day", fields[1], below=days), _number(line, "weight", fields[3])
            wish = Wish(day, _known(line, "shift", fields[2], kinds), weight, on)
            people[key] = replace(people[key], wishes=(*people[key].wishes, wish))
    yield from people.values()


def _person(line: int, fields: list[str], kinds: list[str]) -> Person:
    most = {}
    for part in filter(None, fields[1].split("|")):
        kind, _, count = part.partition("=")
        most[_known(line, "shift", kind, kinds)] = _number(line, f"most of {kind}", count)
    figures = [_number(line, "a limit", field) for field in fields[2:]]
    max_minutes, min_minutes, max_run, min_run, min_free, weekends = figures
    return Person(
        key=fields[0],
        kinds=frozenset(kind for kind in kinds if most.get(kind, 1)),
        min_minutes=min_minutes,
        max_minutes=max_minutes,
        most_of=tuple((kind, count) for kind, count in most.items() if count),
        max_run=max_run,
        min_run=max(min_run, 1),
        min_free=max(min_free, 1),
        max_weekends=weekends,
    )


# --- JSON of intervals ---------------------------------------------------------------------------------


def from_json(text: str) -> Problem:
    """Agents, shift templates and demand by interval, with rest between shifts and days at most."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise InstanceError(f"This is no JSON: {error}. Give the file as it was published.") from error
    get = _Fields(given, "")
    minutes, days, per_day = get.whole("interval_minutes"), get.whole("days"), get.whole("intervals_per_day")
    demand = [_whole(f"demand[{place}]", value) for place, value in enumerate(get.list("demand"))]
    if len(demand) != days * per_day:
        raise InstanceError(f"demand has {len(demand)} numbers. Give {days} × {per_day}, one an interval.")
    weights = _Fields(get.any("weights", dict), "weights.")
    under, over = weights.whole("under", least=0), weights.whole("over", least=0)
    shifts = [_Fields(one, f"shifts[{place}].") for place, one in enumerate(get.list("shifts"))]
    agents = [_Fields(one, f"agents[{place}].") for place, one in enumerate(get.list("agents"))]
    for named in (shifts, agents):
        _own_ids(named)
    return Problem(
        steps=tuple(Step(need, under, over) for need in demand),
        options=tuple(_option(shift, day, minutes, per_day, len(demand)) for day in range(days) for shift in shifts),
        people=tuple(_agent(agent, days, [shift.any("id", str) for shift in shifts]) for agent in agents),
        rest=get.whole("min_rest_hours", least=0) * 60,
        days=days,
    )


def _own_ids(named: "list[_Fields]") -> None:
    seen: set[str] = set()
    for one in named:
        if (name := one.any("id", str)) in seen:
            raise InstanceError(f"{one.place}id: there are two {name!r}. Give each another id.")
        seen.add(name)


def _option(shift: "_Fields", day: int, minutes: int, per_day: int, steps: int) -> Option:
    first = day * per_day + shift.whole("start_interval", least=0)
    length = shift.whole("length_intervals")
    start = first * minutes
    served = tuple(step for step in range(first, first + length) if step < steps)
    return Option(shift.any("id", str), day, start, start + length * minutes, length * minutes, served)


def _agent(agent: "_Fields", days: int, kinds: list[str]) -> Person:
    allowed = agent.list("allowed_shifts")
    for place, kind in enumerate(allowed):
        if kind not in kinds:
            raise InstanceError(
                f"{agent.place}allowed_shifts[{place}]: there is no shift {kind!r}. Use {', '.join(kinds)}."
            )
    off = [_whole(f"{agent.place}unavailable_days", day) for day in agent.list("unavailable_days")]
    if any(day >= days for day in off):
        raise InstanceError(f"{agent.place}unavailable_days: {max(off)}. Give days from 0 to {days - 1}.")
    return Person(
        key=agent.any("id", str),
        kinds=frozenset(allowed),
        days_off=frozenset(off),
        max_days=agent.whole("max_days", least=0),
    )


class _Fields:
    """An object of the JSON text, whose fields are read by name and type."""

    def __init__(self, given: object, place: str) -> None:
        if not isinstance(given, dict):
            raise InstanceError(f"{place.rstrip('.') or 'the file'} is no object. Give one with named fields.")
        self._given, self.place = given, place

    def any(self, name: str, kind: type) -> Any:
        value = self._given.get(name)
        if not isinstance(value, kind):
            raise InstanceError(f"{self.place}{name} is {value!r}. Give a value of type {kind.__name__}.")
        return value

    def list(self, name: str) -> Any:
        return self.any(name, list)

    def whole(self, name: str, *, least: int = 1) -> int:
        return _whole(f"{self.place}{name}", self._given.get(name), least=least)


def _whole(place: str, value: object, *, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InstanceError(f"{place} is {value!r}. Give a whole number from {least}.")
    return value
