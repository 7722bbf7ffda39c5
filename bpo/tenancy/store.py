"""Idle database connections of this process, keyed by (database, role).

One store a process, least recently used out first, so that a process holds at most `size` idle
connections however many clients it serves.
"""

import os
import select
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

Key = tuple[str, str]


@dataclass
class Counters:
    opened: int = 0
    hits: int = 0
    evicted: int = 0
    stale: int = 0


@dataclass
class IdleStore:
    """Connections wait here between two uses. Thread-safe; a forked child starts empty."""

    size: int
    seconds: float
    counters: Counters = field(default_factory=Counters)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: OrderedDict[int, tuple[Key, float, psycopg.Connection[Any]]] = OrderedDict()
        self._pid = os.getpid()
        self._forgotten: list[object] = []

    def take(self, key: Key) -> tuple[float, psycopg.Connection[Any]] | None:
        """Birth and connection of the most recently used of `key` that is alive and young, or None."""
        while (found := self._pop(key)) is not None:
            born, connection = found
            if time.monotonic() - born <= self.seconds and is_quiet(connection):
                self.counters.hits += 1
                return found
            self.counters.stale += 1
            connection.close()
        return None

    def give(self, key: Key, born: float, connection: psycopg.Connection[Any]) -> None:
        """Keep `connection` for the next user of `key`; evicts the longest unused over `size`."""
        evicted = []
        with self._lock:
            self._leave_parent()
            self._idle[id(connection)] = (key, born, connection)
            while len(self._idle) > self.size:
                evicted.append(self._idle.popitem(last=False)[1][2])
        self.counters.evicted += len(evicted)
        for old in evicted:
            old.close()

    def clear(self, role: str | None = None) -> None:
        """Close the idle connections of `role`, or all."""
        with self._lock:
            self._leave_parent()
            chosen = [n for n, (key, _, _) in self._idle.items() if role is None or key[1] == role]
            closing = [self._idle.pop(n)[2] for n in chosen]
        for connection in closing:
            connection.close()

    def __len__(self) -> int:
        return len(self._idle)

    def _pop(self, key: Key) -> tuple[float, psycopg.Connection[Any]] | None:
        with self._lock:
            self._leave_parent()
            for number in reversed(self._idle):
                if self._idle[number][0] == key:
                    _, born, connection = self._idle.pop(number)
                    return born, connection
        return None

    def _leave_parent(self) -> None:
        # After a fork the sockets belong to the parent: closing one here would end its session there.
        if self._pid != os.getpid():
            self._forgotten.extend(self._idle.values())
            self._idle.clear()
            self._pid = os.getpid()


def is_quiet(connection: psycopg.Connection[Any]) -> bool:
    """True when nothing has arrived on an idle socket: a server that hung up makes it readable."""
    if connection.closed or connection.info.transaction_status is not TransactionStatus.IDLE:
        return False
    return not select.select([connection.fileno()], [], [], 0)[0]
