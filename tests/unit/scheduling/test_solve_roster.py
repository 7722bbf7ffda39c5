"""`manage.py solve_roster`: as a process of its own, without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.scheduling.rostering.test_instances import INTERVALS, SECTIONS

ROOT = Path(__file__).resolve().parents[3]


def run(tmp_path: Path, text: str, *more: str) -> subprocess.CompletedProcess[str]:
    instance = tmp_path / "instance"
    instance.write_text(text)
    env = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere", "BPO_VAR": str(tmp_path)}
    command = [sys.executable, "manage.py", "solve_roster", str(instance), *more]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def test_a_roster_of_sections_with_its_proof(tmp_path: Path) -> None:
    done = run(tmp_path, SECTIONS, "--seconds", "20", "--json")
    assert done.returncode == 0, done.stderr
    found = told(done)
    assert set(found) == {"objective", "bound", "violations", "seconds", "status", "roster"}
    # One of two early shifts on a day off of the only one who works them; ben's night on the last day costs nothing.
    assert (found["objective"], found["bound"], found["status"], found["violations"]) == (200, 200, "optimal", [])
    assert {employee: len(shifts) for employee, shifts in found["roster"].items()} == {"ana": 14, "ben": 14}
    assert found["roster"]["ana"][2] == "E"
    assert found["roster"]["ben"][13] == "N"
    assert 0 < found["seconds"] < 20


def test_a_roster_of_intervals_in_words(tmp_path: Path) -> None:
    done = run(tmp_path, json.dumps(INTERVALS), "--seconds", "10")
    assert done.returncode == 0, done.stderr
    assert "ana: E -" in done.stdout
    assert "optimal: cost 1600, bound 1600, 0 rules broken" in done.stdout
    assert "no roster is under" in done.stderr


def test_rules_that_cannot_be_kept_together_are_told_and_the_exit_says_so(tmp_path: Path) -> None:
    off = ",".join(str(day) for day in range(14))
    text = SECTIONS.replace("ana,0,13", f"ana,{off}")
    done = run(tmp_path, text, "--seconds", "10", "--json")
    assert done.returncode == 1
    found = told(done)
    assert found["status"] == "conflict"
    [conflict] = found["conflicts"]
    assert conflict["employee"] == "ana"
    assert conflict["rules"][0] == "at least 16 h"
    assert [(one["employee"], one["rule"]) for one in found["violations"]] == [("ana", "min_minutes")]
    assert "ana can't be rostered, and could with any one of these less" in run(tmp_path, text, "--seconds", "5").stdout


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("hello", (), "instance: line 1: text before the first section. Begin with SECTION_HORIZON"),
        (SECTIONS, ("--seconds", "0"), "seconds: 0.0. Give a number above 0"),
        (SECTIONS, ("--seconds", "nan"), "seconds: nan. Give a number above 0"),
        (SECTIONS, ("--workers", "0"), "workers: 0. Give a number above 0"),
    ],
)
def test_a_bad_call_or_file_says_what_to_do(tmp_path: Path, text: str, more: tuple[str, ...], said: str) -> None:
    done = run(tmp_path, text, *more)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "solve_roster", str(tmp_path / "none")]
    env = {**os.environ, "BPO_VAR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "No such file or directory. Give a file that can be read" in done.stderr
