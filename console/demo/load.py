"""Filling an installation with the demo world, once. What is done is told in the operator's audit log."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any, Final

from django.db import connection, transaction

from accounts.models import Client
from bpo.actors import By
from bpo.notices.models import Mail
from bpo.ops_audit.models import Entry
from bpo.ops_audit.services import record
from bpo.tenancy.context import as_owner, enter
from console.demo import AREAS
from console.demo.clients import KEYS
from console.demo.load_client import load_client
from console.demo.load_public import load_people, open_clients
from console.demo.plans import LoginPlan
from console.demo.world import build, cast
from interactions.models import Case, Customer, Interaction, Interval, Resolution
from qa.models import Evaluation, EvaluationRevision, ReviewTask
from surveys.models import Candidate, Invitation

SEEDED: Final = "demo.seeded"
PEOPLE: Final = "people"
LARGE: Final = tuple(
    model._meta.db_table
    for model in (
        Case,
        Customer,
        Interaction,
        Interval,
        Resolution,
        Candidate,
        Invitation,
        Mail,
        ReviewTask,
        Evaluation,
        EvaluationRevision,
    )
)
AREA_WORDS: Final = {
    "surveying": "Asking customers how it was",
    "recordings": "Recording calls",
    "leaving": "Writing down who left and why",
    "scheduling": "Planning and publishing weeks",
    "time_off": "Taking time off",
    "qa": "Reviewing interactions",
    "knowledge": "Writing down what to know",
    "outbound": "Calling patients",
    "reports": "Building reports",
    "console": "Counting each client's weeks",
}
Step = Callable[[str], AbstractContextManager[Any]]  # shows how long a step takes


def load(*, password: str, by: By, now: datetime, step: Step) -> tuple[LoginPlan, ...]:
    """Do what is not done yet; who can sign in with `password`.

    A step that fails leaves those before it done; the next call goes on there, with the same world. Areas run in
    the order of `AREAS` and are idempotent, since one may be run again that died after its last write.
    """
    done = _done()
    today = date.fromisoformat(done[PEOPLE]) if PEOPLE in done else world_day(now)
    wanted = [PEOPLE, *(f"client {plan}" for plan in KEYS), *(f"area {name}" for name in AREAS)]
    missing = [name for name in wanted if name not in done]
    if missing:
        _fill(missing, today, password, by, now, step)
    return cast(today)[2]


def world_day(now: datetime) -> date:
    """The day the world is told on: history ends the day before. Three hours late, when the last queue has closed."""
    return (now - timedelta(hours=3)).date()


def _done() -> dict[str, str]:
    """Steps with the day of the world they wrote."""
    details = Entry.objects.filter(action=SEEDED).values_list("detail", flat=True)
    return {str(detail["step"]): str(detail["today"]) for detail in details}


def _fill(missing: list[str], today: date, password: str, by: By, now: datetime, step: Step) -> None:
    with step("Inventing the world"):
        world = build(today)
    with step("Opening the clients"):
        clients = open_clients(world, by=by, now=now)
    for name in missing:
        kind, _, what = name.partition(" ")
        with step(_words(kind, what, clients)):
            if kind == PEOPLE:
                load_people(world, clients, password, by=by, now=now)
            elif kind == "client":
                with enter(clients[what].ref()):
                    load_client(world, world.work[what])
                _analyse([clients[what]])
            else:
                import_module(f"console.demo.{what}").seed(world, now=now)
            detail = {"step": name, "today": today.isoformat()}
            with transaction.atomic():
                record(action=SEEDED, target=clients.get(what, clients[KEYS[0]]), by=by, now=now, detail=detail)
    with step("Telling the database how much there is"):
        _analyse(clients.values())


def _words(kind: str, what: str, clients: dict[str, Client]) -> str:
    if kind == PEOPLE:
        return "Hiring people"
    return f"Eight weeks at {clients[what].name}" if kind == "client" else AREA_WORDS.get(what, f"Filling {what}")


def _analyse(clients: Iterable[Client]) -> None:
    """Give PostgreSQL its statistics of the large tables at once, not a minute later."""
    for client in clients:
        with as_owner(client.schema_name), connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(LARGE)}")
