"""Cases as a file tells them: opened, resolved and reopened in the order things happened."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bpo.actors import By
from bpo.slots import Reopened, Resolved, case_reopened, case_resolved
from interactions.domain.importing import InteractionRow
from interactions.models import Case, Interaction, Resolution

MAX_REFERENCE: Final = 120
SOURCE: Final = "import"


def reference_of(row: InteractionRow) -> str:
    """The case a row belongs to, "" for none: the one it names, or its own when it says resolved yes or no.

    An abandoned interaction opens no case of its own. An own reference too long to keep is its hash.
    """
    if row.case_ref:
        return row.case_ref
    if row.resolved is None or row.abandoned:
        return ""
    own = f"{row.source}:{row.external_id}"
    if len(own) <= MAX_REFERENCE:
        return own
    return f"{row.source}:{hashlib.sha256(own.encode()).hexdigest()[:40]}"


def end_of(row: InteractionRow) -> datetime:
    """When the interaction was over: the end the file gives, or the start and the seconds it counts."""
    seconds = sum(part or 0 for part in (row.wait_seconds, row.talk_seconds, row.hold_seconds))
    return row.ended_at or row.started_at + timedelta(seconds=seconds)


@dataclass
class CaseBook:
    """The cases of one batch, locked; changed in memory by `tell`, written once by `save`."""

    cases: dict[str, Case]
    new: set[UUID] = field(default_factory=set)
    changed: set[UUID] = field(default_factory=set)
    resolutions: list[Resolution] = field(default_factory=list)
    reopened: list[tuple[UUID, int]] = field(default_factory=list)

    @classmethod
    def of(cls, rows: list[InteractionRow]) -> "CaseBook":
        wanted = {reference for row in rows if (reference := reference_of(row))}
        found = Case.objects.select_for_update().filter(reference__in=wanted).order_by("pk")
        return cls({case.reference: case for case in found})

    def tell(self, row: InteractionRow, interaction: Interaction) -> None:
        """Let an interaction join its case, and the case follow what the row says of it."""
        reference = reference_of(row)
        if not reference:
            return
        case = self.cases.get(reference) or self._opened(reference, row, interaction)
        interaction.case = case
        if row.started_at < case.opened_at:
            case.opened_at = row.started_at
            self._touch(case)
        if case.customer_id is None and interaction.customer is not None:
            case.customer = interaction.customer
            self._touch(case)
        if row.resolved and case.state == Case.State.OPEN:
            self._resolve(case, row, interaction)
        elif row.resolved is False and case.state == Case.State.RESOLVED:
            self._reopen(case, row)

    def save(self) -> None:
        """Write cases and resolutions, in the caller's transaction."""
        Case.objects.bulk_create([case for case in self.cases.values() if case.pk in self.new])
        changed = [case for case in self.cases.values() if case.pk in self.changed - self.new]
        Case.objects.bulk_update(
            changed,
            ["customer", "state", "opened_at", "resolved_at", "reopened_at", "resolution_number", "version"],
        )
        Resolution.objects.bulk_create(self.resolutions)

    def tell_slots(self, by: By, now: datetime) -> None:
        """Say what was resolved and reopened. Called once the interactions are written: slots ask which was last."""
        ended = set(self.reopened)
        if ended:
            found = Resolution.objects.filter(case__in=[case for case, _number in ended])
            ids = tuple(one.pk for one in found if (one.case_id, one.number) in ended)
            case_reopened.collect(Reopened(ids, by, now))
        standing = tuple(one.pk for one in self.resolutions if (one.case_id, one.number) not in ended)
        if standing:
            case_resolved.collect(Resolved(standing, by, now))

    def _opened(self, reference: str, row: InteractionRow, interaction: Interaction) -> Case:
        case = Case(
            reference=reference,
            customer=interaction.customer,
            reason=interaction.reason,
            queue=interaction.queue,
            opened_at=row.started_at,
        )
        self.cases[reference] = case
        self.new.add(case.pk)
        return case

    def _resolve(self, case: Case, row: InteractionRow, interaction: Interaction) -> None:
        case.state = Case.State.RESOLVED
        case.resolved_at = max(end_of(row), case.opened_at)
        case.resolution_number += 1
        self._touch(case)
        self.resolutions.append(
            Resolution(
                case=case,
                number=case.resolution_number,
                resolved_at=case.resolved_at,
                actor=interaction.agent,
                source=SOURCE,
            )
        )

    def _reopen(self, case: Case, row: InteractionRow) -> None:
        """Only a later interaction reopens a case; an older one that comes late says nothing new."""
        own = not row.case_ref
        if not own and case.resolved_at is not None and row.started_at < case.resolved_at:
            return
        case.state, case.reopened_at = Case.State.OPEN, row.started_at
        self.reopened.append((case.pk, case.resolution_number))
        self._touch(case)

    def _touch(self, case: Case) -> None:
        if case.pk not in self.changed:
            case.version += case.pk not in self.new
            self.changed.add(case.pk)
