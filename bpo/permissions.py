"""Who may do what. Permissions are an enum, roles are code with a description (`bpo.roles`), one function decides.

Every view carries a stamp: `@requires(Permission.X)`, or `@open_to_all("why")` for the few that need no login. The
permission middleware refuses a view without one, and a test walks every URL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

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
