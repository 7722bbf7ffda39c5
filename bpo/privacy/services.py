"""Asking for an export or an erasure of one person, and building the export."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.constraints import explained
from bpo.files.services import path_of
from bpo.notices.services import tell
from bpo.outbox.services import enqueue
from bpo.privacy.declared import Kind, models_by_label, own
from bpo.privacy.exporting import PURPOSE, write_export
from bpo.privacy.models import Ground, SubjectRequest, Tombstone
from bpo.privacy.rows import find

State = SubjectRequest.State


class NotNow(ValueError):
    """The request can't be taken. Says which field, what is wrong and what to do."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.field, self.problem, self.remedy = field, problem, remedy


def subject_of(kind: Kind, subject_id: UUID) -> Any | None:
    """The subject's own row in the client entered."""
    return _subjects(kind).filter(pk=subject_id).first()


def subjects_among(kind: Kind, ids: Iterable[UUID | None]) -> list[UUID]:
    """Which of some ids are subjects in the client entered."""
    return list(_subjects(kind).filter(pk__in=list(ids)).order_by("pk").values_list("pk", flat=True))


def _subjects(kind: Kind) -> QuerySet[Any]:
    model = next(model for model in models_by_label("client").values() if own(model).subject == kind)
    return model._base_manager.all()


def ask_export(*, kind: Kind, subject_id: UUID, by: By, now: datetime) -> SubjectRequest:
    """Ask for an export; a worker makes it. NotNow while another of the same person is being made."""
    asked = SubjectRequest(kind="export", subject_kind=kind, subject_id=subject_id, actor_id=by.actor_id, asked_at=now)
    with _once(), transaction.atomic():
        asked.save(force_insert=True)
        enqueue(kind="privacy.export", dedupe_key=f"privacy.export:{asked.pk}", payload={"request_id": str(asked.pk)})
        _record("subject.export_asked", asked, by, now)
    return asked


def ask_erasure(*, kind: Kind, subject_id: UUID, ground: str, typed: str, by: By, now: datetime) -> SubjectRequest:
    """Ask for an erasure, which can't be undone; whoever holds the owner carries it out.

    NotNow naming the field: no ground, the word not typed, another erasure of the same person under way.
    """
    if ground not in Ground.values:
        raise NotNow("ground", _("No reason is chosen."), _("Choose why the data has to go."))
    if typed.strip().casefold() != confirmation(subject_id):
        raise NotNow("typed", _("That is not the word."), _("Type the eight characters above the field."))
    asked = SubjectRequest(
        kind="erase", subject_kind=kind, subject_id=subject_id, ground=ground, actor_id=by.actor_id, asked_at=now
    )
    with _once(), transaction.atomic():
        asked.save(force_insert=True)
        enqueue(kind="privacy.erase", dedupe_key=f"privacy.erase:{asked.pk}", payload={"request_id": str(asked.pk)})
        _record("subject.erasure_asked", asked, by, now, ground=ground)
    return asked


def note_erasure(*, kind: Kind, subject_id: UUID, ground: str, by: By, now: datetime) -> bool:
    """Ask for an erasure on the word of the operator's side. False where there is nobody, or nothing left to do."""
    waits = SubjectRequest.objects.filter(subject_id=subject_id, kind="erase", state=State.ASKED)
    gone = Tombstone.objects.filter(subject_id=subject_id)
    if subject_of(kind, subject_id) is None or waits.exists() or gone.exists():
        return False
    ask_erasure(kind=kind, subject_id=subject_id, ground=ground, typed=confirmation(subject_id), by=by, now=now)
    return True


def confirmation(subject_id: UUID) -> str:
    """What has to be typed: the end of the id, for a name in an address or a log would outlive the erasure."""
    return subject_id.hex[-8:]


def _once() -> AbstractContextManager[None]:
    """The database lets one request of a kind wait for each person."""
    return explained(
        "subject_request_waits_once",
        lambda: NotNow("", _("The same is being done already."), _("Wait until it is done.")),
    )


def build_export(*, request_id: UUID, now: datetime) -> None:
    """Make the export a request asks for, and tell who asked. Running it again after it is done changes nothing."""
    asked = SubjectRequest.objects.filter(pk=request_id, kind="export", state=State.ASKED).first()
    if asked is None:
        return
    kind: Kind = asked.subject_kind  # type: ignore[assignment]  # held to the two kinds by a constraint
    by = By("person" if asked.actor_id else "system", "export", actor_id=asked.actor_id)
    stored = write_export(kind=kind, subject_id=asked.subject_id, by=by, now=now)
    found = find(kind, asked.subject_id)
    counts = [[label, "export", len(keys)] for label, keys in sorted(found.rows.items())]
    with transaction.atomic():
        done = SubjectRequest.objects.filter(pk=asked.pk, state=State.ASKED).update(
            state=State.DONE, file=stored, counts=counts, finished_at=now,
            expires_at=now + timedelta(hours=settings.EXPORT_HOURS),
        )  # fmt: skip
        if done:
            _record("subject.exported", asked, by, now, rows=sum(row[2] for row in counts))
            _tell(asked, now)


def export_failed(*, request_id: UUID, now: datetime) -> None:
    """Say of a request whose last attempt failed that it won't come."""
    SubjectRequest.objects.filter(pk=request_id, state=State.ASKED).update(state=State.FAILED, finished_at=now)


def _tell(asked: SubjectRequest, now: datetime) -> None:
    if asked.actor_id:
        tell(
            actor_id=asked.actor_id, kind="subject_export_done", text=_("The export of a customer is ready."),
            path=f"/privacy/customers/{asked.subject_id}/", dedupe_key=f"subject:{asked.pk}", now=now,
        )  # fmt: skip


def remove_expired(*, now: datetime) -> int:
    """Take away the bytes of exports that can't be downloaded any more; returns how many went."""
    gone = 0
    for one in SubjectRequest.objects.filter(kind="export", expires_at__lte=now, file__purpose=PURPOSE):
        if one.file and path_of(one.file).exists():
            path_of(one.file).unlink(missing_ok=True)
            gone += 1
    return gone


def _record(action: str, asked: SubjectRequest, by: By, now: datetime, **more: Any) -> None:
    detail = {"kind": asked.subject_kind, "id": str(asked.subject_id), **more}
    record(action=action, target=asked, by=by, now=now, detail=detail)
