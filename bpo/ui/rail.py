"""Which places a role sees in the rail. An entry whose URL isn't routed is left out: nothing pretends."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.urls import resolve as route
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bpo.permissions import Permission, Principal, may, stamp_of

MOST = 6  # the first six that are built; what stands later fills in until they are


@dataclass(frozen=True)
class RailEntry:
    label: str | Promise
    icon: str
    url_name: str
    url: str = ""
    active: bool = False
    badge: int | None = None
    key: str = ""  # what leads there from anywhere, such as "g q"


_QUEUE = RailEntry(_("Queue"), "inbox", "qa:queue", key="g q")
_KNOWLEDGE = RailEntry(_("Knowledge"), "page", "qa:knowledge")
_ANALYSIS = RailEntry(_("Analysis"), "trend", "qa:analysis")
_INTERACTIONS = RailEntry(_("Interactions"), "phone", "interactions:list", key="g i")
_CASES = RailEntry(_("Cases"), "list", "interactions:cases")
_CSAT = RailEntry(_("Satisfaction"), "chart", "surveys:overview")
_IMPORTS = RailEntry(_("Imports"), "upload", "imports:list")
_AUDIT = RailEntry(_("Audit"), "lock", "audit:log")
_OPERATOR = (
    RailEntry(_("Clients"), "home", "console:clients"),
    RailEntry(_("People"), "people", "workforce:people"),
    RailEntry(_("Attrition"), "trend", "attrition:overview"),
    RailEntry(_("Jobs"), "bolt", "console:jobs"),
    RailEntry(_("Audit"), "lock", "console:audit"),
    RailEntry(_("Admin"), "gear", "admin:index"),
)
_RECORDINGS = RailEntry(_("Recordings"), "phone", "interactions:recordings")
_CLIENT_USER = (
    RailEntry(_("Reports"), "page", "reports:latest", key="g r"),
    RailEntry(_("Quality"), "scales", "qa:client_evaluations"),
    RailEntry(_("Live"), "bolt", "reports:live"),
    RailEntry(_("Questions"), "chat", "reports:questions"),
    RailEntry(_("Settings"), "gear", "reports:settings"),
    _CSAT,
    _RECORDINGS,
)
_TABLE: dict[tuple[str, str], tuple[RailEntry, ...]] = {
    ("client", "team_lead"): (
        _QUEUE,
        RailEntry(_("Team"), "people", "interactions:team"),
        RailEntry(_("Schedule"), "calendar", "scheduling:board", key="g s"),
        RailEntry(_("Coaching"), "chat", "qa:coaching", key="g c"),
        RailEntry(_("Reports"), "page", "reports:latest", key="g r"),
        _ANALYSIS,
        _INTERACTIONS,  # cases are a button on them
        _CASES,
        _CSAT,
        _KNOWLEDGE,
        _IMPORTS,
        _AUDIT,
    ),
    ("client", "qa_analyst"): (
        _QUEUE,
        RailEntry(_("Scorecards"), "page", "qa:scorecards", key="g k"),
        RailEntry(_("Calibration"), "scales", "qa:calibration"),
        RailEntry(_("Disputes"), "flag", "qa:disputes", key="g d"),
        _ANALYSIS,
        _KNOWLEDGE,
        _INTERACTIONS,
        _CASES,
        _CSAT,
    ),
    ("client", "planner"): (
        RailEntry(_("Forecast"), "trend", "scheduling:forecast"),
        RailEntry(_("Staffing"), "people", "scheduling:staffing"),
        RailEntry(_("Board"), "calendar", "scheduling:board"),
        RailEntry(_("Intraday"), "bolt", "scheduling:intraday"),
        RailEntry(_("Requests"), "swap", "scheduling:requests"),
        RailEntry(_("Rules"), "list", "scheduling:rules"),
        _IMPORTS,
        _INTERACTIONS,
        _CASES,
        _CSAT,
    ),
    ("client", "agent"): (
        RailEntry(_("Today"), "home", "interactions:today"),
        RailEntry(_("Schedule"), "calendar", "scheduling:mine"),
        RailEntry(_("Requests"), "swap", "scheduling:my_requests"),
        RailEntry(_("Reviews"), "page", "qa:mine"),
        RailEntry(_("Me"), "person", "interactions:me"),
        _KNOWLEDGE,
        _CASES,
    ),
    ("client", "client_user"): _CLIENT_USER,
    ("client", "client_approver"): _CLIENT_USER,
    ("client", "third_party"): (RailEntry(_("Calibration"), "scales", "qa:calibration"), _RECORDINGS),
    ("client", "trainer"): (
        RailEntry(_("Team"), "people", "interactions:team"),
        _KNOWLEDGE,
        RailEntry(_("Gaps"), "flag", "qa:gaps"),
        _INTERACTIONS,
        _CASES,
        _CSAT,
    ),
    ("client", "operator_admin"): (  # cases are a button on the interactions
        _INTERACTIONS,
        _QUEUE,
        _CSAT,
        _IMPORTS,
        RailEntry(_("Reports"), "page", "reports:latest", key="g r"),
        _AUDIT,
    ),
    ("operator", "operator_admin"): _OPERATOR,
    ("operator", "hr"): (_OPERATOR[1], _OPERATOR[2]),
}
Resolve = Callable[[str], str]


def entries(role: str, host_kind: str) -> tuple[RailEntry, ...]:
    """What the role's rail would hold if every place were built; empty for a role without a rail there."""
    return _TABLE.get((host_kind, role), ())


def rail_for(role: str, host_kind: str, *, resolve: Resolve = reverse) -> list[RailEntry]:
    """The role's rail on that kind of host ("operator" or "client"), with addresses, six at most."""
    found = []
    for entry in entries(role, host_kind):
        try:
            found.append(replace(entry, url=resolve(entry.url_name)))
        except NoReverseMatch:
            continue
    return found[:MOST]


def permitted(rail: list[RailEntry], principal: Principal) -> list[RailEntry]:
    """The places that somebody may open: a role's rail, less what was agreed that its people don't see."""
    stamps = [(entry, stamp_of(route(entry.url).func)) for entry in rail]
    return [entry for entry, stamp in stamps if not isinstance(stamp, Permission) or may(principal, stamp)]


def with_active(rail: list[RailEntry], path: str) -> list[RailEntry]:
    """Mark the one entry whose address is the longest beginning of `path`."""
    best = max((e.url for e in rail if _within(path, e.url)), key=len, default=None)
    return [replace(e, active=e.url == best) for e in rail]


def with_badges(rail: list[RailEntry], badges: dict[str, Any]) -> list[RailEntry]:
    """Put counts of what waits beside the entries, by URL name; zero shows nothing."""
    return [replace(e, badge=badges.get(e.url_name) or None) for e in rail]


def _within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
