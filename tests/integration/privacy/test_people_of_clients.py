"""A client's own people, whom nobody employs here: exported and erased over public and the client, and again after a
restore; what they scored keeps its figures."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import ExternalIdentity, IdentityProvider, Membership, OpenSession, SignInLink, User
from accounts.services import create_user
from accounts.services.memberships import end
from bpo.actors import system
from bpo.audit_writing import check
from bpo.notices.models import Notice
from bpo.notices.services import tell
from bpo.ops_audit.models import Entry, Head
from bpo.outbox.models import Job
from bpo.privacy.models import Tombstone
from bpo.privacy.services import confirmation
from bpo.tenancy.context import enter
from console.exports import write_export
from console.lives import at_once
from console.models import PersonRequest
from console.people import copy_actor, seat_of
from console.persons import person_of
from console.restores import opened, restore_as, restore_into
from interactions.models import Actor
from qa.models import EvaluationRevision
from qa.services import submit
from tests.integration.accounts.second_steps import enrolled, give_password
from tests.integration.console.operators import operator
from tests.integration.privacy.canary import cached_with, files_with, rows_with
from tests.integration.privacy.test_person import work
from tests.integration.qa.build import NOW as SCORED
from tests.integration.qa.build import answer, begun, by, task
from tests.people import PASSWORD
from workforce.models import Employee, Seat

NAME = "Wendeltrop"
EMAIL = "wendeltrop@gamma.example"
BY = system("t")
ROLES = ("client_user", "client_approver", "third_party")
NOWHERE: dict[str, list[str]] = {"client": [], "public": [], "files": [], "cache": []}


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "files")
    monkeypatch.setattr(settings, "EXPORT_ROOT", tmp_path / "exports")


def reader(client: Any, role: str = "client_approver") -> User:
    """Somebody of the client's with every way in, tries to come in, work, notices and a job that failed on them."""
    now = timezone.now()
    with transaction.atomic():
        user = create_user(
            email=EMAIL, name=f"Ula {NAME}", password=PASSWORD, role=role, client=client, realm=client, by=BY, now=now,
            ends_at=now + timedelta(days=9),
        )  # fmt: skip
        seat = seat_of(user, client, now)
    host = client.home_host
    browser, _ = give_password(host, EMAIL)
    enrolled(browser)
    Browser(HTTP_HOST=host).post("/sign-in/", {"email": EMAIL, "password": "wrong"})
    Browser(HTTP_HOST=host).post("/reset/", {"email": EMAIL})
    provider = IdentityProvider.objects.create(
        realm=client, name="C", issuer="https://login.example", client_id="c", sealed_secret=b"-", made_at=now
    )
    ExternalIdentity.objects.create(provider=provider, subject=f"{NAME}@login", user=user, made_at=now)
    Job.objects.create(kind="notices.never", dedupe_key="d", client=client, state="dead", last_error=f"550 {EMAIL}")
    with enter(client.ref()):
        copy_actor(seat, user.name)
        me = Actor.objects.get(pk=seat.actor_id)
        one = begun(task("call"), me.display_name)
        for seq, key in enumerate(("q1", "law"), start=1):
            answer(one, seq, key, "yes")
        submit(evaluation_id=one.pk, seq=2, by=by(me), now=SCORED)
        tell(actor_id=me.pk, kind="t", text=f"For Ula {NAME}", path="/", dedupe_key="t", now=SCORED)
    return user


def places(client: Any) -> dict[str, list[str]]:
    return {
        "client": rows_with(NAME, client.schema_name), "public": rows_with(NAME, "public"), "files": files_with(NAME),
        "cache": cached_with(NAME),
    }  # fmt: skip


def erased(user: User, admin: Browser) -> None:
    """Their roles end, then they are erased by the page, as workers and the provisioner do it."""
    for held in Membership.objects.filter(user=user):
        end(membership=held, by=BY, now=timezone.now())
    page = f"/access/people/{user.pk}/data/"
    answer = admin.post(f"{page}erase/", {"ground": "asked", "typed": confirmation(user.pk)})
    assert answer.status_code == 302, answer.content
    assert [work(kind) for kind in ("console.erase_person", "console.erase_actor", "privacy.erase")] == [["done"]] * 3
    call_command("provisioner", once=True, stderr=io.StringIO())


def figures(client: Any) -> list[Any]:
    with enter(client.ref()):
        scored = EvaluationRevision.objects.order_by("pk").values_list("evaluator_id", "final", "outcome")
        return [list(scored), Actor.objects.count()]


@pytest.mark.services
@pytest.mark.parametrize("role", ROLES)
def test_after_an_erasure_their_name_and_address_are_nowhere_and_figures_stand(gamma: Any, role: str) -> None:
    user = reader(gamma, role)
    admin = operator()
    page = f"/access/people/{user.pk}/data/"
    before = places(gamma)
    assert {"accounts_user", "accounts_externalidentity", "outbox_job", "axes_accessattempt"} <= set(before["public"])
    assert {"interactions_actor", "notices_notice"} <= set(before["client"])
    shown = admin.get(page).content.decode()
    assert "who signs in at Gamma" in shown
    assert "They hold a role" in shown
    refused = admin.post(f"{page}erase/", {"ground": "asked", "typed": confirmation(user.pk)})
    assert refused.status_code == 422
    assert "They hold a role. End it on the page of access first" in refused.content.decode()

    assert admin.post(f"{page}export/").status_code == 302
    assert work("console.export_person") == ["done"]
    made = PersonRequest.objects.get()
    with zipfile.ZipFile(io.BytesIO(admin.get(f"/people/exports/{made.pk}/").getvalue())) as archive:
        [login] = json.loads(archive.read("sign-in 1/accounts.User.json"))
        [actor] = json.loads(archive.read("clients/gamma/interactions.Actor.json"))
        assert json.loads(archive.read("clients/gamma/notices.Notice.json"))[0]["text"] == f"For Ula {NAME}"
        about = json.loads(archive.read("about.json"))
        proofs = [name for name in archive.namelist() if "Authenticator" in name or "RecoveryCode" in name]
    assert (login["email"], actor["display_name"], proofs) == (EMAIL, f"Ula {NAME}", [])
    assert "password" not in login
    assert (about["sign_in"], about["employee"]) == (str(user.pk), None)

    scored = figures(gamma)
    erased(user, admin)
    assert places(gamma) == NOWHERE
    assert figures(gamma) == scored
    user.refresh_from_db()
    assert (user.is_active, user.name, user.check_password(PASSWORD)) == (False, f"Person {str(user.pk)[-8:]}", False)
    assert not OpenSession.objects.filter(user=user).exists()
    assert not SignInLink.objects.filter(user=user).exists()
    actor_id = Seat.objects.get(user=user).actor_id
    with enter(gamma.ref()):
        stone = Tombstone.objects.get()
        assert (stone.subject_kind, stone.subject_id) == ("person", actor_id)
        assert not Notice.objects.filter(actor_id=stone.subject_id).exists()
    assert "This person was erased" in admin.get(page).content.decode()
    assert admin.get(f"/people/exports/{made.pk}/").status_code == 404, "the export went too"
    line = Entry.objects.get(action="person.erased")
    assert (line.target_type, line.target_id) == ("accounts.User", str(user.pk))
    assert check(Entry, Head)[1] == []


@pytest.mark.services
def test_who_was_erased_after_an_export_of_the_client_is_erased_again_by_its_restore(
    gamma: Any, tmp_path: Path
) -> None:
    user = reader(gamma)
    path = tmp_path / "before.zip"
    write_export(gamma, path, now=timezone.now())
    erased(user, operator())
    assert places(gamma) == NOWHERE
    copy = restore_as(export=opened(path), key="delta", name="Delta", by=BY, now=timezone.now())
    assert places(copy) == NOWHERE
    actor_id = Seat.objects.get(user=user).actor_id
    with enter(copy.ref()):
        assert Tombstone.objects.get().subject_id == actor_id
    at_once(client=gamma, kind="suspend", reason="t", now=timezone.now(), name="t")
    restore_into(export=opened(path), client=gamma, by=BY, now=timezone.now())
    assert places(gamma) == NOWHERE


@pytest.mark.services
def test_who_is_employed_has_the_page_of_a_person_and_is_erased_by_no_other(alpha: Any) -> None:
    admin = operator()
    from console.people import open_account

    lead = open_account(
        email="lead@bpo.example", name="Maricel", password=PASSWORD, role="team_lead", client=alpha,
        client_realm=False, by=BY, now=timezone.now(),
    )  # fmt: skip
    employee = Employee.objects.get(email="lead@bpo.example")
    page = f"/access/people/{lead.pk}/data/"
    assert admin.get(page)["Location"] == f"/people/{employee.pk}/data/"
    typed = {"ground": "asked", "typed": confirmation(lead.pk)}
    for path, data in (("export/", {}), ("erase/", typed)):
        assert admin.post(f"{page}{path}", data).status_code == 404
    missing = "/access/people/019ab000-0000-7000-8000-00000000dead/data/"
    assert admin.get(missing).status_code == 404
    assert not PersonRequest.objects.exists()
    Seat.objects.filter(user=lead).update(employee=None)
    assert person_of(lead).employee == employee, "by the address of staff"
    Employee.objects.filter(pk=employee.pk).update(email="")
    assert person_of(lead).employee is None
    for held in Membership.objects.filter(user=lead):
        end(membership=held, by=BY, now=timezone.now())
    assert admin.post(f"{page}erase/", typed).status_code == 302
    Seat.objects.filter(user=lead).update(employee=employee)
    assert work("console.erase_person") == ["done"]
    assert PersonRequest.objects.get().state == "failed", "one of our people by now"
    assert User.objects.get(pk=lead.pk).email == "lead@bpo.example"


def test_a_request_is_about_one_person_and_waits_once(alpha: Any) -> None:
    user = User.objects.create(email=EMAIL, name="U", realm=alpha, created_at=timezone.now())
    employee = Employee.objects.create(number="1", name="E", created_at=timezone.now())

    def made(**about: Any) -> None:
        with transaction.atomic():
            PersonRequest.objects.create(kind="export", asked_at=timezone.now(), **about)

    for about in ({}, {"user": user, "employee": employee}):
        with pytest.raises(IntegrityError, match="person_request_is_about_one"):
            made(**about)
    for about in ({"user": user}, {"employee": employee}):
        made(**about)
        with pytest.raises(IntegrityError, match="person_request_waits_once"):
            made(**about)
