"""Ratings of another survey through the command: each on its interaction, apart from answers to ours."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bpo.tenancy.context import enter
from interactions.models import Interaction
from surveys.models import Response
from tests.integration.surveys.build import interaction
from tests.integration.surveys.test_csat import get

MAPPING = {
    "zone": "Europe/Berlin",
    "dates": ["%d.%m.%Y %H:%M"],
    "columns": {"Call": "external_id", "Stars": "score", "When": "answered_at"},
    "constants": {"source": "acd"},
}
FILE = "Call,Stars,When\nC1,5,01.03.2026 23:30\nC2,2,\nC1,1,\nC9,4,\nC2,6,\n,3,\n"


def run(folder: Path, content: str = FILE, mapping: Any = MAPPING, **options: Any) -> tuple[int, Any]:
    out, code = io.StringIO(), 0
    source, columns = folder / "answers.csv", folder / "mapping.json"
    source.write_text(content)
    columns.write_text(json.dumps(mapping))
    try:
        call_command(
            "import_responses",
            source,
            client="alpha",
            mapping=columns,
            json=True,
            stdout=out,
            stderr=io.StringIO(),
            **options,
        )
    except SystemExit as left:
        code = int(str(left.code))
    return code, json.loads(out.getvalue())


@pytest.fixture
def calls(alpha: Any) -> Any:
    with enter(alpha.ref()):
        for name in ("C1", "C2"):
            interaction(source="acd", external_id=name)
    return alpha


def test_each_rating_lands_on_its_interaction_and_every_other_row_says_why_not(calls: Any, tmp_path: Path) -> None:
    code, found = run(tmp_path)
    assert (code, found["file_rows"], found["created"], found["updated"], found["unchanged"]) == (1, 6, 2, 0, 0)
    assert [(one["row"], one["field"]) for one in found["rejected"]] == [
        (4, "external_id"), (5, "external_id"), (6, "score"), (7, "external_id"),
    ]  # fmt: skip
    assert all(one["problem"] and one["remedy"] for one in found["rejected"])
    with enter(calls.ref()):
        stored = {one.external_id: (one.source_rating, str(one.rated_on)) for one in Interaction.objects.all()}
        assert stored == {"C1": (5, "2026-03-01"), "C2": (2, "None")}
        assert not Response.objects.exists()
    ratings = get(calls, "/api/v1/csat/").json()["source_ratings"]
    assert (ratings["num"], ratings["den"]) == (1, 2)


def test_twice_changes_nothing_and_a_new_rating_is_an_update(calls: Any, tmp_path: Path) -> None:
    content = "Call,Stars,When\nC1,5,01.03.2026 23:30\n"
    for options, created, unchanged in (({"dry_run": True}, 1, 0), ({}, 1, 0), ({}, 0, 1)):
        found = run(tmp_path, content, **options)[1]
        assert (found["created"], found["updated"], found["unchanged"]) == (created, 0, unchanged)
    assert run(tmp_path, content.replace("C1,5", "C1,4"))[1]["updated"] == 1
    with enter(calls.ref()):
        assert Interaction.objects.get(external_id="C1").version == 3


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"columns": {"Call": "external_id"}}, "score"),
        ({"constants": {}}, "source"),
        ({"columns": {"Call": "external_id", "Stars": "score", "When": "answered_at", "Day": "answered_on"}}, "Both"),
        ({"columns": {"Call": "external_id", "Stars": "stars"}}, "stars"),
    ],
)
def test_a_wrong_mapping_names_the_place(calls: Any, tmp_path: Path, changes: dict[str, Any], word: str) -> None:
    with pytest.raises(CommandError, match=word) as caught:
        run(tmp_path, mapping={**MAPPING, **changes})
    assert caught.value.returncode == 2
