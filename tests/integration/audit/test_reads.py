"""Reads that matter are in the log: sound played, files taken away, customers looked for."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.utils import timezone

from bpo.actors import system
from bpo.audit.models import Entry
from bpo.audit.services import ONCE_IN
from bpo.files.services import store_file
from bpo.ops_audit.models import Entry as OperatorEntry
from bpo.tenancy.context import enter
from interactions.models import Customer, Recording
from tests.integration.qa.build import task
from tests.integration.qa.test_screens import record as with_sound
from tests.integration.search.test_search import fill
from tests.people import sign_in


def lines(client: Any, action: str) -> list[Entry]:
    with enter(client.ref()):
        return list(Entry.objects.filter(action=action).order_by("seq"))


def test_a_sound_played_in_pieces_is_one_line_a_person_in_ten_minutes(alpha: Any) -> None:
    with enter(alpha.ref()):
        one = task()
        with_sound(one)
        ident = Recording.objects.get().pk
    lead, analyst = sign_in("alpha", "team_lead"), sign_in("alpha", "qa_analyst")

    def play(browser: Any, piece: str) -> None:
        told = browser.get(f"/interactions/{one.interaction_id}/sound/").json()  # a new address each time
        answer = browser.get(told["url"], headers={"Range": piece})
        assert answer.status_code == 206
        answer.close()

    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        for piece in ("bytes=0-99", "bytes=100-199", "bytes=5000-"):
            play(lead, piece)
        assert [(line.target_id, line.detail) for line in lines(alpha, "recording.played")] == [
            (str(ident), {"heard": "original"})
        ]
        play(analyst, "bytes=0-99")
        clock.shift(ONCE_IN - timedelta(seconds=1))
        play(lead, "bytes=0-99")
        assert len(lines(alpha, "recording.played")) == 2
        clock.shift(timedelta(seconds=1))
        play(lead, "bytes=0-99")
    assert len({line.actor_id for line in lines(alpha, "recording.played")}) == 2
    assert len(lines(alpha, "recording.played")) == 3


def test_a_search_that_shows_customers_says_which_and_not_what_was_typed(alpha: Any) -> None:
    fill(alpha, "quetzal", 2)
    lead = sign_in("alpha", "team_lead")
    assert lead.get("/search/", {"q": "quetzal"}).json()
    assert lead.get("/search/", {"q": "nobody at all"}).json() == []
    [line] = lines(alpha, "customers.found")
    with enter(alpha.ref()):
        shown = sorted(str(pk) for pk in Customer.objects.values_list("pk", flat=True))
    assert line.detail == {"customers": shown}
    assert "quetzal" not in json.dumps([line.detail, line.target_id, line.actor_name])
    page = lead.get("/audit/", {"action": "customers.found"}).content.decode()
    assert "Customers found by a search" in page
    assert "Team Lead" in page
    assert shown[0] in page


def test_files_and_lists_taken_away_are_in_the_log(alpha: Any) -> None:
    with enter(alpha.ref()):
        kept = store_file(
            stream=io.BytesIO(b"a,b"), name="a.csv", purpose="import", by=system("t"), now=timezone.now(), limit=10
        )
    lead = sign_in("alpha", "team_lead")
    assert lead.get(f"/files/{kept.pk}/").getvalue() == b"a,b"
    assert lead.get(f"/files/{kept.pk}/").getvalue() == b"a,b"
    [line] = lines(alpha, "file.downloaded")
    assert (line.target_id, line.detail) == (str(kept.pk), {"purpose": "import"})
    assert lead.get("/files/00000000-0000-7000-8000-000000000000/").status_code == 404
    assert len(lines(alpha, "file.downloaded")) == 1
    assert not OperatorEntry.objects.filter(action="file.downloaded").exists()
