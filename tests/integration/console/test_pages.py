"""The operator's lists and one's own notices: literal statement counts at 1 and 3 rows, and every text translatable."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

import bpo.imports
from bpo.actors import system
from bpo.notices.services import tell
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from bpo.ui.pseudo import pseudo_locale, untranslated
from console.people import open_account
from interactions.models import Actor, Queue
from tests.people import PASSWORD, sign_in
from tests.statements import grows_with_rows, statements
from workforce.models import Seat


@pytest.fixture
def admin(alpha: Any) -> Browser:
    open_account(
        email="admin@bpo.example", name="Ewelina", password=PASSWORD, role="operator_admin", client=None,
        client_realm=False, by=system("tests"), now=timezone.now(),
    )  # fmt: skip
    browser = Browser(HTTP_HOST="ops.bpo.test")
    browser.post("/sign-in/", {"email": "admin@bpo.example", "password": PASSWORD})
    return browser


def dead_jobs(client: Any, count: int) -> None:
    for _ in range(count):
        Job.objects.create(
            client=client, kind="notices.send_mail", dedupe_key=str(uuid.uuid4()), state="dead", last_error="no answer"
        )


def test_a_list_whose_statements_grow_is_named(alpha: Any) -> None:
    dead_jobs(alpha, 1)

    def bad_page() -> None:
        for job in Job.objects.all():
            str(job.client)

    found = grows_with_rows(bad_page, lambda n: dead_jobs(alpha, n))
    assert found is not None
    assert "fetch what each row needs with select_related" in found


def test_the_jobs_list_sends_the_same_statements_at_1_and_3_rows(alpha: Any, admin: Browser) -> None:
    assert grows_with_rows(lambda: admin.get("/jobs/"), lambda n: dead_jobs(alpha, n)) is None
    assert statements(lambda: admin.get("/jobs/")) == 7


def test_the_admins_job_list_sends_the_same_statements_at_1_and_3_rows(alpha: Any, admin: Browser) -> None:
    assert grows_with_rows(lambda: admin.get("/admin/outbox/job/"), lambda n: dead_jobs(alpha, n)) is None


def test_notices_send_the_same_statements_at_1_and_3_rows(alpha: Any) -> None:
    browser = sign_in("alpha", "agent")
    [actor] = Seat.objects.filter(client=alpha, user__email="agent@alpha.example").values_list("actor_id", flat=True)

    def add(count: int) -> None:
        with enter(alpha.ref()):
            for _ in range(count):
                key = str(uuid.uuid4())
                tell(actor_id=actor, kind="k", text="t", path="/", dedupe_key=key, now=timezone.now())

    assert grows_with_rows(lambda: browser.get("/notices/"), add) is None


OPERATOR_PAGES = ("/", "/jobs/", "/audit/")
CLIENT_PAGES = (
    "/interactions/", "/cases/", "/csat/", "/imports/", "/imports/new/", "/audit/", "/notices/", "/notices/preferences/",
)  # fmt: skip


def test_every_text_of_the_operators_pages_can_be_translated(alpha: Any, admin: Browser) -> None:
    dead_jobs(alpha, 1)
    with pseudo_locale():
        found = {path: untranslated(admin.get(path).content.decode()) for path in OPERATOR_PAGES}
    assert {path: texts for path, texts in found.items() if texts} == {}


MAPPINGS = Path(bpo.imports.__file__).parent / "mappings"
# Names of a client and of mappings, where no element can say translate="no".
DATA = {"· Alpha", *(path.stem for path in MAPPINGS.glob("*.json"))}


def test_every_text_of_a_clients_pages_can_be_translated(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        Queue.objects.create(key="voice", name="Voice")
        assert Actor.objects.exists()
    with pseudo_locale():
        found = {path: set(untranslated(browser.get(path).content.decode())) - DATA for path in CLIENT_PAGES}
    assert {path: texts for path, texts in found.items() if texts} == {}
