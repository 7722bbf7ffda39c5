"""A simple random sample with a quota for each agent, which anybody can draw again from its seed."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID


def frame_hash(frame: Iterable[UUID]) -> str:
    """SHA-256 of the ids that could have been drawn, sorted, one a line."""
    return hashlib.sha256("\n".join(sorted(map(str, frame))).encode()).hexdigest()


def pick(frame: Mapping[UUID, Iterable[UUID]], *, quota: int, seed: str) -> dict[UUID, list[UUID]]:
    """For each agent the `quota` interactions with the smallest SHA-256 of seed and id, in that order.

    `frame` is agent to interactions. An agent with fewer gives all. Raises ValueError for a quota below 1.
    """
    if quota < 1:
        raise ValueError(f"quota {quota} must be at least 1")
    return {agent: by_lot(ids, seed=seed)[:quota] for agent, ids in frame.items()}


def by_lot(ids: Iterable[UUID], *, seed: str) -> list[UUID]:
    """All of them in the order of the lot; whoever is drawn after the quota is next when one falls out."""
    return sorted(ids, key=lambda one: _lot(seed, one))


def last_week(today: date) -> date:
    """The Monday of the newest week that is over."""
    return today - timedelta(days=today.weekday() + 7)


def _lot(seed: str, one: UUID) -> str:
    return hashlib.sha256(f"{seed}:{one}".encode()).hexdigest()
