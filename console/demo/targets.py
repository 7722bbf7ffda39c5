"""What a reviewer of the demo would look for: interactions by the signals of "Find work", with its words."""

from typing import Final

import numpy as np

from console.demo.manifest import ABUSE_CALLERS, ABUSE_QUEUE
from console.demo.plans import ClientWork, Numbers
from qa.domain.outliers import Item, outliers

NEW_DAYS: Final = 30
AGAIN_DAYS: Final = 7
WORDS: Final = {
    "long": "Handling time unusually long",
    "short": "Handling time unusually short",
    "caller": "Abusive caller",
    "new": f"Agent here under {NEW_DAYS} days",
    "again": f"Came again within {AGAIN_DAYS} days",
}


def signals(work: ClientWork) -> dict[str, Numbers]:
    """By signal, the rows of handled interactions that have it, in order of time."""
    i = work.interactions
    handled = ~i.abandoned & (i.agent >= 0)
    seconds = i.handled()
    timed = np.flatnonzero(handled & (seconds > 0))
    columns = (timed.tolist(), seconds[timed].tolist(), i.queue[timed].tolist(), i.reason[timed].tolist())
    odd = outliers(Item(row, took, ((queue, reason), queue)) for row, took, queue, reason in zip(*columns, strict=True))
    callers = (i.customer < ABUSE_CALLERS) & handled & (work.client.key == ABUSE_QUEUE[0])
    return {
        "long": np.array(sorted(one.key for one in odd if one.long), dtype=np.int64),
        "short": np.array(sorted(one.key for one in odd if not one.long), dtype=np.int64),
        "caller": np.flatnonzero(callers),
        "new": np.flatnonzero(handled & (_tenure(work) < NEW_DAYS)),
        "again": np.flatnonzero(handled & _again(work)),
    }


def _tenure(work: ClientWork) -> Numbers:
    """Days since the agent's first day here; a year where nobody answered."""
    i = work.interactions
    first = np.array([
        min((part.starts_on.toordinal() for part in person.assignments if part.client_key == work.client.key), default=0)
        for person, _actor in work.agents
    ])  # fmt: skip
    found: Numbers = np.where(i.agent >= 0, i.day - first[i.agent], 365)
    return found


def _again(work: ClientWork) -> Numbers:
    """Whether the same customer's next interaction came within the days."""
    i = work.interactions
    order = np.lexsort((i.started, i.customer))
    same = i.customer[order][1:] == i.customer[order][:-1]
    soon = i.started[order][1:] - i.started[order][:-1] <= AGAIN_DAYS * 86_400
    found = np.zeros(len(i), dtype=bool)
    found[order[:-1]] = same & soon
    return found
