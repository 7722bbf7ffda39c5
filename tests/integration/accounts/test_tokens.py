"""API tokens on screen: named, scoped to what their owner may, expiring, shown once, of one client, revoked."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Membership, Token, User
from accounts.services import create_token
from accounts.services.memberships import end
from bpo.actors import system
from bpo.ops_audit.models import Entry
from tests.integration.accounts.test_hosts_and_sessions import ALPHA, BETA, arrived, person
from tests.integration.console.operators import operator
from tests.statements import statements
from tests.words import text_of

BY = system("tests")
FORM = {"name": "Nightly export", "days": "90", "scopes": ["see_interactions", "see_csat"]}


def by(clear: str, host: str = ALPHA) -> Browser:
    return Browser(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {clear}")


def test_a_token_is_made_shown_once_used_and_revoked(alpha: Any, beta: Any) -> None:
    person("team_lead", alpha)
    lead = arrived("alpha")
    assert "No token yet" in text_of(lead.get("/tokens/"))
    answer = lead.post("/tokens/", FORM)
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    [clear] = re.findall(r'id="clear-token"[^>]*>([0-9a-f]{64})<', answer.content.decode())
    token = Token.objects.get()
    assert token.digest != clear
    assert clear not in str(Token.objects.values()[0]), "only its hash is kept"
    assert token.expiry is not None
    assert abs(token.expiry - timezone.now() - timedelta(days=90)) < timedelta(minutes=2)
    page = lead.get("/tokens/")
    for words in ("Nightly export", "see interactions, see CSAT and comments", "never"):
        assert words in text_of(page), words
    assert clear not in page.content.decode()
    assert token.digest not in page.content.decode()
    assert by(clear).get("/api/v1/interactions/").status_code == 200
    assert by(clear).get("/api/v1/evaluations/").status_code == 403, "not among its scopes"
    assert by(clear, BETA).get("/api/v1/interactions/").status_code == 401
    assert by(clear).get("/tokens/").status_code == 403, "no token makes another"
    assert "never" not in text_of(lead.get("/tokens/"))
    person("team_lead", alpha, "other@bpo.example")
    path = f"/tokens/{UUID(token.audit_id)}/revoke/"
    assert arrived("alpha", "other@bpo.example").post(path).status_code == 404, "another's is missing"
    assert lead.post(path).status_code == 302
    assert by(clear).get("/api/v1/interactions/").status_code == 401
    assert lead.post(path).status_code == 404
    assert list(Entry.objects.filter(action__startswith="token.").order_by("seq").values_list("action", "target_id")) == [
        ("token.created", token.audit_id), ("token.revoked", token.audit_id),
    ]  # fmt: skip


def test_what_can_not_be_made_is_told_at_its_field(alpha: Any) -> None:
    person("client_user", alpha, "astrid@alpha.example", client_realm=True)
    own = Browser(HTTP_HOST=ALPHA)
    own.post("/sign-in/", {"email": "astrid@alpha.example", "password": "a long enough one"})
    for wrong in (
        {"name": " "}, {"days": "0"}, {"days": "366"}, {"days": ""}, {"scopes": []}, {"scopes": ["see_audit"]},
        {"scopes": ["make_tokens"]}, {"scopes": ["see_csat", "look_inside"]}, {"scopes": ["no such"]},
    ):  # fmt: skip
        assert own.post("/tokens/", FORM | {"scopes": ["see_csat"]} | wrong).status_code == 422, wrong
    assert not Token.objects.exists()
    assert own.post("/tokens/", FORM | {"scopes": ["see_csat"], "days": "365"}).status_code == 201
    user = User.objects.get(email="astrid@alpha.example")
    for field, more in (("days", {"days": 366}), ("days", {"days": 0}), ("name", {"name": " "})):
        given = {
            "user": user,
            "client": alpha,
            "name": "x",
            "scopes": ["see_csat"],
            "days": 9,
            "by": BY,
            "now": timezone.now(),
        }
        with pytest.raises(Refused) as refused:
            create_token(**given | more)  # type: ignore[arg-type]
        assert refused.value.field == field
    for statement in ("expiry = NULL", "expiry = created + interval '367 days'"):
        with (
            pytest.raises(IntegrityError, match="token_expires_within_a_year"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE accounts_token SET {statement}")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_token SET expiry = created + interval '365 days'")


def test_the_administrator_sees_them_all_and_ends_any(alpha: Any, beta: Any) -> None:
    user = person("team_lead", alpha)
    admin = operator()
    assert "No token here" in text_of(admin.get("/clients/alpha/tokens/"))
    counts, clears = [], []
    for names in (("a",), ("b", "c")):
        for name in names:
            clears.append(
                create_token(
                    user=user, client=alpha, name=f"Token {name}", scopes=["see_interactions"], days=9, by=BY,
                    now=timezone.now(),
                )[1]
            )  # fmt: skip
        counts.append(statements(lambda: admin.get("/clients/alpha/tokens/")))
    assert counts[0] == counts[1] == 6
    lead = arrived("alpha")
    lead.get("/tokens/")
    mine = statements(lambda: lead.get("/tokens/"))
    page = admin.get("/clients/alpha/tokens/")
    for words in ("Token a", "Token c", "Maricel", "see interactions"):
        assert words in text_of(page), words
    assert [one for one in Token.objects.values_list("digest", flat=True) if one in page.content.decode()] == []
    token = Token.objects.get(name="Token a")
    assert admin.post(f"/clients/beta/tokens/{UUID(token.audit_id)}/revoke/").status_code == 404, "of another client"
    assert admin.post(f"/clients/alpha/tokens/{UUID(token.audit_id)}/revoke/").status_code == 302
    assert by(clears[0]).get("/api/v1/interactions/").status_code == 401
    assert by(clears[1]).get("/api/v1/interactions/").status_code == 200
    Token.objects.exclude(name="Token b").delete()
    assert statements(lambda: lead.get("/tokens/")) == mine == 5
    end(membership=Membership.objects.get(user=user), by=BY, now=timezone.now())
    assert by(clears[1]).get("/api/v1/interactions/").status_code == 401
