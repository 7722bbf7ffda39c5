"""Addresses of sounds: for ten minutes, one person, one session and one client, and nothing in them to read."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from accounts.models import Membership, OpenSession, User
from bpo.tenancy.context import enter
from tests.integration.interactions.listening import grant, recorded, render, second, served, status, ticket
from tests.people import sign_in

pytestmark = pytest.mark.usefixtures("own_files")


def leave(_browser: Any) -> None:
    User.objects.filter(email="team-lead@alpha.example").update(is_active=False)


def lose_the_role(_browser: Any) -> None:
    Membership.objects.filter(user__email="team-lead@alpha.example").delete()


def take_another_role(_browser: Any) -> None:
    Membership.objects.filter(user__email="team-lead@alpha.example").update(role="planner")


def end_the_session(_browser: Any) -> None:
    OpenSession.objects.filter(user__email="team-lead@alpha.example").delete()


LOST: dict[str, tuple[Callable[[Any], None], int]] = {
    "a leaver": (leave, 302),
    "a membership ended": (lose_the_role, 404),
    "a role that hears nothing": (take_another_role, 404),
    "a session ended": (end_the_session, 302),
}


@pytest.mark.parametrize("what", LOST)
def test_an_address_is_worth_nothing_once_its_ground_is_gone(alpha: Any, what: str) -> None:
    with enter(alpha.ref()):
        made = recorded()
    browser = sign_in("alpha", "team_lead")
    there = ticket(browser, made)
    assert status(browser, there) == 200
    lose, code = LOST[what]
    lose(browser)
    assert status(browser, there) == code == status(browser, "/sound/no-such-one/")


def test_an_address_is_good_for_one_person_one_session_one_client_and_ten_minutes(alpha: Any, beta: Any) -> None:
    with enter(alpha.ref()):
        made = recorded()
    with enter(beta.ref()):
        recorded()
    lead, again = sign_in("alpha", "team_lead"), sign_in("alpha", "team_lead")
    others = [again, sign_in("alpha", "qa_analyst"), sign_in("alpha", "client_user"), sign_in("beta", "team_lead")]
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        there = ticket(lead, made)
        assert status(lead, there) == 200
        missing = lead.get("/sound/no-such-one/")
        for other in others:
            assert status(other, there) == 404
        assert Browser(HTTP_HOST="alpha.bpo.test").get(there).status_code == 302
        assert Browser(HTTP_HOST="ops.bpo.test").get(there).status_code == 404
        clock.shift(timedelta(minutes=9, seconds=59))
        assert status(lead, there) == 200
        clock.shift(timedelta(seconds=1))
        over = lead.get(there)
        assert over.status_code == 404
        assert without_marks(over) == without_marks(missing)
        assert status(lead, ticket(lead, made)) == 200, "the page asks for another"


def without_marks(answer: Any) -> str:
    return re.sub(r"[0-9a-f]{32}|[A-Za-z0-9]{64}", "", answer.content.decode())


def test_nothing_of_an_address_can_be_read_or_changed(alpha: Any) -> None:
    with enter(alpha.ref()):
        made = recorded()
    lead = sign_in("alpha", "team_lead")
    there = ticket(lead, made)
    for known in (
        made.pk.hex,
        str(made.pk),
        str(made.file_id),
        made.file.sha256,
        made.file.name,
        str(made.interaction_id),
    ):
        assert known not in there
    token = there.split("/")[2]
    for at in range(0, len(token), 7):
        turned = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert status(lead, f"/sound/{turned}/") == 404
    for odd in ("%00", "é", "=", "a" * 5000, "....", token[:-4], token + "AAAA"):
        assert status(lead, f"/sound/{odd}/") == 404


def test_a_file_of_sound_has_no_other_address(alpha: Any) -> None:
    with enter(alpha.ref()):
        made = recorded()
    assert sign_in("alpha", "operator_admin").get(f"/files/{made.file_id}/").status_code == 404


def test_a_client_user_with_the_right_to_originals_gets_the_copy_all_the_same(
    alpha: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a role says: the realm decides."""
    from bpo.permissions import Permission
    from bpo.roles import ROLES

    grant(alpha)
    with enter(alpha.ref()):
        made = recorded(kind="other")
        render(alpha)
    role = ROLES["client_user"]
    more = type(role)(
        role.key, role.label, role.description, role.permissions | {Permission.PLAY_RECORDINGS}, realm="client"
    )
    monkeypatch.setitem(ROLES, "client_user", more)
    assert not second(served(sign_in("alpha", "client_user"), made), 1).any()
