"""Puts the corpus into every column that can hold a text, as the owner: past the forms, services and triggers."""

import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import DatabaseError, connection, models, transaction

from bpo.tenancy.context import as_owner
from tests.e2e.attacks.columns import Column, filled_columns
from tests.e2e.attacks.corpus import BREAKER, CORPUS

ROWS = 3000  # the last of a table: what pages show
MOST = 240  # characters of a text in a line
ROOMY = 10_000  # a field of so many is given the whole corpus
# Keys of JSON under which people's words stand, in a scorecard, a report and a week's figures.
WORDS = {"title", "text", "short", "guidance", "comment", "label", "name", "say", "help", "problem", "reason"}
# JSON of which every string came with a file or with somebody's word.
OUTSIDE = {
    "ops_audit.Entry.detail", "audit.Entry.detail", "workforce.PeopleImport.rows", "workforce.PeopleImport.left_out",
    "qa.DraftEdit.step", "qa.DraftEdit.back",
}  # fmt: skip


def fill(schema: str) -> dict[str, int]:
    """Fill a client's tables and public's. Column → how many rows of it hold a text of the corpus now."""
    with as_owner():
        return {column.label: _filled(column, column.table(schema)) for column in filled_columns()}


def _filled(column: Column, table: str) -> int:
    """All rows if the database takes that; else those that say something, for a rule may tie it to another column."""
    way = _json if column.is_json else _text
    try:
        return way(column, table, "")
    except DatabaseError:
        return way(column, table, f"""AND "{column.field.column}" <> ''""")


def _text(column: Column, table: str, only: str) -> int:
    values = texts_for(column)
    name, unique = f't."{column.field.column}"', _is_unique(column)
    value = ("lower(p.text)" if column.field.name == "email" else "p.text") + (" || ' ' || r.place" if unique else "")
    return _unwatched(
        table,
        f'UPDATE {table} t SET "{column.field.column}" = {value} '
        f"FROM (SELECT ctid, row_number() OVER (ORDER BY ctid DESC) AS place FROM {table} WHERE true {only} "
        f"ORDER BY ctid DESC LIMIT {ROWS}) r JOIN unnest(%s::text[]) WITH ORDINALITY p(text, ord) "
        f"ON p.ord = 1 + r.place %% %s WHERE t.ctid = r.ctid AND {name} IS DISTINCT FROM {value}",
        [values, len(values)],
    )


def _json(column: Column, table: str, only: str) -> int:
    key, name = column.model._meta.pk.column, column.field.column  # type: ignore[union-attr]  # each has one
    words, changed = itertools.cycle([f"{text} {column.mark}" for text in (BREAKER, *CORPUS)]), 0
    with connection.cursor() as cursor:
        over = "WHERE state = 'done'" if name == "mapping" else ""  # a file that waits is read by its mapping
        cursor.execute(f'SELECT "{key}", "{name}"::text FROM {table} {over} ORDER BY ctid DESC LIMIT {ROWS}')
        rows = [(pk, json.loads(value)) for pk, value in cursor.fetchall() if value]
    for pk, value in rows:
        worded = headings(value, words) if name == "mapping" else reworded(value, words, every=column.label in OUTSIDE)
        if worded != value:
            changed += _unwatched(
                table, f'UPDATE {table} SET "{name}" = %s WHERE "{key}" = %s', [json.dumps(worded), pk]
            )
    return changed


def _unwatched(table: str, statement: str, values: Sequence[Any]) -> int:
    """A statement without the triggers of the table, some of which keep rows as they were written."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        changed = cursor.rowcount
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return changed


def texts_for(column: Column) -> list[str]:
    """In turn one text of the corpus, as it begins, and as many as there is room for, behind what leaves a quote."""
    room = (column.field.max_length or ROOMY) - (6 if _is_unique(column) else 0)
    start = column.number * 7 % len(CORPUS)
    alone = [text for text in [*CORPUS[start:], *CORPUS[:start]] if len(text) <= room]
    head, tail = f"{column.mark}{BREAKER}", f" {column.mark}"
    if room >= ROOMY:
        return ["\n".join([head, *CORPUS])]
    if len(head) > room:
        return alone
    many = itertools.cycle(list(_packed(head, alone, min(room, MOST))))
    marked = [text + tail if len(text) + len(tail) <= room else text for text in alone]
    return [text for one in marked for text in (one, next(many))]  # the second is the first row's


def _packed(head: str, texts: list[str], room: int) -> Iterator[str]:
    line = head
    for text in texts:
        if len(line) + len(text) >= room:
            yield line
            line = head
        if len(line) + len(text) < room:
            line += " " + text
    yield line


def _is_unique(column: Column) -> bool:
    rules = [rule for rule in column.model._meta.constraints if isinstance(rule, models.UniqueConstraint)]
    return bool(column.field.unique) or any(column.field.name in rule.fields or rule.expressions for rule in rules)


def reworded(value: Any, words: Iterator[str], *, every: bool = False) -> Any:
    """JSON with every word that a person wrote replaced, its shape kept; `every` string of it, where all came so."""
    if isinstance(value, dict):
        return {
            key: next(words) if _is_word(inner, every or key in WORDS) else reworded(inner, words, every=every)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [next(words) if _is_word(inner, every) else reworded(inner, words, every=every) for inner in value]
    return value


def _is_word(value: Any, may_be: bool) -> bool:
    return may_be and isinstance(value, str) and bool(value)


def headings(mapping: dict[str, Any], words: Iterator[str]) -> dict[str, Any]:
    """A mapping of an import whose columns are called by the file."""
    return mapping | {"columns": {next(words): field for field in mapping.get("columns", {}).values()}}
