"""Work of attrition."""

from uuid import UUID

from attrition.importing import execute_run
from bpo.outbox.registry import job


@job("attrition.import_people", scope="operator", queue="imports", lease_seconds=900)
def import_people(*, run_id: str) -> None:
    execute_run(run_id=UUID(run_id))
