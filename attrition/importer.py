"""People as a kind of import: spells of employment, and a separation for each that has ended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Refused
from attrition.domain.importing import ALIASES, PersonRow, parse_rows, read_mapping
from attrition.domain.reasons import kind_of
from attrition.models import Separation
from attrition.services import DAY, correct_separation, record_separation
from bpo.actors import By
from bpo.imports.domain.mapping import Mapping
from bpo.imports.domain.problems import Problem
from bpo.imports.domain.table import Row
from bpo.imports.registry import Written, mapped_fields
from bpo.permissions import Permission
from bpo.privacy.keys import met_by
from workforce.models import Employee, Employment, ErasedPerson, Site

NUMBER = ("workforce.Employee", "number")  # what an erased person's number is hashed with
UNKNOWN = "unknown"  # the reason of a separation that a file tells of


class PeopleImporter:
    """Spells of employment from a CSV file or a workbook, at company level."""

    key = "people"
    label = gettext_lazy("People")
    noun = gettext_lazy("people")
    permission = Permission.IMPORT_PEOPLE.value
    aliases = ALIASES
    defaults: dict[str, str] = {}
    constants = ("prefix", "site")
    creates: tuple[str, ...] = ()
    wide_field = None

    def shown(self, headers: Sequence[str], mapping: Mapping) -> Sequence[str]:
        return mapped_fields(headers, mapping)

    def batch(self, mapping: Mapping) -> int:
        return 500

    def read_mapping(self, loaded: object, *, zone: str) -> Mapping:
        return read_mapping(loaded, zone=zone)

    def parse(self, rows: Iterable[Row], mapping: Mapping) -> Iterator[tuple[int, Any]]:
        return parse_rows(rows, mapping)

    def write(
        self, rows: Sequence[tuple[int, Any]], *, mapping: Mapping, run_id: UUID | None, by: By, now: datetime
    ) -> Written:
        """Write a batch in the caller's transaction; who is known is compared, who is new is written in bulk."""
        batch = _Batch(by, now)
        batch.read([row for _number, row in rows])
        for number, row in rows:
            batch.take(number, row)
        batch.save()
        return batch.written


@dataclass(slots=True)
class _Batch:
    """The people a batch speaks of, and what is to be written for them."""

    by: By
    now: datetime
    written: Written = field(default_factory=Written)
    employees: dict[str, Employee] = field(default_factory=dict)
    spells: dict[str, list[Employment]] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    new_people: list[Employee] = field(default_factory=list)
    new_spells: list[Employment] = field(default_factory=list)
    new_separations: list[Separation] = field(default_factory=list)

    def read(self, rows: list[PersonRow]) -> None:
        """Four statements, whatever the size of the batch."""
        known = Employee.objects.filter(number__in={row.number for row in rows})
        self.employees = {one.number: one for one in known}
        for spell in Employment.objects.filter(employee__in=known).select_related("employee", "separation"):
            self.spells.setdefault(spell.employee.number, []).append(spell)
        self.sites = {site.name: site for site in Site.objects.all()}
        fresh = [row.number for row in rows if row.number not in self.employees]
        self.erased = {key[-1] for key in met_by([(*NUMBER, number) for number in fresh], ErasedPerson)}

    def take(self, number: int, row: PersonRow) -> None:
        if row.number in self.erased:
            told = _("This number belongs to somebody who was erased.")
            self._reject(number, "number", told, _("Leave the row out. Who is hired again gets a new number."))
            return
        if row.site and row.site not in self.sites:
            self._reject(
                number, "site", _("There is no site “%s”.") % row.site, _("Add the site first, or correct it.")
            )
            return
        mine = self.spells.setdefault(row.number, [])
        spell = next((one for one in mine if one.starts_on == row.starts_on), None)
        if spell is not None:
            self._compare(number, row, spell)
            return
        clash = next((one for one in mine if _overlap(one, row)), None)
        if clash is not None:
            self._reject(
                number,
                "starts_on",
                _("They were employed from %s already.") % clash.starts_on,
                _("Spells of one person must not overlap; correct the days."),
            )
            return
        self._add(row, mine)

    def _add(self, row: PersonRow, mine: list[Employment]) -> None:
        employee = self.employees.get(row.number)
        if employee is None:
            employee = Employee(
                number=row.number, name=row.name or row.number, email=row.email or "", created_at=self.now
            )
            self.employees[row.number] = employee
            self.new_people.append(employee)
        ends_on = row.last_day + DAY if row.last_day else None
        spell = Employment(employee=employee, site=self._site(row), starts_on=row.starts_on, ends_on=ends_on)
        self.new_spells.append(spell)
        mine.append(spell)
        if row.last_day:
            self.new_separations.append(self._separation(spell, row.last_day))
        self.written.created += 1

    def _separation(self, spell: Employment, last_day: date) -> Separation:
        return Separation(
            employment=spell,
            last_day=last_day,
            kind=kind_of(UNKNOWN),
            reason=UNKNOWN,
            closed={"employment": None, "rows": []},
            recorded_by=self.by.name[:120],
            recorded_at=self.now,
        )

    def _compare(self, number: int, row: PersonRow, spell: Employment) -> None:
        """Bring a known spell in line with the file; an end on record is never taken back by a blank cell."""
        if row.last_day is None and spell.ends_on is not None:
            self._reject(
                number,
                "last_day",
                _("The file says still employed, but %s is recorded as the last day.") % (spell.ends_on - DAY),
                _("Fill in the last day, or take the separation back on the person’s page."),
            )
            return
        try:
            changed = self._end(row, spell)
        except Refused as refused:
            self._reject(number, "last_day", refused.problem, refused.remedy)
            return
        changed = self._describe(row, spell) or changed
        if changed:
            self.written.updated += 1
        else:
            self.written.unchanged += 1

    def _end(self, row: PersonRow, spell: Employment) -> bool:
        if row.last_day is None or spell.ends_on == row.last_day + DAY:
            return False
        known: Separation | None = getattr(spell, "separation", None)
        if known is None:
            record_separation(employment=spell, last_day=row.last_day, reason=UNKNOWN, by=self.by, now=self.now)
        else:
            correct_separation(
                separation=known, version=known.version, last_day=row.last_day, reason=known.reason,
                notice_on=known.notice_on, note=known.note, by=self.by, now=self.now,
            )  # fmt: skip
        spell.ends_on = row.last_day + DAY
        return True

    def _describe(self, row: PersonRow, spell: Employment) -> bool:
        """Take over name, mail and site where the file gives another."""
        person, site = spell.employee, self._site(row)
        wanted = {"name": row.name or person.name, "email": row.email or person.email}
        changed = {name: value for name, value in wanted.items() if getattr(person, name) != value}
        if changed:
            Employee.objects.filter(pk=person.pk).update(**changed)
        if site is not None and spell.site_id != site.pk:
            Employment.objects.filter(pk=spell.pk).update(site=site)
            return True
        return bool(changed)

    def _site(self, row: PersonRow) -> Site | None:
        return self.sites[row.site] if row.site else None

    def _reject(self, number: int, name: str, problem: str, remedy: str) -> None:
        self.written.problems.append(Problem(number, name, problem, remedy))

    def save(self) -> None:
        Employee.objects.bulk_create(self.new_people)
        Employment.objects.bulk_create(self.new_spells)
        Separation.objects.bulk_create(self.new_separations)


def _overlap(spell: Employment, row: PersonRow) -> bool:
    before = spell.ends_on is not None and spell.ends_on <= row.starts_on
    after = row.last_day is not None and row.last_day < spell.starts_on
    return not before and not after


IMPORTER = PeopleImporter()
