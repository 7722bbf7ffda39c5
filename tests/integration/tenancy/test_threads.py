"""Many clients on many threads, and what the store does with their connections."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from bpo.actors import system
from bpo.tenancy.backend.base import store
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Queue

PASSWORD = "a long enough one"


@pytest.mark.services
def test_t07_300_interleaved_requests_of_two_clients_on_8_threads_give_no_wrong_row(alpha: Any, beta: Any) -> None:
    cookies = {}
    for client in (alpha, beta):
        open_account(
            email=f"user@{client.key}.example", name=client.key, password=PASSWORD, role="client_user", client=client,
            client_realm=True, by=system("tests"), now=timezone.now(),
        )  # fmt: skip
        browser = Browser(HTTP_HOST=f"{client.key}.bpo.test")
        browser.post("/sign-in/", {"email": f"user@{client.key}.example", "password": PASSWORD})
        cookies[client.key] = browser.cookies
        with enter(client.ref()):
            from bpo.notices.services import tell
            from workforce.models import Seat

        [actor] = Seat.objects.filter(client=client).values_list("actor_id", flat=True)
        with enter(client.ref()):
            tell(actor_id=actor, kind="k", text=f"row of {client.key}", path="/", dedupe_key="k", now=timezone.now())

    def ask(number: int) -> tuple[int, bool, bool]:
        key, other = ("alpha", "beta") if number % 2 else ("beta", "alpha")
        browser = Browser(HTTP_HOST=f"{key}.bpo.test")
        browser.cookies = cookies[key]
        try:
            body = browser.get("/notices/")
            text = body.content.decode()
            return body.status_code, f"row of {key}" in text, f"row of {other}" in text
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(300)))
    assert set(answers) == {(200, True, False)}
    store.clear()


def test_the_store_keeps_no_more_than_its_size_and_counts_what_it_does(
    alpha: Any, beta: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "size", 1)
    before = (store.counters.opened, store.counters.evicted)
    for _ in range(3):
        for client in (alpha, beta):
            with enter(client.ref()):
                Queue.objects.count()
    assert len(store) == 1
    assert store.counters.opened - before[0] >= 5
    assert store.counters.evicted - before[1] >= 4


def test_a_stored_connection_the_server_ended_is_replaced_unseen(alpha: Any) -> None:
    from bpo.tenancy.context import as_owner

    with enter(alpha.ref()):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [pid] = cursor.fetchone()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f'GRANT "{alpha.role_name}" TO CURRENT_USER')
        cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])
        cursor.execute(f'REVOKE "{alpha.role_name}" FROM CURRENT_USER')
    stale = store.counters.stale
    with enter(alpha.ref()):
        assert Queue.objects.count() == 0
    assert store.counters.stale == stale + 1


def test_a_forked_child_forgets_its_parents_connections(alpha: Any) -> None:
    import os

    with enter(alpha.ref()):
        Queue.objects.count()
    assert len(store) >= 1
    child = os.fork()
    if child == 0:
        os._exit(0 if store.take(("x", "y")) is None and len(store) == 0 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with enter(alpha.ref()):
        assert Queue.objects.count() == 0


def test_a_session_saved_inside_a_client_view_is_saved_as_app(alpha: Any) -> None:
    from bpo.tenancy.sessions import SessionStore

    with enter(alpha.ref()):
        session = SessionStore()
        session["x"] = 1
        session.save()
        assert SessionStore(session.session_key).load() == {"x": 1}
        assert Queue.objects.count() == 0


def test_threads_share_the_store(alpha: Any) -> None:
    def work() -> None:
        with enter(alpha.ref()):
            Queue.objects.count()
        connection.close()

    for _ in range(3):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    opened = store.counters.opened
    work()
    assert store.counters.opened == opened
