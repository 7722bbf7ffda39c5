"""People from a file: every row accounted for, twice changes nothing, sex nowhere, figures equal to plain loops."""

import io
import json
import uuid
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from attrition import selectors
from attrition.models import Separation
from attrition.services import record_separation
from bpo.actors import system
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import as_owner
from bpo.ui.pseudo import pseudo_locale, untranslated
from console.people import open_account
from tests.people import PASSWORD
from tests.spells import days, product_limit, spells, spells_file
from workforce.models import Employee, Employment, PeopleImport

HEADER = "employee_no,hire_date,last_day,gender,pay"


def run(path: Path, *arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    try:
        call_command("import_people", str(path), "--json", *arguments, stdout=out)
    except SystemExit as stop:
        assert stop.code == 1
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def counts(found: dict[str, Any]) -> tuple[int, int, int, int]:
    return found["created"], found["updated"], found["unchanged"], len(found["rejected"])


def file_of(folder: Path, *rows: str) -> Path:
    path = folder / f"{uuid.uuid4()}.csv"
    path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    return path


def test_the_file_twice_and_its_figures_to_the_last_digit(db: None, tmp_path: Path) -> None:
    path = spells_file(tmp_path)
    found = spells(path)
    assert counts(run(path, "--dry-run")) == (len(found), 0, 0, 0)
    assert not Employee.objects.exists()
    assert counts(run(path)) == (len(found), 0, 0, 0)
    assert counts(run(path)) == (0, 0, len(found), 0)
    assert Employment.objects.count() == len(found)
    assert Separation.objects.count() == sum(1 for one in found if one.last)

    book = selectors.read_book()
    months = Counter(one.last.replace(day=1) for one in found if one.last)
    for first in sorted(months):
        last = selectors.month(first)[1]
        heads = [sum(1 for one in found if one.on(day)) for day in days(first, last)]
        facts = selectors.rates(first, last, book=book).company
        assert facts.rate.num == months[first]
        assert facts.rate.den == sum(heads) / len(heads)
        assert facts.rate.value == months[first] / (sum(heads) / len(heads))
        assert [selectors.headcount_on(day, book=book) for day in (first, last)] == [heads[0], heads[-1]]
    until = max(one.last for one in found if one.last) + timedelta(days=1)
    curve = selectors.curve_of_hires(None, None, until=until, book=book)
    assert [(p.time, p.at_risk, p.events, p.survival) for p in curve.points] == product_limit(found, until)


def everything_stored() -> str:
    """Every row of every table of public, as text."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        found = []
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM public."{name}" t')
            found.append(cursor.fetchone()[0] or "")
    return "\n".join(found)


def test_sex_is_nowhere_in_the_database(db: None, hr: Browser, tmp_path: Path) -> None:
    token = "qzx4f"
    path = file_of(
        tmp_path, f"E1,2026-01-05,,{token},white", f"E2,2026-01-05,2026-02-03,{token},bad", f"E3,no,,{token},x"
    )
    run(path)
    upload(hr, path)
    stored = everything_stored()
    assert "S-E1" in stored
    assert token not in stored


def test_a_mapping_that_would_keep_sex_is_refused(db: None, tmp_path: Path) -> None:
    mapping = tmp_path / "m.json"
    columns = {"employee_no": "number", "hire_date": "starts_on", "gender": "name"}
    mapping.write_text(json.dumps({"columns": columns}), encoding="utf-8")
    with pytest.raises(CommandError, match="never kept") as refused:
        call_command("import_people", str(file_of(tmp_path)), "--mapping", str(mapping))
    assert refused.value.returncode == 2


def test_each_wrong_row_says_what_and_what_to_do(db: None, tmp_path: Path) -> None:
    run(file_of(tmp_path, "E1,2026-01-05,,m,a", "E2,2026-01-05,2026-03-31,m,a"))
    told = run(
        file_of(
            tmp_path,
            "E1,2026-02-01,,m,a",
            "E2,2026-01-05,,m,a",
            "E3,2026-05-01,2026-04-30,m,a",
            "E4,soon,,m,a",
            ",2026-05-01,,m,a",
            "E5,2026-05-01,,m,a",
            "E5,2026-05-01,,m,a",
        )
    )
    assert counts(told) == (1, 0, 0, 6)
    assert [(one["row"], one["field"]) for one in told["rejected"]] == [
        (2, "starts_on"), (3, "last_day"), (4, "last_day"), (5, "starts_on"), (6, "number"), (8, "number"),
    ]  # fmt: skip
    assert all(one["problem"] and one["remedy"] for one in told["rejected"])


def test_an_end_a_later_file_tells_of_is_taken_over_with_the_reason_we_know(db: None, tmp_path: Path) -> None:
    run(file_of(tmp_path, "E1,2026-01-05,,m,a", "E2,2026-01-05,,m,a"))
    known = Employment.objects.get(employee__number="S-E2")
    record_separation(
        employment=known, last_day=date(2026, 4, 1), reason="study", by=system("tests"), now=timezone.now()
    )
    told = run(file_of(tmp_path, "E1,2026-01-05,2026-06-30,m,a", "E2,2026-01-05,2026-04-02,m,a", "E1,2026-08-03,,m,a"))
    assert counts(told) == (1, 2, 0, 0)
    facts = set(Separation.objects.values_list("last_day", "reason"))
    assert facts == {(date(2026, 6, 30), "unknown"), (date(2026, 4, 2), "study")}


@pytest.fixture
def hr(alpha: Any) -> Browser:
    open_account(
        email="hr@bpo.example", name="Hana Ruiz", password=PASSWORD, role="hr", client=None, client_realm=False,
        by=system("tests"), now=timezone.now(),
    )  # fmt: skip
    browser = Browser(HTTP_HOST="ops.bpo.test")
    browser.post("/sign-in/", {"email": "hr@bpo.example", "password": PASSWORD})
    return browser


def upload(hr: Browser, path: Path) -> str:
    sent = SimpleUploadedFile(path.name, path.read_bytes(), "text/csv")
    answer = hr.post("/people/import/", {"file": sent})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_the_screen_shows_first_then_imports_then_tells(hr: Browser, tmp_path: Path) -> None:
    page = upload(hr, file_of(tmp_path, "E1,2026-01-05,,m,a", "E2,soon,,m,a"))
    shown = hr.get(page).content.decode()
    for words in ("S-E1", "Import 2 rows", "Left out and not kept:", "gender", "is not a date"):
        assert words in shown, words
    assert not Employee.objects.filter(number="S-E1").exists()
    for _ in range(2):
        assert hr.post(f"{page}start/").status_code == 302
    [job] = Job.objects.filter(kind="attrition.import_people")
    assert "Importing people" in hr.get(f"{page}progress/").content.decode()
    execute(job.pk, job.kind)
    told = hr.get(page).content.decode()
    assert "1 of 2 people imported" in told
    assert "1 row waits. Nothing was guessed." in told
    assert f"{page}problems.csv" in told
    assert "starts_on" in hr.get(f"{page}problems.csv").content.decode()
    assert "S-E1" in hr.get("/people/").content.decode()
    assert PeopleImport.objects.get().rows == []


def test_a_file_that_can_not_be_read_is_refused_and_not_kept(hr: Browser) -> None:
    for content in (b"", b"a,b\n1,2\n"):
        answer = hr.post("/people/import/", {"file": SimpleUploadedFile("x.csv", content)})
        assert answer.status_code == 422
    assert not PeopleImport.objects.exists()
    assert hr.get(f"/people/import/{uuid.uuid4()}/").status_code == 404


def test_every_text_can_be_translated(hr: Browser, tmp_path: Path) -> None:
    page = upload(hr, file_of(tmp_path, "E1,2026-01-05,,m,a"))
    with pseudo_locale():
        found = {path: set(untranslated(hr.get(path).content.decode())) for path in ("/people/import/", page)}
    data = {"employment_spells", PeopleImport.objects.get().name}
    assert {path: texts - data for path, texts in found.items() if texts - data} == {}
