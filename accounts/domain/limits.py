"""When a session ends by itself, and when its use is worth a write."""

from datetime import datetime, timedelta
from typing import Final

WRITE_EACH: Final = timedelta(minutes=1)


def is_over(*, seen_at: datetime, ends_at: datetime, idle: timedelta, now: datetime) -> bool:
    """Past its absolute end, or unused for as long as `idle`. `seen_at` may be a minute behind (see `worth_noting`)."""
    return now >= ends_at or now - seen_at >= idle


def worth_noting(*, seen_at: datetime, now: datetime) -> bool:
    """A use is written once a minute at most."""
    return now - seen_at >= WRITE_EACH
