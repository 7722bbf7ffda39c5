"""The demo world: the same each time it is asked, as large as promised, and without contradictions."""

from collections import defaultdict
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from console.demo.manifest import ABUSE_CALLERS, ABUSE_CALLS
from console.demo.world import World, build

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def world() -> World:
    return build(TODAY)


def test_equal_arguments_give_equal_worlds(world: World) -> None:
    again = build.__wrapped__(TODAY, world.seed)  # past the cache
    assert again.people == world.people
    assert again.clients == world.clients
    assert again.logins == world.logins
    for key, work in world.work.items():
        other = again.work[key]
        assert (work.agents, work.customers, work.shifts) == (other.agents, other.customers, other.shifts)
        for table in ("interactions", "cases"):
            ours, theirs = getattr(work, table), getattr(other, table)
            for column in ours.__dataclass_fields__:
                assert np.array_equal(getattr(ours, column), getattr(theirs, column)), (key, table, column)


def test_another_seed_gives_another_world(world: World) -> None:
    other = build.__wrapped__(TODAY, world.seed + 1)
    assert {person.id for person in other.people}.isdisjoint(person.id for person in world.people)
    assert len(other.work["norvik"].interactions) != len(world.work["norvik"].interactions)


def test_it_is_as_large_as_promised(world: World) -> None:
    staff = [person for person in world.people if person.works_on(TODAY)]
    assert 110 <= len(staff) <= 135
    shared = [p for p in staff if len({a.client_key for a in p.assignments if a.ends_on is None}) == 2]
    assert len(shared) >= 8
    assert 40_000 <= sum(len(work.interactions) for work in world.work.values()) <= 60_000
    assert 20 <= sum(1 for p in world.people if p.left_on and (TODAY - p.left_on).days <= 365) <= 60
    assert max(len(person.name) for person in world.people) == 60
    assert {login.role for login in world.logins} >= {
        "operator_admin", "hr", "team_lead", "qa_analyst", "planner", "agent", "client_user",
    }  # fmt: skip


def test_ids_are_used_once(world: World) -> None:
    ids: list[Any] = [person.id for person in world.people]
    ids += [part.id for person in world.people for part in person.assignments]
    ids += [placement.id for person in world.people for part in person.assignments for placement in part.placements]
    ids += {part.actor_id for person in world.people for part in person.assignments}
    for work in world.work.values():
        ids += [customer.id for customer in work.customers]
        ids += [work.interactions.id(row) for row in range(len(work.interactions))]
        ids += [work.cases.id(row) for row in range(len(work.cases))]
    assert len(ids) == len(set(ids))


def test_stretches_of_a_person_do_not_overlap(world: World) -> None:
    for person in world.people:
        by_client = defaultdict(list)
        for part in person.assignments:
            by_client[part.client_key].append((part.starts_on, part.ends_on))
            _in_order([(one.starts_on, one.ends_on) for one in part.placements], person.name)
            assert all(one.starts_on >= part.starts_on for one in part.placements)
            assert all(part.ends_on is None or one.starts_on < part.ends_on for one in part.placements)
        for stretches in by_client.values():
            _in_order(sorted(stretches), person.name)
        assert all(person.hired_on <= part.starts_on for part in person.assignments)


def _in_order(stretches: list[tuple[date, date | None]], name: str) -> None:
    for start, end in stretches:
        assert end is None or end > start, name
    for (_, end), (start, _) in pairwise(stretches):
        assert end is not None, name
        assert end <= start, name


def test_nobody_works_twice_at_a_time_and_all_rest(world: World) -> None:
    own = defaultdict(list)
    for work in world.work.values():
        for shift in work.shifts:
            own[shift.number].append((shift.starts, shift.ends))
    for number, shifts in own.items():
        for (_, end), (start, _) in pairwise(sorted(shifts)):
            assert start - end >= 11 * 3600, number


def test_agents_answer_on_shift_and_one_call_at_a_time(world: World) -> None:
    for work in world.work.values():
        i = work.interactions
        voice = np.array([queue.channel == "voice" for queue in work.client.queues])[i.queue]
        answered = i.started + i.wait
        shifts = defaultdict(list)
        for shift in work.shifts:
            shifts[shift.agent].append((shift.starts, shift.ends))
        for agent, own in shifts.items():
            rows = np.flatnonzero((i.agent == agent) & voice)
            begun = np.sort(answered[rows])
            ended = (answered + i.talk + i.hold + i.after_call)[rows][np.argsort(answered[rows], kind="stable")]
            assert (begun[1:] >= ended[:-1] - 1).all(), work.agents[agent][0].name
            slack = 3600  # a call taken at the end of a shift, after the one before it
            assert all(any(a <= t < b + slack for a, b in own) for t in begun.tolist()), work.agents[agent][0].name


def test_columns_say_nothing_impossible(world: World) -> None:
    for work in world.work.values():
        i, cases = work.interactions, work.cases
        assert (np.diff(i.started) >= 0).all()
        assert (i.wait >= 0).all()
        assert ((i.agent < 0) == i.abandoned).all()
        assert ((i.talk < 0) == i.abandoned).all()
        assert set(np.unique(i.day)) <= {day.toordinal() for day in world.days}
        resolved = cases.first_resolved >= 0
        assert (cases.first_resolved[resolved] >= cases.opened[resolved]).all()
        assert (i.started[cases.last[resolved]] <= cases.first_resolved[resolved]).all()


def test_five_callers_abuse_at_night(world: World) -> None:
    work = world.work["norvik"]
    rows = np.flatnonzero((work.interactions.abusive >= 0) & (work.interactions.customer < ABUSE_CALLERS))
    assert len(rows) == ABUSE_CALLS
