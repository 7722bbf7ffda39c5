"""Access: given, changed and ended by services and on screen; it counts at the next request, and one admin stays."""

from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts.errors import Refused, Stale
from accounts.models import Membership, User
from accounts.selectors_sign_in import open_invitations
from accounts.services import create_token
from accounts.services.memberships import change, end, grant
from bpo.actors import system
from bpo.ops_audit.models import Entry
from bpo.tenancy.context import as_owner, enter
from console.access import end_of, last_day_of
from interactions.models import Actor
from tests.integration.accounts.test_hosts_and_sessions import OPS, arrived, person, sign_in
from tests.integration.console.operators import operator
from tests.statements import statements
from tests.words import text_of
from workforce.models import Seat

BY = system("tests")


def now() -> datetime:
    return timezone.now()


def given(user: User, client: Any, role: str, *, scope: str = "all", ends_at: Any = None) -> Membership:
    return grant(user=user, client=client, role=role, scope=scope, ends_at=ends_at, by=BY, now=now())


def test_a_role_is_given_changed_and_ended_with_before_and_after_in_the_audit(alpha: Any) -> None:
    user = person("team_lead", alpha)
    made = given(user, alpha, "qa_analyst", scope="teams")
    until = now() + timedelta(days=9)
    kept = change(membership=made, version=1, scope="all", ends_at=until, by=BY, now=now())
    assert (kept.scope, kept.ends_at, kept.version) == ("all", until, 2)
    with pytest.raises(Stale):
        change(membership=made, version=1, scope="self", ends_at=None, by=BY, now=now())
    assert end(membership=made, by=BY, now=now()) is True
    assert end(membership=made, by=BY, now=now()) is False, "twice is once"
    again = given(user, alpha, "qa_analyst", scope="self")
    assert again.pk == made.pk
    said = list(Entry.objects.filter(target_id=str(made.pk)).order_by("seq").values_list("action", "detail"))
    assert [action for action, _ in said] == [
        f"membership.{what}" for what in ("granted", "changed", "ended", "granted")
    ]
    assert said[0][1] == {"role": "qa_analyst", "client": "alpha"}
    assert said[1][1]["changes"] == {"scope": ["teams", "all"], "ends_at": [None, until.isoformat()]}
    assert said[2][1]["changes"]["ends_at"][0] == until.isoformat()
    assert said[3][1]["changes"]["scope"] == ["all", "self"]


def test_what_can_not_be_given_is_refused_by_its_field(alpha: Any, beta: Any) -> None:
    lead = person("team_lead", alpha)
    own = person("client_user", alpha, "astrid@alpha.example", client_realm=True)
    past = now() - timedelta(days=1)
    for field, who, where, role, more in (
        ("role", lead, alpha, "team_lead", {}),
        ("role", lead, alpha, "client_user", {}),
        ("role", own, alpha, "agent", {}),
        ("email", own, beta, "client_user", {}),
        ("email", own, None, "client_approver", {}),
        ("role", lead, alpha, "king", {}),
        ("scope", lead, beta, "agent", {"scope": "world"}),
        ("last_day", lead, beta, "agent", {"ends_at": past}),
        ("last_day", own, alpha, "third_party", {}),
    ):
        with pytest.raises(Refused) as refused:
            given(who, where, role, **more)
        assert refused.value.field == field, role
    assert given(own, alpha, "third_party", ends_at=now() + timedelta(days=1)).ends_at is not None
    with pytest.raises(IntegrityError, match="membership_of_third_party_expires"), transaction.atomic():
        Membership.objects.filter(role="third_party").update(ends_at=None)


def test_the_database_keeps_one_operator_admin(alpha: Any) -> None:
    """By raw SQL as the web's role and as the owner; the same statements work while there is another admin."""
    only = person("operator_admin", None, "one@bpo.example")
    attacks = (
        "DELETE FROM accounts_membership WHERE user_id = %s",
        "UPDATE accounts_membership SET ends_at = now() + interval '1 year' WHERE user_id = %s",
        "UPDATE accounts_membership SET role = 'hr' WHERE user_id = %s",
        "UPDATE accounts_user SET is_active = false WHERE id = %s",
    )

    def attempt(statement: str, user: User) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [user.pk])

    for statement in attacks:
        with pytest.raises(IntegrityError, match="last operator admin"):
            attempt(statement, only)
        with as_owner(), pytest.raises(IntegrityError, match="last operator admin"):
            attempt(statement, only)
    held = Membership.objects.get(user=only)
    for refused in (
        lambda: end(membership=held, by=BY, now=now()),
        lambda: change(membership=held, version=1, scope="all", ends_at=now() + timedelta(days=1), by=BY, now=now()),
    ):
        with pytest.raises(Refused, match="last operator admin"):
            refused()
    for number, statement in enumerate(attacks):
        attempt(statement, person("operator_admin", None, f"more{number}@bpo.example"))
    with transaction.atomic():  # one statement after the other: what counts is how it stands at the end
        Membership.objects.filter(pk=held.pk).update(ends_at=now() + timedelta(days=1))
        person("operator_admin", None, "heir@bpo.example")
    attempt(attacks[0], only)
    assert User.objects.filter(memberships__role="operator_admin", memberships__ends_at=None).exists()


def test_of_two_admins_taken_away_at_once_one_stays(alpha: Any) -> None:
    first, second = (person("operator_admin", None, f"{name}@bpo.example") for name in ("one", "two"))
    parameters = {key: value for key, value in connection.get_connection_params().items() if key != "cursor_factory"}
    with psycopg.connect(**{**parameters, "context": None}) as other:
        other.execute("UPDATE accounts_membership SET ends_at = now() WHERE user_id = %s", [second.pk])
        with pytest.raises(Exception, match=r"last operator admin|deadlock|lock timeout") as refused:
            with transaction.atomic():
                Membership.objects.filter(user=first).update(ends_at=now())
        assert refused.value is not None
        other.commit()
    open_ended = Membership.objects.filter(role="operator_admin", client=None, ends_at=None)
    assert [one.user_id for one in open_ended] == [first.pk]


def test_t16_a_role_taken_away_is_refused_at_the_next_request_by_session_and_token(alpha: Any) -> None:
    """A session and a token live on; neither opens anything. There is no stream that could stay open (T28)."""
    user = person("team_lead", alpha)
    browser = arrived("alpha")
    _, clear = create_token(
        user=user, client=alpha, name="t", scopes=["see_notices", "see_interactions"], days=9, by=BY, now=now()
    )
    api = Browser(HTTP_HOST="alpha.bpo.test", HTTP_AUTHORIZATION=f"Bearer {clear}")
    assert browser.get("/notices/").status_code == api.get("/api/v1/interactions/").status_code == 200
    held = Membership.objects.get(user=user)
    change(membership=held, version=1, scope="self", ends_at=None, by=BY, now=now())
    assert browser.get("/audit/").status_code == 200
    end(membership=held, by=BY, now=now())
    assert browser.get("/notices/").status_code == 404
    assert browser.get("/audit/").status_code == 404
    assert api.get("/api/v1/interactions/").status_code == 401
    given(user, alpha, "agent")
    assert browser.get("/notices/").status_code == 200
    assert browser.get("/audit/").status_code == 403, "an agent is told who may"
    assert api.get("/api/v1/interactions/").status_code == 403, "a token does what its owner may"


def test_a_role_at_a_client_is_none_at_the_operator(alpha: Any) -> None:
    user = person("operator_admin", alpha)
    browser = sign_in(OPS)
    assert b"Where do you work now?" in browser.get("/").content
    for path in ("/clients/alpha/", "/jobs/", "/people/", "/admin/", "/access/", "/audit/"):
        assert browser.get(path).status_code == 403, path
    given(user, None, "operator_admin")
    for path in ("/clients/alpha/", "/jobs/", "/people/", "/admin/", "/access/", "/audit/"):
        assert browser.get(path).status_code == 200, path


def test_access_on_screen_from_giving_to_taking_away_and_back(alpha: Any, beta: Any) -> None:
    person("team_lead", alpha)
    admin = operator()
    form = {"email": "LEAD@bpo.example", "name": "", "role": "qa_analyst", "scope": "all", "last_day": "2099-02-28"}
    assert admin.post("/clients/beta/access/give/", form | {"email": "nobody@bpo.example"}).status_code == 422
    assert admin.post("/clients/beta/access/give/", form | {"role": "third_party", "last_day": ""}).status_code == 422
    assert admin.post("/clients/beta/access/give/", form)["Location"] == "/clients/beta/access/"
    made = Membership.objects.get(client=beta)
    assert last_day_of(made) == date(2099, 2, 28)
    assert made.ends_at == end_of(date(2099, 2, 28), beta)
    assert made.ends_at is not None
    assert made.ends_at.isoformat() == "2099-02-28T16:00:00+00:00", "midnight in Manila"
    seat = Seat.objects.get(client=beta)
    with enter(beta.ref()):
        assert Actor.objects.filter(pk=seat.actor_id, display_name="Maricel").exists()
    page = text_of(admin.get("/clients/beta/access/"))
    for words in ("Maricel", "QA analyst", "28 Feb 2099", "everything there", "staff", "Ewelina", "score interactions"):
        assert words in page, words
    lead = arrived("beta")
    assert lead.get("/evaluations/").status_code == 200
    assert admin.post(f"/access/{made.pk}/", {"version": "7", "scope": "self", "last_day": ""}).status_code == 409
    assert admin.post(f"/access/{made.pk}/", {"version": "1", "scope": "teams", "last_day": ""}).status_code == 302
    answer = admin.post(f"/access/{made.pk}/end/")
    assert lead.get("/evaluations/").status_code == 404
    assert "Maricel is no longer QA analyst here." in text_of(admin.get(answer["Location"]))
    assert "Maricel" not in text_of(admin.get("/clients/beta/access/"))
    assert "Maricel" in text_of(admin.get("/clients/beta/access/?state=ended&role=qa_analyst&q=lead@"))
    assert "Nobody matches" in text_of(admin.get("/clients/beta/access/?role=agent"))
    admin.post(f"/access/{made.pk}/again/?until=2099-03-31")
    made.refresh_from_db()
    assert (made.scope, last_day_of(made)) == ("teams", date(2099, 3, 31))
    assert lead.get("/evaluations/").status_code == 200
    mine = Membership.objects.get(role="operator_admin")
    refused = text_of(admin.get(admin.post(f"/access/{mine.pk}/end/")["Location"]))
    assert "last operator admin" in refused
    assert "last operator admin" in text_of(admin.get(f"/access/{mine.pk}/"))


def test_somebody_new_is_invited_with_the_role_asked_again_and_taken_back(alpha: Any) -> None:
    admin = operator()
    form = {"email": "new@bpo.example", "role": "qa_analyst", "scope": "teams", "last_day": "2099-02-28"}
    refused = admin.post("/clients/alpha/access/give/", form)
    assert refused.status_code == 422
    assert "write their name to invite them" in text_of(refused)
    assert not User.objects.filter(email="new@bpo.example").exists()
    assert admin.post("/clients/alpha/access/give/", form | {"name": "Noor"}).status_code == 302
    page = text_of(admin.get("/clients/alpha/access/"))
    for words in ("Noor is invited by mail, as QA analyst.", "Invited, not in yet", "waiting to be sent"):
        assert words in page, words
    user = User.objects.get(email="new@bpo.example")
    held = Membership.objects.get(user=user)
    assert (held.scope, last_day_of(held), user.has_usable_password()) == ("teams", date(2099, 2, 28), False)
    with enter(alpha.ref()):
        assert Actor.objects.filter(display_name="Noor").exists()
    [first] = open_invitations(client_id=alpha.pk)
    assert admin.post(f"/invitations/{user.pk}/again/", {"at": "alpha"})["Location"] == "/clients/alpha/access/"
    [second] = open_invitations(client_id=alpha.pk)
    assert second.pk != first.pk
    admin.post(f"/invitations/{user.pk}/end/", {"at": "alpha"})
    assert not open_invitations(client_id=alpha.pk)
    assert Membership.objects.filter(user=user, ends_at=None).count() == 0
    assert "no invitation of this person that waits" in text_of(
        admin.get(admin.post(f"/invitations/{user.pk}/end/", {"at": "alpha"})["Location"])
    )
    assert admin.post(f"/invitations/{alpha.pk}/again/").status_code == 404


def test_the_list_sends_as_many_statements_for_three_rows_as_for_one(alpha: Any) -> None:
    admin = operator()
    counts = []
    for more in (("a",), ("b", "c")):
        for name in more:
            person("agent", alpha, f"{name}@bpo.example")
        counts.append(statements(lambda: admin.get("/clients/alpha/access/")))
    assert counts == [7, 7]


def test_somebody_new_is_invited_with_the_role_its_reach_and_its_end(alpha: Any) -> None:
    admin = operator()
    form = {"email": "eve@alpha.example", "role": "third_party", "scope": "teams", "last_day": "2099-02-28"}
    assert admin.post("/clients/alpha/access/give/", form).status_code == 422
    assert not User.objects.filter(email="eve@alpha.example").exists()
    assert admin.post("/clients/alpha/access/give/", {**form, "name": "Eve"}).status_code == 302
    made = Membership.objects.select_related("user").get(user__email="eve@alpha.example")
    assert (made.user.name, made.user.realm_id, made.scope) == ("Eve", alpha.pk, "teams")
    assert last_day_of(made) == date(2099, 2, 28)
    assert not made.user.has_usable_password()
    assert Seat.objects.filter(user=made.user, client=alpha).exists()
    assert Entry.objects.filter(action="invitation.sent").count() == 1
