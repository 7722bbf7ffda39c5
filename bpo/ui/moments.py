"""Instants as people say them, in the reader's zone; the zone is named when it is not theirs."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from bpo.ui.numbers import span


def zone_name(zone: str) -> str:
    """The city people know a zone by: "Asia/Manila" is Manila."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def short_day(value: date) -> str:
    """ "Fri 20 Nov", of a year that is plain."""
    return date_format(value, pgettext("date format", "D j M"))


def day(value: date, today: date, *, inside: bool = False) -> str:
    """Today, Yesterday, Tomorrow, "Fri 20 Nov", or with the year when it isn't this one; small `inside` a sentence."""
    first = {0: _("Today"), -1: _("Yesterday"), 1: _("Tomorrow")}
    within = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}
    near = (within if inside else first).get((value - today).days)
    if near:
        return near
    return short_day(value) if value.year == today.year else date_format(value, pgettext("date format", "j M Y"))


def clock(value: datetime) -> str:
    return date_format(value, pgettext("date format", "H:i"))


def when(instant: datetime, *, now: datetime, zone: str = "", both: bool = False, inside: bool = False) -> str:
    """`instant` in `zone` (the reader's when empty), with the zone's name unless the clocks agree.

    With `both` the reader's own time follows in brackets; `inside` a sentence, today is no first word. Raises
    ValueError for a naive datetime.
    """
    if timezone.is_naive(instant):
        raise ValueError(f"{instant!r} has no zone; store and pass aware datetimes.")
    mine = instant.astimezone(timezone.get_current_timezone())
    if not zone:
        return _say(mine, now, inside)
    theirs = instant.astimezone(ZoneInfo(zone))
    if theirs.utcoffset() == mine.utcoffset():
        return _say(mine, now, inside)
    text = f"{_say(theirs, now, inside)} {zone_name(zone)}"
    if not both:
        return text
    own = f"{date_format(mine, pgettext('date format', 'D H:i'))} {zone_name(timezone.get_current_timezone_name())}"
    return f"{text} ({own})"


def _say(local: datetime, now: datetime, inside: bool) -> str:
    return f"{day(local.date(), now.astimezone(local.tzinfo).date(), inside=inside)}, {clock(local)}"


def in_full(instant: datetime, *, zone: str) -> str:
    """Day, year and time in `zone`, for what is read who knows when: "29 November 2026, 14:05"."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{date_format(local, pgettext('date format', 'j F Y'))}, {clock(local)}"


def ago(instant: datetime, *, now: datetime) -> str:
    """ "40 s ago", "2 h 10 min ago", "in 15 min", "just now" under five seconds."""
    distance = now - instant
    if abs(distance) < timedelta(seconds=5):
        return _("just now")
    pattern = _("%(span)s ago") if distance > timedelta(0) else _("in %(span)s")
    return pattern % {"span": _coarse(abs(distance))}


def _coarse(distance: timedelta) -> str:
    """Seconds matter under a minute, minutes under a day, then whole days."""
    seconds = int(distance.total_seconds())
    if seconds >= 86_400:
        days = seconds // 86_400
        return npgettext("length of time", "%(n)s day", "%(n)s days", days) % {"n": days}
    return span(seconds - seconds % 60 if seconds >= 60 else seconds)
