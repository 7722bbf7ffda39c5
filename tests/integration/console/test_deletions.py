"""The end of a client: nothing of it is left but counts, the operator's own records and the log of who did it."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Client, Membership, User
from accounts.services import create_token, make_handoff, open_client
from bpo.actors import By, system
from bpo.files.services import folder_of
from bpo.ids import uuid7
from bpo.ops_audit.models import Entry
from bpo.tenancy.context import as_owner
from console import deletions, exports
from console.deletions import ask_due
from console.exports import place_of
from console.lives import ask
from console.models import Change, WeekRollup
from tests.integration.console.small import fill
from tests.integration.console.weeks import history, keep, week
from tests.people import sign_in
from workforce.models import Assignment, Duty, Employee, Placement, Seat, WorkBlock

# Where a deleted client's id may stand: the row counts hang on, the counts, who asked for what, the operator's own
# records of who worked where, and the operator's log.
STAYS = {
    "accounts_client", "console_weekrollup", "console_change", "workforce_assignment", "ops_audit_entry",
}  # fmt: skip


@pytest.fixture
def lived(gamma: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client with something of every kind in public, in its schema and on the disk."""
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")
    monkeypatch.setattr(settings, "EXPORT_ROOT", tmp_path / "exports")
    fill(gamma)
    sign_in("gamma", "agent")
    sign_in("gamma", "client_approver")
    lead = User.objects.get(email="team_lead@gamma.example")
    now = timezone.now()
    create_token(
        user=lead, client=gamma, name="t", scopes=["see_notices"], days=1, by=system("tests"), now=now,
    )  # fmt: skip
    make_handoff(user=lead, client=gamma)
    keep(gamma, history(week()))
    _employed(gamma)
    asked(gamma, "export")
    provision()
    return gamma


def _employed(client: Client) -> None:
    person = Employee.objects.create(name="Ana", number="E1", created_at=timezone.now())
    began = Assignment.objects.create(employee=person, client=client, starts_on=date(2026, 1, 1))
    Assignment.objects.create(
        employee=person, client=client, starts_on=date(2026, 1, 1) - timedelta(90), ends_on=date(2026, 1, 1)
    )
    Placement.objects.create(assignment=began, team_id=uuid7(), team_name="Gamma North", starts_on=date(2026, 1, 1))
    Seat.objects.create(client=client, employee=person)
    during = (datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 2, 17, tzinfo=UTC))
    duty = Duty.objects.create(employee=person, during=during, business_date=date(2026, 11, 2), zone="UTC")
    WorkBlock.objects.create(duty=duty, employee=person, during=during, client=client, source="test")


def provision() -> None:
    call_command("provisioner", once=True, stderr=io.StringIO())


def asked(client: Client, kind: str, **more: Any) -> Change:
    by = By("operator", "Ewelina")
    return ask(client=client, kind=kind, reason="contract ended", by=by, now=timezone.now(), **more)


def trashed(client: Client, *, over: bool = True) -> None:
    asked(client, "trash", typed=client.key)
    provision()
    if over:
        with as_owner():
            Client.objects.filter(pk=client.pk).update(drops_at=timezone.now() - timedelta(seconds=1))


def tables_with(ident: str) -> dict[str, int]:
    """Tables of public whose rows hold an id anywhere, in any column."""
    found = {}
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        for (name,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM public."{name}" t WHERE t::text LIKE %s OR t::text LIKE %s',
                [f"%{ident}%", f"%{ident.replace('-', '')}%"],
            )
            if (n := cursor.fetchone()[0]) > 0:
                found[name] = n
    return found


def left(schema: str, role: str) -> tuple[int, int]:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = %s), "
            "(SELECT count(*) FROM pg_roles WHERE rolname = %s)",
            [schema, role],
        )
        return cursor.fetchone()  # type: ignore[no-any-return]


@pytest.mark.services
def test_deleting_leaves_zero_rows_roles_and_files(lived: Any, beta: Any) -> None:
    ident, files = str(lived.pk), folder_of(lived.pk)
    export = place_of(Change.objects.get(kind="export"))
    assert export.exists()
    assert [one for one in files.rglob("*") if one.is_file()]
    before = tables_with(ident)
    assert {"accounts_membership", "accounts_token", "accounts_user", "outbox_job", "workforce_workblock"} <= set(
        before
    )
    others = tables_with(str(beta.pk))
    people = Membership.objects.filter(client=None).count()
    trashed(lived)
    provision()
    assert set(tables_with(ident)) <= STAYS
    assert left(lived.schema_name, lived.role_name) == (0, 0)
    assert not files.exists()
    assert not export.exists()
    gone = Client.objects.get(pk=lived.pk)
    assert (gone.status, gone.primary_host, gone.drops_at) == ("dropped", "", None)
    assert WeekRollup.objects.filter(client=gone).count() == 8
    assert Assignment.objects.filter(client=gone, ends_on=None).count() == 0
    assert Duty.objects.count() == 1  # the hours a person worked are the operator's to keep
    assert User.objects.filter(email__contains="gamma", realm=None).exists()  # staff work elsewhere too
    assert not User.objects.filter(email__in=["client_user@gamma.example", "client-approver@gamma.example"]).exists()
    assert tables_with(str(beta.pk)) == others
    assert Membership.objects.filter(client=None).count() == people
    told = list(Entry.objects.filter(target_id=ident).order_by("seq").values_list("action", flat=True))
    assert told[-3:] == ["client.trash_asked", "client.trashed", "client.dropped"]
    assert Change.objects.filter(client=gone, kind="drop", state="done").exists()
    assert Browser(HTTP_HOST="gamma.bpo.test").get("/sign-in/").status_code == 404
    again = open_client(key="gamma", name="Gamma again", zone="UTC", by=system("tests"), now=timezone.now())
    assert again.pk != gone.pk


@pytest.mark.services
def test_within_its_grace_nothing_is_gone_and_it_can_be_kept(lived: Any) -> None:
    trashed(lived, over=False)
    provision()
    lived.refresh_from_db()
    assert lived.status == "trashed"
    assert timedelta(days=29) < lived.drops_at - timezone.now() <= timedelta(days=30)
    assert left(lived.schema_name, lived.role_name) == (1, 1)
    asked(lived, "drop")  # as a web process that was taken over could: the owner looks at the date itself
    provision()
    refused = Change.objects.get(kind="drop")
    assert (refused.state, refused.problem) == ("refused", "Its grace is not over.")
    lived.refresh_from_db()
    asked(lived, "keep")
    provision()
    lived.refresh_from_db()
    assert (lived.status, lived.drops_at) == ("suspended", None)
    assert not ask_due(now=timezone.now() + timedelta(days=60))


@pytest.mark.services
def test_a_deletion_killed_before_its_files_were_gone_is_taken_up_there(
    lived: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []
    real = deletions.shutil.rmtree

    def fails_once(path: Any, **more: Any) -> None:
        calls.append(path)
        if len(calls) == 1:
            raise OSError("the disk went away")
        real(path, **more)

    monkeypatch.setattr(deletions.shutil, "rmtree", fails_once)
    trashed(lived)
    provision()
    assert Client.objects.get(pk=lived.pk).status == "dropped"
    assert not folder_of(lived.pk).exists()
    change = Change.objects.get(kind="drop")
    assert (change.state, change.attempts) == ("done", 2)


@pytest.mark.services
def test_a_deletion_that_fails_leaves_the_client_whole_and_waits_a_day(
    lived: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(client: Client, now: datetime) -> None:
        raise OSError("no")

    monkeypatch.setattr(deletions, "clear_public", fails)
    trashed(lived)
    provision()
    assert Client.objects.get(pk=lived.pk).status == "trashed"
    assert left(lived.schema_name, lived.role_name) == (1, 1)
    assert Change.objects.get(kind="drop").state == "refused"
    assert not ask_due(now=timezone.now())
    assert ask_due(now=timezone.now() + timedelta(days=2))


@pytest.mark.services
def test_an_export_asked_for_tells_its_progress_and_expires(lived: Any) -> None:
    change = Change.objects.get(kind="export")
    assert (change.state, change.done_parts) == ("done", change.all_parts)
    assert change.all_parts > 40
    assert place_of(change).stat().st_size == change.size
    assert change.downloadable(timezone.now())
    assert Entry.objects.get(action="client.exported").detail["sha256"] == change.sha256
    assert not exports.remove_expired(now=timezone.now())
    assert exports.remove_expired(now=timezone.now() + timedelta(hours=25))
    assert not place_of(change).exists()


@pytest.mark.services
def test_the_command_deletes_by_the_key_typed_again(gamma: Any) -> None:
    out = io.StringIO()
    for wrong in ("", "Gamma", "beta"):
        with pytest.raises(CommandError, match="not the client's key"):
            call_command("delete_client", client="gamma", reason="over", confirm=wrong)
    call_command("delete_client", client="gamma", reason="over", confirm="gamma", stdout=out)
    call_command("delete_client", client="gamma", reason="not over", keep=True, stdout=out)
    assert "being deleted until" in out.getvalue()
    assert out.getvalue().endswith("Gamma is suspended\n")
