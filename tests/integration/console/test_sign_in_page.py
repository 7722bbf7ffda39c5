"""A client's sign-in on its page: the second step it asks for, and its company's provider, checked before it counts."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import get_resolver
from django.utils import timezone

from accounts.errors import Refused, Stale
from accounts.models import ExternalIdentity, IdentityProvider, SignInRule
from accounts.models.client import RESERVED_KEYS
from accounts.services import check_opening, require_second_step
from accounts.services.providers import set_provider, switch_on
from bpo.actors import system
from bpo.ops_audit.models import Entry
from bpo.tenancy.context import as_owner
from bpo.ui.pseudo import pseudo_locale, untranslated
from tests.integration.accounts.company import CLIENT_ID, SECRET, Company, company
from tests.integration.accounts.second_steps import ALPHA, MINE, OPS, enrolled, give_password, person
from tests.integration.accounts.test_company import came
from tests.integration.console.operators import operator
from tests.statements import statements

PAGE, STAFF = "/clients/alpha/sign-in/", "/access/sign-in/"
BY = system("tests")


def settings_of(there: Company, **other: Any) -> dict[str, Any]:
    return {
        "version": "0", "name": "Company", "issuer": there.issuer, "client_id": CLIENT_ID, "secret": SECRET,
        "new_role": "client_user", **other,
    }  # fmt: skip


def told(prefix: str) -> list[str]:
    return list(Entry.objects.filter(action__startswith=prefix).order_by("seq").values_list("action", flat=True))


def test_a_second_step_is_asked_for_from_the_next_sign_in_on(alpha: Any) -> None:
    admin = operator()
    assert "Nobody signs in here as the client’s own yet" in admin.get(PAGE).content.decode()
    for name in ("astrid", "boris"):
        person("client_user", alpha, f"{name}@alpha.example", client_realm=True)
    enrolled(give_password(ALPHA, "boris@alpha.example")[0])
    before, _ = give_password(ALPHA, "astrid@alpha.example")
    assert "1 of 2 who sign in here has no second step" in admin.get(PAGE).content.decode()
    assert admin.post(f"{PAGE}second-step/", {"on": "1", "version": "0"}).status_code == 302
    shown = admin.get(PAGE).content.decode()
    assert "led to set one up at their next sign-in" in shown
    assert f"{PAGE}second-step/?on=0" in shown, "the toast takes it back"
    assert before.get("/notices/").status_code == 200, "whoever was in goes on"
    after, _ = give_password(ALPHA, "astrid@alpha.example")
    assert after.get("/notices/")["Location"] == MINE
    assert admin.post(f"{PAGE}second-step/?on=0", {"csrfmiddlewaretoken": "x"}).status_code == 302
    again, _ = give_password(ALPHA, "astrid@alpha.example")
    assert again.get("/notices/").status_code == 200
    assert [line.detail for line in Entry.objects.filter(action="second_step.required").order_by("seq")] == [
        {"required": True}, {"required": False},
    ]  # fmt: skip
    assert admin.post(f"{PAGE}second-step/", {"on": "x"}).status_code == 404


def test_of_two_who_change_the_rule_the_second_is_shown_what_stands(alpha: Any) -> None:
    admin = operator()
    require_second_step(client=alpha, required=True, version=0, by=BY, now=timezone.now())
    answer = admin.post(f"{PAGE}second-step/", {"on": "1", "version": "0"})
    assert answer.status_code == 409
    assert "Somebody changed it meanwhile" in answer.content.decode()
    assert SignInRule.objects.get().version == 1
    require_second_step(client=alpha, required=True, version=1, by=BY, now=timezone.now())
    assert (SignInRule.objects.get().version, told("second_step.required")) == (1, ["second_step.required"])
    with pytest.raises(Stale):
        require_second_step(client=alpha, required=False, version=0, by=BY, now=timezone.now())


@pytest.mark.parametrize("page", [PAGE, STAFF])
def test_a_provider_is_asked_before_it_is_kept_and_again_before_it_is_on(alpha: Any, page: str) -> None:
    host, realm = (ALPHA, alpha) if page == PAGE else (OPS, None)
    admin = operator()
    with company() as there:
        given = settings_of(there)
        for wrong, document, field, said in (
            ({"issuer": "http://127.0.0.1:9"}, {}, "issuer", "nobody is there"),
            ({"issuer": f"{there.issuer}/x"}, {}, "issuer", "no page under /.well-known"),
            ({"issuer": "ftp://x"}, {}, "issuer", "is no issuer"),
            ({}, {"issuer": "http://evil.example"}, "issuer", "another issuer&#x27;s"),
            ({}, {"token_endpoint": "file:///etc/passwd"}, "issuer", "missing or not https"),
            ({}, {"token_endpoint": "http://127.0.0.1:9/"}, "issuer", "address for tokens doesn&#x27;t answer"),
            ({}, {"id_token_signing_alg_values_supported": ["HS256"]}, "issuer", "signs by none of"),
            ({}, {"token_endpoint_auth_methods_supported": ["none"]}, "issuer", "client_secret_basic"),
            ({"secret": "another"}, {}, "secret", "doesn&#x27;t take this client id with this secret"),
            ({"client_id": "another"}, {}, "secret", "doesn&#x27;t take this client id with this secret"),
            ({"name": ""}, {}, "name", "required"),
            ({"secret": ""}, {}, "secret", "required"),
        ):  # fmt: skip
            there.document = document
            answer = admin.post(f"{page}company/", {**given, **wrong})
            assert answer.status_code == 422, wrong or document
            error = answer.content.decode().split(f'id="id_{field}_error"')[1].split("</span></span>")[0]
            assert said in error, (wrong, document, error)
            assert SECRET not in answer.content.decode()
        there.document, there.keyless = {}, True
        assert "publishes no key" in admin.post(f"{page}company/", given).content.decode()
        there.keyless = False
        assert not IdentityProvider.objects.exists()
        assert admin.post(f"{page}company/", given).status_code == 302
        kept = IdentityProvider.objects.get()
        assert (kept.is_active, kept.realm, kept.new_role) == (False, realm, "client_user" if realm else "")
        assert Browser(HTTP_HOST=host).get("/sign-in/company/").status_code == 404, "kept, not on"
        shown = admin.get(page).content.decode()
        assert SECRET not in shown
        assert "Replace the client secret" in shown
        assert f"http://{host}/sign-in/company/back/" in shown
        there.document = {"issuer": "http://evil.example"}
        answer = admin.post(f"{page}company/switch/", {"on": "1", "version": "1"})
        assert answer.status_code == 422
        assert "another issuer" in answer.content.decode()
        there.document = {}
        assert admin.post(f"{page}company/switch/", {"on": "1", "version": "1"}).status_code == 302
        assert Browser(HTTP_HOST=host).get("/sign-in/company/").status_code == 302, "at once"
        assert admin.post(f"{page}company/switch/?on=0", {"csrfmiddlewaretoken": "x"}).status_code == 302
        assert Browser(HTTP_HOST=host).get("/sign-in/company/").status_code == 404
    assert told("identity.") == ["identity.provider_set", "identity.provider_on", "identity.provider_off"]
    line = Entry.objects.get(action="identity.provider_set")
    assert SECRET not in str(line.detail)
    assert (line.actor_kind, line.detail["new_secret"], line.detail["changes"]["client_id"]) == (
        "operator", True, [None, CLIENT_ID],
    )  # fmt: skip


def test_an_empty_secret_keeps_the_one_there_and_another_issuer_lets_go_of_people_only_if_meant(alpha: Any) -> None:
    admin = operator()
    with company() as there, company() as other:
        admin.post(f"{PAGE}company/", settings_of(there))
        admin.post(f"{PAGE}company/switch/", {"on": "1"})
        assert came(there, ALPHA)[1]["Location"] == "/"
        assert "1 person is connected." in admin.get(PAGE).content.decode()
        sealed = bytes(IdentityProvider.objects.get().sealed_secret)
        renamed = settings_of(there, version="2", name="Berg AG", secret="", new_role="")
        assert admin.post(f"{PAGE}company/", renamed).status_code == 302
        kept = IdentityProvider.objects.get()
        assert (kept.name, kept.new_role, kept.is_active, kept.version) == ("Berg AG", "", True, 3)
        assert bytes(kept.sealed_secret) != sealed, "sealed anew"
        assert came(there, ALPHA)[1]["Location"] == "/", "and it still opens"
        changes = Entry.objects.filter(action="identity.provider_set").latest("seq").detail
        assert (changes["changes"], changes["new_secret"]) == (
            {"name": ["Company", "Berg AG"], "new_role": ["client_user", None]}, False,
        )  # fmt: skip
        moved = settings_of(other, version="3")
        for given, field, said in (
            ({**moved, "secret": ""}, "secret", "It is empty"),
            (moved, "replaces", "Who was connected there (1) is not"),
        ):
            answer = admin.post(f"{PAGE}company/", given)
            assert answer.status_code == 422
            assert said in answer.content.decode().split(f'id="id_{field}_error"')[1]
        assert ExternalIdentity.objects.count() == 1
        assert admin.post(f"{PAGE}company/", {**moved, "replaces": "on"}).status_code == 302
        now = IdentityProvider.objects.get()
        assert (now.issuer, now.version, now.is_active, ExternalIdentity.objects.count()) == (other.issuer, 4, True, 0)


def test_of_two_who_set_it_up_the_second_keeps_what_they_typed_and_is_shown_the_other(alpha: Any) -> None:
    admin = operator()
    with company() as there:
        set_provider(
            realm=alpha, name="Theirs", issuer=there.issuer, client_id=CLIENT_ID, secret=SECRET, new_role="",
            on=False, version=0, by=BY, now=timezone.now(),
        )  # fmt: skip
        answer = admin.post(f"{PAGE}company/", settings_of(there, name="Mine"))
        assert answer.status_code == 409
        shown = answer.content.decode()
        assert f"changed it meanwhile to “Theirs, {there.issuer}, {CLIENT_ID}”" in shown
        assert 'value="Mine"' in shown
        assert '<input type="hidden" name="version" value="1"' in shown
        answer = admin.post(f"{PAGE}company/switch/", {"on": "1", "version": "9"})
        assert answer.status_code == 409
        assert not IdentityProvider.objects.get().is_active
        assert admin.post(f"{PAGE}company/", settings_of(there, name="Mine", version="1")).status_code == 302
        provider = IdentityProvider.objects.get()
        IdentityProvider.objects.update(sealed_secret=b"of another installation")
        with pytest.raises(Refused, match="can't be read any more"):
            switch_on(provider=IdentityProvider.objects.get(), by=BY, now=timezone.now())
        assert str(provider) == "Mine"


def test_the_page_costs_the_same_however_many_come_in_and_says_nothing_untranslated(alpha: Any) -> None:
    admin = operator()
    admin.get(PAGE)
    assert statements(lambda: admin.get(PAGE)) == 8
    for number in range(3):
        person("client_user", alpha, f"{number}@alpha.example", client_realm=True)
    assert statements(lambda: admin.get(PAGE)) == 8
    assert statements(lambda: admin.get(STAFF)) == 4
    with company() as there:
        for page in (PAGE, STAFF):
            admin.post(f"{page}company/", settings_of(there))
        admin.get(PAGE)  # says what was done
        counted = (statements(lambda: admin.get(PAGE)), statements(lambda: admin.get(STAFF)))
        came(there, ALPHA) if admin.post(f"{PAGE}company/switch/", {"on": "1"}).status_code == 302 else None
        admin.get(PAGE)
        assert (statements(lambda: admin.get(PAGE)), statements(lambda: admin.get(STAFF))) == counted == (9, 5)
    with pseudo_locale():
        for page in (PAGE, STAFF):
            assert set(untranslated(admin.get(page).content.decode())) - {"· Alpha", "Company"} == set(), page


def test_a_closed_clients_sign_in_is_shown_and_not_changed(alpha: Any) -> None:
    admin = operator()
    with as_owner():
        type(alpha).objects.filter(pk=alpha.pk).update(status="archived")
    shown = admin.get(PAGE)
    assert shown.status_code == 200
    assert "nothing is changed here until it is resumed" in shown.content.decode()
    for path, data in (("second-step/", {"on": "1"}), ("company/", {}), ("company/switch/", {"on": "0"})):
        assert admin.post(f"{PAGE}{path}", data).status_code == 404


def test_no_client_is_called_as_a_page_of_the_console_is(alpha: Any) -> None:
    """Whatever stands first in an address below /clients/ and takes no key is no client's key."""
    console = next(
        one for one in get_resolver("bpo.urls_operator").url_patterns if getattr(one, "app_name", "") == "console"
    )
    routes = [str(one.pattern) for one in console.url_patterns]
    taken = {route.split("/")[1] for route in routes if route.count("/") == 2 and route.startswith("clients/")}
    assert taken - {"<slug:key>"} == {"new"}
    assert "new" in RESERVED_KEYS
    with pytest.raises(Refused, match="“new” is reserved"):
        check_opening(key="new", name="New", zone="UTC")
    answer = operator().post("/clients/new/", {"name": "New", "key": "new", "zone": "Europe/Berlin", "colour": "3"})
    assert answer.status_code == 422
    assert "“new” is reserved" in answer.content.decode()
