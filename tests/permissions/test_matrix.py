"""Each cell of the permission matrix is tried: over HTTP by session, and over the API by session and by token."""

from collections import defaultdict
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
    # The admin's rows are named by the first there is, which a walked copy may have more of: looks are logged.
    with ground.copy() if row.route.startswith("/admin/") else nullcontext():
        made = walking.allowed_calls(row, walked)
    everybody = defaultdict[tuple[str, bool], list[walking.Call]](list)
    for call in made:
        everybody[call.column, call.by_token].append(call)
    in_the_way = []
    with ground.copy():
        for number, mine in enumerate(everybody.values()):
            if walking.allowed(row, ground, mine, fresh=number == 0):
                in_the_way.append(mine)  # of what somebody before them did, or it is wrong
    problems = []
    for mine in in_the_way:
        with ground.copy():
            problems += walking.allowed(row, ground, mine)
    assert problems == []
