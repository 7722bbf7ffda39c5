"""A simple random sample with a quota for each agent, which anybody can draw again from its seed."""

import hashlib
from collections.abc import Iterable, Mapping
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
    return {agent: sorted(ids, key=lambda one: _lot(seed, one))[:quota] for agent, ids in frame.items()}


def _lot(seed: str, one: UUID) -> str:
    return hashlib.sha256(f"{seed}:{one}".encode()).hexdigest()
