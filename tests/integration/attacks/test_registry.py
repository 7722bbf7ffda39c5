"""Each line T01–T40 of the list of attacks is a named test, and none of them is skipped."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent.parent
# Lines whose tests come with the surface they attack. The list shrinks to nothing: a line that is there must leave it.
AWAITED: set[str] = set()


def lines() -> Iterator[tuple[str, ast.FunctionDef, str]]:
    """(line, function, file) of every test named after one."""
    for path in sorted(TESTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_t") and node.name[6:8].isdigit():
                yield node.name[5:8], node, str(path.relative_to(TESTS))


def test_each_line_has_a_test_or_is_awaited() -> None:
    wanted = {f"t{number:02d}" for number in range(1, 41)}
    there = {line for line, _, _ in lines()}
    assert wanted - there - AWAITED == set()
    assert there <= wanted


def test_what_is_there_is_no_longer_awaited() -> None:
    assert sorted(AWAITED & {line for line, _, _ in lines()}) == []


def test_none_of_them_is_skipped() -> None:
    skipped = [
        f"{file}: {node.name}"
        for _, node, file in lines()
        for word in ("pytest.skip", "mark.skip", "importorskip", "xfail")
        if word in "".join(map(ast.unparse, [*node.decorator_list, *node.body]))
    ]
    assert skipped == []
