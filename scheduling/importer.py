"""Forecasts made elsewhere, and callbacks that were promised, as kinds of import."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bpo.actors import By
from bpo.imports.domain.mapping import Mapping
from bpo.imports.domain.problems import CellError, Problem
from bpo.imports.domain.table import Row
from bpo.imports.registry import Written, mapped_fields
from bpo.permissions import Permission
from interactions.lookups import QueueBook
from scheduling.domain import importing
from scheduling.models import ExternalInterval, PromisedCallback


class Brought:
    """What the two kinds have in common: rows found by their key, made, changed or known already."""

    key: str
    permission = Permission.IMPORT_INTERVALS.value
    defaults = {"source": "file"}
    constants: Sequence[str] = ("source", "queue")
    creates: Sequence[str] = ()
    wide_field = None
    model: Any  # ExternalInterval or PromisedCallback
    found_by: Sequence[str]
    kept: Sequence[str]

    @property
    def aliases(self) -> Any:
        return importing.ALIASES[self.key]

    def shown(self, headers: Sequence[str], mapping: Mapping) -> list[str]:
        return mapped_fields(headers, mapping)

    def batch(self, mapping: Mapping) -> int:
        return 500

    def read_mapping(self, loaded: object, *, zone: str) -> Mapping:
        return importing.read_mapping(self.key, loaded, zone=zone)

    def parse(self, rows: Iterable[Row], mapping: Mapping) -> Iterator[tuple[int, Any]]:
        return importing.parse_rows(self.key, rows, mapping)

    def write(
        self, rows: Sequence[tuple[int, Any]], *, mapping: Mapping, run_id: UUID | None, by: By, now: datetime
    ) -> Written:
        """Each row is created, updated or unchanged; one of a queue nobody knows is a problem of its own."""
        written, queues, new, changed = Written(), QueueBook(frozenset()), [], []
        known = self._known([row for _number, row in rows])
        for number, row in rows:
            try:
                queue = queues.named(row.queue, "voice")
            except CellError as error:
                written.problems.append(Problem.of(number, error))
                continue
            values = {name: getattr(row, name) for name in self.kept} | {"queue_id": queue.pk}
            found = known.get(self._key(row, queue.pk))
            if found is None:
                new.append(self.model(**self._named(row), **values, import_run_id=run_id))
            elif self._differs(found, values):
                for name, value in values.items():
                    setattr(found, name, value)
                found.import_run_id = run_id
                changed.append(found)
            else:
                written.unchanged += 1
        self.model.objects.bulk_create(new)
        self.model.objects.bulk_update(changed, [*self.kept, "queue", "import_run_id"], batch_size=200)
        written.created, written.updated = len(new), len(changed)
        return written

    def _known(self, rows: Sequence[Any]) -> dict[Any, Any]:
        raise NotImplementedError

    def _key(self, row: Any, queue_id: UUID) -> Any:
        raise NotImplementedError

    def _named(self, row: Any) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self.found_by}

    def _differs(self, found: Any, values: dict[str, Any]) -> bool:
        def plain(value: Any) -> Any:
            return float(value) if hasattr(value, "as_tuple") else value

        return any(getattr(found, name) != plain(value) for name, value in values.items())


class ForecastImporter(Brought):
    """Forecasts of another system, a row an interval."""

    key = "forecast"
    label = _("Forecasts made elsewhere")
    noun = _("forecast intervals")
    constants = ("source", "queue", "minutes")
    model = ExternalInterval
    found_by = ("source", "starts_at")
    kept = ("minutes", "volume", "aht_seconds")

    def _known(self, rows: Sequence[Any]) -> dict[Any, Any]:
        found = ExternalInterval.objects.filter(
            source__in={row.source for row in rows}, starts_at__in={row.starts_at for row in rows}
        )
        return {(one.queue_id, one.source, one.starts_at): one for one in found}

    def _key(self, row: Any, queue_id: UUID) -> Any:
        return queue_id, row.source, row.starts_at


class CallbackImporter(Brought):
    """Callbacks with their promised windows; sent again with another state they are done or cancelled."""

    key = "callbacks"
    label = _("Promised callbacks")
    noun = _("callbacks")
    model = PromisedCallback
    found_by = ("source", "external_id")
    kept = ("window_start", "window_end", "handle_seconds", "state")

    def _known(self, rows: Sequence[Any]) -> dict[Any, Any]:
        found = PromisedCallback.objects.filter(
            source__in={row.source for row in rows}, external_id__in={row.external_id for row in rows}
        )
        return {(one.source, one.external_id): one for one in found}

    def _key(self, row: Any, queue_id: UUID) -> Any:
        return row.source, row.external_id
