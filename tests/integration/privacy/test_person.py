"""One of our people: exported over public and clients, and erased from all of them; figures keep counting them."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Membership, Token, User
from accounts.services import create_token
from attrition.importer import IMPORTER
from attrition.importing import create_run, execute_run, keep, queue_run
from attrition.models import Separation
from attrition.services import record_separation
from bpo.actors import system
from bpo.audit_writing import check
from bpo.imports.reading import guess
from bpo.notices.services import tell
from bpo.ops_audit.models import Entry, Head
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.privacy.models import Tombstone
from bpo.privacy.services import confirmation
from bpo.tenancy.context import enter
from console.models import PersonRequest
from console.people import open_account
from interactions.models import Actor
from qa.models import EvaluationRevision, Note
from qa.services import add_note, submit
from tests.integration.console.operators import operator
from tests.integration.privacy.canary import cached_with, files_with, rows_with
from tests.integration.qa.build import NOW as SCORED
from tests.integration.qa.build import answer, begun, task
from tests.people import PASSWORD
from workforce.models import Employee, Employment, Seat

NAME = "Wendeltrop"
EMAIL = "wendeltrop@bpo.example"
BY = system("t")


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")
    monkeypatch.setattr(settings, "EXPORT_ROOT", tmp_path / "exports")


def employed(alpha: Any, beta: Any) -> Employee:
    """Somebody with a sign-in, seats at two clients, an import that named them, tries to sign in, and traces of work."""
    now = timezone.now()
    for client in (alpha, beta):
        open_account(
            email=EMAIL, name=f"Ula {NAME}", password=PASSWORD, role="agent", client=client, client_realm=False,
            by=BY, now=now,
        )  # fmt: skip
    employee = Employee.objects.get(email=EMAIL)
    Employee.objects.filter(pk=employee.pk).update(number=f"N-{NAME}")
    create_token(
        user=User.objects.get(email=EMAIL), client=alpha, name=NAME, scopes=["see_interactions"], days=9, by=BY, now=now
    )
    Browser(HTTP_HOST="ops.bpo.test").post("/sign-in/", {"email": EMAIL, "password": "wrong"})
    imported(f"employee_no,hire_date,name\r\nN-{NAME},2025-01-07,Ula {NAME}\r\nN-{NAME},soon,Ula {NAME}\r\n")
    Job.objects.create(kind="surveys.never", dedupe_key="d", client=alpha, state="dead", last_error=f"550 {EMAIL}")
    for client in (alpha, beta):
        _works(client, Seat.objects.get(client=client, employee=employee).actor_id)
    return Employee.objects.get(pk=employee.pk)


def imported(text: str) -> Any:
    raw = text.encode()
    file = io.BytesIO(raw)
    mapping = IMPORTER.read_mapping(guess(file, IMPORTER, zone="UTC", encoding="utf-8"), zone="UTC")
    file.seek(0)
    kept = keep(file, mapping, size=len(raw))
    run = create_run(name=f"N-{NAME}.csv", mapping=mapping, kept=kept, by=BY, now=timezone.now())
    queue_run(run_id=run.pk, by=BY, now=timezone.now())
    return execute_run(run_id=run.pk)


def _works(client: Any, actor_id: Any) -> None:
    with enter(client.ref()):
        actor = Actor.objects.get(pk=actor_id)
        one = begun(task("call", agent=actor.display_name))
        for seq, key in enumerate(("q1", "law"), start=1):
            answer(one, seq, key, "yes")
        add_note(
            evaluation_id=one.pk, note_id=one.pk, text=f"Well done, {NAME}", visibility="agent", by=_by(one), now=SCORED
        )
        submit(evaluation_id=one.pk, seq=2, by=_by(one), now=SCORED)
        tell(actor_id=actor_id, kind="t", text=f"Ula {NAME}", path="/", dedupe_key="t", now=SCORED)


def _by(one: Any) -> Any:
    from tests.integration.qa.build import by

    return by(one.evaluator)


def leaves(employee: Employee) -> None:
    day = timezone.now().date() - timedelta(days=2)
    record_separation(
        employment=Employment.objects.get(employee=employee), last_day=day, reason="commute", note=f"{NAME} was kind",
        by=BY, now=timezone.now(),
    )  # fmt: skip


def work(kind: str) -> list[str]:
    """Run what waits of a kind; a failure is told by its error."""
    ended = [execute(job.pk, kind) for job in Job.objects.filter(kind=kind, state="ready").order_by("id")]
    return [state if state == "done" else Job.objects.filter(kind=kind).latest("id").last_error for state in ended]


def places(*clients: Any) -> dict[str, list[str]]:
    found = {client.key: rows_with(NAME, client.schema_name) for client in clients}
    return {**found, "public": rows_with(NAME, "public"), "files": files_with(NAME), "cache": cached_with(NAME)}


@pytest.mark.services
def test_somebody_is_exported_and_erased_everywhere(alpha: Any, beta: Any) -> None:
    employee = employed(alpha, beta)
    hr = operator(email="hr@bpo.example", role="hr", name="Hannah")
    page = f"/people/{employee.pk}/data/"
    erasing = {"ground": "asked", "typed": confirmation(employee.pk)}
    assert "Everything we hold about this person" in hr.get(f"/people/{employee.pk}/").content.decode()
    refused = hr.post(f"{page}erase/", erasing)
    assert refused.status_code == 422
    assert "They are employed here." in refused.content.decode()

    leaves(employee)
    before = places(alpha, beta)
    assert len(before["alpha"]) == len(before["beta"]) == 4, before
    assert {"accounts_user", "workforce_employee", "workforce_peopleimport", "attrition_separation"} <= set(
        before["public"]
    )
    assert hr.post(f"{page}export/").status_code == 302
    assert work("console.export_person") == ["done"]
    made = PersonRequest.objects.get()
    assert f"/people/exports/{made.pk}/" in hr.get(page).content.decode()
    with zipfile.ZipFile(io.BytesIO(hr.get(f"/people/exports/{made.pk}/").getvalue())) as archive:
        [own] = json.loads(archive.read("employer/workforce.Employee.json"))
        [login] = json.loads(archive.read("sign-in 1/accounts.User.json"))
        notes = json.loads(archive.read("clients/beta/qa.Note.json"))
        assert not [name for name in archive.namelist() if "Token" in name or "RecoveryCode" in name]
    assert own["name"] == f"Ula {NAME}"
    assert login["email"] == EMAIL
    assert "password" not in login
    assert notes[0]["text"] == f"Well done, {NAME}"
    assert operator().get(f"/people/exports/{made.pk}/").status_code == 404, "another's"

    scores, spells = _figures(alpha, beta), Employment.objects.count()
    assert hr.post(f"{page}erase/", {**erasing, "typed": "no"}).status_code == 422
    assert hr.post(f"{page}erase/", erasing).status_code == 302
    assert work("console.erase_person") == ["done"]
    assert work("console.erase_actor") == ["done", "done"]
    assert work("privacy.erase") == ["done", "done"]
    call_command("provisioner", once=True, stderr=io.StringIO())
    call_command("provisioner", once=True, stderr=io.StringIO())

    assert places(alpha, beta) == {"alpha": [], "beta": [], "public": [], "files": [], "cache": []}
    assert (_figures(alpha, beta), Employment.objects.count()) == (scores, spells)
    user = User.objects.get(pk=login["id"])
    assert (user.is_active, user.check_password(PASSWORD), user.check_password("")) == (False, False, False)
    assert not Membership.objects.filter(user=user).exists()
    assert not Token.objects.exists()
    assert Separation.objects.get().note == ""
    assert Employee.objects.get(pk=employee.pk).name == f"Person {str(employee.pk)[-8:]}"
    gone = hr.get(page).content.decode()
    assert "This person was erased" in gone
    with enter(alpha.ref()):
        stone = Tombstone.objects.get()
        actor = Actor.objects.get(pk=stone.subject_id)
        assert actor.display_name == actor.pseudonym
        assert not Note.objects.exists()
    line = Entry.objects.get(action="person.erased")
    assert line.detail["ground"] == "asked"
    assert check(Entry, Head)[1] == []
    again = imported(f"employee_no,hire_date,name\r\nN-{NAME},2026-01-07,Ula\r\nN-other,2026-01-07,Bea\r\n")
    assert (again.created, again.rejected) == (1, 1)
    assert "was erased" in again.problems.get().problem


def _figures(*clients: Any) -> list[Any]:
    found = []
    for client in clients:
        with enter(client.ref()):
            found.append(list(EvaluationRevision.objects.order_by("pk").values_list("agent_id", "final", "outcome")))
            found.append(Actor.objects.count())
    return found


@pytest.mark.services
def test_the_last_operator_admin_stays_and_the_request_says_so(alpha: Any, beta: Any) -> None:
    admin = operator()
    open_account(
        email="ewelina@bpo.example", name="Ewelina", password=PASSWORD, role="operator_admin", client=alpha,
        client_realm=False, by=BY, now=timezone.now(),
    )  # fmt: skip
    employee = Employee.objects.get(email="ewelina@bpo.example")
    typed = confirmation(employee.pk)
    assert admin.post(f"/people/{employee.pk}/data/erase/", {"ground": "asked", "typed": typed}).status_code == 302
    assert work("console.erase_person") == ["done"]
    assert PersonRequest.objects.get().state == "failed"
    assert User.objects.get(email="ewelina@bpo.example").is_active
    with pytest.raises(DatabaseError, match="person_erasure_has_a_ground"):
        PersonRequest.objects.create(kind="erase", employee=employee, asked_at=timezone.now())
