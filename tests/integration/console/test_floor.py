"""Inviting a floor that came in by an import: a preview with who and why, each once, followed until it is done."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Membership, SignInLink, User
from accounts.services.invitations import revoke_invitation
from bpo.actors import By, system
from bpo.ops_audit.models import Entry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import as_owner, enter
from bpo.ui.pseudo import pseudo_locale, untranslated
from console.floor import KIND, Outcome, counts, floor_of, invite_employee, invite_floor, looked_at
from interactions.models import Actor
from tests.integration.accounts.second_steps import person
from tests.integration.accounts.test_links import CHOSEN, link_in, path_of, sent
from tests.integration.console.operators import operator
from tests.integration.privacy.test_person import imported
from tests.statements import statements
from workforce.models import Assignment, Employee, Seat
from workforce.services import assign, hire, place

PAGE = "/clients/alpha/floor/"
BY = By("operator", "Ewelina")
DAY = date(2026, 1, 7)
FILE = (
    "employee_no,hire_date,name,email\r\n"
    "N-1,2026-01-07,Ana Lim,Ana.Lim@bpo.example\r\nN-2,2026-01-07,Ben Cruz,ben@bpo.example\r\n"
    "N-3,2026-01-07,Cora Diaz,\r\nN-4,2026-01-07,Dan Eng,same@bpo.example\r\nN-5,2026-01-07,Eva Fox,Same@bpo.example\r\n"
    "N-6,2026-01-07,Finn Gray,finn@bpo.example\r\nN-7,2026-01-07,Gil Hart,gil@bpo.example\r\n"
)


def work() -> list[str]:
    return [execute(job.pk, KIND) for job in Job.objects.filter(kind=KIND, state="ready").order_by("id")]


def outcomes(client: Any) -> dict[str, Outcome]:
    rows = looked_at(client, floor_of(client, on=timezone.now().date()), now=timezone.now())
    return {one.employee.number: one.outcome for one in rows}


def floor(alpha: Any, beta: Any) -> None:
    """Seven people by a file: one who can sign in, one who holds a role here, one who works for another client."""
    person("agent", beta, "ben@bpo.example")  # signs in elsewhere already
    imported(FILE)
    Employee.objects.filter(name="Maricel").update(email="")  # the row made for that sign-in, whom HR calls Ben
    person("agent", alpha, "finn@bpo.example")
    elsewhere = Employee.objects.get(number="N-7")
    assign(employee=elsewhere, client=beta, starts_on=DAY, by=BY, now=timezone.now())
    here = assign(employee=Employee.objects.get(number="N-1"), client=alpha, starts_on=DAY, by=BY, now=timezone.now())
    place(
        assignment=here, team_id=UUID(int=7), team_name="North", starts_on=DAY, by=BY, now=timezone.now()
    )  # fmt: skip


def test_an_imported_floor_is_previewed_invited_once_and_comes_in(alpha: Any, beta: Any) -> None:
    floor(alpha, beta)
    admin = operator()
    assert outcomes(alpha) == {
        "N-1": Outcome.MAIL, "N-2": Outcome.ROLE, "N-3": Outcome.NO_ADDRESS, "N-4": Outcome.SHARED,
        "N-5": Outcome.SHARED, "N-6": Outcome.HOLDS,
    }  # fmt: skip
    shown = admin.get(PAGE).content.decode()
    for said in (
        "2 of 6 can be invited", "1 gets a mail with a link.", "1 gets the role alone", "4 are left out",
        "no e-mail address is known", "another employee has the same e-mail address", "they hold a role here", "North",
    ):  # fmt: skip
        assert said in shown, said
    assert "Gil Hart" not in shown, "who works for another client"
    assert sent() == []
    chosen = {"everybody": "on", "role": "agent", "scope": "self"}
    assert admin.post(PAGE, chosen).status_code == 302
    assert "2 people are being invited." in admin.get(PAGE).content.decode()
    polled = admin.get(PAGE, HTTP_HX_REQUEST="true").content.decode()
    assert "2 invitations are being made" in polled
    assert f'hx-get="{PAGE}"' in polled
    assert "<h1" not in polled
    assert admin.post(PAGE, chosen).status_code == 302
    assert Job.objects.filter(kind=KIND).count() == 2, "asked twice, each is invited once"
    assert work() == ["done", "done"]
    for job in Job.objects.filter(kind=KIND):
        invite_employee(
            client=alpha, employee_id=UUID(job.payload["employee_id"]), role="agent", scope="self", by=BY,
            now=timezone.now(),
        )  # fmt: skip
    assert "hx-get" not in admin.get(PAGE, HTTP_HX_REQUEST="true").content.decode()
    [(address, message)] = sent()
    assert address == "ana.lim@bpo.example"
    ana = User.objects.get(email=address)
    assert Seat.objects.get(client=alpha, user=ana).employee == Employee.objects.get(number="N-1")
    given = list(
        Membership.objects.filter(client=alpha, role="agent", scope="self").values_list("user__email", flat=True)
    )
    assert sorted(given) == ["ana.lim@bpo.example", "ben@bpo.example"]
    assert outcomes(alpha)["N-1"] == Outcome.INVITED
    assert outcomes(alpha)["N-2"] == Outcome.HOLDS
    with enter(alpha.ref()):
        assert Actor.objects.filter(display_name="Ana Lim").count() == 1
    joined = Browser(HTTP_HOST="ops.bpo.test").post(path_of(link_in(message)), {"name": "Ana Maria Lim", **CHOSEN})
    assert joined["Location"] == "/"
    [line] = Entry.objects.filter(action="floor.invited")
    assert line.detail == {"people": 2, "role": "agent"}


def test_those_ticked_alone_are_invited_and_an_invitation_taken_back_can_be_sent_again(alpha: Any, beta: Any) -> None:
    floor(alpha, beta)
    admin = operator()
    ana, cora, gil = (Employee.objects.get(number=number) for number in ("N-1", "N-3", "N-7"))
    chosen = {"person": [str(cora.pk), str(gil.pk), "not an id"], "role": "agent", "scope": "self"}
    admin.post(PAGE, chosen)
    assert "Nobody was chosen who can be invited." in admin.get(PAGE).content.decode()
    assert not Job.objects.filter(kind=KIND).exists()
    admin.post(PAGE, {**chosen, "person": [str(ana.pk)]})
    assert work() == ["done"]
    assert [address for address, _message in sent()] == ["ana.lim@bpo.example"]
    revoke_invitation(user=User.objects.get(email="ana.lim@bpo.example"), by=BY, now=timezone.now())
    assert outcomes(alpha)["N-1"] == Outcome.MAIL
    admin.post(PAGE, {**chosen, "person": [str(ana.pk)], "role": "team_lead", "scope": "teams"})
    assert work() == ["done"]
    assert len(sent()) == 1
    assert SignInLink.objects.filter(purpose="invitation", ended_at=None).count() == 1
    User.objects.filter(email="ben@bpo.example").update(is_active=False)
    assert outcomes(alpha)["N-2"] == Outcome.SWITCHED_OFF
    for wrong in ({"role": "client_user"}, {"role": ""}, {"scope": "x"}):
        assert admin.post(PAGE, {**chosen, "everybody": "on", **wrong}).status_code == 422
    with pytest.raises(Refused, match="The floor can't have that role"):
        invite_floor(client=alpha, chosen=None, role="client_user", scope="all", by=BY, now=timezone.now())


def test_who_left_meanwhile_and_what_cannot_be_given_is_told_and_brings_nobody_in(alpha: Any, beta: Any) -> None:
    floor(alpha, beta)
    admin = operator()
    admin.post(PAGE, {"everybody": "on", "role": "agent", "scope": "self"})
    Employee.objects.get(number="N-1").employments.update(ends_on=timezone.now().date())
    with as_owner():
        type(alpha).objects.filter(pk=alpha.pk).update(status="archived")
    alpha.refresh_from_db()
    with pytest.raises(Refused, match="The client is archived"):
        invite_floor(client=alpha, chosen=None, role="agent", scope="self", by=BY, now=timezone.now())
    answer = admin.post(PAGE, {"everybody": "on", "role": "agent", "scope": "self"})
    assert answer.status_code == 422
    with as_owner():
        type(alpha).objects.filter(pk=alpha.pk).update(status="active")
    assert work() == ["done", "done"]
    assert sent() == []
    assert not User.objects.filter(email="ana.lim@bpo.example").exists()
    Job.objects.filter(kind=KIND).update(state="dead")
    assert "2 invitations were given up." in admin.get(PAGE).content.decode()


def test_the_page_costs_the_same_for_one_and_three_and_says_nothing_untranslated(alpha: Any) -> None:
    admin = operator()
    assert "Nobody is on this floor yet" in admin.get(PAGE).content.decode()
    found = []
    for many in (1, 2):
        for number in range(many):
            hire(
                number=f"{many}{number}", name=f"P {many}{number}", email=f"p{many}{number}@bpo.example",
                starts_on=DAY, by=system("t"), now=timezone.now(),
            )  # fmt: skip
        admin.get(PAGE)
        found.append(statements(lambda: admin.get(PAGE)))
    assert found[0] == found[1] == 11
    rows = looked_at(alpha, floor_of(alpha, text="P 10", on=timezone.now().date()), now=timezone.now())
    assert counts(rows) == {Outcome.MAIL: 1}
    assert "P 20" not in admin.get(f"{PAGE}?q=P 10").content.decode()
    assert "Nobody matches" in admin.get(f"{PAGE}?q=zzz").content.decode()
    with pseudo_locale():
        words = set(untranslated(admin.get(PAGE).content.decode()))
        assert not {one for one in words if "bpo.example" not in one} - {"· Alpha", "Alpha", "P"}, words
    assert Assignment.objects.count() == 0


def test_after_an_import_the_way_to_inviting_is_offered_to_who_gives_access(alpha: Any) -> None:
    run = imported(FILE)
    shown = operator().get(f"/people/import/{run.pk}/").content.decode()
    assert f'href="{PAGE}"' in shown
    hr = operator(email="hr@bpo.example", role="hr", name="Hannah")
    assert f'href="{PAGE}"' not in hr.get(f"/people/import/{run.pk}/").content.decode()
    assert hr.get(PAGE).status_code == 403
