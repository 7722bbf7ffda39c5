"""The end of a client: schema, role, rows and files go; counts that name nobody, and the log of who did it, stay."""

import shutil
from datetime import datetime
from typing import Any, Final

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import SET_NULL, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.middleware import BOUND_TO
from accounts.models import Client, User
from bpo.actors import By
from bpo.files.services import folder_of
from bpo.ops_audit.services import record
from bpo.tenancy.models import SchemaState
from bpo.tenancy.provisioning import drop, hang_up
from console.exports import place_of
from console.lives import by_of, finish
from console.models import Change
from workforce.models import Assignment, Placement

# What stays: the row the counts hang on, weekly counts, ids of who was erased (an export may still bring them back), who worked for whom and when (the operator's own records of
# employment, from which attrition is counted), and who asked for what. Everything else of a client goes, also what a
# later release adds.
KEPT: Final = frozenset(
    {
        "accounts.Client",
        "console.WeekRollup",
        "console.Change",
        "console.Opening",
        "workforce.Assignment",
        "console.Erasure",
    }
)


def carry_out_deletion(change: Change, now: datetime) -> None:
    """Delete a client whose grace is over. Killed in the middle, it is taken up again where it stood."""
    client = change.client
    if client.status != Client.Status.DROPPED:
        if client.drops_at is None or client.drops_at > now:
            raise Refused("kind", _("Its grace is not over."), _("Wait until then; it can be kept until then too."))
        _drop(client, by_of(change), now)
    shutil.rmtree(folder_of(client.pk), ignore_errors=True)
    for export in Change.objects.filter(client=client, kind=Change.Kind.EXPORT):
        place_of(export).unlink(missing_ok=True)
    if folder_of(client.pk).exists():
        raise OSError(f"Files of {client.pk} could not be removed.")
    with transaction.atomic():
        Change.objects.filter(client=client, kind=Change.Kind.EXPORT).update(expires_at=now)
        finish(change, now)


def _drop(client: Client, by: By, now: datetime) -> None:
    ref = client.ref()
    hang_up(ref)

    def write_row() -> None:
        clear_public(client, now)
        # The key is free for another client; the name stays, for the counts to be somebody's.
        Client.objects.filter(pk=client.pk).update(
            status=Client.Status.DROPPED,
            drops_at=None,
            key=f"gone-{client.pk.hex[-12:]}",
            home_host="",
            primary_host="",
        )
        record(action="client.dropped", target=client, by=by, now=now, detail={"key": client.key})

    drop(ref, write_row)


def clear_public(client: Client, now: datetime) -> None:
    """Remove a client's rows from public, as the owner in a transaction."""
    _end_assignments(client, now)
    _end_sessions(client)
    SchemaState.objects.filter(client_id=client.pk).delete()
    relations = [one for one in _relations(Client) if one.related_model._meta.label not in KEPT]
    people_last = sorted(relations, key=lambda one: one.related_model is User)
    for relation in people_last:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: client})
        if relation.field.null and relation.related_model._meta.label == "workforce.TrainingClass":
            rows.update(**{relation.field.name: None})  # a class of the operator's people, whoever it was for
        else:
            _delete(rows)


def _end_assignments(client: Client, now: datetime) -> None:
    today = now.date()
    mine = Assignment.objects.filter(client=client)
    Placement.objects.filter(assignment__in=mine).delete()  # teams are the client's
    mine.filter(starts_on__gte=today).delete()
    mine.filter(ends_on=None).update(ends_on=today)
    mine.filter(ends_on__gt=today).update(ends_on=today)


def _end_sessions(client: Client) -> None:
    """Sessions opened on the client's hosts, and those of its own users."""
    people = {str(pk) for pk in User.objects.filter(realm=client).values_list("pk", flat=True)}
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        held = session.get_decoded()
        if held.get(BOUND_TO) == str(client.pk) or held.get("_auth_user_id") in people:
            session.delete()


def _relations(model: type[Model]) -> list[Any]:
    """What refers to a model's rows, relations without a name included."""
    return [
        one
        for one in model._meta.get_fields(include_hidden=True)
        if one.auto_created and not one.concrete and (one.one_to_many or one.one_to_one)
    ]


def _delete(rows: QuerySet[Any]) -> None:
    """Delete rows and what hangs on them: whatever may lose its reference loses it, everything else goes too."""
    found = list(rows.values_list("pk", flat=True))
    if not found:
        return
    for relation in _relations(rows.model):
        hanging = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": found})
        if relation.on_delete is SET_NULL:
            hanging.update(**{relation.field.name: None})
        else:
            _delete(hanging)
    rows.model._base_manager.filter(pk__in=found)._raw_delete(rows.db)


def ask_due(*, now: datetime) -> bool:
    """Ask for the deletion of a client whose grace is over and that waits for nothing else."""
    due = Client.objects.filter(status=Client.Status.TRASHED, drops_at__lte=now)
    client = due.exclude(changes__state__in=[Change.State.ASKED, Change.State.RUNNING]).order_by("drops_at").first()
    if client is None or _refused_lately(client, now):
        return False
    asked = Change.objects.filter(client=client, kind=Change.Kind.TRASH, state=Change.State.DONE).first()
    Change.objects.create(
        client=client, kind=Change.Kind.DROP, reason=asked.reason if asked else _("Its grace is over."),
        asked_by=asked.asked_by if asked else None, asked_name=asked.asked_name if asked else "provisioner",
        asked_at=now,
    )  # fmt: skip
    return True


def _refused_lately(client: Client, now: datetime) -> bool:
    """A deletion that failed is tried again the next day, not five times a second."""
    failed = Change.objects.filter(client=client, kind=Change.Kind.DROP, state=Change.State.REFUSED).first()
    return failed is not None and (now - failed.asked_at).total_seconds() < 86_400
