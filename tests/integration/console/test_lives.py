"""A client's life: asked in the web as `app`, carried out by the provisioner, along the steps there are."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Client
from bpo.actors import By
from bpo.ops_audit.models import Entry
from bpo.tenancy.context import as_owner, enter
from bpo.tenancy.provisioning import regrant
from console import lives
from console.lives import ask, carry_out, next_asked
from console.models import Change

BY = By("operator", "Ewelina")


def provision() -> None:
    call_command("provisioner", once=True, stderr=io.StringIO())


def asked(client: Client, kind: str, **more: Any) -> Change:
    return ask(client=client, kind=kind, reason="they asked", by=BY, now=timezone.now(), **more)


def status(client: Client) -> str:
    return Client.objects.get(pk=client.pk).status


def step(client: Client, kind: str) -> str:
    client.refresh_from_db()
    asked(client, kind, typed=client.key)
    provision()
    return status(client)


@pytest.mark.services
def test_a_client_goes_through_its_life(gamma: Any) -> None:
    host = "gamma.bpo.test"
    missing = Browser(HTTP_HOST="nobody.bpo.test").get("/sign-in/")
    for kind, then, answer in (
        ("suspend", "suspended", 503), ("resume", "active", 200), ("archive", "archived", 404),
        ("resume", "active", 200), ("trash", "trashed", 404), ("keep", "suspended", 503), ("resume", "active", 200),
    ):  # fmt: skip
        assert step(gamma, kind) == then
        seen = Browser(HTTP_HOST=host).get("/sign-in/")
        assert seen.status_code == answer
        if answer == 404:
            assert seen.content == missing.content
    told = [line.action for line in Entry.objects.filter(target_id=str(gamma.pk)).order_by("seq")]
    assert told[:3] == ["client.opened", "client.suspend_asked", "client.suspended"]
    assert set(Change.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.services
def test_what_can_not_follow_is_refused(gamma: Any) -> None:
    for kind in ("resume", "keep", "drop"):
        with pytest.raises(Refused, match="that can't follow"):
            asked(gamma, kind)
    with pytest.raises(Refused, match="The reason is empty"):
        ask(client=gamma, kind="suspend", reason=" ", by=BY, now=timezone.now())
    asked(gamma, "suspend")
    with pytest.raises(Refused, match="Another change"):
        asked(gamma, "archive")


@pytest.mark.services
def test_a_change_overtaken_by_events_is_refused_where_it_is_carried_out(gamma: Any) -> None:
    change = asked(gamma, "archive")
    with as_owner():
        Client.objects.filter(pk=gamma.pk).update(status="trashed", drops_at=timezone.now())
    provision()
    change.refresh_from_db()
    assert (change.state, change.field) == ("refused", "kind")
    assert "being deleted" in change.problem


@pytest.mark.services
def test_of_two_provisioners_one_changes_the_client(gamma: Any) -> None:
    asked(gamma, "suspend")
    first = next_asked()
    assert first is not None
    assert next_asked() is None
    Change.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    second = next_asked()
    assert second is not None
    assert carry_out(second, now=timezone.now())
    assert not carry_out(first, now=timezone.now())
    assert Entry.objects.filter(action="client.suspended").count() == 1


@pytest.mark.services
def test_work_that_fails_is_tried_again_and_then_given_up(gamma: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(change: Change, now: Any) -> None:
        raise DatabaseError("no")

    monkeypatch.setitem(lives.DOING, "suspend", broken)
    change = asked(gamma, "suspend")
    provision()
    change.refresh_from_db()
    assert (change.state, change.attempts) == ("refused", 3)
    assert "It failed 3 times" in change.problem
    assert status(gamma) == "active"


@pytest.mark.services
@pytest.mark.parametrize("column", ["status = 'suspended'", "drops_at = now()", "role_name = 'x'"])
def test_the_app_can_not_change_a_clients_life(gamma: Any, column: str) -> None:
    with pytest.raises(DatabaseError, match="only the owner"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_client SET {column} WHERE key = 'gamma'")


@pytest.mark.services
def test_the_database_refuses_steps_there_are_none_of(gamma: Any) -> None:
    for wrong in ("status = 'dropped'", "status = 'trashed'", "schema_name = 'c_aaaaaaaaaaaa'", "status = 'gone'"):
        with as_owner(), pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE accounts_client SET {wrong} WHERE key = 'gamma'")


@pytest.mark.services
@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"kind": "explode"}, "change_kind_is_known"),
        ({"state": "gone"}, "change_"),
        ({"state": "refused", "finished_at": timezone.now()}, "change_refused_says_why"),
        ({"state": "done"}, "change_ended_has_its_time"),
        ({"state": "running"}, "change_running_means_leased"),
        ({"reason": ""}, "change_has_a_reason"),
        ({"kind": "export", "state": "done", "finished_at": timezone.now()}, "change_export_has_a_file"),
    ],
)
def test_the_database_holds_what_a_change_is(gamma: Any, wrong: dict[str, Any], constraint: str) -> None:
    good = {"kind": "suspend", "reason": "x", "asked_name": "E", "asked_at": timezone.now()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Change.objects.create(client=gamma, **{**good, **wrong})


@pytest.mark.services
def test_a_migration_does_not_open_a_suspended_client(gamma: Any) -> None:
    step(gamma, "suspend")
    gamma.refresh_from_db()
    regrant([gamma.ref()])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege(%s, %s, 'USAGE')", [gamma.role_name, gamma.schema_name])
        assert cursor.fetchone() == (False,)


@pytest.mark.services
def test_commands_change_a_client_and_refuse_what_can_not_follow(gamma: Any) -> None:
    out = io.StringIO()
    call_command("suspend_client", client="gamma", reason="unpaid", stdout=out)
    call_command("suspend_client", client="gamma", reason="paid", resume=True, stdout=out)
    call_command("archive_client", client="gamma", reason="over", stdout=out)
    assert out.getvalue() == "Gamma is suspended\nGamma is active\nGamma is archived\n"
    with pytest.raises(CommandError, match="that can't follow"):
        call_command("suspend_client", client="gamma", reason="again")
    gamma.refresh_from_db()
    with pytest.raises(Exception, match="archived"), enter(gamma.ref()):
        pass
