"""Work of attrition."""

from datetime import UTC, datetime
from uuid import UUID

from attrition.importing import execute_run
from attrition.leavers import end_due, end_if_left
from bpo.outbox.registry import job
from bpo.outbox.slots import hourly


@job("attrition.import_people", scope="operator", queue="imports", lease_seconds=900)
def import_people(*, run_id: str) -> None:
    execute_run(run_id=UUID(run_id))


@job("attrition.leaver_day", scope="operator")
def leaver_day(*, employee_id: str) -> None:
    """The midnight after somebody's last day, if it still is theirs."""
    end_if_left(employee_id=UUID(employee_id), now=datetime.now(UTC))


@job("attrition.end_leavers", scope="operator")
def end_leavers() -> None:
    """Whoever has left and can still come in: ends that came by an import, or while no worker ran."""
    end_due(now=datetime.now(UTC))


hourly("attrition.end_leavers")
