"""Who may do what. Permissions are an enum, roles are code with a description, one function decides.

Every view carries a stamp: `@requires(Permission.X)`, or `@open_to_all("why")` for the few that need no login. The
permission middleware refuses a view without one, and a test walks every URL.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """Verb and thing. A permission holds on one host: the operator's, or one client's."""

    SEE_HOME = "see_home"
    SEE_NOTICES = "see_notices"
    # operator host
    SEE_CLIENTS = "see_clients"
    ENTER_CLIENT = "enter_client"
    USE_ADMIN = "use_admin"
    SEE_JOBS = "see_jobs"
    SEE_OPERATOR_AUDIT = "see_operator_audit"
    GIVE_ACCESS = "give_access"
    STEP_IN = "step_in"
    OPEN_CLIENT = "open_client"
    CHANGE_CLIENT = "change_client"  # its life
    EXPORT_CLIENT = "export_client"
    SEE_PEOPLE = "see_people"
    EDIT_PEOPLE = "edit_people"
    IMPORT_PEOPLE = "import_people"
    SEE_ATTRITION = "see_attrition"
    KEEP_LIBRARY = "keep_library"  # of templates of scorecards
    # client host
    LOOK_INSIDE = "look_inside"  # of no role: an operator has it while they have stepped in
    SEE_INTERACTIONS = "see_interactions"
    WRITE_INTERACTIONS = "write_interactions"
    SEE_CASES = "see_cases"
    RESOLVE_CASES = "resolve_cases"
    EDIT_CUSTOMERS = "edit_customers"
    IMPORT_INTERACTIONS = "import_interactions"
    SEE_CSAT = "see_csat"
    SEE_ANSWERS = "see_answers"  # one by one, and figures of any days
    SEE_AUDIT = "see_audit"
    DOWNLOAD_FILES = "download_files"
    SEE_API_DOCS = "see_api_docs"
    MANAGE_WEBHOOKS = "manage_webhooks"  # where events are sent
    MAKE_TOKENS = "make_tokens"  # of one's own, for the API; no token may make another
    IMPORT_INTERVALS = "import_intervals"
    SEE_IMPORTS = "see_imports"  # and of each kind those that the person may import
    IMPORT_RESPONSES = "import_responses"
    PLAY_RECORDINGS = "play_recordings"
    HEAR_REDACTED = "hear_redacted"  # the copy in which the redacted parts are silent
    ADD_RECORDINGS = "add_recordings"
    REDACT_RECORDINGS = "redact_recordings"
    SCORE = "score"
    TAKE_REVIEWS = "take_reviews"  # out of somebody else's hand
    PLAN_SAMPLES = "plan_samples"
    SEE_EVALUATIONS = "see_evaluations"
    EDIT_SCORECARDS = "edit_scorecards"
    PUBLISH_SCORECARDS = "publish_scorecards"  # that others wrote (ADR 28)
    SEE_OWN_REVIEWS = "see_own_reviews"
    COACH = "coach"  # give notes, share them, answer
    SEE_CLIENT_EVALUATIONS = "see_client_evaluations"  # what of them a client is shown
    SEE_KNOWLEDGE = "see_knowledge"
    EDIT_KNOWLEDGE = "edit_knowledge"  # and see which questions lack an article
    SEE_FORECAST = "see_forecast"
    PLAN_SCHEDULE = "plan_schedule"
    SEE_SCHEDULE = "see_schedule"
    SEE_OWN_SCHEDULE = "see_own_schedule"
    SEE_REPORTS = "see_reports"
    BUILD_REPORTS = "build_reports"
    EXPORT_SUBJECT = "export_subject"  # and see how much there is of a person
    ERASE_SUBJECT = "erase_subject"


P = Permission
SCOPES = ("all", "teams", "self")  # of a membership, the widest first
PASSING = frozenset({P.SEE_HOME, P.ENTER_CLIENT})  # what a role at a client is worth on the operator's host
_FLOOR = frozenset(
    {
        P.SEE_HOME,
        P.SEE_NOTICES,
        P.SEE_INTERACTIONS,
        P.SEE_CASES,
        P.SEE_CSAT,
        P.SEE_ANSWERS,
        P.SEE_SCHEDULE,
        P.SEE_OWN_SCHEDULE,
        P.SEE_REPORTS,
        P.SEE_KNOWLEDGE,
        P.SEE_API_DOCS,
        P.MAKE_TOKENS,
    }
)
_LEAD = (
    _FLOOR
    | {P.RESOLVE_CASES, P.EDIT_CUSTOMERS, P.SCORE, P.COACH, P.SEE_EVALUATIONS, P.PLAY_RECORDINGS}
    | {P.ADD_RECORDINGS, P.REDACT_RECORDINGS}
)
_READER = frozenset(
    {P.SEE_HOME, P.SEE_NOTICES, P.SEE_CSAT, P.SEE_REPORTS, P.SEE_API_DOCS, P.MAKE_TOKENS, P.SEE_CLIENT_EVALUATIONS}
    | {P.HEAR_REDACTED}
)
NEVER_BY_TOKEN = frozenset({P.MAKE_TOKENS, P.MANAGE_WEBHOOKS, P.LOOK_INSIDE, P.ENTER_CLIENT})


@dataclass(frozen=True, slots=True)
class Role:
    key: str
    label: str | Promise
    description: str | Promise
    permissions: frozenset[Permission] = frozenset()
    on_operator: frozenset[Permission] = frozenset({Permission.SEE_HOME, Permission.ENTER_CLIENT})
    realm: str = "staff"


ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role(
            "operator_admin",
            _("Operator admin"),
            _("Runs every client from the operator host; enters a client only on purpose."),
            _LEAD
            | {P.IMPORT_INTERACTIONS, P.IMPORT_INTERVALS, P.IMPORT_RESPONSES, P.WRITE_INTERACTIONS, P.SEE_AUDIT}
            | {P.SEE_IMPORTS, P.DOWNLOAD_FILES, P.SEE_FORECAST, P.PLAN_SCHEDULE, P.EDIT_SCORECARDS, P.BUILD_REPORTS}
            | {P.EXPORT_SUBJECT, P.ERASE_SUBJECT, P.MANAGE_WEBHOOKS, P.EDIT_KNOWLEDGE}
            | {P.PUBLISH_SCORECARDS, P.TAKE_REVIEWS, P.PLAN_SAMPLES},
            frozenset(
                {
                    P.SEE_HOME,
                    P.ENTER_CLIENT,
                    P.SEE_CLIENTS,
                    P.USE_ADMIN,
                    P.SEE_JOBS,
                    P.SEE_OPERATOR_AUDIT,
                    P.GIVE_ACCESS,
                    P.STEP_IN,
                    P.SEE_NOTICES,
                    P.OPEN_CLIENT,
                    P.CHANGE_CLIENT,
                    P.EXPORT_CLIENT,
                    P.SEE_PEOPLE,
                    P.EDIT_PEOPLE,
                    P.IMPORT_PEOPLE,
                    P.SEE_ATTRITION,
                    P.EXPORT_SUBJECT,
                    P.ERASE_SUBJECT,
                    P.KEEP_LIBRARY,
                }
            ),
        ),
        Role(
            "hr",
            _("HR"),
            _("Keeps people, employment and separations."),
            frozenset({P.SEE_HOME, P.SEE_NOTICES}),
            frozenset(
                {
                    P.SEE_HOME,
                    P.ENTER_CLIENT,
                    P.SEE_NOTICES,
                    P.SEE_PEOPLE,
                    P.EDIT_PEOPLE,
                    P.IMPORT_PEOPLE,
                    P.SEE_ATTRITION,
                    P.EXPORT_SUBJECT,
                    P.ERASE_SUBJECT,
                }
            ),
        ),
        Role(
            "planner",
            _("Workforce planner"),
            _("Forecasts, staffs and publishes schedules."),
            _FLOOR | {P.SEE_FORECAST, P.PLAN_SCHEDULE, P.SEE_IMPORTS, P.IMPORT_INTERVALS},
        ),
        Role(
            "trainer",
            _("Trainer"),
            _("Runs classes and sees what they need; writes knowledge."),
            _FLOOR | {P.EDIT_KNOWLEDGE},
        ),
        Role(
            "qa_analyst",
            _("QA analyst"),
            _("Scores interactions, coaches and writes knowledge."),
            _LEAD | {P.EDIT_SCORECARDS, P.EDIT_KNOWLEDGE, P.PLAN_SAMPLES},
        ),
        Role(
            "team_lead",
            _("Team lead"),
            _("Leads a team: its queue, cases, reviews and coaching."),
            _LEAD
            | {P.IMPORT_INTERACTIONS, P.IMPORT_INTERVALS, P.IMPORT_RESPONSES, P.WRITE_INTERACTIONS, P.DOWNLOAD_FILES}
            | {P.SEE_IMPORTS, P.SEE_AUDIT, P.SEE_FORECAST, P.BUILD_REPORTS, P.PUBLISH_SCORECARDS}
            | {P.TAKE_REVIEWS},
        ),
        Role(
            "agent",
            _("Agent"),
            _("Serves customers; sees own work."),
            frozenset(
                {
                    P.SEE_HOME,
                    P.SEE_NOTICES,
                    P.SEE_CASES,
                    P.RESOLVE_CASES,
                    P.EDIT_CUSTOMERS,
                    P.SEE_OWN_REVIEWS,
                    P.SEE_OWN_SCHEDULE,
                    P.SEE_KNOWLEDGE,
                }
            ),
        ),
        Role(
            "client_user",
            _("Client user"),
            _("Reads the client's own figures."),
            _READER,
            frozenset(),
            realm="client",
        ),
        Role(
            "client_approver",
            _("Client approver"),
            _("Reads the client's figures and approves what is sent."),
            _READER,
            frozenset(),
            realm="client",
        ),
        Role(
            "third_party",
            _("Third-party evaluator"),
            _("Scores a sample for a limited time."),
            frozenset({P.SEE_HOME, P.SEE_NOTICES, P.HEAR_REDACTED}),
            frozenset(),
            realm="client",
        ),
    )
}

# Roles that do more on the operator's host than cross from it: whoever holds one must have a second step.
OPERATORS = frozenset(key for key, role in ROLES.items() if role.on_operator - PASSING)


@dataclass(frozen=True, slots=True)
class SteppedIn:
    """An operator's look inside the client of this host: why, and until when."""

    reason: str
    until: datetime

    def minutes_left(self, now: datetime) -> int:
        """Full minutes, the last one counted whole."""
        return max(0, -(-int((self.until - now).total_seconds()) // 60))


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes this request on this host: a person by session, or a token."""

    user_id: UUID
    name: str
    realm: str  # "staff" or the client's id
    roles: frozenset[str]
    on_operator: bool
    scopes: frozenset[str] | None = None  # None for people: only tokens narrow their permissions
    token_id: UUID | None = None
    actor_id: UUID | None = None  # the client's local Actor, set once the seat is known
    permissions: frozenset[Permission] = frozenset()
    # To "teams" or "self"; the others reach everything.
    narrowed: Mapping[Permission, str] = field(default_factory=dict)
    step_in: SteppedIn | None = None
    # One's own and those one leads; read where something is narrowed.
    teams: frozenset[UUID] = field(default=frozenset())
    keys: Mapping[str, object] = field(default_factory=dict)  # single keys of one's own choice

    @property
    def role_label(self) -> str:
        return ", ".join(str(ROLES[key].label) for key in sorted(self.roles) if key in ROLES)


def permissions_of(roles: Iterable[str], *, on_operator: bool) -> frozenset[Permission]:
    """What these roles may do on the operator's host, or on a client's."""
    known = [ROLES[key] for key in roles if key in ROLES]
    return frozenset().union(*(role.on_operator if on_operator else role.permissions for role in known))


def at_the_operator(held: Iterable[tuple[Any, str]]) -> tuple[frozenset[str], frozenset[Permission]]:
    """What (client, role) pairs come to on the operator's host: the roles that count there, and what they may do.

    A role at the operator (client None) counts whole. One at a client opens the way to that client and no more:
    running one client's floor is no reason to run them all.
    """
    pairs = list(held)
    here = frozenset(role for client, role in pairs if client is None)
    there = frozenset(role for client, role in pairs if client is not None)
    passing = permissions_of(there, on_operator=True) & PASSING
    known = frozenset(role for role in there if role in ROLES and ROLES[role].on_operator <= PASSING)
    return here | known, permissions_of(here, on_operator=True) | passing


def narrowed_by(held: Iterable[tuple[str, str]], *, on_operator: bool) -> dict[Permission, str]:
    """Which permissions of these (role, scope) pairs reach less than everything. The widest scope counts."""
    widest: dict[Permission, str] = {}
    for role, scope in held:
        for permission in permissions_of([role], on_operator=on_operator):
            known = widest.get(permission, scope)
            widest[permission] = min(known, scope, key=SCOPES.index)
    return {permission: scope for permission, scope in widest.items() if scope != SCOPES[0]}


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose work somebody sees: that of people in these teams, and their own."""

    teams: frozenset[UUID]
    actor: UUID | None


def reach(principal: Principal, permission: Permission) -> Reach | None:
    """How far a permission reaches here; None is everybody's work."""
    scope = principal.narrowed.get(permission)
    if scope is None:
        return None
    return Reach(principal.teams if scope == "teams" else frozenset(), principal.actor_id)


def may(principal: Principal | None, permission: Permission) -> bool:
    """The one decision. Nobody may do nothing; a token may do what its owner may and its scopes name."""
    if principal is None or permission not in principal.permissions:
        return False
    return principal.scopes is None or permission.value in principal.scopes


@dataclass(frozen=True, slots=True)
class OpenToAll:
    """The stamp of a view without login, with the reason why it has none."""

    reason: str


def requires(permission: Permission) -> Callable[[View], View]:
    """Stamp a view with the permission it needs; the middleware checks it before the view runs."""

    def stamp(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # the stamp, read by the middleware
        return view

    return stamp


def open_to_all(reason: str) -> Callable[[View], View]:
    """Stamp a view as needing no login. Every use stands in the reviewed list of exemptions."""

    def stamp(view: View) -> View:
        view.permission = OpenToAll(reason)  # type: ignore[attr-defined]  # the stamp, read by the middleware
        return view

    return stamp


class UnstampedView(Exception):
    """A view says nothing about who may use it."""


def stamp_of(view: Any) -> Permission | OpenToAll | None:
    """The stamp of a function, a class-based view or a viewset (whose class stamps each action)."""
    for holder in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        stamp = getattr(holder, "permission", None) or getattr(holder, "permissions", None)
        if stamp is not None:
            return stamp  # type: ignore[no-any-return]  # a viewset's mapping is checked per action by DRF's side
    return None


def who_can(permission: Permission) -> list[str]:
    """Labels of the roles that hold a permission: what a refusal tells the person refused."""
    return [str(role.label) for role in ROLES.values() if permission in role.permissions | role.on_operator]
