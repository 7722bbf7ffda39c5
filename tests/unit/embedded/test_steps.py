"""What the console shows."""

import pytest

from bpo.embedded.steps import Step, table
from bpo.embedded.watchdog import listed


def test_a_step_says_its_name_its_seconds_and_its_notes(capsys: pytest.CaptureFixture[str]) -> None:
    with Step("Migrating the database") as step:
        step.note("2 clients")
    assert capsys.readouterr().out == f"Migrating the database … {step.seconds:.1f} s (2 clients)\n"


def test_a_failed_step_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="broken"), Step("Migrating"):
        raise ValueError("broken")
    assert capsys.readouterr().out == "Migrating … failed\n"


def test_a_stopped_step_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), Step("Migrating"):
        raise KeyboardInterrupt
    assert capsys.readouterr().out == "Migrating … stopped\n"


def test_columns_of_a_table_line_up() -> None:
    assert table(["role", "host"], [["team lead", "acme"], ["HR", "ops"]]) == (
        "  role       host\n  team lead  acme\n  HR         ops"
    )


def test_the_watchdog_keeps_the_groups_that_did_not_end() -> None:
    assert listed(["+5\n", "!/var/a b.json\n", "+6\n", "-5\n", "+7\n"]) == ({6, 7}, {"/var/a b.json"})
