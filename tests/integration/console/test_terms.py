"""What is agreed with a client: each term changes what the product does, at its opening and later."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Terms
from accounts.selectors import terms_of
from accounts.services.terms import set_terms
from bpo.actors import By, system
from bpo.audit.models import Entry
from bpo.ops_audit.models import Entry as OperatorEntry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from bpo.ui.pseudo import pseudo_locale, untranslated
from interactions.models import Queue
from reports.tasks import announce_report
from surveys.models import Candidate, Invitation
from surveys.services import consider
from tests.integration.console.operators import operator
from tests.integration.interactions.files import GOOD, csv
from tests.integration.interactions.test_import_command import run
from tests.integration.surveys.build import resolution
from tests.people import sign_in
from tests.statements import statements

PAGE = "/clients/alpha/terms/"
BY = By("operator", "Ewelina")
USUAL = {
    "sees_reports": "on", "sees_satisfaction": "on", "surveys_asked": "on", "survey_rest_days": "30",
    "service_level": "80", "answer_within_seconds": "20",
}  # fmt: skip


def agree(client: Any, **agreed: Any) -> Terms:
    """A version of the terms, taken into the client as a worker does."""
    made = set_terms(client=client, agreed=agreed, reason="they asked", by=BY, now=timezone.now())
    job = Job.objects.get(kind="console.copy_terms", dedupe_key=f"terms:{made.number}", client=client)
    assert execute(job.pk, job.kind) == "done"
    return made


def test_what_the_clients_people_see_holds_from_the_next_request(alpha: Any, beta: Any) -> None:
    browser, staff, elsewhere = (
        sign_in("alpha", "client_user"),
        sign_in("alpha", "team_lead"),
        sign_in("beta", "client_user"),
    )
    pages = {"sees_reports": "/reports/", "sees_satisfaction": "/csat/"}
    for term, path in pages.items():
        assert browser.get(path).status_code == 200
        agree(alpha, **{term: False})
        assert browser.get(path).status_code == 403
        assert staff.get(path).status_code == 200
        assert elsewhere.get(path).status_code == 200
    assert browser.get("/", follow=True).status_code == 200
    assert 'href="/csat/"' not in browser.get("/notices/").content.decode()
    assert browser.get("/api/v1/csat/").status_code == 403
    agree(alpha, sees_reports=True, sees_satisfaction=True)
    assert [browser.get(path).status_code for path in pages.values()] == [200, 200]


def test_evaluations_are_seen_where_that_was_agreed_and_nowhere_else(alpha: Any, beta: Any) -> None:
    browser, elsewhere = sign_in("alpha", "client_user"), sign_in("beta", "client_approver")
    for agreed, status in ((None, 403), (True, 200), (False, 403)):
        if agreed is not None:
            agree(alpha, sees_evaluations=agreed)
        assert browser.get("/quality/").status_code == status
        assert ('href="/quality/"' in browser.get("/notices/").content.decode()) == (status == 200)
        assert elsewhere.get("/quality/").status_code == 403
    assert sign_in("alpha", "team_lead").get("/quality/").status_code == 403  # they have the whole of it


def test_nobody_is_told_of_a_report_they_may_not_see(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in("alpha", "client_user")
    told: list[int] = []
    monkeypatch.setattr("reports.services.announce", lambda *, actor_ids, **_: told.append(len(list(actor_ids))))
    for sees in (True, False):
        if not sees:
            agree(alpha, sees_reports=False)
        announce_report(client=alpha.ref(), report_id="019ab000-0000-7000-8000-00000000dead")
    assert told == [1, 0]


def test_the_service_level_promised_is_every_queues_and_each_new_ones(alpha: Any, tmp_path: Path) -> None:
    with enter(alpha.ref()):
        Queue.objects.create(key="old", name="Old", service_level_target=Decimal("0.7"), answer_within_seconds=60)
    agree(alpha, sees_reports=False)  # says nothing of it, so that a queue keeps a promise of its own
    with enter(alpha.ref()):
        assert Queue.objects.get(key="old").answer_within_seconds == 60
    agree(alpha, service_level_target=Decimal("0.9"), answer_within_seconds=15)
    run(tmp_path, csv(GOOD))
    with enter(alpha.ref()):
        promised = set(Queue.objects.values_list("name", "service_level_target", "answer_within_seconds"))
        assert promised == {("Old", Decimal("0.900"), 15), ("Billing EN", Decimal("0.900"), 15)}
        [line] = Entry.objects.filter(action="queue.promise_set")
        assert line.detail["changes"]["answer_within_seconds"] == [60, 15]


def test_whether_and_how_often_customers_are_asked_is_the_contracts(alpha: Any) -> None:
    now = timezone.now()

    def skipped(email: str) -> str:
        with enter(alpha.ref()):
            made = resolution(email)
            consider(resolution_ids=[made.pk], by=system("tests"), now=now)
            return str(Candidate.objects.get(resolution=made).skip_reason)

    assert skipped("a@customer.example") == ""
    agree(alpha, surveys_asked=False)
    assert skipped("b@customer.example") == "no_survey"
    agree(alpha, surveys_asked=True)
    assert skipped("b@customer.example") == ""
    with enter(alpha.ref()):
        Invitation.objects.update(created_at=now - timedelta(days=40))
    agree(alpha, survey_rest_days=60)
    assert skipped("a@customer.example") == "asked_recently"
    agree(alpha, survey_rest_days=30)
    assert skipped("a@customer.example") == ""


def test_terms_are_changed_on_their_page_with_a_reason_and_kept_by_version(alpha: Any) -> None:
    browser = operator()
    page = browser.get(PAGE).content.decode()
    assert 'value="80"' in page
    assert "None yet" in page
    for wrong, said in (
        ({"reason": ""}, "This field is required."), ({"service_level": "0"}, "greater than or equal to 1"),
        ({"service_level": "101"}, "less than or equal to 100"), ({"survey_rest_days": "731"}, "less than or equal"),
        ({"answer_within_seconds": "x"}, "Enter a whole number."),
    ):  # fmt: skip
        answer = browser.post(PAGE, {**USUAL, "reason": "they asked", **wrong})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not Terms.objects.exists()
    assert browser.post(PAGE, {**USUAL, "service_level": "92.5", "reason": "New contract"}).status_code == 302
    assert browser.post(PAGE, {**USUAL, "service_level": "92.5", "reason": "Again"}).status_code == 422
    given = {key: value for key, value in USUAL.items() if key != "sees_reports"}
    assert browser.post(PAGE, {**given, "service_level": "92.5", "reason": "No reports"}).status_code == 302
    assert list(Terms.objects.values_list("number", "sees_reports", "service_level_target")) == [
        (2, False, Decimal("0.925")), (1, True, Decimal("0.925")),
    ]  # fmt: skip
    [first, second] = OperatorEntry.objects.filter(action="terms.set").order_by("seq")
    assert first.detail["changes"] == {"service_level_target": ["0.8", "0.925"]}
    assert second.detail == {"number": 2, "reason": "No reports", "changes": {"sees_reports": [True, False]}}
    shown = browser.get(PAGE).content.decode()
    assert "Version 2" in shown
    assert "sees no reports" in shown
    one = statements(lambda: browser.get(PAGE))
    for n in range(3):
        set_terms(client=alpha, agreed={"survey_rest_days": 40 + n}, reason="r", by=BY, now=timezone.now())
    assert statements(lambda: browser.get(PAGE)) == one == 7
    with pseudo_locale():
        assert set(untranslated(browser.get(PAGE).content.decode())) - {"· Alpha"} == set()


def test_a_version_of_the_terms_never_changes_whoever_asks(alpha: Any) -> None:
    made = set_terms(client=alpha, agreed={"survey_rest_days": 40}, reason="r", by=BY, now=timezone.now())

    def sent(statement: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    for statement in ("UPDATE accounts_terms SET sees_reports = false", "DELETE FROM accounts_terms"):
        with pytest.raises(DatabaseError) as caught:
            sent(statement)
        assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)
    with enter(alpha.ref()), pytest.raises(DatabaseError) as foreign:
        sent("SELECT * FROM public.accounts_terms")
    assert isinstance(foreign.value.__cause__, psycopg.errors.InsufficientPrivilege)
    copy = (
        "INSERT INTO accounts_terms SELECT '019ab000-0000-7000-8000-00000000dead', {}, sees_reports, sees_satisfaction, "
        "surveys_asked, {}, service_level_target, answer_within_seconds, {}, set_by, set_at, client_id, set_by_user_id, "
        "sees_evaluations, hears_recordings FROM accounts_terms"
    )
    for number, rest, reason, constraint in (
        ("1", "30", "'r'", "terms_are_numbered_once"), ("0", "30", "'r'", "terms_count_from_one"),
        ("2", "0", "'r'", "terms_rest_is_days"), ("2", "30", "''", "terms_have_a_reason"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match=constraint):
            sent(copy.format(number, rest, reason))
    sent(copy.format("2", "30", "'r'"))
    assert terms_of(alpha.pk).number == made.number + 1
