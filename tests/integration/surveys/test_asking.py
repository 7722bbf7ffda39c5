"""From resolutions to invitations, and back."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bpo.actors import By, system
from bpo.notices.mailing import RENDERERS, send_mail
from bpo.notices.models import Mail
from bpo.outbox.models import Job
from bpo.slots import Reopened, Resolved, case_reopened, case_resolved
from bpo.tenancy.context import enter, run_in_thread
from surveys.models import Candidate, Invitation, Survey, SurveyVersion
from surveys.secrets import address_hash, token_of
from surveys.services import cancel, consider, ensure_default_survey
from tests.integration.surveys.build import NOON, agent, interaction, reason, resolution

BY = By("person", "Maricel")


@pytest.fixture
def inside(alpha: Any) -> Any:
    with enter(alpha.ref()):
        yield alpha


def ask(*resolutions: Any, now: Any = NOON) -> list[Candidate]:
    consider(resolution_ids=[one.pk for one in resolutions], by=BY, now=now)
    return [Candidate.objects.get(resolution=one) for one in resolutions]


def test_every_resolution_has_a_candidate_that_is_invited_or_says_why(inside: Any) -> None:
    found = ask(
        resolution("ana@customer.example"),
        resolution(""),
        resolution("no@customer.example", no_surveys=True),
        resolution(" ANA@customer.example"),
    )
    assert [one.skip_reason for one in found] == ["", "no_address", "opted_out", "asked_recently"]
    assert [one.state for one in found] == ["invited", "skipped", "skipped", "skipped"]


def test_considering_twice_changes_nothing(inside: Any) -> None:
    one = resolution("ana@customer.example")
    ask(one)
    ask(one)
    assert Candidate.objects.count() == Mail.objects.count() == Invitation.objects.count() == 1


def test_the_default_survey_is_published_once_and_an_inactive_one_is_not_replaced(inside: Any) -> None:
    first = ensure_default_survey(by=BY, now=NOON)
    assert ensure_default_survey(by=BY, now=NOON) == first
    assert SurveyVersion.objects.get().number == 1
    Survey.objects.update(active=False)
    (candidate,) = ask(resolution("ana@customer.example"))
    assert (candidate.skip_reason, candidate.survey_version) == ("no_survey", None)
    assert Survey.objects.count() == 1


def test_who_and_what_it_was_about_is_frozen_from_the_last_interaction(inside: Any) -> None:
    one = resolution("ana@customer.example", at=NOON)
    interaction(case=one.case, started_at=NOON - timedelta(hours=1), agent=agent("Ben", "South"))
    last = interaction(
        case=one.case, started_at=NOON + timedelta(hours=1), agent=agent("Cleo"), reason=reason("Refund")
    )
    interaction(case=one.case, started_at=NOON + timedelta(days=1), agent=agent("Ben", "South"))
    later = type(one).objects.create(case=one.case, number=2, resolved_at=NOON + timedelta(hours=2), source="person")
    (candidate,) = ask(later)
    assert candidate.interaction == last
    assert (candidate.agent.display_name, candidate.team.name) == ("Cleo", "North")
    assert (candidate.reason.name, candidate.queue.key) == ("Refund", "billing")
    assert candidate.business_date == last.business_date


def test_a_case_without_interactions_takes_the_day_in_the_clients_zone(inside: Any) -> None:
    late = NOON.replace(hour=23, minute=30)  # 00:30 of the next day in Berlin
    one = resolution(at=late)
    one.case.interactions.all().delete()
    (candidate,) = ask(one)
    assert candidate.business_date == (NOON + timedelta(days=1)).date()
    assert candidate.interaction is None


@pytest.mark.parametrize(("days", "reason"), [(29, "asked_recently"), (31, "")])
def test_an_address_is_asked_once_in_thirty_days(inside: Any, days: int, reason: str) -> None:
    ask(resolution("ana@customer.example"))
    later = NOON + timedelta(days=days)
    assert ask(resolution("Ana@Customer.example", at=later), now=later)[0].skip_reason == reason


def test_an_invitation_cancelled_before_it_was_sent_does_not_count_as_asked(inside: Any) -> None:
    first = resolution("ana@customer.example")
    ask(first)
    cancel(resolution_ids=[first.pk], by=BY, now=NOON)
    assert ask(resolution("ana@customer.example"))[0].skip_reason == ""


def test_two_workers_do_not_both_ask_one_address(inside: Any) -> None:
    ensure_default_survey(by=BY, now=NOON)
    made = [resolution("ana@customer.example") for _ in range(6)]
    ready = threading.Barrier(len(made))

    def body(one: Any) -> None:
        ready.wait(20)
        consider(resolution_ids=[one.pk], by=BY, now=NOON)

    threads = [run_in_thread(inside.ref(), lambda one=one: body(one)) for one in made]
    for thread in threads:
        thread.join()
    assert Candidate.objects.count() == len(made)
    assert Invitation.objects.count() == Mail.objects.count() == 1


def test_the_number_of_statements_does_not_grow_with_the_batch(inside: Any) -> None:
    ensure_default_survey(by=BY, now=NOON)

    def statements(size: int) -> int:
        made = [resolution(f"c{size}-{i}@customer.example").pk for i in range(size)]
        with CaptureQueriesContext(connection) as seen:
            consider(resolution_ids=made, by=BY, now=NOON)
        return len(seen)

    assert statements(2) == statements(300) == 13


def test_only_the_hash_of_the_token_is_kept_and_the_mail_can_make_it_again(inside: Any) -> None:
    ask(resolution("ana@customer.example"))
    invitation = Invitation.objects.get()
    token = token_of(invitation)
    assert token is not None
    assert len(token) == 22
    assert token not in str(Invitation.objects.values().get())
    content = RENDERERS["surveys.invitation"](Mail.objects.get())
    assert content is not None
    for score in range(1, 6):
        link = f"http://alpha.bpo.test/s/{token}/?score={score}"
        assert link in content.text
        assert link in content.html
    assert content.subject == "How did we do?"
    assert invitation.address_hash == address_hash("ana@customer.example")


def test_a_key_that_was_replaced_still_makes_the_links_it_gave_out(inside: Any, monkeypatch: Any) -> None:
    from django.conf import settings

    ask(resolution("ana@customer.example"))
    invitation = Invitation.objects.get()
    token = token_of(invitation)
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [settings.SECRET_KEY])
    monkeypatch.setattr(settings, "SECRET_KEY", "another secret that is long enough for anybody")
    assert token_of(invitation) == token
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [])
    assert token_of(invitation) is None


def test_the_mail_and_its_job_are_written_with_the_invitation(inside: Any) -> None:
    ask(resolution("ana@customer.example"))
    invitation, mail = Invitation.objects.get(), Mail.objects.get()
    assert invitation.mail == mail
    assert (mail.kind, mail.subject_id, mail.address) == (
        "surveys.invitation", invitation.pk, "ana@customer.example",
    )  # fmt: skip
    from bpo.tenancy.context import as_app

    with as_app():
        job = Job.objects.get(dedupe_key=f"mail:{mail.pk}")
        assert (job.kind, job.payload, job.client_id) == ("notices.send_mail", {"mail_id": str(mail.pk)}, inside.pk)


def test_a_reopened_case_closes_the_unanswered_invitation_and_its_mail_is_not_sent(inside: Any) -> None:
    one = resolution("ana@customer.example")
    case_resolved.collect(Resolved((one.pk,), BY, NOON))
    case_reopened.collect(Reopened((one.pk,), BY, NOON))
    invitation = Invitation.objects.get()
    assert (invitation.cancel_reason, invitation.cancelled_at) == ("reopened", NOON)
    send_mail(invitation.mail_id)
    assert Mail.objects.get().state == "cancelled"


def test_the_actor_may_be_the_import_and_the_statement_says_so(inside: Any) -> None:
    from bpo.audit.models import Entry

    consider(resolution_ids=[resolution("a@customer.example").pk], by=system("import"), now=NOON)
    entry = Entry.objects.get(action="surveys.survey_published")
    assert entry.actor_name == "import"
