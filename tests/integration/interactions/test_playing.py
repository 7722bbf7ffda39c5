"""Who is sent which bytes of a recording, and what nobody is sent."""

from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import Membership
from bpo.audit.models import Entry
from bpo.files.services import path_of
from bpo.tenancy.context import enter
from interactions.domain.spans import Span
from interactions.models import Actor, Interaction, Recording, Team
from interactions.voice import redact
from tests.integration.interactions.listening import (
    BY,
    FROM,
    TO,
    as_role,
    grant,
    recorded,
    render,
    second,
    served,
    status,
    ticket,
)
from tests.integration.qa.build import NOW as GRADED
from tests.integration.qa.build import released
from tests.people import sign_in

pytestmark = pytest.mark.usefixtures("own_files")
LISTENERS = {
    "operator_admin": "original", "team_lead": "original", "qa_analyst": "original", "client_user": "redacted",
    "client_approver": "redacted", "third_party": "redacted",
}  # fmt: skip
DEAF = ("planner", "trainer", "hr", "agent")


@pytest.mark.parametrize("role", LISTENERS)
def test_each_role_hears_what_it_may(alpha: Any, role: str) -> None:
    grant(alpha)
    with enter(alpha.ref()):
        made = recorded(kind="identity")
        render(alpha)
        files = Recording.objects.select_related("file", "redacted_file").get()
        original = path_of(files.file).read_bytes()
    content = served(as_role(role), made)
    assert np.abs(second(content, 0)).max() > 10_000
    assert np.abs(second(content, 2)).max() > 10_000
    if LISTENERS[role] == "original":
        assert content == original
        assert np.abs(second(content, 1)).max() > 10_000
    else:
        assert not second(content, 1).any(), "silent in both channels"
        assert content != original
    with enter(alpha.ref()):
        assert Entry.objects.get(action="recording.played").detail == {"heard": LISTENERS[role]}


@pytest.mark.parametrize("role", DEAF)
def test_nobody_else_gets_an_address(alpha: Any, role: str) -> None:
    grant(alpha)
    with enter(alpha.ref()):
        made = recorded()
    assert sign_in("alpha", role).get(f"/interactions/{made.interaction_id}/sound/").status_code == 404


@pytest.mark.parametrize("role", ["client_user", "third_party"])
def test_the_clients_people_hear_nothing_that_was_not_agreed_on(alpha: Any, role: str) -> None:
    with enter(alpha.ref()):
        made = recorded()
    browser = as_role(role)
    assert browser.get(f"/interactions/{made.interaction_id}/sound/").status_code == 404
    grant(alpha)
    there = ticket(browser, made)
    assert status(browser, there) == 200
    grant(alpha, hears=False)
    assert status(browser, there) == 404, "asked again at each request"


def test_no_range_of_a_redacted_recording_holds_bytes_of_the_original(alpha: Any) -> None:
    """What the client's people are sent, piece by piece, is the copy; no frame of the silenced second is in it."""
    grant(alpha)
    with enter(alpha.ref()):
        made = recorded(kind="health")
        render(alpha)
        files = Recording.objects.select_related("file", "redacted_file").get()
        assert files.redacted_file is not None
        original, copy = path_of(files.file).read_bytes(), path_of(files.redacted_file).read_bytes()
    browser = sign_in("alpha", "client_user")
    there, pieces = ticket(browser, made), []
    for start in range(0, len(copy), 7000):
        answer = browser.get(there, headers={"Range": f"bytes={start}-{start + 6999}"})
        assert answer.status_code == 206
        pieces.append(bytes(answer.getvalue()))
    whole = b"".join(pieces)
    assert whole == copy
    secret = original[len(original) // 2 - 200 : len(original) // 2 + 200]  # of the middle second
    assert secret in original
    assert all(secret[at : at + 24] not in whole for at in range(len(secret) - 24))
    assert browser.get(there, headers={"Range": f"bytes={len(copy)}-"}).status_code == 416


@pytest.mark.parametrize("role", ["client_user", "third_party"])
def test_until_the_copy_is_there_they_are_told_so_and_sent_nothing(alpha: Any, role: str) -> None:
    grant(alpha)
    with enter(alpha.ref()):
        made = recorded()
    browser = as_role(role)
    before = ticket(browser, made)
    assert status(browser, before) == 200
    with enter(alpha.ref()):
        redact(recording_id=made.pk, spans=[Span(FROM, TO, "other")], number=0, by=BY, now=timezone.now())
    answer = browser.get(before)
    assert (answer.status_code, answer["Retry-After"]) == (503, "15")
    assert "being prepared" in answer.content.decode()
    assert browser.get(f"/interactions/{made.interaction_id}/sound/").status_code == 404
    assert status(sign_in("alpha", "team_lead"), ticket(sign_in("alpha", "qa_analyst"), made)) == 404
    with enter(alpha.ref()):
        render(alpha)
    assert not second(served(browser, made), 1).any()
    with enter(alpha.ref()):  # another span: the copy of before isn't served meanwhile
        redact(recording_id=made.pk, spans=[Span(FROM, TO), Span(0, 99)], number=1, by=BY, now=timezone.now())
    assert status(browser, before) == 503


def test_of_a_card_number_nobody_hears_anything(alpha: Any) -> None:
    grant(alpha)
    with enter(alpha.ref()):
        made = recorded(kind="card")
        original = path_of(made.file)
        assert original.exists()
        render(alpha)
        assert not original.exists()
    for role in LISTENERS:
        content = served(as_role(role), made)
        assert not second(content, 1).any(), role
        assert np.abs(second(content, 0)).max() > 10_000, role


def test_an_agent_hears_their_own_once_a_review_is_released_and_no_other(alpha: Any) -> None:
    browser = sign_in("alpha", "agent")
    with enter(alpha.ref()):
        agent = Actor.objects.get(display_name="Agent")
        mine, theirs, unseen = recorded("1", agent=agent), recorded("2"), recorded("3", agent=agent)
        evaluation = released("9", agent="Agent").evaluation
        Interaction.objects.filter(pk=mine.interaction_id).update(started_at=GRADED)
        Recording.objects.filter(pk=mine.pk).update(interaction_id=evaluation.interaction_id)
        mine = Recording.objects.get(pk=mine.pk)
    assert np.abs(second(served(browser, mine), 1)).max() > 10_000
    for other in (theirs, unseen):
        assert browser.get(f"/interactions/{other.interaction_id}/sound/").status_code == 404


def test_a_lead_hears_their_own_teams(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        lead = Actor.objects.get(display_name="Team Lead")
        here, there = (Team.objects.create(name=name) for name in ("Here", "There"))
        Actor.objects.filter(pk=lead.pk).update(team=here)
        near, far = (
            Actor.objects.create(display_name=team.name, pseudonym=team.name, team=team) for team in (here, there)
        )
        mine, theirs = recorded("1", agent=near), recorded("2", agent=far)
    before = ticket(browser, theirs)
    Membership.objects.filter(user__email="team-lead@alpha.example").update(scope="self")
    assert browser.get(f"/interactions/{mine.interaction_id}/sound/").status_code == 404
    assert status(browser, before) == 404


def test_without_consent_nobody_hears_and_everybody_reads_why(alpha: Any) -> None:
    grant(alpha)
    with enter(alpha.ref()):
        made = recorded()
    browsers = {role: as_role(role) for role in LISTENERS}
    addresses = {role: ticket(browser, made) for role, browser in browsers.items()}
    with enter(alpha.ref()):
        Interaction.objects.update(consent="refused")
    for role, browser in browsers.items():
        answer = browser.get(addresses[role])
        assert (answer.status_code, answer["Content-Type"]) == (403, "text/plain; charset=utf-8")
        assert "refused to be recorded" in answer.content.decode()
        assert browser.get(f"/interactions/{made.interaction_id}/sound/").status_code == 404
    with enter(alpha.ref()):
        assert not Entry.objects.filter(action="recording.played").exists()
