"""The operator's library: written from files, offered to clients, copied once inside each."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Client
from bpo.actors import system
from bpo.ops_audit.models import Entry
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from console.library import offer, write_version
from console.models import ScorecardTemplate, TemplateOffer, TemplateVersion
from console.tasks import copy_offered
from qa.domain.documents import Document, write
from qa.models import Scorecard, ScorecardDraft, TemplateCopy
from qa.services import begin_draft, edit_draft, follow_template, new_scorecard
from tests.integration.console.operators import operator
from tests.integration.qa.build import NOW, content
from tests.integration.qa.drafts import writer
from tests.people import sign_in
from tests.statements import statements

BY = system("tests")


def written(pass_mark: int = 80, template_id: Any = None, **more: Any) -> TemplateVersion:
    document = Document("voice", "Voice, all sites", "voice", content(pass_mark=pass_mark, **more))
    return write_version(document=document, note="For every voice line", by=BY, now=NOW, template_id=template_id)


def run(client: Client) -> None:
    """What the worker does with the client's jobs of the library, twice."""
    for job in Job.objects.filter(kind="console.copy_template", client=client):
        for _ in range(2):
            copy_offered(client=client.ref(), **job.payload)


def test_a_version_is_written_once_numbered_and_frozen(alpha: Any) -> None:
    first = written()
    assert written(template_id=first.template_id).pk == first.pk
    second = written(75, template_id=first.template_id)
    assert (first.number, second.number) == (1, 2)
    assert written().template.key == "voice-2"
    assert Entry.objects.filter(action="library.version_written").count() == 3
    with pytest.raises(Refused, match="another way"):
        points = Document("voice", "Voice", "", content() | {"mode": "points"})
        write_version(document=points, note="x", by=BY, now=NOW, template_id=first.template_id)
    for document, note, match in (
        (Document("v", "Voice", "", {"sections": []}), "x", "can’t score"),
        (Document("v", "Voice", "", content()), " ", "note is empty"),
        (Document("v", " ", "", content()), "x", "gives no name"),
    ):
        with pytest.raises(Refused, match=match):
            write_version(document=document, note=note, by=BY, now=NOW)


@pytest.mark.services
def test_the_app_cannot_change_a_written_version_by_raw_sql(alpha: Any) -> None:
    written()
    with connection.cursor() as cursor:
        for statement in ("UPDATE console_templateversion SET number = 3", "DELETE FROM console_templateversion"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(statement)


def test_an_offer_is_copied_once_into_its_client_and_into_no_other(alpha: Any, beta: Any) -> None:
    version = written()
    assert offer(version=version, clients=[alpha], by=BY, now=NOW) == 1
    assert offer(version=version, clients=[alpha], by=BY, now=NOW) == 0
    run(alpha)
    with enter(alpha.ref()):
        copy = TemplateCopy.objects.get()
        assert (copy.template_id, copy.number, copy.content) == (version.template_id, 1, version.content)
    with enter(beta.ref()):
        assert not TemplateCopy.objects.exists()
    assert TemplateOffer.objects.get().copied_at is not None


def test_a_client_starts_from_a_template_sees_what_differs_and_takes_what_is_newer(alpha: Any) -> None:
    version = written(questions=3)
    offer(version=version, clients=[alpha], by=BY, now=NOW)
    run(alpha)
    analyst = sign_in("alpha", "qa_analyst")
    with enter(alpha.ref()):
        copy = TemplateCopy.objects.get()
    page = analyst.get("/scorecards/new/").content.decode()
    assert "Voice, all sites, from the operator" in page
    made = analyst.post("/scorecards/new/", {"name": "Our voice", "channel": "voice", "start": str(copy.pk)})
    with enter(alpha.ref()):
        card = Scorecard.objects.get()
        assert made["Location"] == f"/scorecards/{card.pk}/draft/"
        assert (card.template, card.draft.content) == (copy, version.content)
        words = {"do": "set", "kind": "question", "key": "q1", "field": "text", "value": "In our words?"}
        edit_draft(card_id=card.pk, version=card.draft.version, intent=words, by=writer(), now=NOW)
    assert analyst.get(f"/scorecards/{card.pk}/draft/template/").status_code == 404
    newer = content(questions=3, pass_mark=70)
    newer["sections"][0]["questions"][0]["text"] = "In the template's new words?"
    document = Document("voice", "Voice, all sites", "voice", newer)
    second = write_version(document=document, note="Lower mark", by=BY, now=NOW, template_id=version.template_id)
    offer(version=second, clients=[alpha], by=BY, now=NOW)
    run(alpha)
    page = analyst.get(f"/scorecards/{card.pk}/draft/template/").content.decode()
    assert "it stays as it is here:" in page
    assert "Question 1" in page
    with enter(alpha.ref()):
        draft = ScorecardDraft.objects.get()
        follow_template(card_id=card.pk, version=draft.version, by=writer(), now=NOW)
        draft = ScorecardDraft.objects.get()
        assert draft.content["pass_mark"] == 70
        assert draft.content["sections"][0]["questions"][0]["text"] == "In our words?"
        assert Scorecard.objects.get().template.number == 2


def test_the_page_of_a_version_says_how_it_stands_to_its_template(alpha: Any) -> None:
    from tests.integration.qa.drafts import published

    version = written()
    offer(version=version, clients=[alpha], by=BY, now=NOW)
    run(alpha)
    with enter(alpha.ref()):
        copy = TemplateCopy.objects.get()
        draft = new_scorecard(name="Ours", channel="", content=copy.content, template=copy, by=writer(), now=NOW)
        first = published(draft, reason="First")
        begin_draft(card_id=first.scorecard_id, by=writer(), now=NOW)
    analyst = sign_in("alpha", "qa_analyst")
    page = analyst.get(f"/scorecards/{first.pk}/").content.decode()
    assert "Nothing is different here." in page
    second = written(60, template_id=version.template_id)
    offer(version=second, clients=[alpha], by=BY, now=NOW)
    run(alpha)
    page = analyst.get(f"/scorecards/{first.pk}/").content.decode()
    assert "The operator offers version 2." in page
    page = analyst.get(f"/scorecards/{first.scorecard_id}/compare/?a=template&b=newer").content.decode()
    assert "pass mark" in page


def test_the_screens_write_offer_and_give_files_back(alpha: Any, beta: Any) -> None:
    browser = operator()
    assert "The library is empty" in browser.get("/library/").content.decode()
    text = write(Document("voice", "Voice, all sites", "voice", content()))
    broken = text.replace('"weight": 60', '"weight": "much"')
    answer = browser.post("/library/new/", {"text": broken})
    assert answer.status_code == 422
    assert "content.sections[0].weight" in answer.content.decode()
    look = browser.post("/library/new/", {"text": text})
    assert "Keep it in the library" in look.content.decode()
    assert not ScorecardTemplate.objects.exists()
    kept = browser.post("/library/new/", {"text": text, "note": "For voice", "take": "1"})
    template = ScorecardTemplate.objects.get()
    assert kept["Location"] == f"/library/{template.pk}/"
    assert json.loads(browser.get(f"/library/{template.pk}/1/file/").content) == json.loads(text)
    browser.post(f"/library/{template.pk}/offer/", {"client": ["alpha", "nobody"]})
    assert list(TemplateOffer.objects.values_list("client__key", flat=True)) == ["alpha"]
    page = browser.get(f"/library/{template.pk}/").content.decode()
    assert "on its way" in page
    changed = text.replace('"pass_mark": 80', '"pass_mark": 70')
    look = browser.post(f"/library/{template.pk}/new/", {"text": changed}).content.decode()
    assert "1 thing would change" in look
    browser.post(f"/library/{template.pk}/new/", {"text": changed, "note": "Lower", "take": "1"})
    assert template.versions.count() == 2
    assert browser.get(f"/library/{uuid4()}/").status_code == 404
    assert browser.get(f"/library/{template.pk}/9/file/").status_code == 404


def test_the_list_takes_as_many_statements_for_three_as_for_one(alpha: Any) -> None:
    browser = operator()
    written()
    browser.get("/library/")
    one = statements(lambda: browser.get("/library/"))
    written()
    third = written()
    offer(version=third, clients=[alpha], by=BY, now=timezone.now())
    assert statements(lambda: browser.get("/library/")) == one == 5
