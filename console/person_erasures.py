"""One person: what is held of them in public and at clients, and its end. Figures keep counting them."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Membership, User
from accounts.services.leaving import end_all_access
from bpo.actors import By
from bpo.constraints import explained
from bpo.ops_audit.services import record
from bpo.outbox.services import enqueue
from bpo.privacy.erasing import Counts, apply, counted
from bpo.privacy.keys import digests_of
from bpo.privacy.models import Ground
from bpo.privacy.rows import Found, find, quoting_in_public
from bpo.privacy.services import confirmation
from console.models import PersonRequest
from console.persons import Person, asked_about, person_of
from workforce.models import ErasedPerson

State = PersonRequest.State
FOLDER: Final = "people"
TOLD: Final = frozenset({"workforce.Seat", "console.PersonRequest"})  # of a sign-in, with the person's own rows already


@dataclass(frozen=True, slots=True)
class Held:
    """What public holds of somebody: their rows, their sign-ins' rows, and rows that quote either."""

    person: Found | None  # of whom we employ or employed
    logins: tuple[Found, ...]
    quoting: Found

    @property
    def counts(self) -> Counts:
        return [one for found in (self.person, *self.logins, self.quoting) if found for one in counted(found)]


def held_of(someone: Person) -> Held:
    """Everything in public about one person, read and not changed."""
    person = find("person", someone.employee.pk, "public") if someone.employee else None
    logins = tuple(find("login", user.pk, "public") for user in someone.users())
    words = tuple(sorted({word for found in (person, *logins) if found for word in found.words}))
    told = TOLD if person else frozenset()
    return Held(
        person and _alone(person), tuple(_alone(one, told) for one in logins), quoting_in_public("person", words)
    )


def _alone(found: Found, told: frozenset[str] = frozenset()) -> Found:
    """Without the rows that quote, and those `told` already: each is told once for the person and all their sign-ins."""
    rows = {label: keys for label, keys in found.rows.items() if label not in told}
    return Found(found.kind, found.subject_id, found.scope, rows, found.words)


def ask(*, someone: Person, kind: str, ground: str = "", typed: str = "", by: By, now: datetime) -> PersonRequest:
    """Ask for an export or an erasure. Raises Refused naming the field; nobody is erased while employed, or in a role."""
    if kind == PersonRequest.Kind.ERASE:
        _check(someone, ground, typed, now)
    with _once(), transaction.atomic():
        asked = PersonRequest.objects.create(
            kind=kind, ground=ground, **someone.about, asked_by_id=by.user_id, asked_at=now
        )
        job = "console.erase_person" if kind == PersonRequest.Kind.ERASE else "console.export_person"
        enqueue(kind=job, dedupe_key=f"{job}:{asked.pk}", payload={"request_id": str(asked.pk)})
        if kind == PersonRequest.Kind.ERASE:
            record(action="person.erasure_asked", target=someone.row, by=by, now=now, detail={"ground": ground})
        else:
            record(action="person.export_asked", target=someone.row, by=by, now=now)
    return asked


def _check(someone: Person, ground: str, typed: str, now: datetime) -> None:
    if ground not in Ground.values:
        raise Refused("ground", _("No reason is chosen."), _("Choose why the data has to go."))
    if typed.strip().casefold() != confirmation(someone.pk):
        raise Refused("typed", _("That is not the word."), _("Type the eight characters above the field."))
    if not someone.is_needed(now=now):
        return
    if someone.employee:
        raise Refused(
            "typed", _("They are employed here."), _("Record the separation first; erase after the last day.")
        )
    raise Refused("typed", _("They hold a role."), _("End it on the page of access first."))


def _once() -> AbstractContextManager[None]:
    return explained(
        "person_request_waits_once",
        lambda: Refused("typed", _("The same is being done already."), _("Wait until it is done.")),
    )


def erase_person(*, request_id: UUID, now: datetime) -> None:
    """Erase somebody from public, and ask for it at each client they had a seat at. In one transaction, as `app`.

    Run again after it is done, it changes nothing. Who is the operator's last admin stays, and the request says so.
    """
    with transaction.atomic():
        asked = PersonRequest.objects.select_for_update().filter(
            pk=request_id, kind=PersonRequest.Kind.ERASE, state=State.ASKED
        ).first()  # fmt: skip
        if asked is None:
            return
        by = By("operator", "erasure", user_id=asked.asked_by_id)
        someone = asked_about(asked)
        if someone.is_needed(now=now) or _became_ours(someone):
            _end(asked, State.FAILED, [], now)
            return
        users = someone.users()
        for user in users:
            end_all_access(user=user, by=by, now=now)
        if Membership.objects.filter(user__in=users).exclude(ends_at__lte=now).exists():
            _end(asked, State.FAILED, [], now)
            return
        held = held_of(someone)
        counts = [list(one) for one in held.counts]
        digests = digests_of(held.person) if held.person else set()
        for found in (held.quoting, *held.logins, held.person):
            if found:
                apply(found)
        User.objects.filter(pk__in=[user.pk for user in users]).update(is_active=False)
        ErasedPerson.objects.bulk_create(
            [ErasedPerson(digest=digest, erased_at=now) for digest in sorted(digests)], ignore_conflicts=True
        )
        _go_to_clients(asked, someone)
        _take_back_exports(someone, now)
        _end(asked, State.DONE, counts, now)
        detail: dict[str, Any] = {"ground": asked.ground, "rows": {label: n for label, _action, n in held.counts}}
        record(action="person.erased", target=someone.row, by=by, now=now, detail=detail)


def _became_ours(someone: Person) -> bool:
    """Whether a sign-in that was nobody's is one of our people's by now: that takes the other way, with its own rules."""
    return someone.user is not None and person_of(someone.user).employee is not None


def _take_back_exports(someone: Person, now: datetime) -> None:
    mine = someone.requests().filter(kind=PersonRequest.Kind.EXPORT)
    places = [place_of(one) for one in mine]
    mine.filter(expires_at__gt=now).update(expires_at=now)
    transaction.on_commit(lambda: _remove(places))


def _remove(places: list[Path]) -> None:
    for place in places:
        place.unlink(missing_ok=True)


def place_of(asked: PersonRequest) -> Path:
    """Where the archive of an export is, while it can be downloaded."""
    return Path(settings.EXPORT_ROOT) / FOLDER / f"{asked.pk}.zip"


def _go_to_clients(asked: PersonRequest, someone: Person) -> None:
    for seat in someone.seats():
        enqueue(
            kind="console.erase_actor", dedupe_key=f"console.erase_actor:{asked.pk}", client_id=seat.client_id,
            payload={"actor_id": str(seat.actor_id), "ground": asked.ground},
        )  # fmt: skip


def _end(asked: PersonRequest, state: str, counts: list[Any], now: datetime) -> None:
    asked.state, asked.counts, asked.finished_at = state, counts, now
    asked.save(update_fields=["state", "counts", "finished_at"])
