"""manage.py import_interactions, on real databases."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bpo.audit.models import Entry
from bpo.imports.models import ImportRun
from bpo.slots import Resolved, case_resolved
from bpo.tenancy.context import enter
from interactions.models import Actor, Case, Customer, Interaction, Queue, Resolution
from tests.integration.interactions.files import GOOD, MAPPING, UNREADABLE, csv, mapping, written


def run(
    tmp_path: Path, content: bytes, how: dict[str, Any] | None = None, **options: Any
) -> tuple[int, dict[str, Any]]:
    """Exit code and the object on standard output."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command(
            "import_interactions", str(written(tmp_path, "calls.csv", content)), client="alpha", json=True,
            mapping=written(tmp_path, "mapping.json", how or MAPPING), stdout=out, stderr=err, **options,
        )  # fmt: skip
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(out.getvalue())


def counts(found: dict[str, Any]) -> tuple[int, int, int, int]:
    return found["created"], found["updated"], found["unchanged"], len(found["rejected"])


def test_the_first_time_creates_the_second_changes_nothing(alpha: Any, tmp_path: Path) -> None:
    assert run(tmp_path, csv(GOOD))[1] == {"file_rows": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": []}
    code, found = run(tmp_path, csv(GOOD))
    assert (code, counts(found)) == (0, (0, 0, 1, 0))
    with enter(alpha.ref()):
        assert (Interaction.objects.count(), Case.objects.count(), Resolution.objects.count()) == (1, 1, 1)
        assert Actor.objects.get().pseudonym == "Agent 0001"
        assert Interaction.objects.get().ended_at is not None
        told = Entry.objects.filter(action__startswith="import.").order_by("seq").values_list("action", flat=True)
        assert list(told) == ["import.uploaded", "import.done"] * 2


def test_a_changed_row_updates_its_interaction_and_its_case(alpha: Any, tmp_path: Path) -> None:
    run(tmp_path, csv(GOOD.removesuffix("Y") + "N"))
    with enter(alpha.ref()):
        assert Case.objects.get().state == "open"
    assert counts(run(tmp_path, csv(GOOD))[1]) == (0, 1, 0, 0)
    with enter(alpha.ref()):
        case = Case.objects.get()
        assert (case.state, case.resolution_number) == ("resolved", 1)
        assert Interaction.objects.get().version == 2


def test_an_abandoned_call_opens_no_case(alpha: Any, tmp_path: Path) -> None:
    code, _found = run(tmp_path, csv("C1,Billing EN,,2026-03-02 09:00,,N,N"))
    with enter(alpha.ref()):
        assert (code, Interaction.objects.get().abandoned, Case.objects.count()) == (0, True, 0)


def test_rows_of_one_case_are_told_in_the_order_they_happened(alpha: Any, tmp_path: Path) -> None:
    columns = {**MAPPING["columns"], "Agent": "case_ref"}
    rows = [
        "C3,Billing EN,K1,2026-03-04 09:00,,Y,Y",
        "C1,Billing EN,K1,2026-03-02 09:00,2026-03-02 09:05,Y,Y",
        "C2,Billing EN,K1,2026-03-03 09:00,,Y,N",
    ]
    run(tmp_path, csv(*rows), mapping(columns=columns))
    with enter(alpha.ref()):
        case = Case.objects.get()
        assert (case.reference, case.state, case.resolution_number) == ("K1", "resolved", 2)
        assert case.opened_at.day == 2
        assert case.reopened_at is not None
        assert case.reopened_at.day == 3
        assert case.interactions.count() == 3


def test_the_slot_hears_of_each_batchs_resolutions(alpha: Any, tmp_path: Path) -> None:
    heard: list[Resolved] = []
    case_resolved.register(heard.append)
    try:
        run(tmp_path, csv(GOOD))
    finally:
        case_resolved.providers.remove(heard.append)
    with enter(alpha.ref()):
        assert heard[0].resolution_ids == (Resolution.objects.get().pk,)


def test_a_dry_run_tells_the_same_and_keeps_nothing(alpha: Any, tmp_path: Path) -> None:
    assert counts(run(tmp_path, csv(GOOD), dry_run=True)[1]) == (1, 0, 0, 0)
    with enter(alpha.ref()):
        assert not Interaction.objects.exists()
        assert not ImportRun.objects.exists()
        assert not Queue.objects.exists()


def test_an_unknown_queue_is_a_problem_with_the_nearest_name(alpha: Any, tmp_path: Path) -> None:
    run(tmp_path, csv(GOOD))
    code, found = run(
        tmp_path, csv(GOOD, GOOD.replace("C1", "C2").replace("Billing", "Biling")), mapping(create_missing=["actor"])
    )
    assert (code, counts(found)) == (1, (0, 0, 1, 1))
    problem = found["rejected"][0]
    assert (problem["row"], problem["field"], problem["problem"]) == (3, "queue", "“Biling EN” is unknown.")
    assert "Billing EN" in problem["remedy"]
    with enter(alpha.ref()):
        assert Queue.objects.count() == 1


def test_an_end_before_the_start_is_a_problem(alpha: Any, tmp_path: Path) -> None:
    code, found = run(tmp_path, csv("C1,Billing EN,Maricel,2026-03-02 09:00,2026-03-02 08:00,Y,Y"))
    assert (code, counts(found)) == (1, (0, 0, 0, 1))
    assert found["rejected"][0]["field"] == "ended_at"
    assert "before the start" in found["rejected"][0]["problem"]


def test_a_row_with_several_problems_is_one_rejected_row(alpha: Any, tmp_path: Path) -> None:
    _code, found = run(tmp_path, csv("C1,Billing EN,A,yesterday,tomorrow,perhaps,Y"))
    assert counts(found) == (0, 0, 0, 1)
    assert len(found["rejected"][0]["also"]) == 2


def test_a_name_of_two_people_is_not_guessed(alpha: Any, tmp_path: Path) -> None:
    with enter(alpha.ref()):
        for number in (1, 2):
            Actor.objects.create(display_name="Maricel", pseudonym=f"P{number}", acd_login=f"m{number}")
    _code, found = run(tmp_path, csv(GOOD, GOOD.replace("C1", "C2").replace("Maricel", "m2")))
    assert counts(found) == (1, 0, 0, 1)
    assert found["rejected"][0]["problem"] == "“Maricel” matches 2 people."


def test_a_rejected_row_leaves_nothing_behind(alpha: Any, tmp_path: Path) -> None:
    for create, what in ((["queue"], "agent"), (["actor"], "queue")):
        code, found = run(tmp_path, csv(GOOD), mapping(create_missing=create))
        assert (code, found["rejected"][0]["field"]) == (1, what)
    with enter(alpha.ref()):
        assert [model.objects.count() for model in (Queue, Actor, Case)] == [0, 0, 0]


def test_a_callback_names_an_interaction_that_is_known(alpha: Any, tmp_path: Path) -> None:
    columns = {**MAPPING["columns"], "Agent": "callback_of"}
    rows = ["C2,Q,C1,2026-03-02 10:00,,Y,", "C1,Q,,2026-03-02 09:00,,Y,", "C3,Q,C9,2026-03-02 11:00,,Y,"]
    _code, found = run(tmp_path, csv(*rows), mapping(columns=columns))
    assert (counts(found), found["rejected"][0]["field"]) == ((2, 0, 0, 1), "callback_of")
    with enter(alpha.ref()):
        later = Interaction.objects.get(external_id="C2")
        assert later.callback_of is not None
        assert later.callback_of.external_id == "C1"


def test_a_customer_is_known_by_reference_and_not_overwritten(alpha: Any, tmp_path: Path) -> None:
    columns = {**MAPPING["columns"], "Agent": "customer_ref", "Resolved": "customer_email"}
    rows = ["C1,Q,77,2026-03-02 09:00,,Y,a@b.example", "C2,Q,77,2026-03-02 10:00,,Y,other@b.example"]
    run(tmp_path, csv(*rows), mapping(columns=columns))
    with enter(alpha.ref()):
        customer = Customer.objects.get()
        assert (customer.reference, customer.email, customer.interactions.count()) == ("77", "a@b.example", 2)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_unreadable_file_says_why_and_changes_nothing(alpha: Any, tmp_path: Path, kind: str) -> None:
    content, word = UNREADABLE[kind]
    with pytest.raises(CommandError, match=word) as caught:
        run(tmp_path, content)
    assert caught.value.returncode == 2
    with enter(alpha.ref()):
        assert not Interaction.objects.exists()
        assert not Queue.objects.exists()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"columns": {"Call": "exteral_id"}}, "external_id"),
        ({"zone": "Europe/Berln"}, "zone"),
        ({"colums": {}}, "columns"),
    ],
)
def test_a_wrong_mapping_names_the_place(alpha: Any, tmp_path: Path, changes: dict[str, Any], word: str) -> None:
    with pytest.raises(CommandError, match=word) as caught:
        run(tmp_path, csv(GOOD), mapping(**changes))
    assert caught.value.returncode == 2


def test_a_mapping_nested_ten_thousand_deep_is_refused(alpha: Any, tmp_path: Path) -> None:
    deep = written(tmp_path, "deep.json", b"[" * 10_000 + b"]" * 10_000)
    with pytest.raises(CommandError, match="levels deep"):
        call_command(
            "import_interactions", str(written(tmp_path, "calls.csv", csv(GOOD))), client="alpha", mapping=deep
        )


def test_an_unknown_client_and_a_missing_file_are_bad_calls(alpha: Any, tmp_path: Path) -> None:
    for client, name in (("nobody", "calls.csv"), ("alpha", "none.csv")):
        written(tmp_path, "calls.csv", csv(GOOD))
        with pytest.raises(CommandError) as caught:
            call_command("import_interactions", str(tmp_path / name), client=client)
        assert caught.value.returncode == 2


def test_a_known_export_needs_no_mapping(alpha: Any, tmp_path: Path) -> None:
    rows = (
        b"Call Id,Agent,Date,Time,Topic,Answered (Y/N),Resolved,Speed of answer in seconds,AvgTalkDuration,"
        b"Satisfaction rating\nID1,Diane,2021-01-01,9:12:58,Contract related,Y,Y,109,0:02:23,3\n"
    )
    out = io.StringIO()
    call_command("import_interactions", str(written(tmp_path, "c.csv", rows)), client="alpha", json=True, stdout=out)
    assert json.loads(out.getvalue())["created"] == 1
    with enter(alpha.ref()):
        one = Interaction.objects.get()
        assert (one.wait_seconds, one.talk_seconds, one.source_rating, one.zone) == (109, 143, 3, "Asia/Manila")
        assert str(one.reason) == "Contract related"


def test_a_workbook_is_read_like_a_csv_file(alpha: Any, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book, content = Workbook(), io.BytesIO()
    for row in csv(GOOD).decode().splitlines():
        book.active.append(row.split(","))
    book.save(content)
    assert counts(run(tmp_path, content.getvalue())[1]) == (1, 0, 0, 0)
    assert counts(run(tmp_path, csv(GOOD))[1]) == (0, 0, 1, 0)
