"""A schema at an older migration, for tests of what a migration makes of the rows that were there."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

Name = tuple[str, str]


def to(names: list[Name]) -> Any:
    """The current owner schema at these migrations, and their models."""
    executor = MigrationExecutor(connection)
    executor.migrate(names)
    return executor.loader.project_state(names).apps


def step(app: str, ending: str) -> tuple[list[Name], Name]:
    """What an app's migration stands on there, and itself; its number is nobody's business."""
    known = MigrationExecutor(connection).loader.disk_migrations
    [mine] = [name for name in known if name[0] == app and name[1].endswith(ending)]
    return [name for name in known[mine].dependencies if name[0] == app], mine
