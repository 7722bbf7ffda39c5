"""Time-ordered identifiers: UUID version 7 of RFC 9562, made in Python."""

import secrets
import threading
import time
import uuid

_TAIL_BITS = 74  # rand_a (12 bits) and rand_b (62 bits), taken together as one number
_STEP_BITS = 32  # the random distance between two ids of one millisecond
_LAST_MILLISECOND = 2**48 - 1


class _Sequence:
    """One strictly rising run of (millisecond, tail) pairs, safe to share between threads."""

    def __init__(self, *, never_back: bool) -> None:
        self._never_back = never_back
        self._lock = threading.Lock()
        self._millisecond = -1
        self._tail = 0

    def after(self, millisecond: int) -> tuple[int, int]:
        """Return the next pair for this millisecond, or for a later one when its tails are used up."""
        with self._lock:
            stuck = millisecond < self._millisecond and self._never_back
            if stuck or millisecond == self._millisecond:
                self._advance()
            else:
                self._start(millisecond)
            return self._millisecond, self._tail

    def _start(self, millisecond: int) -> None:
        self._millisecond = millisecond
        self._tail = secrets.randbits(_TAIL_BITS - 1)  # top bit clear: room to count upwards

    def _advance(self) -> None:
        self._tail += 1 + secrets.randbits(_STEP_BITS)
        if self._tail >> _TAIL_BITS:
            self._start(self._millisecond + 1)


_from_clock = _Sequence(never_back=True)
_from_caller = _Sequence(never_back=False)


def uuid7(now_ns: int | None = None) -> uuid.UUID:
    """Make a UUID version 7 (RFC 9562, section 5.7) that sorts after every earlier one of this process.

    `now_ns` is nanoseconds since 1970 in UTC; without it the clock is read, and a clock that steps back is
    not followed. A given `now_ns` is honoured as it stands, so ids made from it rise only while it does not
    fall. Raises ValueError when `now_ns` lies outside what 48 bits of milliseconds can hold.
    """
    given = now_ns is not None
    millisecond = (now_ns if now_ns is not None else time.time_ns()) // 1_000_000
    if not 0 <= millisecond <= _LAST_MILLISECOND:
        raise ValueError(f"now_ns {now_ns} is outside the years a UUID version 7 can hold")
    return _pack(*(_from_caller if given else _from_clock).after(millisecond))


def _pack(millisecond: int, tail: int) -> uuid.UUID:
    rand_a, rand_b = tail >> 62, tail & (2**62 - 1)
    return uuid.UUID(int=millisecond << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)
