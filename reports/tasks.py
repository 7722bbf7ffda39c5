"""Work of reports: building one, and telling the client's people."""

from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors import terms_of, users_with_role
from bpo.outbox.registry import Permanent, job
from bpo.tenancy.context import enter
from bpo.tenancy.identities import ClientRef
from reports import services
from workforce.selectors import actors_of_users

log = structlog.get_logger("bpo.reports")
ATTEMPTS = 3
READERS = ("client_user", "client_approver")


@job(
    "reports.build",
    scope="client",
    queue="reports",
    max_attempts=ATTEMPTS,
    lease_seconds=900,
    when_dead="reports.build_interrupted",
)
def build_report(*, build_id: str, tries: int = 1) -> None:
    """Build it, or say on the request why not: a person decides whether to try again.

    What a lost connection or a lost worker interrupts, the outbox tries again by itself, and at last gives up. Tried
    again from the jobs page it builds what it had failed to.
    """
    now = timezone.now()
    try:
        services.resume_build(build_id=UUID(build_id), tries=tries, now=now)
        services.build(build_id=UUID(build_id), now=now)
    except (OperationalError, InterfaceError):
        raise
    except services.Superseded as error:
        raise Permanent(str(error)) from error
    except Exception as error:
        log.exception("report not built")
        problem = _("The report could not be built (%(kind)s). The jobs page has the details.")
        problem %= {"kind": type(error).__name__}
        services.fail_build(build_id=UUID(build_id), tries=tries, problem=problem, now=now)
        raise Permanent(f"{type(error).__name__}: {error}") from error


@job("reports.build_interrupted", scope="client", queue="reports")
def give_up_report(*, build_id: str, tries: int = 1) -> None:
    """Say on the request that it was interrupted for the last time. One asked for again meanwhile goes on."""
    problem = _(
        "The work was interrupted %(times)s times before its end. Build it again; if that fails too, ask the operator "
        "to look at the jobs page."
    ) % {"times": ATTEMPTS}
    services.fail_build(build_id=UUID(build_id), tries=tries, problem=problem, now=timezone.now())


@job("reports.announce", scope="crossing", queue="reports")
def announce_report(*, client: ClientRef, report_id: str) -> None:
    """Who the client's people are is public; what they are told is the client's. Facts first, then the copy."""
    now = timezone.now()
    readers = users_with_role(client.id, READERS, now=now) if terms_of(client.id).sees_reports else []
    people = actors_of_users(client.id, readers)
    with enter(client):
        services.announce(report_id=UUID(report_id), actor_ids=people, now=now)
