"""Notes have one reader: no module but the selector, and the services that write them, asks their tables (ADR 34)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from qa.models import Note, NoteDraft, NoteReply, NoteShare

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = (
    "accounts",
    "attrition",
    "bench",
    "bpo",
    "console",
    "interactions",
    "qa",
    "reports",
    "scheduling",
    "surveys",
    "workforce",
)
TABLES = {"Note", "NoteDraft", "NoteReply", "NoteShare", "NoteWithdrawal"}
READER = "qa/selectors/notes.py"
# Who writes them, each with what it may touch.
WRITERS = {
    "qa/services/coaching.py": TABLES - {"NoteDraft"},
    "qa/services/scoring.py": {"NoteDraft"},  # of the review in hand
    "qa/services/submitting.py": {"Note"},  # bulk_create alone, see below
}
DEMO = "console/demo/qa.py"  # makes rows for COPY and reads none


def uses(source: str) -> Iterator[tuple[str, str]]:
    """(model, what is done to it) for each mention of a table of notes that reads or writes rows."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in TABLES:
            if node.attr in {"objects", "_default_manager", "_base_manager"}:
                yield node.value.id, node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.lower()
            if text.startswith("qa_note") or any(text == f"qa.{name.lower()}" for name in TABLES):
                yield node.value, "by name"


def leaks(path: str, source: str) -> list[str]:
    """What a file does to notes that it may not."""
    if path == READER:
        return []
    allowed = WRITERS.get(path, set())
    return [f"{path}: {model} {what}" for model, what in uses(source) if model not in allowed]


def files() -> Iterator[tuple[str, str]]:
    for folder in PRODUCT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name and name != DEMO:
                yield name, path.read_text()


def test_notes_are_read_in_one_place() -> None:
    found = [leak for path, source in files() for leak in leaks(path, source)]
    assert [one for one in found if "audit_words" not in one] == [], (
        "read notes through qa.selectors.notes, for an audience"
    )


def test_submitting_writes_notes_and_reads_none() -> None:
    source = (ROOT / "qa/services/submitting.py").read_text()
    assert source.count("Note.objects.") == source.count("Note.objects.bulk_create") == 1


def test_nothing_leads_back_to_notes() -> None:
    """No reverse manager or lookup: `revision.notes` or `filter(notes__text=…)` can't be written."""
    for model in apps.get_models(include_auto_created=True):
        back = [
            one
            for one in model._meta.related_objects
            if one.related_model in (Note, NoteDraft, NoteReply, NoteShare) and model not in (Note,)
        ]
        assert back == [], model
    assert [one.name for one in Note._meta.related_objects] == ["withdrawal"]


@pytest.mark.parametrize(
    "line",
    [
        "Note.objects.filter(revision=1)",
        "Note._base_manager.all()",
        "apps.get_model('qa.Note').objects.all()",
        "cursor.execute('qa_note')",
        "NoteReply.objects.all()",
    ],
)
def test_the_guard_sees_a_reader_elsewhere(line: str) -> None:
    assert leaks("reports/exporting.py", line)
    assert leaks("qa/views/mine.py", line)


def test_the_guard_lets_the_reader_read() -> None:
    assert leaks(READER, "Note.objects.all()") == []
    assert leaks("qa/services/submitting.py", "NoteDraft.objects.all()")
