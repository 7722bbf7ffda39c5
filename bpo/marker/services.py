"""Writing the marker, as the owner, and asking it."""

from uuid import UUID

from django.db import connection
from psycopg import sql

from bpo.marker.models import Marker


class WrongMarker(RuntimeError):
    """The schema says it belongs to another client."""


def mark(schema: str, client_id: UUID) -> None:
    """Write whose schema this is, in the transaction that gives it away. WrongMarker when it is another's."""
    table = sql.Identifier(schema, Marker._meta.db_table)
    write = sql.SQL(
        "INSERT INTO {} (single, client_id, marked_at) VALUES (true, %s, now()) "
        "ON CONFLICT (single) DO UPDATE SET client_id = {}.client_id RETURNING client_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(write.format(table, sql.Identifier(Marker._meta.db_table)), [client_id])
        (found,) = cursor.fetchone()
    if found != client_id:
        raise WrongMarker("This schema is marked as another client's. Nothing was changed in it.")


def marked_as() -> UUID | None:
    """Whose schema the current connection is in, by its own marker; None before it has one."""
    return Marker.objects.values_list("client_id", flat=True).first()
