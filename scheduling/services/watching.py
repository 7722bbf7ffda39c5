"""A search that takes its time, in a thread of its own that reaches no database; this one keeps what is found so far."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event
from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet

EVERY: Final = 1.0  # seconds between two looks at how a search gets on
Progress = TypeVar("Progress")
Result = TypeVar("Result")
Row = TypeVar("Row", bound=Model)
Search = Callable[
    [Callable[[Progress], None], Callable[[], bool]], Result
]  # given whom to tell, and whom to ask to stop


def watched(
    search: Search[Progress, Result],
    running: QuerySet[Row],
    kept: Callable[[Progress], dict[str, Any]],
    *,
    stopped: bool = False,
) -> Result:
    """What the search returns. `running` is its row while it runs: what `kept` makes of the last that was told is
    written there, and its `stop_asked` ends the search. With `stopped` it is told to stop from the beginning."""
    told: list[Progress] = []
    enough = Event()
    if stopped:
        enough.set()
    with ThreadPoolExecutor(1) as pool:
        searched = pool.submit(search, told.append, enough.is_set)
        try:
            _watch(searched, running, kept, told, enough)
        finally:
            enough.set()
        return searched.result()


def _watch(
    searched: "Future[Result]",
    running: QuerySet[Row],
    kept: Callable[[Progress], dict[str, Any]],
    told: list[Progress],
    enough: Event,
) -> None:
    seen = None
    while wait([searched], timeout=EVERY).not_done:
        if told and told[-1] is not seen:
            seen = told[-1]
            running.update(**kept(seen))
            del told[:-1]
        if running.filter(stop_asked=True).exists():
            enough.set()
