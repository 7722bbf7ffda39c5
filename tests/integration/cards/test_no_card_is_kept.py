"""A card number typed or imported is in no row, no stored file and no answer; with the same text otherwise unchanged."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from bpo.actors import system
from bpo.audit_writing import check
from bpo.cards import masked
from bpo.imports.masking import WithoutCards
from bpo.imports.services import execute_run, queue_run
from bpo.ops_audit.models import Entry, Head
from bpo.ops_audit.services import record
from bpo.tenancy.context import enter
from interactions.models import Customer, Interaction, Queue
from tests.integration.imports.test_import_screens import id_in, send
from tests.integration.interactions.files import GOOD, HEADER, csv, mapping
from tests.integration.interactions.test_api import ITEM, post
from tests.people import sign_in

CARD = "4111 1111 1111 1111"
BARE = "4111111111111111"
HIDDEN = "**** **** **** 1111"


def every_text() -> str:
    """All rows of all tables the client's role may read, as one text."""
    told = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I', relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
            " AND has_table_privilege(oid, 'SELECT')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT string_agg(one::text, E'\\n') FROM {table} one")
            told.append(cursor.fetchone()[0] or "")
    return "\n".join(told)


def every_file() -> str:
    return "".join(
        path.read_bytes().decode("latin-1") for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()
    )


def test_a_file_with_cards_is_kept_and_imported_without_them(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    own = f"{BARE},Billing {CARD},Maricel,2026-03-02 10:00,2026-03-02 10:05,Y,Y"
    address = send(browser, csv(GOOD, own), mapping())["Location"]
    seen = browser.get(address).content.decode()
    assert HIDDEN in seen
    assert CARD not in seen
    with enter(alpha.ref()):
        queue_run(run_id=id_in(address), by=system("t"), now=timezone.now())
        run = execute_run(run_id=id_in(address))
    assert (run.created, run.rejected) == (2, 0)
    again = send(browser, csv(GOOD, own), mapping())["Location"]
    with enter(alpha.ref()):
        queue_run(run_id=id_in(again), by=system("t"), now=timezone.now())
        assert execute_run(run_id=id_in(again)).unchanged == 2
        assert Interaction.objects.filter(external_id=masked(BARE)).count() == 1
        assert Interaction.objects.filter(external_id=BARE).count() == 1  # looked for by the number, found without it
        assert Queue.objects.filter(name=f"Billing {HIDDEN}").exists()
        kept = every_text() + every_file()
    assert HIDDEN in kept
    assert CARD not in kept
    assert BARE not in kept


def test_a_workbook_with_a_card_is_refused_by_row_and_cell_and_not_kept(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (HEADER.split(","), GOOD.split(","), [BARE, *GOOD.split(",")[1:]]):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(out)
    file = SimpleUploadedFile("calls.xlsx", out.getvalue())
    how = SimpleUploadedFile("mapping.json", json.dumps(mapping()).encode())
    answer = browser.post("/imports/new/", {"file": file, "mapping": how})
    assert answer.status_code == 422
    assert "Cell 1 of the row holds a card number" in answer.content.decode()
    assert "row 3" in answer.content.decode().lower()
    with enter(alpha.ref()):
        assert "calls.xlsx" not in every_text()


def test_over_the_api_the_answer_and_the_row_are_masked(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        Queue.objects.create(key="billing", name="Billing EN")
    item = {**ITEM, "external_id": BARE}
    made = post(browser, item, **{"Idempotency-Key": "one"})
    assert (made.status_code, made.json()["external_id"]) == (201, masked(BARE))
    assert post(browser, item, **{"Idempotency-Key": "one"}).json() == made.json()
    assert post(browser, item).json()["id"] == made.json()["id"]
    with enter(alpha.ref()):
        assert BARE not in every_text()


def test_saved_in_any_way_it_is_masked(alpha: Any) -> None:
    with enter(alpha.ref()):
        one = Customer.objects.create(reference="a", name=f"Pays by {CARD}")
        assert one.name == f"Pays by {HIDDEN}"
        Customer.objects.bulk_create([Customer(reference="b", phone=BARE)])
        Customer.objects.filter(reference="a").update(name=CARD)
        assert set(Customer.objects.values_list("name", "phone")) == {(HIDDEN, ""), ("", masked(BARE))}
        assert BARE not in every_text()


def test_the_audit_line_is_masked_before_it_is_hashed(alpha: Any) -> None:
    with transaction.atomic():
        record(action="tried", target=alpha, by=system("t"), now=timezone.now(), detail={"said": [CARD]})
    assert Entry.objects.get(action="tried").detail == {"said": [HIDDEN]}
    assert check(Entry, Head)[1] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_stream_is_the_same_but_for_cards_whatever_its_pieces(encoding: str) -> None:
    row = f"Zoë;41;11;11;{CARD};12\r\n"
    text = row * 5000
    found = WithoutCards(io.BytesIO(text.encode(encoding)), encoding=encoding, delimiter=";")
    pieces = iter(lambda: found.read(7), b"")
    assert b"".join(pieces) == text.replace(CARD, HIDDEN).encode(encoding)


def test_bytes_of_another_encoding_pass_as_they_are() -> None:
    raw = b"Z\xf6e,\xff\xfe\n"
    assert WithoutCards(io.BytesIO(raw), encoding="utf-8", delimiter=",").read() == raw
