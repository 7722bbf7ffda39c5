"""Attacks on what is kept and sent: caches, files, links, mail, rollups, imports."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import ProgrammingError, connection
from django.urls import get_resolver
from django.utils import timezone

from bpo.actors import CUSTOMER, system
from bpo.files.services import path_of, store_file
from bpo.notices.mailing import RENDERERS
from bpo.notices.models import Mail
from bpo.permissions import OpenToAll
from bpo.sealing import Unreadable, unseal
from bpo.tenancy.context import NoClient, enter
from bpo.webhooks.models import Delivery, Endpoint
from bpo.webhooks.services import PURPOSE as WEBHOOK
from bpo.webhooks.services import create_endpoint, headers_of, ping
from bpo.webhooks.signing import HEADER, signature
from interactions.models import Actor, Queue
from surveys.services import consider
from tests.integration.attacks.sources import found_in_source
from tests.integration.surveys.build import NOON, agent, resolution
from tests.people import sign_in
from tests.permissions.routes import HOSTS, actions

# Values remembered for the life of a process: none of them is a client's.
REMEMBERED = {
    "bpo/tenancy/pool.py", "bpo/tenancy/grants.py", "bpo/api_docs/schema.py", "bpo/api_docs/reading.py",
    "reports/renderings/pdf.py", "console/demo/world.py",
    "bpo/privacy/declared.py",  # what models say of themselves
    "accounts/domain/host_names.py",  # the public suffixes, which come with a library
    "scheduling/models/template.py",  # breaks, found again only by all that they consist of
    "scheduling/views/lanes.py",  # addresses of ours with nobody's id in them
}  # fmt: skip


def test_t24_the_same_key_is_another_value_in_b_and_no_value_outside(alpha: Any, beta: Any) -> None:
    with enter(alpha.ref()):
        cache.set("k", "of alpha")
    with enter(beta.ref()):
        assert cache.get("k") is None
        cache.set("k", "of beta")
    with enter(alpha.ref()):
        assert cache.get("k") == "of alpha"
    for use in (lambda: cache.get("k"), lambda: cache.set("k", 1), lambda: cache.delete("k")):
        with pytest.raises(NoClient):
            use()


def test_t24_nothing_else_remembers_and_no_counter_is_shared() -> None:
    assert found_in_source(r"cache_page|make_template_fragment_key|\bcached\.Loader") == []
    remembering = {line.split(":")[0] for line in found_in_source(r"^\s*@(functools\.)?(lru_)?cache\b")}
    assert remembering <= REMEMBERED, "what is remembered in a process is every client's: say here why it may be"
    assert not settings.REST_FRAMEWORK.get("DEFAULT_THROTTLE_CLASSES")
    assert [name for name in caches.settings if name != "default"] == ["shared"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\..\\x", "a\x00b.csv", "．．／x", "x" * 400, "", "."]
)
def test_t25_a_name_is_no_part_of_where_a_file_lies(alpha: Any, beta: Any, name: str) -> None:
    with enter(alpha.ref()):
        stored = store_file(
            stream=io.BytesIO(b"bytes"), name=name, purpose="t", by=system("t"), now=timezone.now(), limit=10
        )
        place = path_of(stored)
        assert place.parent.parent.name == str(alpha.pk)
        assert place.name == stored.sha256
        assert "/" not in stored.name
        assert "\x00" not in stored.name
    with enter(beta.ref()):
        assert path_of(stored) != place
        assert not path_of(stored).exists()


def test_t25_a_file_of_a_is_missing_on_b_and_no_link_opens_it_without_a_session(alpha: Any, beta: Any) -> None:
    with enter(alpha.ref()):
        stored = store_file(
            stream=io.BytesIO(b"bytes"), name="a.csv", purpose="t", by=system("t"), now=timezone.now(), limit=10
        )
    address = f"/files/{stored.pk}/"
    assert sign_in("alpha", "team_lead").get(address).getvalue() == b"bytes"
    assert sign_in("beta", "team_lead").get(address).status_code == 404
    assert found_in_source(r"presign|TimestampSigner|signing\.dumps") == [], "there are no links that carry a right"
    assert "/media/" not in {f"/{one.pattern}" for one in get_resolver(HOSTS["client"]).url_patterns}


def test_t27_there_are_no_share_links_and_what_is_signed_names_its_client() -> None:
    said = [one for one in actions() if "share" in one.route or "signed" in one.route]
    assert [one.route for one in said if isinstance(one.stamp, OpenToAll)] == [], "what is shared is seen by a session"
    signing = found_in_source(r"salted_hmac\(|hmac\.digest\(|hmac\.new\(|django\.core.*signing")
    signers = {line.split(":")[0] for line in signing}
    derivers = {line.split(":")[0] for line in found_in_source(r"\bderived\(")}
    assert derivers == {
        "bpo/tokens.py",
        "surveys/domain/tokens.py",  # the client's id is in what is signed
        "accounts/domain/links.py",  # the realm and the purpose are
    }
    assert signers <= {
        "bpo/tokens.py",  # for those above
        "surveys/secrets.py", "accounts/services/links.py",  # the keys of those above
        "bpo/tenancy/secrets.py",  # passwords of roles
        "bpo/webhooks/signing.py",  # by the secret of one endpoint, for whoever runs it
        "bpo/privacy/keys.py",  # hashes that are compared; a client's copy under another name knows them too
    }  # fmt: skip


def asked(client: Any) -> Mail:
    """A survey's mail that waits to be sent."""
    with enter(client.ref()):
        one = resolution(f"customer@{client.key}.example", at=NOON, agent=agent(f"Agent of {client.key}"))
        consider(resolution_ids=[one.pk], by=CUSTOMER, now=NOON)
        return Mail.objects.latest("id")


def test_t27_a_survey_link_of_a_leads_nowhere_on_b_nor_changed(alpha: Any, beta: Any) -> None:
    from django.test import Client as Browser

    from surveys.models import Invitation
    from surveys.secrets import token_of

    asked(alpha)
    asked(beta)
    with enter(alpha.ref()):
        token = token_of(Invitation.objects.latest("id")) or ""
    assert Browser(HTTP_HOST="alpha.bpo.test").get(f"/s/{token}/").status_code == 200
    other = "A" if token[5] != "A" else "B"
    for host, tried in (("beta", token), ("alpha", token[:5] + other + token[6:]), ("alpha", token + "A")):
        answer = Browser(HTTP_HOST=f"{host}.bpo.test").post(f"/s/{tried}/", {"score": "1"})
        assert answer.status_code == 404, (host, tried)


def test_t28_there_is_no_socket_and_no_stream_of_events() -> None:
    assert found_in_source(r"event-stream|WebSocket|channels\.layers|EventSource") == []
    assert not hasattr(settings, "ASGI_APPLICATION")
    assert not hasattr(settings, "CHANNEL_LAYERS")


def test_t37_a_mail_of_a_holds_nothing_of_b_whatever_was_rendered_before(alpha: Any, beta: Any) -> None:
    mails = {client.key: (client, asked(client)) for client in (alpha, beta)}
    for key, other in (("beta", "alpha"), ("alpha", "beta"), ("beta", "alpha")):
        client, mail = mails[key]
        with enter(client.ref()):
            content = RENDERERS[mail.kind](mail)
        assert content is not None
        whole = f"{content.subject} {content.text} {content.html}"
        assert f"//{key}.bpo.test/" in whole
        assert client.name in whole
        assert other not in whole.lower()
        assert mail.address == f"customer@{key}.example"


def test_t37_what_a_tells_another_system_is_signed_by_no_secret_of_b(alpha: Any, beta: Any) -> None:
    told: dict[str, tuple[Any, str, Any]] = {}
    now = timezone.now()
    for client in (alpha, beta):
        with enter(client.ref()):
            made, secret = create_endpoint(
                url=f"https://{client.key}.example/in", events=["evaluation.released"], by=system("t"), now=now
            )
            told[client.key] = made, secret, ping(endpoint_id=made.pk, by=system("t"), now=now)
    (of_a, secret_a, sent), (of_b, secret_b, _) = told["alpha"], told["beta"]
    body = sent.body.encode()
    with enter(alpha.ref()):
        assert not Endpoint.objects.filter(pk=of_b.pk).exists()
        header = headers_of(Delivery.objects.select_related("endpoint").get(pk=sent.pk), body, now)[HEADER]
    at = int(now.timestamp())
    assert header == signature(body, at=at, secrets=[secret_a]) != signature(body, at=at, secrets=[secret_b])
    with pytest.raises(Unreadable):
        unseal(bytes(of_a.sealed_secret), purpose=WEBHOOK, about=of_b.pk)
    assert "beta" not in sent.body


@pytest.mark.services
@pytest.mark.parametrize("table", ["console_weekrollup", "workforce_employee", "ops_audit_entry"])
def test_t38_a_client_neither_reads_nor_writes_what_is_kept_over_clients(alpha: Any, table: str) -> None:
    for statement in (f"SELECT * FROM public.{table}", f"INSERT INTO public.{table} DEFAULT VALUES"):
        with (
            enter(alpha.ref()),
            connection.cursor() as cursor,
            pytest.raises(ProgrammingError, match="permission denied"),
        ):
            cursor.execute(statement)


def test_t38_no_address_of_a_client_reads_the_rollup() -> None:
    assert [one.route for one in actions() if one.host == "client" and one.view.__module__.startswith("console.")] == []


def test_t39_an_agent_of_b_is_as_unknown_to_as_import_as_nobody(alpha: Any, beta: Any) -> None:
    with enter(beta.ref()):
        Actor.objects.create(display_name="Only at beta", pseudonym="Agent 0777", acd_login="777")
    with enter(alpha.ref()):
        Queue.objects.create(key="billing", name="Billing")
    browser = sign_in("alpha", "team_lead")

    def tried(who: str) -> tuple[int, str]:
        item = {
            "source": "t", "external_id": "1", "direction": "in", "channel": "voice", "queue": "billing",
            "started_at": "2026-03-02T09:00:00+01:00", "agent": who,
        }  # fmt: skip
        answer = browser.post("/api/v1/interactions/", item, content_type="application/json")
        told = answer.json()
        return answer.status_code, str(told.get("errors", told)).replace(who, "*")

    nobody = tried("nobody at all")
    assert nobody[0] == 400
    assert {tried(who) for who in ("Only at beta", "Agent 0777", "777", "only@beta.example")} == {nobody}
