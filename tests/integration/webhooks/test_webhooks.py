"""Events to a real receiver: signed, tried again, given up, sent again, once an event; and where nothing is sent to."""

import json
import re
import time
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone

from bpo.actors import system
from bpo.audit.models import Entry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import as_app, enter
from bpo.webhooks.guarding import Refused
from bpo.webhooks.models import Delivery, Endpoint
from bpo.webhooks.services import (
    BACKOFF,
    GIVE_UPS,
    TRIES,
    announce,
    attempt,
    create_endpoint,
    give_up,
    ping,
    replay,
    rotate_secret,
    set_state,
)
from tests.integration.qa.build import released
from tests.integration.webhooks.receiver import Receiver, receiver
from tests.people import sign_in
from tests.statements import statements

ROOT = Path(__file__).resolve().parents[3]
BY = system("tests")
BOTH = ["evaluation.released", "evaluation.auto_failed"]


@pytest.fixture
def hook() -> Any:
    with override_settings(WEBHOOK_NETWORKS=[ip_network("127.0.0.0/8")], WEBHOOK_SECONDS=2), receiver() as found:
        yield found


def made(client: Any, hook: Receiver, events: list[str] = BOTH) -> tuple[Endpoint, str]:
    with enter(client.ref()):
        return create_endpoint(url=hook.url, events=events, by=BY, now=timezone.now())


def jobs(client: Any) -> list[Job]:
    with as_app():
        return list(Job.objects.filter(client=client, kind="webhooks.deliver", state="ready").order_by("run_at", "pk"))


def run(client: Any) -> list[str]:
    """Run what waits, as if its time had come."""
    with as_app():
        Job.objects.filter(kind="webhooks.deliver", state="ready").update(run_at=timezone.now())
    return [execute(job.pk, job.kind) for job in jobs(client)]


def verifier() -> Any:
    """The function that the documentation gives to others."""
    code = re.search(r"```python\n(.*?)```", (ROOT / "docs/webhooks.md").read_text(), re.DOTALL)
    assert code
    space: dict[str, Any] = {}
    exec(code[1], space)  # noqa: S102 - our own documentation
    return space["genuine"]


def test_a_release_is_told_signed_and_without_a_name(alpha: Any, hook: Receiver) -> None:
    one, secret = made(alpha, hook)
    with enter(alpha.ref()):
        revision = released(answers={"q1": "yes", "law": "yes"}, agent="Maricel Santos")
    assert run(alpha) == ["done"]
    [came] = hook.came
    assert came["path"] == "/hook?from=bpo"
    assert verifier()(secret, came["headers"]["Bpo-Signature"], came["body"])
    assert not verifier()("whsec_other", came["headers"]["Bpo-Signature"], came["body"])
    assert not verifier()(secret, came["headers"]["Bpo-Signature"], came["body"] + b" ")
    assert not verifier()(secret, came["headers"]["Bpo-Signature"], came["body"], -1)
    told = json.loads(came["body"])
    assert (told["type"], told["client"], told["id"]) == (
        "evaluation.released",
        "alpha",
        came["headers"]["Bpo-Event-Id"],
    )
    assert told["data"]["evaluation"] == str(revision.evaluation_id)
    assert (told["data"]["final"], told["data"]["outcome"], told["data"]["triggers"]) == ("100.00", "PASS", [])
    assert "Grace" not in came["body"].decode()
    with enter(alpha.ref()):
        found = Delivery.objects.get()
        assert (found.state, found.attempts, found.tries[0]["status"]) == ("delivered", 1, 200)
        assert found.endpoint_id == one.pk


def test_an_auto_fail_is_an_event_of_its_own(alpha: Any, hook: Receiver) -> None:
    made(alpha, hook, ["evaluation.auto_failed"])
    with enter(alpha.ref()):
        released("1")
    assert run(alpha) == []
    with enter(alpha.ref()):
        released("2", {"q1": "yes", "law": "no"}, agent="Jerome")
    run(alpha)
    [came] = hook.came
    assert json.loads(came["body"])["data"]["triggers"] == ["law"]


def test_what_isnt_taken_is_tried_again_then_given_up_and_can_be_sent_again(alpha: Any, hook: Receiver) -> None:
    hook.answers = [500, 503, 404, 302, 500, 500, 500, 500, 204]
    hook.location = "http://169.254.169.254/latest/meta-data/"
    made(alpha, hook)
    with enter(alpha.ref()):
        released()
    waits = []
    for number in range(1, TRIES + 1):
        before = timezone.now()
        assert run(alpha) == ["done"]
        with enter(alpha.ref()):
            one = Delivery.objects.get()
        assert one.attempts == number
        if one.next_at:
            waits.append(round((one.next_at - before).total_seconds()))
            assert [job.run_at for job in jobs(alpha)] == [one.next_at]
    assert waits == list(BACKOFF)
    assert (one.state, jobs(alpha)) == ("given_up", [])
    assert [tried["status"] for tried in one.tries] == [500, 503, 404, 302, 500, 500, 500, 500]
    assert "points elsewhere" in one.tries[3]["problem"]
    with enter(alpha.ref()):
        assert Endpoint.objects.get().failures == 1
        replay(delivery_id=one.pk, by=BY, now=timezone.now())
        replay(delivery_id=one.pk, by=BY, now=timezone.now())  # it waits already
    assert run(alpha) == ["done"]
    assert len({came["headers"]["Bpo-Event-Id"] for came in hook.came}) == 1
    assert len({came["headers"]["Bpo-Delivery-Id"] for came in hook.came}) == 1
    assert len({came["body"] for came in hook.came}) == 1
    assert {came["path"] for came in hook.came} == {"/hook?from=bpo"}  # no redirect was followed
    with enter(alpha.ref()):
        assert (Delivery.objects.get().state, Endpoint.objects.get().failures) == ("delivered", 0)


@pytest.mark.parametrize("how", ["slow", "dripping"])
def test_who_takes_too_long_is_cut_off(alpha: Any, hook: Receiver, how: str) -> None:
    hook.seconds, hook.drip = (8.0, False) if how == "slow" else (0.0, True)
    made(alpha, hook)
    with enter(alpha.ref()):
        released()
    started = time.monotonic()
    run(alpha)
    assert time.monotonic() - started < 6
    with enter(alpha.ref()):
        [tried] = Delivery.objects.get().tries
    assert (tried["status"], tried["problem"]) == (None, "No answer within 2 seconds.")


def test_a_worker_that_dies_after_sending_sends_the_same_event_again(alpha: Any, hook: Receiver) -> None:
    made(alpha, hook)
    with enter(alpha.ref()):
        released()
        one = Delivery.objects.get()
    with pytest.raises(KeyboardInterrupt), enter(alpha.ref()), pytest.MonkeyPatch.context() as patch:
        patch.setattr("bpo.webhooks.services.failpoint", die)
        attempt(delivery_id=one.pk, number=1, now=timezone.now())
    assert run(alpha) == ["done"]
    first, second = hook.came
    assert first["body"] == second["body"]
    assert first["headers"]["Bpo-Event-Id"] == second["headers"]["Bpo-Event-Id"]
    with enter(alpha.ref()):
        assert Delivery.objects.get().attempts == 1
        assert attempt(delivery_id=one.pk, number=1, now=timezone.now()) is None  # a wake-up too many
    assert len(hook.came) == 2


def die(_name: str) -> None:
    raise KeyboardInterrupt


def test_an_attempt_that_kills_its_worker_again_and_again_is_given_up(alpha: Any, hook: Receiver) -> None:
    made(alpha, hook)
    with enter(alpha.ref()):
        released()
        one = Delivery.objects.get()
        give_up(delivery_id=one.pk, number=2, now=timezone.now())
        assert Delivery.objects.get().state == "waiting"  # of another attempt
        give_up(delivery_id=one.pk, number=1, now=timezone.now())
        assert Delivery.objects.get().state == "given_up"


def test_paused_it_waits_and_switched_off_nothing_is_kept(alpha: Any, hook: Receiver) -> None:
    one, _ = made(alpha, hook)
    with enter(alpha.ref()):
        released("1")
        set_state(endpoint_id=one.pk, state="paused", by=BY, now=timezone.now())
    assert run(alpha) == ["done"]
    assert hook.came == []
    with enter(alpha.ref()):
        released("2", agent="Jerome")
        assert Delivery.objects.filter(state="waiting").count() == 2
        with pytest.raises(Refused, match="Resume"):
            ping(endpoint_id=one.pk, by=BY, now=timezone.now())
        set_state(endpoint_id=one.pk, state="active", by=BY, now=timezone.now())
    run(alpha)
    assert len(hook.came) == 2
    with enter(alpha.ref()):
        set_state(endpoint_id=one.pk, state="disabled", by=BY, now=timezone.now())
        released("3", agent="Ana")
        assert Delivery.objects.count() == 2
        states = list(
            Entry.objects.filter(action="webhook.state_set").order_by("seq").values_list("detail__to", flat=True)
        )
    assert states == ["paused", "active", "disabled"]


def test_ten_given_up_in_a_row_switch_it_off(alpha: Any, hook: Receiver) -> None:
    hook.answers = [500]
    one, _ = made(alpha, hook)
    with enter(alpha.ref()):
        Endpoint.objects.filter(pk=one.pk).update(failures=GIVE_UPS - 1)
        released()
        Delivery.objects.update(left=1)
    run(alpha)
    with enter(alpha.ref()):
        assert Endpoint.objects.get().state == "disabled"


def test_a_changed_secret_signs_beside_the_one_before_for_a_day(alpha: Any, hook: Receiver) -> None:
    one, before = made(alpha, hook)
    with enter(alpha.ref()):
        after = rotate_secret(endpoint_id=one.pk, by=BY, now=timezone.now())
        ping(endpoint_id=one.pk, by=BY, now=timezone.now())
    run(alpha)
    came = hook.came[-1]
    for secret in (before, after):
        assert verifier()(secret, came["headers"]["Bpo-Signature"], came["body"])
    with enter(alpha.ref()):
        Endpoint.objects.update(before_until=timezone.now() - timedelta(seconds=1))
        ping(endpoint_id=one.pk, by=BY, now=timezone.now())
        assert before.encode() not in bytes(Endpoint.objects.get().sealed_secret)
    run(alpha)
    came = hook.came[-1]
    assert verifier()(after, came["headers"]["Bpo-Signature"], came["body"])
    assert not verifier()(before, came["headers"]["Bpo-Signature"], came["body"])
    assert json.loads(came["body"])["type"] == "ping"


def test_the_same_event_is_one_delivery(alpha: Any, hook: Receiver) -> None:
    one, _ = made(alpha, hook)
    ident = uuid4()
    with enter(alpha.ref()), transaction.atomic():
        for told in (1, 0):
            assert announce(event=BOTH[0], event_id=ident, data={}, now=timezone.now()) == told
    with enter(alpha.ref()), pytest.raises(IntegrityError, match="event_is_delivered_once"), transaction.atomic():
        Delivery.objects.create(endpoint=one, event="x", event_id=ident, body="", left=1, created_at=timezone.now())
    with enter(alpha.ref()), pytest.raises(KeyError), transaction.atomic():
        announce(event="nothing", event_id=ident, data={}, now=timezone.now())


def test_a_client_knows_nothing_of_anothers(alpha: Any, beta: Any, hook: Receiver) -> None:
    one, _ = made(alpha, hook)
    with enter(beta.ref()):
        released()
        assert not Delivery.objects.exists()
    admin = sign_in("beta", "operator_admin")
    assert admin.get(f"/webhooks/{one.pk}/").status_code == 404
    assert run(beta) == []


def test_on_screen_it_is_made_tried_changed_and_looked_at(alpha: Any, hook: Receiver) -> None:
    admin = sign_in("alpha", "operator_admin")
    assert "No webhook yet" in admin.get("/webhooks/").content.decode()
    for data, words in (
        ({"url": hook.url}, "required"),
        ({"url": "https://10.0.0.1/x", "events": BOTH}, "inside a network"),
        ({"url": "http://example.com/", "events": BOTH}, "encrypted"),
        ({"url": hook.url, "events": ["nope"]}, "valid choice"),
    ):
        refused = admin.post("/webhooks/new/", data)
        assert (refused.status_code, words in refused.content.decode()) == (422, True), words
    page = admin.post("/webhooks/new/", {"url": hook.url, "events": BOTH})
    assert page.status_code == 201
    secret = re.search(r"whsec_[\w-]+", page.content.decode())
    assert secret
    assert "no-store" in page["Cache-Control"]
    with enter(alpha.ref()):
        one = Endpoint.objects.get()
    address = f"/webhooks/{one.pk}/"
    assert "whsec_" not in admin.get(address).content.decode()
    assert "whsec_" in admin.post(f"{address}secret/").content.decode()
    assert admin.post(f"{address}ping/").status_code == 302
    run(alpha)
    with enter(alpha.ref()):
        sent = Delivery.objects.get()
    shown = admin.get(f"/webhooks/deliveries/{sent.pk}/").content.decode()
    assert str(sent.event_id) in shown
    assert admin.post(f"/webhooks/deliveries/{sent.pk}/replay/").status_code == 302
    for step in ("pause", "resume", "switch-off"):
        assert admin.post(f"{address}{step}/").status_code == 302
    assert "Nothing is sent and nothing is kept." in admin.get(address).content.decode()
    for role in ("team_lead", "qa_analyst", "client_user"):
        assert sign_in("alpha", role).get("/webhooks/").status_code == 403


def test_its_pages_take_as_many_statements_for_three_rows_as_for_one(alpha: Any, hook: Receiver) -> None:
    admin = sign_in("alpha", "operator_admin")
    one, _ = made(alpha, hook)
    with enter(alpha.ref()):
        released("1")
    counts = {}
    for path in ("/webhooks/", f"/webhooks/{one.pk}/"):
        admin.get(path)
        counts[path] = statements(lambda path=path: admin.get(path))
    assert list(counts.values()) == [6, 7]
    for number in "23":
        made(alpha, hook)
        with enter(alpha.ref()):
            released(number, agent=f"A{number}")
    for path, count in counts.items():
        assert statements(lambda path=path: admin.get(path)) == count, path


def test_no_more_than_so_many(alpha: Any, hook: Receiver) -> None:
    for _ in range(20):
        made(alpha, hook)
    with pytest.raises(Refused, match="Switch one off"):
        made(alpha, hook)
