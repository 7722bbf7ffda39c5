"""Clients as they were before their last migration, for tests of migrating them."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Client
from accounts.services import open_client
from bpo.actors import system
from bpo.tenancy.context import as_owner
from bpo.tenancy.provisioning import execute


def set_back(clients: Iterable[Any]) -> None:
    """Without the marker's table, and with no record of it."""
    with as_owner():
        for client in clients:
            execute([
                f"DROP TABLE {client.schema_name}.marker_marker",
                f"DELETE FROM {client.schema_name}.django_migrations WHERE app = 'marker'",
            ])  # fmt: skip


def five() -> list[Client]:
    """Alpha, beta and three more, oldest first."""
    for key in ("gamma", "delta", "epsilon"):
        open_client(key=key, name=key.title(), zone="UTC", by=system("tests"), now=timezone.now())
    return list(Client.objects.order_by("created_at", "pk"))


def marked(client: Any) -> int:
    """How often the schema has recorded the marker's migration; the table is there exactly then."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{client.schema_name}.marker_marker"])
        there = cursor.fetchone()[0]
        cursor.execute(f"SELECT count(*) FROM {client.schema_name}.django_migrations WHERE app = 'marker'")
        recorded = int(cursor.fetchone()[0])
    assert there is (recorded > 0)
    return recorded
