"""Queues a planner makes, renames and removes; imports find them, and two never share a name."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections, transaction
from psycopg import errors

from bpo.audit.models import Entry
from bpo.tenancy.context import as_app, enter
from interactions.errors import NotPossible
from interactions.lookups import QueueBook
from interactions.models import Queue
from interactions.queue_keeping import add_queue, queues_kept, remove_queue, rename_queue
from interactions.queues import Promised, promise_on_queues
from scheduling.models import SpecialEvent
from tests.integration.scheduling.build import BY, NOW, employ, floor
from tests.integration.scheduling.test_planner_screens import text
from tests.people import sign_in
from tests.refusals import refused, run
from tests.statements import grows_with_rows, statements

HERE = "/forecast/queues/"
RETURNS = {"name": "Returns", "channel": "voice", "direction": "in"}


@pytest.fixture
def planner(alpha: Any) -> Any:
    return sign_in("alpha", "planner")


def test_a_client_without_a_past_gets_its_queue_by_hand(alpha: Any, planner: Any) -> None:
    assert f'href="{HERE}"' in text(planner.get("/forecast/"))
    assert "No queue yet" in text(planner.get(HERE))
    page = text(planner.post(f"{HERE}add/", RETURNS, follow=True))
    assert "Returns is there." in page
    assert "80 % in 20 s" in page
    assert "Forecast, week of" in text(planner.get("/forecast/"))  # it is the one that is planned
    with enter(alpha.ref()):
        [line] = Entry.objects.filter(action="queue.added")
        assert line.detail == {"channel": "voice", "direction": "in"}


def test_it_promises_what_the_contract_says_and_imports_find_it(alpha: Any) -> None:
    with enter(alpha.ref()):
        promise_on_queues(promised=Promised("0.9", 30), by=BY, now=NOW)  # type: ignore[arg-type]
        made = add_queue(**RETURNS, by=BY, now=NOW)
        assert (float(made.service_level_target), made.answer_within_seconds) == (0.9, 30)
        rename_queue(queue_id=made.pk, name="Refunds", by=BY, now=NOW)  # a slip: nothing is kept of it yet
        made = Queue.objects.get()
        assert made.key == "Refunds"
        promise_on_queues(promised=Promised("0.8", 20), by=BY, now=NOW)  # type: ignore[arg-type]  # something is kept
        rename_queue(queue_id=made.pk, name="Returns and refunds", by=BY, now=NOW)
        book = QueueBook(frozenset())
        assert {book.named(name, "voice").pk for name in ("refunds", "Returns AND refunds")} == {made.pk}
        assert Queue.objects.get().key == "Refunds"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "bILLING"}, "A queue is called “bILLING” already."),
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"channel": "email", "direction": "out"}, "Nobody is called over this queue&#x27;s channel."),
        ({"channel": "pigeon"}, "pigeon is not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said_beside_the_form_and_nothing_is_lost(
    alpha: Any, planner: Any, sent: dict[str, str], said: str
) -> None:
    with enter(alpha.ref()):
        Queue.objects.create(key="billing", name="Invoices")
    answer = planner.post(f"{HERE}add/", RETURNS | sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    for name, value in (RETURNS | sent).items():
        assert f'value="{value}"' in answer.content.decode() or value in ("", "pigeon"), name
    with enter(alpha.ref()):
        assert Queue.objects.count() == 1


def test_a_queue_is_renamed_and_one_nothing_is_kept_of_can_go(alpha: Any, planner: Any) -> None:
    ground = floor(alpha, employ("Ana"))
    with enter(alpha.ref()):
        other = add_queue(**RETURNS, by=BY, now=NOW)
    page = text(planner.get(HERE))
    assert "Remove Returns" in page
    assert "Remove Billing" not in page
    assert 'value="Returns"' in text(planner.get(f"{HERE}{other.pk}/"))
    assert planner.post(f"{HERE}{other.pk}/", {"name": "Billing"}).status_code == 422
    assert "It is called Refunds now." in text(planner.post(f"{HERE}{other.pk}/", {"name": "Refunds"}, follow=True))
    assert planner.post(f"{HERE}{other.pk}/", {"name": "Refunds"}).status_code == 302  # changes nothing
    assert "“Billing EN” is in use." in text(planner.post(f"{HERE}{ground.queue_id}/remove/", follow=True))
    assert "Refunds is gone." in text(planner.post(f"{HERE}{other.pk}/remove/", follow=True))
    assert planner.post(f"{HERE}{other.pk}/remove/").status_code == 404
    assert planner.get(f"{HERE}{other.pk}/").status_code == 404
    with enter(alpha.ref()):
        assert [one.pk for one in Queue.objects.all()] == [ground.queue_id]
        said = [(one.action, one.detail) for one in Entry.objects.filter(action__startswith="queue.").order_by("seq")]
        assert said[1:] == [
            ("queue.renamed", {"changes": {"name": ["Returns", "Refunds"]}}),
            ("queue.removed", {"name": "Refunds"}),
        ]


def test_what_only_goes_with_a_queue_keeps_it_too(alpha: Any) -> None:
    """An event would be deleted beside its queue without a word."""
    with enter(alpha.ref()):
        made = add_queue(**RETURNS, by=BY, now=NOW)
        assert [one.in_use for one in queues_kept()] == [False]
        day = NOW.date()
        SpecialEvent.objects.create(queue=made, name="Fair", first_day=day, last_day=day, made_at=NOW)
        assert [one.in_use for one in queues_kept()] == [True]
        with pytest.raises(NotPossible, match="in use"):
            remove_queue(queue_id=made.pk, by=BY, now=NOW)


@pytest.mark.services
def test_two_that_add_one_name_at_once_make_one_queue(alpha: Any) -> None:
    barrier, said = Barrier(2), []

    def add(name: str) -> None:
        try:
            with enter(alpha.ref()), transaction.atomic():
                Queue.objects.exists()  # connected
                barrier.wait(timeout=20)
                add_queue(**RETURNS | {"name": name}, by=BY, now=NOW)
            said.append("made")
        except NotPossible as error:
            said.append(error.problem)
        finally:
            connections.close_all()

    threads = [Thread(target=add, args=(name,)) for name in ("Returns", "RETURNS")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(said) in (
        ["A queue is called “RETURNS” already.", "made"],
        ["A queue is called “Returns” already.", "made"],
    )
    with enter(alpha.ref()):
        assert Queue.objects.count() == 1


def test_no_statement_makes_two_of_one_name(alpha: Any) -> None:
    insert = """
        INSERT INTO interactions_queue
            (id, key, name, channel, direction, answer_within_seconds, service_level_target, second_person)
        VALUES (gen_random_uuid(), %s, %s, 'voice', 'in', 20, 0.8, false)
    """
    with enter(alpha.ref()):
        assert run(insert, "a", "Returns") == 1
        with refused(errors.UniqueViolation, "queue_name_is_of_one"), transaction.atomic():
            run(insert, "b", "RETURNS")
        with refused(errors.UniqueViolation, "queue_key_is_of_one"), transaction.atomic():
            run(insert, "A", "Refunds")
        assert run(insert, "b", "Refunds") == 1
    with as_app(), refused(errors.InsufficientPrivilege), transaction.atomic():
        run(f'INSERT INTO "{alpha.schema_name}".interactions_queue (id) VALUES (gen_random_uuid())')


def test_the_list_takes_as_many_statements_for_three_rows_as_for_one(alpha: Any, planner: Any) -> None:
    numbers = iter("BCD")

    def add(count: int) -> None:
        with enter(alpha.ref()):
            for _ in range(count):
                add_queue(**RETURNS | {"name": next(numbers)}, by=BY, now=NOW)

    assert grows_with_rows(lambda: planner.get(HERE), add) is None
    assert statements(lambda: planner.get(HERE)) == 5
