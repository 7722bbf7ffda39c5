"""The demo as it lies in the database: complete, counted twice, done once, and alive."""

import io
import json
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import Client, Membership
from bpo.actors import system
from bpo.files.services import path_of
from bpo.notices.models import Mail
from bpo.tenancy.context import as_app, enter
from interactions.models import Actor, Case, Interaction, Interval, Line, Recording, Resolution
from surveys.models import Candidate, Invitation, Response
from surveys.secrets import token_of
from surveys.selectors import Period, funnel
from tests.integration.demo.conftest import NOW, PASSWORD
from workforce.models import Assignment, Employee, Employment, Placement, Seat


def each(world: Any) -> Any:
    for key, work in world.work.items():
        with enter(Client.objects.get(key=key).ref()):
            yield key, work


def test_everybody_is_there(seeded: Any) -> None:
    people = seeded.people
    assert Employee.objects.count() == len(people)
    assert Employment.objects.filter(ends_on=None).count() == sum(person.left_on is None for person in people)
    parts = [part for person in people for part in person.assignments]
    assert Assignment.objects.count() == len(parts)
    assert Placement.objects.count() == sum(len(part.placements) for part in parts)
    assert set(Seat.objects.exclude(employee=None).values_list("employee__number", flat=True)) >= {
        person.number for person in people if person.assignments
    }


def test_every_seat_has_its_actor(seeded: Any) -> None:
    for key, _work in each(seeded):
        actors = set(Actor.objects.values_list("pk", flat=True))
        agents = set(Interaction.objects.exclude(agent=None).values_list("agent_id", flat=True))
        assert agents <= actors
        with as_app():
            seats = set(Seat.objects.filter(client__key=key).values_list("actor_id", flat=True))
        assert seats == actors, key


def test_interactions_and_intervals_count_the_same(seeded: Any) -> None:
    for key, work in each(seeded):
        found = Interaction.objects.filter(source="acd")
        assert found.count() == len(work.interactions)
        sums = Interval.objects.aggregate(
            *(Sum(name) for name in ("offered", "answered", "abandoned", "handle_seconds"))
        )
        told = found.aggregate(talk=Sum("talk_seconds"), hold=Sum("hold_seconds"), after=Sum("after_call_seconds"))
        assert sums["offered__sum"] == found.count(), key
        assert sums["answered__sum"] == found.filter(abandoned=False).count()
        assert sums["abandoned__sum"] == found.filter(abandoned=True).count()
        assert sums["handle_seconds__sum"] == told["talk"] + told["hold"] + told["after"]
        assert Case.objects.count() == len(work.cases)


def test_every_resolution_is_asked_about_or_says_why_not(seeded: Any) -> None:
    for key, _work in each(seeded):
        assert Candidate.objects.count() == Resolution.objects.count() > 0, key
        counts = funnel(Period(), timezone.now())
        assert counts.resolutions == Resolution.objects.count()
        assert counts.answered == Response.objects.count() > 200
        assert counts.of("waiting", "not_sent") == 0
        assert not Mail.objects.filter(state="queued").exists()
        late = Response.objects.filter(invitation__candidate__resolution__case__reopened_at__isnull=False)
        assert not late.filter(invitation__cancelled_at__isnull=False).exists()


def test_links_of_the_past_can_be_made_again(norvik: Any) -> None:
    with enter(norvik.ref()):
        for invitation in Invitation.objects.order_by("pk")[:5]:
            assert token_of(invitation) is not None


def test_recordings_draw_what_is_said(seeded: Any) -> None:
    counts = {}
    for key, _work in each(seeded):
        counts[key] = Recording.objects.count()
        assert Line.objects.exists()
        for recording in Recording.objects.select_related("file", "interaction").prefetch_related("interaction__lines"):
            assert path_of(recording.file).stat().st_size == recording.file.size
            seconds = recording.interaction.talk_seconds + recording.interaction.hold_seconds
            assert abs(recording.duration_ms - seconds * 1000) < 1000
            for line in recording.interaction.lines.all():
                if line.speaker in ("agent", "customer"):
                    span = recording.peaks[line.speaker][line.starts_ms // 250 : line.ends_ms // 250 + 1]
                    assert max(span) > 40, (key, line.text)
    assert counts["norvik"] >= 25
    assert counts["alder"] >= 25


def test_the_second_time_nothing_happens(seeded: Any, settings_demo: None) -> None:
    def counted() -> list[int]:
        with enter(Client.objects.get(key="sunda").ref()):
            inside = [model.objects.count() for model in (Interaction, Candidate, Line, Actor)]
        return [*inside, Seat.objects.count(), Membership.objects.count()]

    before = counted()
    out = io.StringIO()
    call_command("demo_seed", json=True, stdout=out)
    found = json.loads(out.getvalue())
    assert counted() == before
    assert [client["key"] for client in found["clients"]] == ["norvik", "sunda", "alder"]
    roles = {(login["role"], login["client"]) for login in found["logins"]}
    for key in ("norvik", "sunda", "alder"):
        assert {(role, key) for role in ("team_lead", "qa_analyst", "planner", "agent", "client_user")} <= roles
    assert {("operator_admin", None), ("hr", None)} <= roles
    assert {login["password"] for login in found["logins"]} == {PASSWORD}


@pytest.fixture
def settings_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "DEMO", True)


def test_an_area_that_fails_says_so_and_is_taken_up_again(seeded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from console.demo import load as loading

    def broken(_world: Any, *, now: Any) -> None:
        raise RuntimeError("this area is broken")

    steps: list[str] = []

    @contextmanager
    def step(name: str) -> Any:
        steps.append(name)
        yield

    monkeypatch.setattr(loading, "AREAS", (*loading.AREAS, "world"))
    monkeypatch.setattr("console.demo.world.seed", broken, raising=False)
    with pytest.raises(RuntimeError, match="this area is broken"):
        loading.load(password=PASSWORD, by=system("demo"), now=NOW, step=step)
    assert steps == ["Inventing the world", "Opening the clients", "Filling world"]


def test_resolving_a_case_still_sends_a_real_mail(norvik: Any) -> None:
    """In a transaction that is undone, so that the counts of the other tests hold."""
    from interactions.services import resolve_case

    with enter(norvik.ref()):
        recent = Mail.objects.values("address")
        case = Case.objects.filter(state="open", customer__no_surveys=False).exclude(customer__email="")
        chosen = case.exclude(customer__email__in=recent).first()
        assert chosen is not None
        with transaction.atomic():
            resolve_case(case_id=chosen.pk, version=chosen.version, by=system("tests"), now=timezone.now())
            assert Mail.objects.filter(state="queued", address=chosen.customer.email).count() == 1
            transaction.set_rollback(True)


def test_client_roles_see_their_own_rows_alone(seeded: Any) -> None:
    schemas = set()
    for _key, _work in each(seeded):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema(), session_user")
            schemas.add(cursor.fetchone())
    assert len(schemas) == 3
