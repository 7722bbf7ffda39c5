"""Files that others open: a report on paper made of hostile names, and sheets."""

import csv
import io
import itertools
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from bpo.actors import system
from bpo.files.services import open_file
from bpo.imports.models import ImportRun
from bpo.tenancy.context import enter
from reports.domain.weeks import Week
from reports.models import ReportVersion
from reports.renderings.pdf import as_pdf
from reports.services import build, request_build
from tests.e2e.attacks.corpus import CORPUS
from tests.e2e.attacks.filling import reworded

FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Keys of a PDF that act, and actions of links and forms.
ACTS = {"/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/URI", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"}
ACTS |= {"/Rendition", "/RichMedia", "/EmbeddedFile", "/EmbeddedFiles", "/AcroForm", "/XFA"}


def printed(client: Any) -> list[bytes]:
    """A report built now of what the client holds, and one whose every word is a text of the corpus."""
    with enter(client.ref()):
        first = ReportVersion.objects.order_by("period_start")[0].period_start
        asked = request_build(week=Week(first - timedelta(days=7)), reason="", by=system("t"), now=timezone.now())
        made = build(build_id=asked.pk, now=timezone.now()).report
        assert made is not None
        with open_file(made.files.get(kind="pdf").file) as source:
            built = source.read()
        worded = [as_pdf(one, made.sha256) for one in all_worded(made.content)]
    return [built, *worded]


def all_worded(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The content of a report with the corpus in the place of its words, thrice: each time other texts come first."""
    for start in range(0, len(CORPUS), len(CORPUS) // 3 + 1):
        words = itertools.cycle([*CORPUS[start:], *CORPUS[:start]])
        yield reworded(content, words) | {
            "client": content["client"] | {"name": next(words)}, "prepared_by": next(words), "reason": next(words),
            "notes": list(CORPUS),
        }  # fmt: skip


def acting(raw: bytes) -> set[str]:
    """Keys and actions in a PDF's objects by which it would do something when it is opened or clicked."""
    reader = PdfReader(io.BytesIO(raw))
    found: set[str] = set()
    for number in range(1, len(reader.xref_objStm) + sum(len(one) for one in reader.xref.values()) + 1):
        found |= _acting(reader.get_object(IndirectObject(number, 0, reader)))
    return found | _acting(reader.trailer)


def _acting(value: Any) -> set[str]:
    if isinstance(value, DictionaryObject):
        inner = [_acting(one) for one in value.values()]
        names = {str(key) for key in value} | {str(one) for one in value.values() if str(one) in ACTS}
        return (names & ACTS).union(*inner)
    return set().union(*[_acting(one) for one in value]) if isinstance(value, ArrayObject) else set()


def words_of(raw: bytes) -> str:
    """A PDF's text without white space and marks of direction, which a page sets as it likes."""
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\u202e\u2066\u2069\u2028\u2029\u00ad]", "", text)


def cells_of_sheets(lead: Any, hr: Any, client: Any) -> Iterator[tuple[str, list[str]]]:
    """Each file with a table in it → its cells."""
    with enter(client.ref()):
        run = ImportRun.objects.filter(state="done").latest("pk").pk
        report = ReportVersion.objects.latest("pk").pk
    for browser, path in (
        (lead, "/csat/figures.csv"), (lead, f"/imports/{run}/problems.csv"), (hr, "/attrition/clients.csv"),
        (lead, f"/reports/{report}/files/csv/"), (lead, f"/reports/{report}/files/xlsx/"),
    ):  # fmt: skip
        answer = browser.get(path)
        assert answer.status_code == 200, path
        raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield path, list(_sheet(raw) if path.endswith("xlsx/") else _lines(raw))


def _lines(raw: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"))):
        yield from row


def _sheet(raw: bytes) -> Iterator[str]:
    """Cells as text; a formula is written with its sign, text never is, whatever it begins with."""
    for page in load_workbook(io.BytesIO(raw)):
        for row in page.iter_rows():
            yield from (f"={cell.value}" for cell in row if cell.data_type == "f")
            yield from (str(cell.value).lstrip("=+-@") for cell in row if cell.data_type == "s")


def is_formula(cell: str) -> bool:
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return cell.startswith(FORMULA)
    return False
