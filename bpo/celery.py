"""The Celery app. A message is a wake-up with one id; the outbox row is the work."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bpo.settings")
os.environ.setdefault("BPO_MAY_OWN", "0")

from celery import Celery, Task
from django.conf import settings
from kombu import Queue

from bpo.broker import install

QUEUES = ("mail", "default", "imports", "reports")


class NoScope(RuntimeError):
    """A Celery task that says neither client nor operator: it would run in nobody's name."""


class ScopedTask(Task):  # type: ignore[type-arg]  # Celery's Task is generic in its stubs alone
    """The base of every task. `scope` names where it works; without one it refuses to run.

    Work for a client is not a Celery task of its own: it is a job (`bpo.outbox.registry.job`), which the one task
    `bpo.outbox.run` claims, enters its client for, and calls.
    """

    abstract = True
    scope: str | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.scope != "operator":
            raise NoScope(
                f"Task {self.name} has no scope. Client work goes through the outbox: register it with "
                '@job(name, scope="client"); a tick of the operator says scope="operator".'
            )
        return super().__call__(*args, **kwargs)


def broker_options(url: str) -> dict[str, Any]:
    """Transport options by broker: where the embedded one keeps its files, how long the others wait."""
    if url.startswith("filesystem"):
        folder = settings.VAR / "broker"
        for name in ("queue", "control"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        paths = {"data_folder_in": str(folder / "queue"), "data_folder_out": str(folder / "queue")}
        return {**paths, "control_folder": str(folder / "control"), "polling_interval": 0.1}
    if url.startswith("redis"):
        limits = {"socket_connect_timeout": 2, "socket_timeout": 10, "retry_on_timeout": True}
        return {**limits, "visibility_timeout": 2100}
    return {"confirm_publish": True}


install()
app = Celery("bpo", task_cls=ScopedTask, set_as_current=True)
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_transport_options=broker_options(settings.CELERY_BROKER_URL),
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=2,
    task_ignore_result=True,
    task_acks_late=True,
    task_acks_on_failure_or_timeout=True,
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="default",
    task_queues=[Queue(name) for name in QUEUES],
    task_create_missing_queues=False,
    task_soft_time_limit=1500,
    task_time_limit=1800,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    enable_utc=True,
    timezone="UTC",
    beat_schedule={"tick": {"task": "bpo.outbox.tick", "schedule": 30.0, "options": {"expires": 25}}},
    imports=["bpo.outbox.tasks"],
)
