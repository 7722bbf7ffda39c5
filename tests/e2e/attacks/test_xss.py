"""A corpus of hostile texts in every field that takes text, in headers and file names: every page of both hosts and
both admins, every mail and the report on paper show them as they are in a real browser, and nothing of them runs, is
drawn, leads anywhere, or breaks the policy of the page."""

import io
import logging
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Error
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from accounts.models import Client
from bpo.embedded.mail import Sink, read_message
from bpo.embedded.mail_page import Page as MailPage
from tests.e2e.attacks import mails, papers
from tests.e2e.attacks.columns import LEFT, LEFT_BY_NAME, every_column, filled_columns
from tests.e2e.attacks.corpus import CORPUS, LONG, SHORT
from tests.e2e.attacks.doors import come_in
from tests.e2e.attacks.filling import fill
from tests.e2e.attacks.rows import left_behind
from tests.e2e.attacks.serving import serving
from tests.e2e.attacks.walking import Walk, admin_visits, of_filled_rows, step_in
from tests.e2e.attacks.watching import Found, Watcher, watching
from tests.e2e.installation import Installation, installed
from tests.e2e.screens import living
from tests.e2e.screens.tour import Tour, _by_role, _known, _seeded, newcomer
from tests.e2e.screens.visiting import Visit
from tests.e2e.ui.kit import POLICY

# Columns whose texts no page of HTML shows, each with why.
UNSEEN = {
    "accounts.ExternalIdentity.subject": "no page says who somebody is at a provider",
    "axes.AccessAttempt.http_accept": "the admin leaves it out",
    "axes.AccessAttempt.get_data": "the admin leaves it out",
    "axes.AccessAttempt.post_data": "the admin leaves it out",
    "workforce.PeopleImport.mapping": "filled where the file is read; of one that waits, which rows.py sends, it is its own",
    "interactions.Customer.language": "twelve characters, too few for a text and what it is known by",
}


def test_there_are_enough_of_every_kind() -> None:
    assert len(CORPUS) == len(set(CORPUS)) >= 60
    assert min(len(SHORT), len(LONG)) >= 25
    assert all(len(text) <= 35 for text in SHORT)


def test_every_column_for_text_is_filled_or_says_why_not() -> None:
    """By type, so that a new one is among them."""
    every = every_column()
    assert len(every) > 200
    assert set(every) >= LEFT.keys(), "no longer there, or a choice now: take it off the list"
    left = {label for label in every if label in LEFT or label.rpartition(".")[2] in LEFT_BY_NAME}
    assert {column.label for column in filled_columns()} == set(every) - left
    assert UNSEEN.keys() <= {column.label for column in filled_columns()}


@pytest.mark.browser
def test_nothing_that_somebody_typed_does_anything(db: Any, tmp_path: Path) -> None:
    found = Found()
    with override_settings(EXPORT_ROOT=tmp_path / "exports"):
        visits, sheets, client = _filled()
        for path, cells in sheets:
            assert len(cells) > 5, path
            assert [cell for cell in cells if papers.is_formula(cell)] == [], path
        reports = papers.printed(client)
        assert [papers.acting(raw) for raw in reports] == [set()] * len(reports)
        with installed(tmp_path, beside=()) as installation, watching(found) as watcher:
            _walked(watcher, visits, installation)
            _read_on_paper(watcher, reports)
            _read_as_mail(watcher, client, tmp_path / "sent")
            connections.close_all()
    columns = {column.label: column.number in found.marks for column in filled_columns()}
    figures = f"{found.pages} pages, {found.texts} texts on them, {sum(columns.values())} of {len(columns)} columns"
    logging.getLogger(__name__).info("%s", figures)
    unseen = [label for label, seen in columns.items() if not seen and label not in UNSEEN]
    wrong = [*found.problems, *(f"no page showed {one!r} as it is" for one in [*unseen, *found.unread()])]
    assert not wrong, "\n".join([figures, *wrong])
    assert found.pages >= 400, figures
    assert found.texts >= 8_000, figures


def test_what_acts_in_a_pdf_is_seen() -> None:
    writer = PdfWriter()
    writer.add_blank_page(99, 99)
    writer.add_uri(0, "https://evil.example/", (0, 0, 9, 9))
    assert papers.acting(written(writer)) == {"/URI"}
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    assert papers.acting(written(writer)) == {"/URI", "/OpenAction", "/JS", "/JavaScript"}


def written(writer: PdfWriter) -> bytes:
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


@pytest.mark.browser
@pytest.mark.parametrize("policy", [POLICY, ""], ids=["under the policy", "without it"])
def test_the_watch_sees_what_gets_through(policy: str) -> None:
    """Each text that is markup, put into a page as it is, is told on; as text it is not."""
    text_at_first = ("&", "-->", "<math>", "<![CDATA[")  # the last two are markup for who reads them twice
    marked = [text for text in CORPUS if "data-xss>" in text.lower() and not text.startswith(text_at_first)]
    assert len(marked) > 40
    caught, innocent = Found(), Found()
    raw = {f"/{place}": f"<p>{text}</p><p title='{text}'></p>".encode() for place, text in enumerate(marked)}
    with serving(raw, policy) as base, watching(caught) as watcher:
        page = watcher.page()
        for path in raw:
            before = len(caught.problems)
            try:
                page.goto(base + path)
            except Error as error:  # the text led the page elsewhere
                caught.problems.append(str(error))
                page = watcher.page()
            else:
                watcher.look(page, path)
            assert len(caught.problems) > before, f"nobody saw {raw[path]!r}"
    with (
        serving({"/": b"<p title='&#39;onclick=xss()'>&lt;b data-xss>x"}, policy) as base,
        watching(innocent) as watcher,
    ):
        page = watcher.page()
        page.goto(base)
        watcher.look(page, "innocent")
    assert innocent.problems == []
    assert innocent.shown == {CORPUS.index("<b data-xss>x")}


def _filled() -> tuple[list[Visit], list[tuple[str, list[str]]], Client]:
    """The demo, worked with, then hostile in every column; the pages to look at, and the sheets to take away."""
    logins, client = _seeded(), Client.objects.get(key="norvik")
    there = [_known(login, "norvik") for login in logins if login.get("client") == "norvik"]
    if all(role != "operator_admin" for role, _, _ in there):
        there.append(newcomer("operator_admin", client))
    operators = [_known(login, "ops") for login in logins if not login.get("client")]
    here, above = _by_role(there), _by_role(operators)
    living.worked_with(client, here, above)
    come_in(client, here["team_lead"], logins)
    left_behind(client, above["hr"])
    inside = step_in(client, above["operator_admin"])
    empty = [label for label, rows in fill(client.schema_name).items() if not rows]
    assert empty == [], "no row holds a text there: make one in rows.py"
    client.refresh_from_db()
    tour = Tour("xss")
    tour.plan("client", there, client)
    tour.plan("operator", operators, None)
    assert tour.wrong == []
    visits = [*tour.visits, *of_filled_rows(client, tour.visits)]
    visits += admin_visits(client, above["operator_admin"], inside)
    return visits, list(papers.cells_of_sheets(here["team_lead"], above["hr"], client)), client


def _walked(watcher: Watcher, visits: list[Visit], installation: Installation) -> None:
    walk = Walk(watcher, installation.port)
    walk.through(visits)
    walk.stray(visits)
    walk.palettes(visits)
    walk.sent()
    assert walk.answered >= 35, f"{walk.answered} of {len(walk.posts)} forms were sent"


def _read_on_paper(watcher: Watcher, reports: list[bytes]) -> None:
    """In the browser's own viewer, which runs what a PDF tells it to; and as text, that it is not empty of them."""
    page = watcher.page()
    with serving({f"/{place}.pdf": raw for place, raw in enumerate(reports)}) as base:
        for place, raw in enumerate(reports):
            page.goto(f"{base}/{place}.pdf")
            page.wait_for_timeout(1_000)
            watcher.look(page, f"report {place}")
            text = papers.words_of(raw)
            shown = [one for one in CORPUS if papers.squeezed(one) in text]
            assert len(shown) > (0 if place == 0 else len(CORPUS) * 3 // 4), f"report {place} shows {len(shown)} texts"


def _read_as_mail(watcher: Watcher, client: Client, folder: Path) -> None:
    """Each mail as HTML without any policy, and on the page of the local mail sink."""
    page = watcher.page()
    with Sink(folder) as sink, MailPage(folder) as shown:
        count = mails.sent(client, sink)
        kept = sink.messages()
        assert len(kept) == count
        bodies = [read_message(folder, one).get_body(("html",)) for one in kept]
        html = {f"/{place}": body.get_content().encode() for place, body in enumerate(bodies) if body is not None}
        assert len(html) >= len(mails.lines(150)), "the mails that ask have HTML"
        with serving(html) as base:
            for path in html:
                page.goto(base + path)
                watcher.look(page, f"mail {path}")
        for path in ("/", *(f"/{one.file}" for one in kept)):
            page.goto(f"http://127.0.0.1:{shown.port}{path}")
            watcher.look(page, f"mail sink {path}")
