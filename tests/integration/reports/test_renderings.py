"""Screen, PDF, XLSX and CSV of one report: every figure is taken out of each, and all of them are compared."""

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import openpyxl
import pypdf
import pytest

from bpo.actors import By
from bpo.files.services import open_file
from bpo.tenancy.context import enter
from interactions.models import Queue
from reports.domain.weeks import Week
from reports.models import ReportFile, ReportVersion
from reports.presenting import numbers, scaled
from reports.renderings import RENDERINGS
from reports.renderings.csv import harmless
from reports.services import build, request_build
from tests.integration.reports.build import MONDAY, NOW, answers, floor
from tests.people import sign_in

# (reference, week, "figure" or "series") to value, low and high as a person reads them; "" where there is none.
Figures = dict[tuple[str, int, str], tuple[str, str, str]]
WEEK = MONDAY.isocalendar().week
INTERVAL = r"[\d,.]+–[\d,.]+"
BASIS = r"(?:[\d,]+ of [\d,]+|n = [\d,]+(?:, needs \d+)?|counted)"


@pytest.fixture
def report(alpha: Any) -> ReportVersion:
    with enter(alpha.ref()):
        floor(weeks=5)
        Queue.objects.filter(key="billing").update(name="=Billing and refunds of Północ, São and Wiśniewska-Kowalczyk")
        answers([5, 4, 2, 5, 3, 5, 4])
        answers([5, 1], day=date(2026, 11, 10))
        asked = request_build(week=Week(MONDAY), reason="", by=By("person", "Maricel Santos"), now=NOW)
        found = build(build_id=asked.pk, now=NOW).report
    assert found is not None
    return found


def file_of(alpha: Any, report: ReportVersion, kind: str) -> bytes:
    with enter(alpha.ref()), open_file(ReportFile.objects.get(report=report, kind=kind).file) as opened:
        return opened.read()


def digits(text: str) -> str:
    """The number in what is shown: "76.4 %" is 76.4, "1,234 s" is 1234, a dash is nothing."""
    return re.sub(r"[^\d.]", "", text)


def limits(text: str) -> tuple[str, str]:
    low, _, high = text.partition("–")
    return digits(low), digits(high)


def expected(report: ReportVersion) -> Figures:
    """What the frozen content says, rounded once."""

    def said(one: dict[str, Any], counts: dict[str, Any]) -> tuple[str, str, str]:
        places = one["definition"]["digits"]
        value, low, high = [
            "" if n is None else f"{abs(scaled(one, n)):.{places}f}" for n in numbers(one, counts)
        ]  # fmt: skip
        return value, low, high

    by_ref = {one["ref"]: one for one in report.content["figures"]}
    found = {(ref, WEEK, "figure"): said(one, one) for ref, one in by_ref.items()}
    for series in report.content["series"]:
        for point in series["points"]:
            found[series["ref"], point["week"], "series"] = said(by_ref[series["ref"]], point)
    return found


def from_screen() -> Figures:
    page = unescape(sign_in("alpha", "client_user").get("/reports/").content.decode())
    found: Figures = {}
    for ref, block in re.findall(r'data-ref="([^"]+)"(.*?)(?=data-ref=|</section>)', page, re.S):
        parts = {
            name: re.sub(r"<[^>]+>", "", text)
            for name, text in re.findall(r'data-part="(\w+)"[^>]*>(.*?)</', block, re.S)
        }
        found[ref, WEEK, "figure"] = (digits(parts["value"]), *limits(parts.get("limits", "")))
    for ref, block in re.findall(r'data-series="([^"]+)"(.*?)</table>', page, re.S):
        for week, value, interval in re.findall(
            r"<th scope=\"row\">wk (\d+)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>", block
        ):
            found[ref, int(week), "series"] = (digits(value), *limits(interval))
    return found


def from_pdf(content: bytes) -> Figures:
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    text = text.replace("\u202f", " ").replace("\xa0", " ")
    found: Figures = {}
    row = re.compile(rf"([A-Z]{{2}}-\d(?:\.[\w-]+)?) +(–|[\d,.]+(?: %| s)?) +{BASIS} *({INTERVAL})?")
    for ref, value, interval in row.findall(text):
        found[ref, WEEK, "figure"] = (digits(value), *limits(interval))
    card = re.compile(rf"^(–|[\d,.]+(?: %)?) +[A-Z][^\d\n]+? {BASIS}(?:, ({INTERVAL}))? +([A-Z]{{2}}-\d)$", re.M)
    for value, interval, ref in card.findall(text):
        found[ref, WEEK, "figure"] = (digits(value), *limits(interval))
    ref = ""
    for line in text.splitlines():
        headed = re.search(r"([A-Z]{2}-\d)$", line)
        ref = headed[1] if headed else ref
        week = re.match(rf"Week (\d+), from \d+ \w+ (–|[\d,.]+(?: %| s)?) {BASIS} ?({INTERVAL})?", line)
        if week:
            found[ref, int(week[1]), "series"] = (digits(week[2]), *limits(week[3] or ""))
    return found


def from_xlsx(content: bytes) -> Figures:
    book = openpyxl.load_workbook(io.BytesIO(content))
    found: Figures = {}
    for sheet, kind in (("Figures", "figure"), ("Series", "series")):
        rows = list(book[sheet].iter_rows())
        head = next(place for place, row in enumerate(rows) if row[0].value == "Ref")
        names = [cell.value for cell in rows[head]]
        for row in rows[head + 1 :]:
            cells = dict(zip(names, row, strict=True))
            week = cells["Week of"].value.isocalendar().week if kind == "series" else WEEK
            shown = tuple(as_excel_shows(cells[name]) for name in ("Value", "Low 95 %", "High 95 %"))
            found[cells["Ref"].value, week, kind] = (shown[0], shown[1], shown[2])
    return found


def as_excel_shows(cell: Any) -> str:
    if cell.value is None:
        return ""
    assert isinstance(cell.value, int | float), "a number is a number"
    places = len(re.search(r"0(?:\.(0+))?", cell.number_format)[1] or "")  # type: ignore[index]
    factor = 100 if cell.number_format.endswith("%") else 1
    return f"{Decimal(repr(cell.value)) * factor:.{places}f}"


def from_csv(content: bytes) -> Figures:
    rows = csv.DictReader(io.StringIO(content.decode()))
    return {
        (row["ref"], date.fromisoformat(row["week_start"]).isocalendar().week, row["kind"]): (
            row["value"], row["low"], row["high"],
        )
        for row in rows
    }  # fmt: skip


def test_all_four_say_the_same_to_the_last_digit(alpha: Any, report: ReportVersion) -> None:
    content = expected(report)
    assert len(content) == len(report.content["figures"]) + 5 * len(report.content["series"])
    assert sum(value != "" for value, _, _ in content.values()) >= 30
    assert from_screen() == content
    assert from_pdf(file_of(alpha, report, "pdf")) == content
    assert from_xlsx(file_of(alpha, report, "xlsx")) == content
    assert from_csv(file_of(alpha, report, "csv")) == content


def test_the_sentences_quote_the_tables(alpha: Any, report: ReportVersion) -> None:
    page = unescape(sign_in("alpha", "client_user").get("/reports/").content.decode())
    text = page[page.index('class="sentences"') : page.index("</section>", page.index('class="sentences"'))]
    quoted = re.findall(r">([^<]+)</a> <span class=\"code\">([A-Z]{2}-\d)<", text)
    assert {ref for _, ref in quoted} == {"SL-2", "VO-1", "AB-1", "HT-1", "CS-1"}
    assert all(expected(report)[ref, WEEK, "figure"][0] == digits(value) for value, ref in quoted)


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "csv"])
def test_the_same_content_makes_the_same_bytes(alpha: Any, report: ReportVersion, kind: str) -> None:
    with enter(alpha.ref()):
        assert RENDERINGS[kind](report.content, report.sha256) == file_of(alpha, report, kind)


def test_every_page_of_the_pdf_names_its_revision_and_hash(alpha: Any, report: ReportVersion) -> None:
    pages = pypdf.PdfReader(io.BytesIO(file_of(alpha, report, "pdf"))).pages
    short = " ".join(report.sha256[at : at + 4] for at in (0, 4, 8))
    assert len(pages) >= 2
    for page in pages:
        assert "Revision 1" in page.extract_text()
        assert short in page.extract_text()
    assert report.sha256 in "".join(page.extract_text() for page in pages).replace("\n", "")


def test_a_state_is_a_word_as_well_as_a_sign(alpha: Any, report: ReportVersion) -> None:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file_of(alpha, report, "pdf"))).pages)
    results = {one["result"] for one in report.content["figures"]}
    assert "missed" in results
    assert "Missed" in text


def test_a_name_can_not_become_a_formula(alpha: Any, report: ReportVersion) -> None:
    assert harmless("=1+1") == "'=1+1"
    for row in csv.DictReader(io.StringIO(file_of(alpha, report, "csv").decode())):
        assert row["measure"][0] not in "=+-@"
    book = openpyxl.load_workbook(io.BytesIO(file_of(alpha, report, "xlsx")))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert isinstance(book["Series"]["C2"].value, datetime)
