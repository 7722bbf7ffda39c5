"""Careers: who was hired when, for whom, in which teams, and who left why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from console.demo.clients import COUNTRY
from console.demo.manifest import EARLY_DAYS, EARLY_HAZARD, LATER_HAZARD, LEAD_CHANGE_DAYS_AGO, LEAD_LEAVERS, LEAD_TEAM
from console.demo.names import different
from console.demo.plans import ClientPlan, TeamPlan
from console.demo.seeds import stream
from console.demo.staff import (
    CEDAR_LEAD,
    HIRES,
    LEAVE_REASONS,
    MOVED_LEAD_GOES_TO,
    NEW_LEAD,
    OLD_HANDS,
    OLD_HANDS_LEAVE,
    OLD_LEAD,
    SPLIT,
    STAFF,
    TEAM_MOVES,
    TRANSFERS,
    Named,
)

AGENT: Final = "agent"


@dataclass
class Part:
    """Work for one client, with the teams sat in: (team, pattern, first day)."""

    client: str
    share: str
    starts: date
    ends: date | None = None
    teams: list[tuple[str, str, date]] = field(default_factory=list)


@dataclass
class Draft:
    """A person while their story is being told."""

    name: str
    role: str
    site: str
    hired: date
    class_name: str = ""
    left: date | None = None
    reason: str | None = None
    parts: list[Part] = field(default_factory=list)
    named: bool = False
    number: str = ""
    signs_in: bool = False

    def active(self, day: date) -> bool:
        return self.hired <= day and (self.left is None or self.left >= day)

    def leave(self, day: date, reason: str) -> None:
        self.left, self.reason = day, reason

    @property
    def movable(self) -> bool:
        """An agent with one plain part, whom nothing special happened to yet."""
        return self.role == AGENT and not self.named and len(self.parts) == 1 and self.parts[0].ends is None


def careers(seed: int, today: date, clients: Sequence[ClientPlan]) -> tuple[list[Draft], tuple[ClientPlan, ...]]:
    """Everybody's story in the order of hire, and the clients with their teams' leads."""
    taken: set[str] = {one.name for one in (*STAFF, NEW_LEAD, CEDAR_LEAD)}
    drafts = [_named(one, today) for one in (*STAFF, NEW_LEAD, CEDAR_LEAD)]
    for client in clients:
        drafts += _hired(seed, today, client, taken)
    _leave(stream(seed, "leave"), today, drafts)
    _change_lead(today, drafts)
    _split(today, drafts)
    _transfer(stream(seed, "transfers"), today, drafts)
    _move_teams(stream(seed, "teams"), today, drafts, clients)
    drafts.sort(key=lambda draft: (draft.hired, draft.name))
    for count, draft in enumerate(drafts, start=1):
        draft.number = f"E{count:05d}"
    return drafts, tuple(_with_leads(client, drafts, today) for client in clients)


def _named(one: Named, today: date) -> Draft:
    hired = today - timedelta(days=one.days_ago)
    parts = [
        Part(client, share, hired, teams=[(one.team, one.pattern, hired)] if one.team else [])
        for client, share in one.parts
    ]
    return Draft(one.name, one.role, one.site, hired, parts=parts, named=True, signs_in=one.signs_in)


def _hired(seed: int, today: date, client: ClientPlan, taken: set[str]) -> list[Draft]:
    """A client's agents: old hands one by one, then classes; teams and patterns dealt in turn."""
    rng = stream(seed, client.key, "hires")
    deal = _dealer(client)
    found = []
    for _ in range(OLD_HANDS[client.key]):
        hired = today - timedelta(days=int(rng.integers(620, 1500)))
        found.append(_agent(client, hired, "", deal, different(rng, COUNTRY[client.site], taken)))
    for days_ago, size in HIRES[client.key]:
        hired = today - timedelta(days=days_ago)
        group = f"{client.code} {hired:%Y-%m}"
        found += [_agent(client, hired, group, deal, different(rng, _country(rng, client), taken)) for _ in range(size)]
    return found


def _country(rng: np.random.Generator, client: ClientPlan) -> str:
    return COUNTRY[client.site] if rng.random() < 0.88 else "XX"


def _dealer(client: ClientPlan) -> Callable[[], tuple[str, str]]:
    """Teams in turn, patterns by their shares, so that each team has each pattern."""
    dealt = [0] * len(client.patterns)
    count = 0

    def deal() -> tuple[str, str]:
        nonlocal count
        team = client.teams[count % len(client.teams)]
        count += 1
        behind = [pattern.share * count - had for pattern, had in zip(client.patterns, dealt, strict=True)]
        chosen = int(np.argmax(behind))
        dealt[chosen] += 1
        return team.name, client.patterns[chosen].key

    return deal


def _agent(client: ClientPlan, hired: date, group: str, deal: Callable[[], tuple[str, str]], name: str) -> Draft:
    team, pattern = deal()
    part = Part(client.key, "1", hired, teams=[(team, pattern, hired)])
    return Draft(name, AGENT, client.site, hired, group, parts=[part])


def _leave(rng: np.random.Generator, today: date, drafts: list[Draft]) -> None:
    """Chance by the planted hazards; even over the classes, so that few hires show the curve of many."""
    hires = [draft for draft in drafts if draft.class_name]
    even = (rng.permutation(len(hires)) + 0.5) / len(hires)
    for draft, chance in zip(hires, even, strict=True):
        day = draft.hired + timedelta(days=_tenure_at_leaving(float(chance)))
        if day < today:
            draft.leave(day, _reason(rng, early=(day - draft.hired).days < EARLY_DAYS))
    for draft in drafts:
        if not draft.class_name and not draft.named and rng.random() < OLD_HANDS_LEAVE:
            draft.leave(today - timedelta(days=int(rng.integers(30, 500))), _reason(rng, early=False))


def _tenure_at_leaving(survival: float) -> int:
    """The day of tenure at which so large a share is still there."""
    cumulated = -np.log(survival)
    early = EARLY_HAZARD * EARLY_DAYS
    days = cumulated / EARLY_HAZARD if cumulated < early else EARLY_DAYS + (cumulated - early) / LATER_HAZARD
    return 1 + int(days)


def _reason(rng: np.random.Generator, *, early: bool) -> str:
    weights = np.array([row[2 if early else 3] for row in LEAVE_REASONS], dtype=float)
    return LEAVE_REASONS[int(rng.choice(len(LEAVE_REASONS), p=weights / weights.sum()))][0]


def _change_lead(today: date, drafts: list[Draft]) -> None:
    """The old lead goes to another client, a new one comes, and people leave over it."""
    changed = today - timedelta(days=LEAD_CHANGE_DAYS_AGO)
    for draft in drafts:
        if draft.name == OLD_LEAD:
            draft.parts[0].ends = changed
            draft.parts.append(Part(MOVED_LEAD_GOES_TO, "1", changed))
        if draft.name == NEW_LEAD.name:
            draft.parts[0].teams = [(LEAD_TEAM[1], "", changed)]
        elif draft.left and draft.left >= changed and draft.reason == "management":
            draft.reason = "pay"
    staying = [d for d in _pool(drafts, LEAD_TEAM[0], today) if d.parts[0].teams[0][0] == LEAD_TEAM[1]]
    veterans = [d for d in staying if (today - d.hired).days > 180]
    for draft, days_ago in zip(veterans[:LEAD_LEAVERS], (21, 12, 4), strict=True):
        draft.leave(today - timedelta(days=days_ago), "management")
    for draft in veterans[LEAD_LEAVERS:]:
        draft.named = True  # the rest of the team stays as it is: the effect is on them


def _hand_over(draft: Draft, day: date, client: str, team: str, pattern: str) -> None:
    draft.parts[-1].ends = day
    draft.parts.append(Part(client, "1", day, teams=[(team, pattern, day)]))


def _pool(drafts: Iterable[Draft], client: str, today: date) -> list[Draft]:
    """Agents of a client who may still be given a story, oldest first."""
    free = [d for d in drafts if d.movable and d.parts[0].client == client and d.left is None and d.active(today)]
    return sorted(free, key=lambda draft: (draft.hired, draft.name))


def _split(today: date, drafts: list[Draft]) -> None:
    """People who work for two clients; every second one only since a while."""
    for first, second, pattern, other, count in SPLIT:
        pool = [d for d in _pool(drafts, first, today) if (today - d.hired).days > 200][-count - 4 :][:count]
        for place, draft in enumerate(pool):
            part = draft.parts[0]
            team = part.teams[0][0]
            part.teams = [(team, pattern, part.starts)]
            since = draft.hired if place % 2 else today - timedelta(days=90 + 11 * place)
            shares = ("0.600", "0.400") if place % 3 else ("0.500", "0.500")
            if since > draft.hired:
                part.ends = since
                draft.parts.append(Part(first, shares[0], since, teams=[(team, pattern, since)]))
            part = draft.parts[-1]
            part.share = shares[0]
            goes_to = {"sunda": ("Amber", "Birch", "Cedar"), "alder": ("Harbour", "Meadow")}[second]
            draft.parts.append(Part(second, shares[1], since, teams=[(goes_to[place % len(goes_to)], other, since)]))
            draft.named = True


def _transfer(rng: np.random.Generator, today: date, drafts: list[Draft]) -> None:
    """Moves from one client to another, up to a year back and never in the weeks of history's first days of work."""
    homes = {"sunda": ("Amber", "late-14"), "alder": ("Meadow", "east-08")}
    for first, second, count in TRANSFERS:
        pool = [d for d in _pool(drafts, first, today) if (today - d.hired).days > 150]
        for draft in pool[1 : 1 + 2 * count : 2]:
            most = min((today - draft.hired).days - 60, 330)
            day = today - timedelta(days=int(rng.integers(70, most)))
            _hand_over(draft, day, second, *homes[second])
            draft.named = True


def _move_teams(rng: np.random.Generator, today: date, drafts: list[Draft], clients: Sequence[ClientPlan]) -> None:
    for count in range(TEAM_MOVES):
        client = clients[count % len(clients)]
        pool = [d for d in _pool(drafts, client.key, today) if (today - d.hired).days > 120]
        pool = [d for d in pool if d.parts[0].teams[0][0] != LEAD_TEAM[1]]
        if not pool:
            continue
        draft = pool[int(rng.integers(len(pool)))]
        team, pattern, _ = draft.parts[0].teams[0]
        others = [other.name for other in client.teams if other.name not in (team, LEAD_TEAM[1])]
        day = today - timedelta(days=int(rng.integers(60, (today - draft.hired).days - 30)))
        draft.parts[0].teams.append((others[int(rng.integers(len(others)))], pattern, day))
        draft.named = True


def _with_leads(client: ClientPlan, drafts: list[Draft], today: date) -> ClientPlan:
    return replace(client, teams=tuple(_led(client, team, drafts, today) for team in client.teams))


def _led(client: ClientPlan, team: TeamPlan, drafts: list[Draft], today: date) -> TeamPlan:
    """The team with its leads by day; of two at the same time the later one leads."""
    leads = [
        (since, draft.number)
        for draft in drafts
        if draft.role == "team_lead"
        for part in draft.parts
        if part.client == client.key
        for name, _pattern, since in part.teams
        if name == team.name
    ]
    return replace(team, leads=tuple(sorted(leads)))
