"""Writing a batch of interactions that came from outside: created, updated, or known already."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from bpo.actors import By
from bpo.imports.domain.problems import CellError, Problem
from bpo.imports.domain.words import phrase as _
from bpo.imports.registry import Written
from interactions.case_writing import CaseBook
from interactions.coming_back import without_erased
from interactions.domain.importing import IDENTITY, InteractionRow, fingerprint, key_of
from interactions.lookups import Lookups
from interactions.models import Interaction

# Fields that an interaction takes from its row as they are.
PLAIN: Final = (
    "source", "external_id", "direction", "channel", "started_at", "ended_at", "business_date", "zone",
    "wait_seconds", "talk_seconds", "hold_seconds", "after_call_seconds", "abandoned", "transferred", "escalated",
    "auth_method", "auth_mode", "auth_result", "auth_seconds", "abusive", "abusive_reason", "source_rating",
    "rated_on", "tenure_band", "shift",
)  # fmt: skip
LOOKED_UP: Final = (
    "queue", "reason", "disposition", "agent", "supervisor", "manager", "customer", "case", "callback_of",
)  # fmt: skip
Numbered = tuple[int, InteractionRow]
Known = dict[tuple[str, ...], Interaction]


def write_interactions(
    *,
    rows: Sequence[Numbered],
    create_missing: frozenset[str],
    run_id: UUID | None,
    by: By,
    now: datetime,
) -> Written:
    """Write rows inside the caller's transaction; one that can't be written is a problem and changes nothing.

    A row is recognised by source and external id, and by its fingerprint as saying what it said before. Rows
    are taken in the order things happened, so a later one may call back an earlier one.
    """
    rows, problems = without_erased(rows)
    known = _known([row for _number, row in rows])
    fresh = [(number, row) for number, row in rows if _says_something_new(row, known)]
    written = Written(unchanged=len(rows) - len(fresh), problems=problems)
    if fresh:
        _Batch(fresh, known, create_missing, run_id).write(written, by, now)
    return written


def _known(rows: list[InteractionRow]) -> Known:
    """Interactions these rows may be, and those they call back."""
    wanted = {row.external_id for row in rows} | {row.callback_of for row in rows if row.callback_of}
    found = Interaction.objects.filter(source__in={row.source for row in rows}, external_id__in=wanted)
    return {(one.source, one.external_id): one for one in found.select_related("customer")}


def _says_something_new(row: InteractionRow, known: Known) -> bool:
    present = known.get(key_of(row, IDENTITY))
    return present is None or present.fingerprint != fingerprint(row)


class _Batch:
    """Rows with something new to say, on their way to interactions."""

    def __init__(self, rows: list[Numbered], known: Known, create_missing: frozenset[str], run_id: UUID | None) -> None:
        self.rows = sorted(rows, key=lambda pair: (pair[1].started_at, pair[0]))
        self.known = known
        self.run_id = run_id
        plain = [row for _number, row in rows]
        self.lookups = Lookups(plain, create_missing)
        self.book = CaseBook.of(plain)
        self.new: list[Interaction] = []
        self.changed: list[Interaction] = []

    def write(self, written: Written, by: By, now: datetime) -> None:
        for number, row in self.rows:
            try:
                self._take(row)
            except CellError as error:
                written.problems.append(Problem.of(number, error))
        self.lookups.save()
        self.book.save()
        Interaction.objects.bulk_create(self.new)
        Interaction.objects.bulk_update(
            self.changed, [*PLAIN, *LOOKED_UP, "consent", "fingerprint", "import_run_id", "version"], batch_size=200
        )
        self.book.tell_slots(by, now)
        written.created += len(self.new)
        written.updated += len(self.changed)

    def _take(self, row: InteractionRow) -> None:
        present = self.known.get(key_of(row, IDENTITY))
        found = self._looked_up(row, present)
        one = present or Interaction()
        for name in PLAIN:
            setattr(one, name, getattr(row, name))
        for name, value in found.items():
            setattr(one, name, value)
        if row.consent:  # a file that says nothing of it takes no word of the customer back
            one.consent = row.consent
        one.fingerprint, one.import_run_id = fingerprint(row), self.run_id
        one.version += present is not None
        self.book.tell(row, one)
        self.known[key_of(row, IDENTITY)] = one
        (self.changed if present else self.new).append(one)

    def _looked_up(self, row: InteractionRow, present: Interaction | None) -> dict[str, object]:
        """Everything a row refers to. CellError for what is unknown; then nothing of the row is written."""
        called_back = self._called_back(row)
        self.lookups.check(row)
        return {
            "callback_of": called_back,
            "queue": self.lookups.queue(row),
            "agent": self.lookups.actor(row.agent),
            "supervisor": self.lookups.actor(row.supervisor),
            "manager": self.lookups.actor(row.manager),
            "reason": self.lookups.reason(row),
            "disposition": self.lookups.disposition(row),
            "customer": self.lookups.customer(row, present.customer if present else None),
        }

    def _called_back(self, row: InteractionRow) -> Interaction | None:
        if not row.callback_of:
            return None
        found = self.known.get((row.source, row.callback_of))
        if found is None:
            raise CellError(
                "callback_of",
                _("Interaction “{name}” is unknown.", name=row.callback_of),
                _("Import the file that has it first, or leave the cell empty."),
            )
        return found
