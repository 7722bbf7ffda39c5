"""Rules, clashes and shifts in words."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bpo.ui.moments import clock, short_day
from bpo.ui.numbers import number, span
from scheduling.domain.preferences import EARLY, LATE
from scheduling.domain.rules import Broken, Limits, Standing
from scheduling.domain.segments import Part
from scheduling.errors import Beside, Taken
from scheduling.models import Preference, Segment


def times(start: datetime, end: datetime, zone: str) -> str:
    """ "17:00–02:00" on that zone's clock."""
    place = ZoneInfo(zone)
    return f"{clock(start.astimezone(place))}–{clock(end.astimezone(place))}"


def day_of(start: datetime, zone: str) -> str:
    return short_day(start.astimezone(ZoneInfo(zone)))


def rests(breaks: Iterable[Part], zone: str) -> str:
    """ "break 08:00–08:15, meal 10:00–11:00" on that zone's clock, in order."""
    ordered = sorted(breaks, key=lambda one: one.start)
    parts = [f"{Segment.Activity(one.activity).label} {times(one.start, one.end, zone)}" for one in ordered]
    return ", ".join(parts) or _("no break")


def at_clock(instant: datetime, zone: str) -> str:
    """ "07:45" on that zone's clock."""
    return clock(instant.astimezone(ZoneInfo(zone)))


def says(found: Broken) -> str:
    """Why a shift can't be: the rule, and by how much."""
    figures = {"have": span(timedelta(minutes=found.have)), "limit": span(timedelta(minutes=found.limit))}
    return {
        "here": _("not employed here that day"),
        "absent": _("reported absent that day"),
        "day": _("has a shift that day already"),
        "overlap": _("lies over another of their shifts"),
        "rest": _("%(have)s of rest, the rule is %(limit)s") % figures,
        "own": _("busy then, with a shift of another queue or week"),
        "own_rest": _("%(have)s of rest beside a shift of another queue or week, the rule is %(limit)s") % figures,
        "busy": _("busy then, for another client"),
        "busy_rest": _("%(have)s of rest beside time with another client, the rule is %(limit)s") % figures,
        "hours": _("%(have)s hours in the week, %(limit)s at most")
        % {"have": number(found.have / 60, 1), "limit": number(found.limit / 60, 1)},
        "days": _("%(have)s days in the week, %(limit)s at most") % {"have": found.have, "limit": found.limit},
    }[found.rule]


def preference_when(one: Preference) -> str:
    """ "Every Monday", or "Mon 30 Nov" for a date."""
    if one.date is not None:
        return short_day(one.date)
    return _("Every %(day)s") % {"day": WEEKDAYS[one.weekday or 0]}


def preference_what(one: Preference) -> str:
    """ "day off", or the times a shift should begin between."""
    if one.begins_from is None or one.begins_until is None:
        return _("day off")
    band = (one.begins_from, one.begins_until)
    words = dict(zip(("from", "until"), (time_format(at, pgettext("date format", "H:i")) for at in band), strict=True))
    if band == EARLY:
        return _("early start, before 10:00")
    if band == LATE:
        return _("late start, 14:00 or later")
    return _("start between %(from)s and %(until)s") % words


def rule(name: str, limit: int | None) -> str:
    """A rule of a roster by its name and figure, in minutes or days."""
    figures = {"hours": number((limit or 0) / 60, 0), "days": limit}
    return {
        "rest": _("Rest of %(hours)s h between shifts") % figures,
        "max_minutes": _("%(hours)s paid h a week at most") % figures,
        "max_days": ngettext("%(days)s day a week at most", "%(days)s days a week at most", limit or 0) % figures,
        "busy": _("Time taken by other clients, queues and weeks"),
        "days_off": _("Absences, and days before or after employment"),
    }[name]


def whom(found: Broken, zone: str) -> str:
    """What a shift conflicts with, on that zone's clock; empty where it is no one thing."""
    if found.at is None or found.until is None:
        return ""
    words = {"day": day_of(found.at, zone), "times": times(found.at, found.until, zone)}
    if found.rule in ("day", "overlap", "rest"):
        return _("Their shift of %(day)s is %(times)s.") % words
    if found.rule in ("own", "own_rest"):
        return _("Their shift of another queue or week, on %(day)s, is %(times)s.") % words
    return _("Busy elsewhere on %(day)s, %(times)s.") % words


def stands(found: Standing, limits: Limits) -> str:
    """A week that keeps the rules, in their figures: "rest 13 h 30 min of 11 h, week 40.0 of 40.0 h, 5 of 5 days"."""
    parts = []
    if found.rest is not None:
        rest = {"have": span(timedelta(minutes=found.rest)), "limit": span(timedelta(minutes=limits.rest))}
        parts.append(_("rest %(have)s of %(limit)s") % rest)
    hours = {"have": number(found.minutes / 60, 1), "limit": number(limits.max_minutes / 60, 1)}
    parts.append(_("week %(have)s of %(limit)s h") % hours)
    parts.append(_("%(have)s of %(limit)s days") % {"have": found.days, "limit": limits.max_days})
    return ", ".join(parts)


def clash(taken: Taken) -> str:
    """Why one shift could not be published, and what to do about it."""
    words = {
        "day": day_of(taken.starts_at, taken.zone),
        "times": times(taken.starts_at, taken.ends_at, taken.zone),
    }
    if taken.beside is not None:
        return _beside(taken, taken.beside, words)
    if taken.busy:
        return _("%(day)s, %(times)s: busy then, for another client; choose another shift.") % words
    return _("%(day)s, %(times)s: nobody is employed behind this seat; ask HR to complete it.") % words


def _beside(taken: Taken, own: Beside, words: dict[str, str]) -> str:
    words = words | {
        "queue": own.queue_name,
        "own_day": day_of(own.starts_at, taken.zone),
        "own_times": times(own.starts_at, own.ends_at, taken.zone),
    }
    if own.starts_at < taken.ends_at and taken.starts_at < own.ends_at:
        return (
            _(
                "%(day)s, %(times)s: busy then, with their shift of %(queue)s on %(own_day)s, %(own_times)s; change one of "
                "the two."
            )
            % words
        )
    return (
        _(
            "%(day)s, %(times)s: too little rest beside their shift of %(queue)s on %(own_day)s, %(own_times)s; change one "
            "of the two."
        )
        % words
    )


def model_name(key: str) -> str:
    """A forecast's model as planners say it."""
    names = {
        "naive": _("Last four same weekdays"),
        "weekday": _("Last six usual weekdays"),
        "recent": _("Recent days most"),
        "seasons": _("Day, week and month"),
        "middle": _("Middle of the four"),
    }
    return names.get(key, _("Mean of the same weekdays"))


def model_text(key: str) -> str:
    """What it does, in a sentence."""
    texts = {
        "naive": _("The mean of the last four of the same weekday, whatever they were: what a model has to beat."),
        "weekday": _("The mean of the same weekday and time over the last six usual weeks."),
        "recent": _("Every day of the weekday counts, one six weeks old half as much as yesterday."),
        "seasons": _("Time of day by weekday, weekday and day of the month, at the level of the last days."),
        "external": _("Another system’s forecast as it was imported; our own models stand beside it."),
        "middle": _("In each interval the median of the four models: no single one can lead it far off."),
    }
    return texts.get(key, _("Each interval is the mean of the same weekday and time over the last weeks."))


def part_name(key: str) -> str:
    """A part of shrinkage."""
    names = {"absence": _("absence"), "coaching": _("coaching and training"), "meetings": _("meetings")}
    return names.get(key, _("other shrinkage"))


def decided(key: str) -> str:
    """The rule that one agent fewer would break; empty where none is known."""
    return {
        "level": _("the service level"),
        "wait": _("the mean wait"),
        "occupancy": _("the occupancy"),
        "minimum": _("the minimum"),
        "due": _("a time work is due"),
        "attempts": _("the time the attempts take"),
    }.get(key, "")
