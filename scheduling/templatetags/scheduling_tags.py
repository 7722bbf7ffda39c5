"""Words of scheduling in templates."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import isinf
from typing import Any

from django import template
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from bpo.ui.moments import zone_name
from bpo.ui.numbers import hours as plain_hours
from bpo.ui.numbers import number
from scheduling.domain.shifts import Pause
from scheduling.views.words import day_of, times

register = template.Library()
register.filter("zone", zone_name)
register.filter("hours_only", plain_hours)


@register.filter
def wait(seconds: float) -> str:
    """Mean seconds of waiting; a queue that only grows has no end."""
    return "∞" if isinf(seconds) else _("%(n)s s") % {"n": number(seconds, 1)}


@register.filter
def hours(minutes: int) -> str:
    """Minutes as hours: 8 h, 7.5 h."""
    return _("%(n)s h") % {"n": plain_hours(minutes)}


@register.filter
def in_hours(minutes: float, sign: bool = False) -> str:
    """Minutes as a number of hours with one decimal: 7.5, or +7.5."""
    return number(minutes / 60, 1, sign=sign)


@register.filter
def signed(value: float) -> str:
    """A change with its sign, two decimals."""
    return number(value, 2, sign=True)


@register.filter
def weekdays(numbers: Sequence[int]) -> str:
    """Days of the week by their short names, Monday 0; all seven as "every day"."""
    if len(numbers) == len(WEEKDAYS_ABBR):
        return _("every day")
    return ", ".join(str(WEEKDAYS_ABBR[number]) for number in numbers)


@register.simple_tag
def local_day(instant: datetime, zone: str) -> str:
    """`{% local_day hole.start week.zone %}` Tue 24 Nov, on that zone's calendar."""
    return day_of(instant, zone)


@register.simple_tag
def shift_times(shift: Any) -> str:
    """`{% shift_times shift %}` 17:00–02:00 on the shift's own clock."""
    return times(shift.starts_at, shift.ends_at, shift.zone)


@register.simple_tag
def pause_times(shift: Any, pause: Pause) -> str:
    """`{% pause_times shift pause %}` 19:00–19:15 on the shift's own clock."""
    start = shift.starts_at + timedelta(minutes=pause.after)
    return times(start, start + timedelta(minutes=pause.minutes), shift.zone)
