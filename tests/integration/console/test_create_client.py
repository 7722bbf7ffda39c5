"""Opening a client: a bad key, zone or name is refused by name with the remedy, and nothing is left behind."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Client, Domain
from bpo.tenancy.context import as_owner
from tests.own_domains import own_domain


def places() -> tuple[int, int, int, int]:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'c\\_%'")
        schemas = cursor.fetchone()
        cursor.execute(  # of this database: tests beside this one make roles too
            "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'bpotests\\_c\\_%'"
            " AND has_database_privilege(oid, current_database(), 'CONNECT')"
        )
        roles = cursor.fetchone()
    return int(schemas[0]), int(roles[0]), Client.objects.count(), Domain.objects.count()


@pytest.mark.parametrize(
    ("key", "zone", "name", "said"),
    [
        ("alpha", "UTC", "Again", "key: A client “alpha” exists already. Choose another key."),
        ("taken", "UTC", "Taken", "key: The domain taken.bpo.test is taken. Choose another key."),
        ("ops", "UTC", "Ops", "key: “ops” is reserved."),
        ("Acme!", "UTC", "Acme", "key: “Acme!” can't be part of a host name. Use 1 to 31 of a–z"),
        ("x" * 40, "UTC", "Long", "can't be part of a host name"),
        ("acme", "Mars/Olympus", "Acme", "zone: “Mars/Olympus” is not a time zone. Write one as Area/City"),
        ("acme", "UTC", "  ", "name: The name is empty."),
    ],
)
def test_a_bad_opening_is_refused_and_leaves_nothing(alpha: Any, key: str, zone: str, name: str, said: str) -> None:
    own_domain(alpha, "taken.bpo.test")
    before = places()
    with pytest.raises(CommandError) as caught:
        call_command("create_client", key=key, zone=zone, name=name)
    assert said in str(caught.value)
    assert caught.value.returncode == 2
    assert places() == before


def test_a_failure_in_the_middle_leaves_nothing(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from accounts.services import clients

    def fail(**_: Any) -> None:
        raise RuntimeError("the last step failed")

    before = places()
    monkeypatch.setattr(clients, "record", fail)
    with pytest.raises(RuntimeError, match="last step"):
        call_command("create_client", key="acme", zone="UTC", name="Acme")
    assert places() == before


def test_an_opened_client_answers_at_once_and_says_how_long_it_took(alpha: Any) -> None:
    from django.test import Client as Browser

    out = io.StringIO()
    call_command("create_client", key="acme", zone="Europe/Berlin", name="Acme", json=True, stdout=out)
    found = json.loads(out.getvalue())
    assert set(found) == {"key", "host", "schema", "seconds"}
    assert found["host"] == "acme.bpo.test"
    assert Browser(HTTP_HOST="acme.bpo.test").get("/sign-in/").status_code == 200
