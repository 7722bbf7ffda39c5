"""The roles people are given: what each may do on the operator's host and on a client's."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bpo.permissions import Permission

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
_PEOPLE = frozenset({P.SEE_PEOPLE, P.EDIT_PEOPLE, P.IMPORT_PEOPLE, P.SEE_ATTRITION, P.EXPORT_SUBJECT, P.ERASE_SUBJECT})
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
            _PEOPLE
            | {
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
                P.KEEP_LIBRARY,
            },
        ),
        Role(
            "hr",
            _("HR"),
            _("Keeps people, employment and separations."),
            frozenset({P.SEE_HOME, P.SEE_NOTICES}),
            _PEOPLE | {P.SEE_HOME, P.ENTER_CLIENT, P.SEE_NOTICES},
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


def who_can(permission: Permission) -> list[str]:
    """Labels of the roles that hold a permission: what a refusal tells the person refused."""
    return [str(role.label) for role in ROLES.values() if permission in role.permissions | role.on_operator]


def labels_of(roles: Iterable[str]) -> str:
    """What somebody is here, for people to read."""
    return ", ".join(str(ROLES[key].label) for key in sorted(roles) if key in ROLES)
