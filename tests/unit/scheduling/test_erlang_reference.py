"""83 queues from 0.01 to 3,000 Erlangs against sums over their states to 60 digits (reference/make_erlang.py)."""

import csv
from pathlib import Path

import pytest

from scheduling.domain.erlang import DEFINITIONS, erlang_b, erlang_c, evaluate

FILE = Path(__file__).parent / "reference" / "erlang.csv"
with FILE.open(encoding="utf-8") as lines:
    ROWS = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(lines)]


def test_there_are_83_from_the_smallest_to_the_largest_load():
    loads = [row["traffic"] for row in ROWS]
    assert (len(loads), loads[0], loads[-1]) == (83, 0.01, 3000)
    assert sum(row["agents"] <= row["traffic"] for row in ROWS) >= 15  # more work than agents
    assert len({row["patience"] for row in ROWS}) >= 5


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['traffic']:g}-by-{row['agents']:g}")
def test_every_figure_is_the_exact_one(row: dict[str, float]):
    load = {"calls": row["traffic"], "interval": row["aht"], **{name: row[name] for name in ("aht", "target")}}
    agents = int(row["agents"])
    assert erlang_b(row["traffic"], agents) == pytest.approx(row["erlang_b"], rel=1e-12)
    assert erlang_c(row["traffic"], agents) == pytest.approx(row["c_wait"], rel=1e-12)
    endless = evaluate(**load, agents=agents)
    assert endless.service_level == pytest.approx(row["c_level"], rel=1e-12, abs=1e-12)
    assert endless.asa == pytest.approx(row["c_asa"], rel=1e-12)
    levels = []
    for definition in DEFINITIONS:
        leaving = evaluate(
            **load, agents=agents, patience=row["patience"], short=row["short"], sl_definition=definition
        )
        levels.append(leaving.service_level)
        got = (leaving.p_wait, leaving.p_abandon, leaving.asa, leaving.occupancy)
        assert got == pytest.approx([row[name] for name in ("a_wait", "a_gone", "a_asa", "a_occupancy")], rel=1e-12)
    names = ("a_of_offered", "a_of_served", "a_of_long", "a_or_left", "a_of_late", "a_short_too")
    expected = [row[name] for name in names]
    assert levels == pytest.approx(expected, rel=1e-12, abs=1e-12)
