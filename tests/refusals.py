"""Raw SQL against the database's own rules: what it refuses, by the class of its error and the rule it names."""

from typing import Any

import pytest
from django.db import DatabaseError, connection


def run(statement: str, *values: Any) -> int:
    """One statement on the connection as it stands; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


class refused:  # noqa: N801 - read as a sentence: with refused(ForeignKeyViolation, "segment_follows_another")
    """The block's statement, or its commit, is refused by the database for exactly this."""

    def __init__(self, kind: type[Exception], by: str = "") -> None:
        self.kind, self.by = kind, by

    def __enter__(self) -> None:
        self._raises = pytest.raises(DatabaseError)
        self._caught = self._raises.__enter__()

    def __exit__(self, *error: Any) -> bool:
        self._raises.__exit__(*error)
        cause: Any = self._caught.value.__cause__
        assert type(cause) is self.kind, repr(cause)
        assert not self.by or self.by in (cause.diag.constraint_name, cause.diag.message_primary), (
            cause.diag.constraint_name
        )
        return True
