"""manage.py solve_roster INSTANCE [--seconds 60] [--seed 1] [--workers 2] [--json]"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scheduling.domain.rostering import Problem, Progress, Roster
from scheduling.domain.rostering.checking import Violation, cost, violations
from scheduling.domain.rostering.instances import read
from scheduling.domain.rostering.search import solve


class Command(BaseCommand):
    """Exit 0 with a roster that keeps every rule, 1 if people's rules can't be kept together, 2 for a bad call or file."""

    help = "Make a roster for an instance: a file of sections, or JSON of intervals. Needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("instance", type=Path)
        parser.add_argument("--seconds", type=float, default=60.0, help="The longest it may take; 60 if not given.")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--workers", type=int, default=2, help="Threads of the solver; 2 if not given.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        problem = self._problem(options)
        roster = solve(
            problem,
            seconds=options["seconds"],
            seed=options["seed"],
            workers=options["workers"],
            tell=None if options["json"] else self._progress,
        )
        broken = violations(problem, roster.held)
        if options["json"]:
            self.stdout.write(json.dumps(_as_dict(problem, roster, broken), ensure_ascii=False))
        else:
            self._say(problem, roster, broken)
        if broken:
            raise SystemExit(1)

    def _problem(self, options: dict[str, Any]) -> Problem:
        for name, least in (("seconds", 0), ("workers", 1), ("seed", 0)):
            if not least <= options[name] < 2**31 or (name == "seconds" and not options[name]):
                raise CommandError(f"{name}: {options[name]}. Give a number above {max(least - 1, 0)}.", returncode=2)
        path = options["instance"]
        try:
            return read(path.read_text("utf-8"))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}. Give a file that can be read.", returncode=2) from error
        except ValueError as error:
            raise CommandError(f"{path}: {error}", returncode=2) from error

    def _progress(self, found: Progress) -> None:
        self.stderr.write(f"{found.seconds:6.1f} s  cost {found.objective}, no roster is under {found.bound}")

    def _say(self, problem: Problem, roster: Roster, broken: list[Violation]) -> None:
        for employee, shifts in _by_day(problem, roster).items():
            self.stdout.write(f"{employee}: {' '.join(shift or '-' for shift in shifts)}")
        for one in roster.conflicts:
            said = "; ".join(rule.said for rule in one.rules)
            self.stdout.write(f"{one.person} can't be rostered, and could with any one of these less: {said}")
        self.stdout.write(
            f"{roster.status}: cost {cost(problem, roster.held)}, bound {roster.bound}, {len(broken)} rules broken, "
            f"{roster.seconds:.1f} s"
        )


def _as_dict(problem: Problem, roster: Roster, broken: list[Violation]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "objective": cost(problem, roster.held),
        "bound": roster.bound,
        "violations": [
            {"employee": one.person, "rule": one.rule, "have": one.have, "limit": one.limit, "day": one.day}
            for one in broken
        ],
        "seconds": round(roster.seconds, 3),
        "status": roster.status,
        "roster": _by_day(problem, roster),
    }
    if roster.conflicts:
        found["conflicts"] = [
            {"employee": one.person, "rules": [rule.said for rule in one.rules]} for one in roster.conflicts
        ]
    return found


def _by_day(problem: Problem, roster: Roster) -> dict[str, list[str | None]]:
    """Each employee's shift or nothing, day by day."""
    found: dict[str, list[str | None]] = {}
    for person, held in zip(problem.people, roster.held, strict=True):
        shifts: list[str | None] = [None] * problem.days
        for index in held:
            shifts[problem.options[index].day] = problem.options[index].key
        found[person.key] = shifts
    return found
