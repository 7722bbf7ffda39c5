"""Whether an employment is over, on the clock of where it is worked."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from workforce.models import Employee, Employment


def zone_of(employment: Employment) -> ZoneInfo:
    return ZoneInfo(employment.site.zone if employment.site else "UTC")


def over_at(employment: Employment) -> datetime | None:
    """The moment an employment is over: the midnight after its last day, on the clock of its site."""
    if employment.ends_on is None:
        return None
    return datetime.combine(employment.ends_on, time(), zone_of(employment))


def has_left(employee: Employee, *, now: datetime) -> bool:
    """Whether an employment of theirs is over and they are in none. Who was hired for later is in none yet."""
    spells = _spells(employee)
    begun = [one for one in spells if one.starts_on <= now.astimezone(zone_of(one)).date()]
    return any(_is_over(one, now) for one in spells) and all(_is_over(one, now) for one in begun)


def is_employed(employee: Employee, *, now: datetime) -> bool:
    """Whether an employment of theirs goes on, or is still to begin."""
    return not all(_is_over(one, now) for one in _spells(employee))


def _spells(employee: Employee) -> list[Employment]:
    return list(Employment.objects.select_related("site").filter(employee=employee))


def _is_over(employment: Employment, now: datetime) -> bool:
    at = over_at(employment)
    return at is not None and at <= now
