"""The name somebody gives themselves reaches their actor; who has left is mailed nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Membership, User
from accounts.services.memberships import end
from bpo.actors import system
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.privacy.models import Tombstone
from bpo.tenancy.context import as_owner, enter
from console.access import give
from console.tasks import copy_name
from interactions.models import Actor
from tests.integration.accounts.second_steps import person
from tests.integration.accounts.test_links import CHOSEN, link_in, path_of, sent
from workforce.models import Employee, Employment, Seat
from workforce.selectors import email_of_actor
from workforce.services import hire

BY = system("tests")
KIND = "console.copy_name"


def given(client: Any, email: str, role: str) -> Membership:
    return give(
        client=client, email=email, name="As typed", role=role, scope="all", last_day=None, by=BY, now=timezone.now()
    )


def name_at(client: Any, user: User) -> str:
    actor_id = Seat.objects.get(client=client, user=user).actor_id
    with enter(client.ref()):
        return str(Actor.objects.get(pk=actor_id).display_name)


@pytest.mark.parametrize(("role", "host"), [("team_lead", "ops.bpo.test"), ("client_user", "alpha.bpo.test")])
def test_the_name_given_on_accepting_reaches_the_actor_at_every_client(
    alpha: Any, beta: Any, role: str, host: str
) -> None:
    user = given(alpha, "new@bpo.example", role).user
    others = [beta] if role == "team_lead" else []
    for client in others:
        given(client, "new@bpo.example", role)
    assert name_at(alpha, user) == "As typed"
    message = sent()[-1][1]
    browser = Browser(HTTP_HOST=host)
    assert browser.post(path_of(link_in(message)), {"name": "Maricel Santos", **CHOSEN})["Location"] == "/"
    jobs = list(Job.objects.filter(kind=KIND))
    assert {job.client_id for job in jobs} == {alpha.pk, *(one.pk for one in others)}
    for job in jobs:
        assert execute(job.pk, KIND) == "done"
        copy_name(client=type(alpha).objects.get(pk=job.client_id).ref(), user_id=str(user.pk))
    for client in (alpha, *others):
        assert name_at(client, user) == "Maricel Santos"


def test_a_name_kept_as_it_was_and_one_of_who_was_erased_are_not_copied(alpha: Any) -> None:
    user = given(alpha, "new@bpo.example", "team_lead").user
    actor_id = Seat.objects.get(user=user).actor_id
    browser = Browser(HTTP_HOST="ops.bpo.test")
    assert browser.post(path_of(link_in(sent()[-1][1])), {"name": "As typed", **CHOSEN})["Location"] == "/"
    assert not Job.objects.filter(kind=KIND).exists()
    User.objects.filter(pk=user.pk).update(name="Another", is_active=False)
    copy_name(client=alpha.ref(), user_id=str(user.pk))
    assert name_at(alpha, user) == "As typed"
    User.objects.filter(pk=user.pk).update(is_active=True)
    with as_owner(alpha.schema_name):
        Tombstone.objects.create(subject_kind="person", subject_id=actor_id, erased_at=timezone.now())
    copy_name(client=alpha.ref(), user_id=str(user.pk))
    assert name_at(alpha, user) == "As typed"


def test_who_has_left_or_lost_their_role_is_mailed_nothing(alpha: Any) -> None:
    lead = person("team_lead", alpha, "lead@bpo.example")
    now = timezone.now()
    seat = Seat.objects.get(user=lead)

    def address() -> str | None:
        return email_of_actor(alpha.pk, seat.actor_id, now=now)

    assert address() == "lead@bpo.example"
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert address() is None
    User.objects.filter(pk=lead.pk).update(is_active=True)
    end(membership=Membership.objects.get(user=lead), by=BY, now=now - timedelta(seconds=1))
    assert address() is None, "no role here any more"
    Seat.objects.filter(pk=seat.pk).update(user=None)
    employee = Employee.objects.get(pk=seat.employee_id)
    hire(number=employee.number, name="Maricel", starts_on=now.date() - timedelta(days=9), by=BY, now=now)
    assert address() == "lead@bpo.example", "employed, and signs in nowhere"
    Employment.objects.filter(employee=employee).update(ends_on=now.date())
    assert address() is None, "their last day is over"
    assert email_of_actor(alpha.pk, employee.pk, now=now) is None
