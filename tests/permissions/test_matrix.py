"""Each cell of the permission matrix is tried: over HTTP by session, and over the API by session and by token."""

from contextlib import nullcontext
from typing import Any

import pytest

from tests.permissions import walking
from tests.permissions.notation import Row, read

ROWS = read().rows


def ids(row: Row) -> str:
    return str(row)


@pytest.mark.parametrize("row", ROWS, ids=ids)
def test_a_refused_call_says_so_and_leaves_nothing(row: Row, walked: Any) -> None:
    assert walking.refused_row(row, walked) == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "GET"], ids=ids)
def test_who_may_look_sees_it(row: Row, walked: Any) -> None:
    assert walking.allowed(row, walked, walking.allowed_calls(row, walked)) == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.method != "GET"], ids=ids)
def test_who_may_write_succeeds_with_what_others_were_refused(row: Row, ground: Any, walked: Any) -> None:
    problems = []
    # The admin's rows are named by the first there is, which a walked copy may have more of: looks are logged.
    with ground.copy() if row.route.startswith("/admin/") else nullcontext():
        made = walking.allowed_calls(row, walked)
    for column in dict.fromkeys((call.column, call.by_token) for call in made):
        with ground.copy():
            mine = [call for call in made if (call.column, call.by_token) == column]
            problems += walking.allowed(row, ground, mine)
    assert problems == []
