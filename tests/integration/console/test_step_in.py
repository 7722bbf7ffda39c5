"""Stepping into a client: a row in public, an hour at most, a look at every row and at nothing else; T29."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Client, Membership, StepIn, User
from accounts.services import create_token
from accounts.services.memberships import end, grant
from accounts.services.step_ins import step_in, step_out
from bpo.actors import system
from bpo.audit.models import Entry as ClientEntry
from bpo.data_classes import models_of
from bpo.ops_audit.models import Entry
from bpo.tenancy.context import as_owner, enter
from console.client_admin import HIDDEN, site
from interactions.models import Customer, Queue
from tests.integration.accounts.test_hosts_and_sessions import ALPHA, OPS, arrived, person, sign_in
from tests.integration.console.operators import operator
from tests.statements import grows_with_rows
from tests.words import text_of

BY = system("tests")


def stepped(client: Client, reason: str = "Matter 77") -> tuple[Browser, Browser]:
    """The operator's browser, and the one they came to the client's host with."""
    admin = operator()
    answer = admin.post(f"/clients/{client.key}/step-in/", {"reason": reason, "minutes": "15"})
    there = urlsplit(answer["Location"])
    browser = Browser(HTTP_HOST=there.netloc)
    assert browser.get(f"{there.path}?{there.query}")["Location"] == "/admin/"
    return admin, browser


def user() -> User:
    return User.objects.get(email="ewelina@bpo.example")


def test_an_operator_steps_in_looks_and_steps_out(alpha: Any, beta: Any) -> None:
    with enter(alpha.ref()):
        ana = Customer.objects.create(name="Ana of Alpha", reference="C1")
    admin, inside = stepped(alpha)
    front = text_of(inside.get("/admin/"))
    assert "Every row of this client" in front
    for words in ("Inside Alpha", "Matter 77", "15 min left", "Leave", "All rows"):
        assert words in front, words
    assert "Ana of Alpha" in text_of(inside.get("/admin/interactions/customer/?q=Ana"))
    page = inside.get(f"/admin/interactions/customer/{ana.pk}/change/")
    assert "Ana of Alpha" in text_of(page)
    assert b'name="_save"' not in page.content
    assert b"<script>" not in page.content
    history = text_of(inside.get(f"/admin/interactions/customer/{ana.pk}/history/"))
    assert "Row looked at by an operator who stepped in" in history
    for path in (
        "/admin/interactions/customer/add/", f"/admin/interactions/customer/{ana.pk}/delete/", "/admin/jsi18n/",
        "/admin/login/", "/admin/logout/", "/admin/autocomplete/", "/admin/password_change/", "/admin/nothing/",
    ):  # fmt: skip
        assert inside.get(path).status_code == 404, path
    for path in ("/admin/", "/admin/interactions/customer/", f"/admin/interactions/customer/{ana.pk}/change/"):
        assert inside.post(path, {"name": "Eve", "_save": "1"}).status_code == 405, path
    assert inside.get("/interactions/").status_code == 403, "stepping in is no role"
    with enter(alpha.ref()):
        said = list(ClientEntry.objects.order_by("seq").values_list("action", "actor_kind", "target_id"))
        assert [(action, kind) for action, kind, _ in said] == [
            ("step_in.listed", "operator"), ("step_in.looked", "operator"),
        ]  # fmt: skip
        assert said[1][2] == str(ana.pk)
        assert Customer.objects.get().name == "Ana of Alpha"
    told = text_of(admin.get("/clients/alpha/step-in/"))
    for words in ("You are inside, 15 minutes left", "Ewelina", "Matter 77"):
        assert words in told, words
    assert "You have left Alpha" in text_of(inside.post("/step-out/"))
    assert inside.get("/admin/").status_code == 404
    assert inside.post("/step-out/").status_code == 404
    assert list(Entry.objects.filter(action__startswith="step_in").order_by("seq").values_list("action", flat=True)) == [
        "step_in.begun", "step_in.ended",
    ]  # fmt: skip
    assert Entry.objects.get(action="step_in.begun").detail == {"client": "alpha", "minutes": 15, "reason": "Matter 77"}


def test_it_ends_with_its_time_with_the_role_and_is_no_programs(alpha: Any, beta: Any) -> None:
    _admin, inside = stepped(alpha)
    assert inside.get("/admin/").status_code == 200
    grant(user=user(), client=alpha, role="operator_admin", scope="all", ends_at=None, by=BY, now=timezone.now())
    assert inside.get("/interactions/").status_code == inside.get("/admin/").status_code == 200
    _, clear = create_token(
        user=user(), client=alpha, name="t", scopes=["see_interactions", "look_inside", "see_home"], days=1, by=BY,
        now=timezone.now(),
    )  # fmt: skip
    api = Browser(HTTP_HOST=ALPHA, HTTP_AUTHORIZATION=f"Bearer {clear}")
    assert api.get("/api/v1/interactions/").status_code == 200
    assert api.get("/admin/").status_code == 404
    replayed = Browser(HTTP_HOST="beta.bpo.test")
    replayed.cookies = inside.cookies
    assert replayed.get("/admin/").status_code == 404
    _admin, inside = stepped(alpha, "Once more")
    assert StepIn.objects.filter(ended_at=None).count() == 1, "what was left of the first look ended"
    person("operator_admin", None, "heir@bpo.example")
    held = Membership.objects.get(user=user(), client=None)
    end(membership=held, by=BY, now=timezone.now())
    assert inside.get("/admin/").status_code == 404, "no longer an operator admin"
    grant(user=user(), client=None, role="operator_admin", scope="all", ends_at=None, by=BY, now=timezone.now())
    assert inside.get("/admin/").status_code == 200
    with as_owner(), connection.cursor() as cursor:  # its time passes: only the owner may set a clock back
        cursor.execute("ALTER TABLE accounts_stepin DISABLE TRIGGER step_in_is_only_ended")
        cursor.execute(
            "UPDATE accounts_stepin SET begins_at = begins_at - interval '16 min', until = until - interval '16 min' "
            "WHERE ended_at IS NULL"
        )
        cursor.execute("ALTER TABLE accounts_stepin ENABLE TRIGGER step_in_is_only_ended")
    assert inside.get("/admin/").status_code == 404
    assert b"stepped-in" not in inside.get("/interactions/").content
    assert stepped(alpha, "Third")[1].get("/admin/").status_code == 200


def test_t29_to_everybody_else_the_admin_answers_like_a_missing_page(alpha: Any) -> None:
    person("team_lead", alpha)
    person("client_user", alpha, "astrid@alpha.example", client_realm=True)
    own = Browser(HTTP_HOST=ALPHA)
    own.post("/sign-in/", {"email": "astrid@alpha.example", "password": "a long enough one"})
    admin = operator()
    grant(user=user(), client=alpha, role="operator_admin", scope="all", ends_at=None, by=BY, now=timezone.now())
    browsers = [Browser(HTTP_HOST=ALPHA), own, arrived("alpha"), arrived("alpha", "ewelina@bpo.example")]
    for browser in browsers:
        for path in ("/admin/", "/admin", "/admin/interactions/customer/", "/admin/x/", "/step-out/"):
            for method in ("get", "post"):
                answer = getattr(browser, method)(path)
                missing = getattr(browser, method)("/no-such/" if path.endswith("/") else "/no-such")
                assert answer.status_code == missing.status_code == 404, (path, method)
                assert mend(answer.content) == mend(missing.content), (path, method)
    lead = sign_in(OPS)
    assert lead.get("/admin/").status_code == lead.get("/clients/alpha/step-in/").status_code == 403
    listed = {model._meta.label for model in models_of("client")}
    text = admin.get("/admin/").content.decode()
    assert [label for label in listed if f"/admin/{label.lower().replace('.', '/')}/" in text] == []
    for label in ("interactions/customer", "audit/entry", "qa/evaluation"):
        assert admin.get(f"/admin/{label}/").status_code == 404, "a client's rows are not of the operator's admin"


def mend(content: bytes) -> bytes:
    import re

    return re.sub(rb"[A-Za-z0-9]{64}|[0-9a-f]{32}", b"*", content)


def test_every_model_of_a_client_is_listed_and_every_page_opens(alpha: Any) -> None:
    assert {model._meta.label for model in site._registry} == {model._meta.label for model in models_of("client")}
    _admin, inside = stepped(alpha)
    for model in models_of("client"):
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        answer = inside.get(path, {"q": "a"})
        assert answer.status_code == 200, path
        assert inside.get(f"{path}0/change/")["Location"] == "/admin/", "there is no such row"
    hidden = {field.name for model in models_of("client") for field in model._meta.concrete_fields} & HIDDEN
    assert hidden == HIDDEN, "what is hidden is there"


def test_a_list_inside_sends_as_many_statements_for_three_rows_as_for_one(alpha: Any) -> None:
    _admin, inside = stepped(alpha)

    def add(count: int) -> None:
        with enter(alpha.ref()):
            for _ in range(count):
                number = Queue.objects.count()
                Queue.objects.create(key=f"q{number}", name=f"Queue {number}")

    assert grows_with_rows(lambda: inside.get("/admin/interactions/queue/"), add) is None


def test_what_can_not_be_a_step_in_is_refused(alpha: Any, gamma: Any) -> None:
    person("team_lead", alpha)
    admin = operator()
    for field, who, more in (
        ("reason", user(), {"reason": "  "}),
        ("minutes", user(), {"minutes": 61}),
        ("user", User.objects.get(email="lead@bpo.example"), {}),
    ):
        with pytest.raises(Refused) as refused:
            step_in(
                **{"user": who, "client": alpha, "reason": "x", "minutes": 15, "by": BY, "now": timezone.now(), **more}
            )
        assert refused.value.field == field
    Client.objects.filter(pk=gamma.pk)
    assert admin.post("/clients/alpha/step-in/", {"reason": "", "minutes": "15"}).status_code == 422
    assert admin.post("/clients/alpha/step-in/", {"reason": "x", "minutes": "600"}).status_code == 422
    assert admin.get("/clients/nobody/step-in/").status_code == 404
    assert step_out(user=user(), client_id=alpha.pk, by=BY, now=timezone.now()) is False
    assert not StepIn.objects.exists()


def test_the_database_keeps_step_ins_as_they_were_written(alpha: Any) -> None:
    operator()
    person("client_user", alpha, "astrid@alpha.example", client_realm=True)
    own = User.objects.get(email="astrid@alpha.example")
    now = timezone.now()
    row: dict[str, Any] = {
        "user": user(),
        "client": alpha,
        "reason": "x",
        "begins_at": now,
        "until": now + timedelta(minutes=9),
    }

    def made(**more: Any) -> StepIn:
        with transaction.atomic():
            return StepIn.objects.create(**{**row, **more})

    for name, more in (
        ("step_in_is_an_hour_at_most", {"until": now + timedelta(minutes=61)}),
        ("step_in_is_an_hour_at_most", {"until": now}),
        ("step_in_has_a_reason", {"reason": ""}),
        ("of staff and begins open", {"user": own}),
        ("of staff and begins open", {"ended_at": now}),
    ):
        with pytest.raises(IntegrityError, match=name):
            made(**more)
    kept = made()
    with pytest.raises(IntegrityError, match="step_in_is_one_at_a_time"):
        made()

    def raw(statement: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    attacks = (
        "UPDATE accounts_stepin SET until = until + interval '5 min'",
        "UPDATE accounts_stepin SET reason = 'another'",
        "DELETE FROM accounts_stepin",
    )
    for statement in attacks:
        with pytest.raises(IntegrityError, match="step-in"):
            raw(statement)
    with enter(alpha.ref()):
        for statement in (
            *attacks,
            "INSERT INTO public.accounts_stepin DEFAULT VALUES",
            "SELECT * FROM public.accounts_stepin",
        ):
            with pytest.raises(DatabaseError, match=r"permission denied|does not exist"):
                raw(statement)
    raw("UPDATE accounts_stepin SET ended_at = until")
    for statement in ("UPDATE accounts_stepin SET ended_at = NULL", "UPDATE accounts_stepin SET ended_at = begins_at"):
        with pytest.raises(IntegrityError, match="step-in"):
            raw(statement)
    assert StepIn.objects.get().pk == kept.pk
