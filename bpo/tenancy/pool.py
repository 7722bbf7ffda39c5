"""Ready schemas: places made in advance, so that opening a client is a claim and not a hundred tables (ADR 20)."""

import hashlib
from collections.abc import Callable
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from psycopg import sql

from bpo.marker.services import mark
from bpo.tenancy.collected import fingerprint
from bpo.tenancy.context import as_owner
from bpo.tenancy.grants import grants_digest
from bpo.tenancy.models import ReadySchema
from bpo.tenancy.pending import note_current, wanted
from bpo.tenancy.provisioning import execute, login, new_names, one_at_a_time, provision, removal

WriteRows = Callable[[str, str], None]  # of schema and role


class Spoiled(RuntimeError):
    """A ready schema can't be used: somebody changed it by hand."""


@cache
def current_digest() -> str:
    """Of what a new place is made from: the migrations and the grants this process knows."""
    return hashlib.sha256(f"{fingerprint()} {grants_digest()}".encode()).hexdigest()[:24]


def give_place(client_id: UUID, write_rows: WriteRows) -> None:
    """Give a client its schema and role: a ready one, or one made now when there is none.

    Login, marker, state and `write_rows(schema, role)` are one transaction: when it fails, a ready schema is in the
    pool again and a new one never was.
    """
    if _claimed(client_id, write_rows):
        return
    schema, role = new_names()

    def rows() -> None:
        _hand_over(schema, client_id)
        write_rows(schema, role)

    provision(schema, role, rows)


def make_ready() -> None:
    """Add one place to the pool."""
    schema, role = new_names()

    def row() -> None:
        ReadySchema.objects.create(schema_name=schema, role_name=role, digest=current_digest(), made_at=timezone.now())

    provision(schema, role, row, may_log_in=False)


def keep_filled() -> bool:
    """One step towards a full pool of current places; False when it is one."""
    if _discard_one():
        return True
    if ReadySchema.objects.count() >= settings.POOL_SIZE:
        return False
    make_ready()
    return True


def distrust_all() -> None:
    """Make every ready schema stale: grants it holds in public may be gone. It is replaced, never claimed."""
    with as_owner():
        ReadySchema.objects.update(digest="")


def _claimed(client_id: UUID, write_rows: WriteRows) -> bool:
    try:
        with as_owner(), transaction.atomic():
            free = ReadySchema.objects.select_for_update(skip_locked=True).filter(digest=current_digest())
            ready = free.order_by("made_at", "pk").first()
            if ready is None:
                return False
            schema, role = ready.schema_name, ready.role_name
            ready.delete()
            try:
                execute(login(role))
                _hand_over(schema, client_id)
            except DatabaseError as error:
                raise Spoiled(schema) from error
            write_rows(schema, role)
    except Spoiled as error:
        with as_owner():
            ReadySchema.objects.filter(pk=str(error)).update(digest="")
        return False
    return True


def _hand_over(schema: str, client_id: UUID) -> None:
    mark(schema, client_id)
    note_current(client_id, wanted(), grants_digest(), timezone.now())


def _discard_one() -> bool:
    """Drop the oldest place that is stale or over the pool's size."""
    with as_owner(), transaction.atomic():
        free = ReadySchema.objects.select_for_update(skip_locked=True).order_by("made_at", "pk")
        found = free.exclude(digest=current_digest()).first()
        if found is None and ReadySchema.objects.count() > settings.POOL_SIZE:
            found = free.first()
        if found is None:
            return False
        one_at_a_time()
        execute([sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(found.schema_name))])
        execute(removal(found.role_name))
        found.delete()
    return True
