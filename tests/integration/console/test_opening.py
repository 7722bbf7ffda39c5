"""A client opened from the console: asked by the web as `app`, made by the provisioner, all of it or nothing."""

import io
import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client as Browser
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Client, Domain, Membership, Terms, User
from bpo.actors import By
from bpo.ops_audit.models import Entry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy import identities
from bpo.tenancy.context import as_owner, enter
from bpo.ui.pseudo import pseudo_locale, untranslated
from console import openings
from console.forms import suggested_key
from console.models import Opening
from console.openings import ask_opening, carry_out, next_asked
from interactions.models import Actor
from surveys.models import Survey
from tests.integration.console.operators import operator

AGREED = {
    "sees_reports": "on", "surveys_asked": "on", "survey_rest_days": "60", "service_level": "90",
    "answer_within_seconds": "15",
}  # fmt: skip
ACME = {"name": "Acme & Söhne GmbH", "key": "", "zone": "Europe/Berlin", "colour": "3"}


def places() -> tuple[int, int, int, int]:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'c\\_%'")
        schemas = cursor.fetchone()
        cursor.execute(  # of this database: tests beside this one make roles too
            "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'bpotests\\_c\\_%'"
            " AND has_database_privilege(oid, current_database(), 'CONNECT')"
        )
        roles = cursor.fetchone()
    return int(schemas[0]), int(roles[0]), Client.objects.count(), Domain.objects.count()


def provision() -> None:
    call_command("provisioner", once=True, stderr=io.StringIO())


def wished(browser: Browser, identity: dict[str, str]) -> Any:
    """Both steps of the wizard: the answer that leads to the opening."""
    begun = browser.post("/clients/new/", identity)
    assert begun.status_code == 302
    assert Opening.objects.latest("pk").state == "draft"
    wish = browser.post(begun["Location"], AGREED)
    assert wish.status_code == 302
    return wish


def asked(key: str = "acme", **more: Any) -> Opening:
    by = By("operator", "Ewelina")
    given = {"name": "Acme", "zone": "Europe/Berlin", "colour": 2, **more}
    return ask_opening(key=key, by=by, now=timezone.now(), **given)


@pytest.mark.parametrize(
    ("name", "key"),
    [("Norvik Telecom", "norvik-telecom"), ("Acme & Söhne GmbH", "acme-sohne-gmbh"), ("3M", "m"), ("日本", ""),
     ("x" * 60, "x" * 31)],
)  # fmt: skip
def test_a_key_is_suggested_from_the_name(name: str, key: str) -> None:
    assert suggested_key(name) == key


def test_the_form_leads_to_a_client_that_answers(alpha: Any) -> None:
    browser = operator()
    wish = wished(browser, ACME)
    opening = Opening.objects.get()
    assert (opening.key, opening.state, opening.asked_name) == ("acme-sohne-gmbh", "asked", "Ewelina")
    assert "hx-get" in browser.get(wish["Location"]).content.decode()
    assert Browser(HTTP_HOST="acme-sohne-gmbh.bpo.test").get("/sign-in/").status_code == 404
    provision()
    page = browser.get(wish["Location"]).content.decode()
    assert "http://acme-sohne-gmbh.bpo.test" in page
    client = Client.objects.get(key="acme-sohne-gmbh")
    assert (client.name, client.zone, client.colour, client.status) == (
        "Acme & Söhne GmbH", "Europe/Berlin", 3, "active",
    )  # fmt: skip
    terms = client.terms.get()
    assert (terms.sees_reports, terms.sees_satisfaction, terms.survey_rest_days) == (True, False, 60)
    assert (terms.service_level_target, terms.answer_within_seconds, terms.set_by) == (Decimal("0.9"), 15, "Ewelina")
    copied = Job.objects.get(kind="console.copy_terms")
    assert execute(copied.pk, copied.kind) == "done"
    with enter(client.ref()):
        assert Survey.objects.get().rest_days == 60
    assert list(Entry.objects.filter(target_id=str(client.pk)).values_list("action", "actor_id")) == [
        ("client.opened", User.objects.get(email="ewelina@bpo.example").pk)
    ]
    job = Job.objects.get(kind="console.first_access")
    assert job.client_id == client.pk
    assert execute(job.pk, job.kind) == "done"
    assert Membership.objects.filter(client=client, user__email="ewelina@bpo.example", role="operator_admin").exists()
    there = browser.post(f"/cross/{client.key}/")
    assert re.match(r"http://acme-sohne-gmbh\.bpo\.test/arrive/\?code=", there["Location"])


def test_access_given_while_the_page_is_read_is_asked_for_once_more(alpha: Any) -> None:
    browser = operator()
    page = wished(browser, {**ACME, "key": "acme"})["Location"]
    provision()
    job = Job.objects.get(kind="console.first_access")
    given: list[str] = []

    def give_after_the_first_look(execute_sql: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute_sql(sql, params, many, context)
        if "accounts_membership" in sql and job.client_id in params and not given:
            given.append(sql)
            execute(job.pk, job.kind)
        return answer

    with connection.execute_wrapper(give_after_the_first_look):
        between = browser.get(page).content.decode()
    assert given
    assert "hx-get" in between
    after = browser.get(page).content.decode()
    assert "hx-get" not in after
    assert "Open Acme" in after


def test_a_host_tried_too_early_answers_a_second_later(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from bpo.tenancy import hosts

    early = Browser(HTTP_HOST="acme.bpo.test")
    assert early.get("/sign-in/").status_code == 404
    asked()
    later = hosts.time.monotonic() + 1.1
    provision()
    monkeypatch.setattr(hosts.time, "monotonic", lambda: later)
    assert early.get("/sign-in/").status_code == 200


def test_first_people_get_in(alpha: Any) -> None:
    browser = operator()
    wished(browser, {**ACME, "key": "acme"})
    provision()
    opening = Opening.objects.get()
    url = f"/clients/openings/{opening.pk}/people/"
    person = {"email": "lead@acme.example", "name": "Maricel", "role": "team_lead"}
    assert browser.post(url, {**person, "name": ""}).status_code == 422
    assert browser.post(url, person).status_code == 302
    assert Job.objects.filter(kind="accounts.mail_link").count() == 1
    assert "lead@acme.example" in browser.get(f"/clients/openings/{opening.pk}/").content.decode()
    opening.refresh_from_db()
    with enter(opening.client.ref()):
        assert list(Actor.objects.values_list("display_name", flat=True)) == ["Maricel"]


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"key": "alpha"}, "key", "A client “alpha” exists already. Choose another key."),
        ({"key": "ops"}, "key", "“ops” is reserved."),
        ({"key": "no_good"}, "key", "can&#x27;t be part of a host name."),
        ({"key": "x" * 41}, "key", "at most 40 characters"),
        ({"zone": "Mars/Olympus"}, "zone", "“Mars/Olympus” is not a time zone."),
        ({"name": ""}, "name", "This field is required."),
        ({"colour": "12"}, "colour", "12 is not one of the available choices."),
    ],
)
def test_bad_input_is_explained_beside_its_field_and_asks_for_nothing(
    alpha: Any, wrong: dict[str, str], field: str, said: str
) -> None:
    answer = operator().post("/clients/new/", {**ACME, "key": "acme", **wrong})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert said in answer.content.decode()
    assert Opening.objects.count() == 0


def test_what_was_begun_waits_between_the_steps_and_can_be_given_up(alpha: Any) -> None:
    browser = operator()
    here = browser.post("/clients/new/", {**ACME, "key": "acme"})["Location"]
    draft = Opening.objects.get()
    assert next_asked() is None  # the provisioner takes nothing that is only begun
    assert not Entry.objects.filter(action="client.asked").exists()
    bad = browser.post(here, {**AGREED, "service_level": "0"})
    assert bad.status_code == 422
    assert browser.post(here, {**AGREED, "later": "1"})["Location"] == "/"
    draft.refresh_from_db()
    assert (draft.state, draft.terms["survey_rest_days"], draft.terms["sees_satisfaction"]) == ("draft", 60, False)
    assert "Begun and not opened" in browser.get("/clients/new/").content.decode()
    assert browser.get(f"/clients/openings/{draft.pk}/")["Location"] == here
    page = browser.get(here).content.decode()
    assert 'value="90"' in page
    identity = f"/clients/openings/{draft.pk}/identity/"
    assert 'value="acme"' in browser.get(identity).content.decode()
    assert browser.post(identity, {**ACME, "key": "alpha"}).status_code == 422
    assert browser.post(identity, {**ACME, "key": "acme2"})["Location"] == here
    with pseudo_locale():
        assert set(untranslated(browser.get(here).content.decode())) - {"· Acme & Söhne GmbH"} == set()
    assert browser.post(f"/clients/openings/{draft.pk}/cancel/")["Location"] == "/"
    assert not Opening.objects.exists()
    for path in (here, identity):
        assert browser.get(path).status_code == 404
    assert browser.post(f"/clients/openings/{draft.pk}/cancel/").status_code == 404


def test_terms_that_can_not_be_written_leave_no_client(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = places()
    wished(operator(), {**ACME, "key": "acme"})

    def fail(**_: Any) -> None:
        raise DatabaseError("no")

    monkeypatch.setattr(openings, "set_terms", fail)
    provision()
    assert Opening.objects.get().state == "refused"
    assert places() == before
    assert not Terms.objects.exists()


def test_a_key_waits_once(alpha: Any) -> None:
    asked()
    with pytest.raises(Refused, match="is being opened now"):
        asked()
    assert Opening.objects.count() == 1


def test_a_failure_in_the_middle_leaves_nothing_and_is_tried_three_times(
    alpha: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = places()

    def fail(*_: Any) -> None:
        raise DatabaseError("the disk is full")

    opening = asked()
    monkeypatch.setattr(openings, "_finish", fail)
    for attempt in (1, 2, 3):
        assert places() == before
        found = next_asked()
        assert found is not None
        assert found.attempts == attempt
        assert carry_out(found, now=timezone.now()) is False
    opening.refresh_from_db()
    assert (opening.state, opening.client) == ("refused", None)
    assert "nothing was made" in opening.problem
    assert next_asked() is None
    assert places() == before
    assert "Not opened; nothing was left behind" in operator().get(f"/clients/openings/{opening.pk}/").content.decode()


def test_a_killed_provisioner_does_not_try_for_ever(alpha: Any) -> None:
    opening = asked()
    for _ in range(3):
        next_asked()
    found = next_asked()
    assert found is not None
    assert carry_out(found, now=timezone.now()) is False
    opening.refresh_from_db()
    assert opening.state == "refused"


def test_of_two_provisioners_one_makes_the_client(alpha: Any) -> None:
    asked()
    first, second = next_asked(), next_asked()
    assert first is not None
    assert second is not None
    assert carry_out(first, now=timezone.now()) is True
    before = places()
    second.key = "acme-again"  # past the check of the key, up to the row's end
    assert carry_out(second, now=timezone.now()) is False
    assert places() == before
    assert Opening.objects.get().state == "opened"


def test_a_key_taken_meanwhile_is_refused_with_the_remedy(alpha: Any) -> None:
    opening = asked()
    call_command("create_client", key="acme", zone="UTC", name="Other")
    provision()
    opening.refresh_from_db()
    assert (opening.state, opening.field) == ("refused", "key")
    assert opening.problem == "A client “acme” exists already."


def test_the_provisioner_refuses_to_start_without_the_owner(alpha: Any, settings_without_owner: None) -> None:
    with pytest.raises(CommandError, match="Start it with the owner's DATABASE_URL"):
        provision()


@pytest.fixture
def settings_without_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "OWNER", None)
    assert identities.settings.OWNER is None


def test_asking_needs_no_owner(alpha: Any, settings_without_owner: None) -> None:
    wished(operator(), {**ACME, "key": "acme"})
    assert Opening.objects.get().state == "asked"


def test_only_who_may_open_clients_sees_the_form(alpha: Any) -> None:
    hr = operator(email="hr@bpo.example", role="hr")
    assert hr.get("/clients/new/").status_code == 403
    assert hr.post("/clients/new/", {**ACME, "key": "acme"}).status_code == 403
    assert hr.get(f"/clients/openings/{uuid.uuid4()}/").status_code == 403
    assert operator().get(f"/clients/openings/{uuid.uuid4()}/").status_code == 404
    assert Opening.objects.count() == 0
