"""The permission matrix names every address and method of both hosts and both admins, and nothing else."""

from bpo.api_docs.schema import document
from bpo.permissions import OpenToAll
from tests.permissions import walking
from tests.permissions.notation import MATRIX, read
from tests.permissions.proposing import proposed
from tests.permissions.routes import actions

MATRIX_READ = read()
ROWS = MATRIX_READ.rows
ACTIONS = actions()


def test_every_address_and_method_has_a_line() -> None:
    known = {row.key for row in ROWS}
    missing = [one for one in ACTIONS if one.key not in known]
    told = "\n".join(f"[{one.host}]  {proposed(one, MATRIX_READ.columns[one.host])}" for one in missing)
    assert not missing, f"\n{MATRIX.name} lacks lines. Read each cell, correct it, and paste it under its host:\n{told}"


def test_no_line_is_of_an_address_that_is_gone() -> None:
    there = {one.key for one in ACTIONS}
    gone = [f"line {row.line}: {row}" for row in ROWS if row.key not in there]
    assert gone == []


def test_each_line_is_there_once() -> None:
    seen = [row.key for row in ROWS]
    assert sorted(seen) == sorted(set(seen))


def test_the_operators_admin_lists_what_the_matrix_lists() -> None:
    prefix = "/admin/"
    found = {
        "/".join(one.route.split("/")[2:4])
        for one in ACTIONS
        if one.route.startswith(prefix) and one.route.endswith("/add/")
    }
    assert found == {*MATRIX_READ.models["operator"], "accounts/token"}


def test_the_api_rows_are_the_operations_of_its_document() -> None:
    told = {
        (method.upper(), path)
        for path, methods in document()["paths"].items()
        for method in methods
        if method in {"get", "post", "put", "patch", "delete"}
    }
    rows = {
        (row.method, as_told(row.route)) for row in ROWS if row.route.startswith("/api/v1/") and row.host == "client"
    }
    assert rows - {("GET", "/api/v1/"), ("GET", "/api/v1/schema/")} == told


def as_told(route: str) -> str:
    return walking.PARAMETER.sub(lambda match: "{%s}" % ("id" if match[2] == "pk" else match[2]), route)


def test_the_exemptions_only_shrink() -> None:
    """An address that needs no login is listed under OPEN; nothing joins that list without a reviewer's eye."""
    found = {one.key for one in ACTIONS if isinstance(one.stamp, OpenToAll)}
    assert found == MATRIX_READ.open_to_all
    assert len(found) <= 33
