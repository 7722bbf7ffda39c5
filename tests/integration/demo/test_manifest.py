"""Each planted effect comes back, in its stated size, through the selectors that the screens use."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Count, F, Sum

from accounts.models import Client
from bpo.tenancy.context import enter
from console.demo.manifest import (
    ABUSE_CALLERS,
    ABUSE_HOURS,
    ABUSE_QUEUE,
    BAD_DAY,
    EFFECTS,
    HOLD_REASON,
    LEAD_CHANGE_DAYS_AGO,
    LEAD_TEAM,
    Effect,
)
from interactions.models import Interval, Reason
from interactions.selectors import Filters, interactions
from qa.selectors import Wanted, finds, odd_ones
from surveys.selectors import Period, response_tallies, responses
from workforce.models import Employment, Seat

NEW, EXPERIENCED = 30, 180  # days of tenure: below, from


def effect(name: str) -> Effect:
    return next(one for one in EFFECTS if one.name == name)


def recovered(name: str, found: float) -> None:
    planted = effect(name)
    assert found == pytest.approx(planted.size, abs=planted.tolerance), f"{name}: {found:.3f} {planted.unit}"


def hired(client: Client) -> dict[Any, date]:
    """First day of employment by actor; public rows, read before the client is entered."""
    days = dict(Employment.objects.values_list("employee_id", "starts_on"))
    seats = Seat.objects.filter(client=client).exclude(employee=None)
    return {actor: days[employee] for actor, employee in seats.values_list("actor_id", "employee_id")}


def band(since: dict[Any, date], actor: Any, day: date) -> str:
    tenure = (day - since[actor]).days
    return "new" if tenure < NEW else "experienced" if tenure >= EXPERIENCED else ""


def grouped(world: Any, key: str) -> list[tuple[str, Any, int, int]]:
    """(band, reason, interactions, seconds) of a client's answered interactions, the bad day left out.

    Calls that the client's people make themselves have no reason and are answered by nobody of ours.
    """
    client = Client.objects.get(key=key)
    since = hired(client)
    bad = world.today - timedelta(days=BAD_DAY[1])
    seconds = Sum(F("talk_seconds") + F("hold_seconds") + F("after_call_seconds"))
    with enter(client.ref()):
        rows = interactions(Filters(abandoned=False)).exclude(direction="out").order_by()
        rows = rows.values_list("agent_id", "reason_id", "business_date")
        found = list(rows.annotate(n=Count("pk"), seconds=seconds))
    return [
        (band(since, agent, day), reason, n, total)
        for agent, reason, day, n, total in found
        if not (key == BAD_DAY[0] and day == bad)
    ]


def test_tenure_handle_time(seeded: Any) -> None:
    expected = measured = 0.0
    for key in seeded.work:
        sums: dict[tuple[str, Any], list[int]] = defaultdict(lambda: [0, 0])
        for group, reason, n, total in grouped(seeded, key):
            sums[group, reason][0] += n
            sums[group, reason][1] += total
        for (group, reason), (n, total) in list(sums.items()):
            if group == "new" and sums["experienced", reason][0]:
                usual = sums["experienced", reason]
                expected += n * usual[1] / usual[0]
                measured += total
    recovered("tenure_handle_time", measured / expected)


def test_tenure_transfers(seeded: Any) -> None:
    client = Client.objects.get(key="norvik")
    since = hired(client)
    with enter(client.ref()):
        rows = interactions(Filters(abandoned=False)).order_by()
        found = list(rows.values_list("agent_id", "business_date", "transferred").annotate(n=Count("pk")))
    counts: Counter[tuple[str, bool]] = Counter()
    for agent, day, transferred, n in found:
        counts[band(since, agent, day), transferred] += n
    rates = {
        group: counts[group, True] / (counts[group, True] + counts[group, False]) for group in ("new", "experienced")
    }
    recovered("tenure_transfers", rates["new"] - rates["experienced"])


def test_tenure_csat(seeded: Any) -> None:
    votes: Counter[tuple[str, bool]] = Counter()
    for key in seeded.work:
        client = Client.objects.get(key=key)
        since = hired(client)
        about = "invitation__candidate__"
        with enter(client.ref()):
            rows = responses().exclude(**{f"{about}team__name": LEAD_TEAM[1]}).order_by()
            found = list(rows.values_list(f"{about}agent_id", f"{about}business_date", "score"))
        votes.update((band(since, agent, day), score >= 4) for agent, day, score in found)
    shares = {
        group: votes[group, True] / (votes[group, True] + votes[group, False]) for group in ("new", "experienced")
    }
    recovered("tenure_csat", shares["new"] - shares["experienced"])


def csat_of_teams(period: Period) -> dict[bool, float]:
    """Share of 4 and 5 of the changed team (True) and of all others."""
    votes: Counter[tuple[bool, bool]] = Counter()
    for tally in response_tallies(period):
        votes[tally.groups["team"] == LEAD_TEAM[1], tally.score >= 4] += tally.n
    return {ours: votes[ours, True] / (votes[ours, True] + votes[ours, False]) for ours in (True, False)}


def test_lead_csat(seeded: Any, norvik: Any) -> None:
    change = seeded.today - timedelta(days=LEAD_CHANGE_DAYS_AGO)
    with enter(norvik.ref()):
        before = csat_of_teams(Period(seeded.days[0], change - timedelta(days=1)))
        after = csat_of_teams(Period(change, seeded.days[-1]))
    recovered("lead_csat", (after[True] - before[True]) - (after[False] - before[False]))


def test_bad_day(seeded: Any, norvik: Any) -> None:
    assert norvik.key == BAD_DAY[0]
    day = seeded.today - timedelta(days=BAD_DAY[1])
    seconds = [Sum(name) for name in ("talk_seconds", "hold_seconds", "after_call_seconds")]
    with enter(norvik.ref()):
        calls = interactions(Filters(day=day, abandoned=False))
        assert calls.count() > 200
        recovered("bad_day", sum(calls.aggregate(*seconds).values()))
        of_queues = Interval.objects.filter(business_date=day)
        assert of_queues.aggregate(n=Sum("answered"))["n"] == calls.count()
        recovered("bad_day", of_queues.aggregate(s=Sum("handle_seconds"))["s"])
        usual = interactions(Filters(day=day + timedelta(days=1), abandoned=False))
        assert sum(usual.aggregate(*seconds).values()) > 50_000


def test_abusive_callers(seeded: Any, norvik: Any) -> None:
    with enter(norvik.ref()):
        abusive = interactions().filter(abusive=True).order_by()
        most = abusive.values("customer_id").annotate(n=Count("pk")).order_by("-n")[:ABUSE_CALLERS]
        callers = [row["customer_id"] for row in most]
        calls = list(interactions().filter(customer_id__in=callers, abusive=True))
        recovered("abusive_callers", len(calls))
        assert {call.queue.key for call in calls} == {ABUSE_QUEUE[1]}
        hours = {call.started_at.astimezone(ZoneInfo(call.zone)).hour for call in calls}
        assert hours <= set(range(*ABUSE_HOURS))


def test_long_holds(seeded: Any, norvik: Any) -> None:
    """As the page of handling times says it: the share on hold and the reason are beyond chance."""
    with enter(norvik.ref()):
        found = odd_ones(seeded.days[0], seeded.days[-1])
        reason = Reason.objects.get(key=HOLD_REASON[1]).pk
    clear = {(one.kind, one.contrast.name): one.contrast for one in found.long if one.contrast.clear}
    recovered("long_holds", clear["hold", "hold"].gap.value)
    assert clear["reason", reason].gap.value > 0.5


def test_abusive_callers_are_found_by_the_search(seeded: Any, norvik: Any) -> None:
    """The search for abusive callers finds calls of the planted ones and, of all others, hardly any."""
    asked = Wanted(start=seeded.days[0], end=seeded.days[-1], abusive="caller", fresh=False)
    with enter(norvik.ref()):
        found = Counter(finds(asked).values_list("customer__reference", flat=True))
    planted = {f"NV-C{10_000 + number}" for number in range(ABUSE_CALLERS)}
    assert set(found) == planted
    assert sum(found.values()) >= 0.7 * effect("abusive_callers").size, (
        "a caller's first two calls are not yet a caller's"
    )
