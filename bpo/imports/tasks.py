"""Work of the import framework."""

from uuid import UUID

from bpo.imports.services import execute_run
from bpo.outbox.registry import job


@job("imports.run", scope="client", queue="imports", lease_seconds=900)
def run_import(*, run_id: str) -> None:
    execute_run(run_id=UUID(run_id))
