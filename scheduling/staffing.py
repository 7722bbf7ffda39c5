"""A week under a target: how work that is answered, that may wait, and calls we make come to agents by one way."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from interactions.models import Queue
from interactions.models.vocabulary import Channel
from scheduling.domain.attempts import Learned, OutboundTarget, Tried, required_by_attempts
from scheduling.domain.due import DueTarget, required_by_due
from scheduling.domain.requirement import Point, Required, Target, required, with_callbacks
from scheduling.domain.weeks import Week
from scheduling.models import Forecast, Requirement, RequirementInterval
from scheduling.selectors import callback_load

MAY_WAIT = (Channel.EMAIL, Channel.BACK_OFFICE)  # staffed by due time, never by Erlang
AnyTarget = Target | DueTarget | OutboundTarget


def may_wait(queue: Queue) -> bool:
    return queue.channel in MAY_WAIT


def calls_out(queue: Queue) -> bool:
    """Whether its work is to call customers: planned by attempts and reach, never forecast, never by Erlang."""
    return queue.direction == Queue.Direction.OUT


def staffed(made_of: Forecast, points: list[Point], target: AnyTarget) -> tuple[list[Required], list[float]]:
    """Agents by interval, and the load of promised callbacks that is in them. ValueError names a bad value."""
    interval = made_of.minutes * 60
    if isinstance(target, OutboundTarget):
        instants = [at for at, _calls, _aht in points]
        rows = required_by_attempts(instants, target, interval=interval, zone=made_of.zone)
    elif isinstance(target, DueTarget):
        rows = required_by_due(points, target, interval=interval, zone=made_of.zone)
    else:
        rows = required(points, target, interval=interval)
    load = callback_load(made_of.queue_id, Week(made_of.week_start, made_of.zone), points)
    return with_callbacks(rows, load, most=target.max_occupancy, shrinkage=target.shrinkage), load


def target_of(requirement: Requirement) -> AnyTarget:
    """The target a requirement was made for, as the pure rules want it."""
    parts = tuple((name, share) for name, share in requirement.parts)
    if requirement.method == Requirement.Method.OUTBOUND:
        return _outbound(requirement, parts)
    if requirement.service_level is None:
        return DueTarget(
            seconds=requirement.target_seconds,
            opens=requirement.opens_minute,
            closes=requirement.closes_minute,
            weekends=requirement.weekends,
            max_occupancy=requirement.max_occupancy,
            shrinkage=requirement.shrinkage,
            minimum=requirement.minimum,
            backlog=requirement.backlog,
            parts=parts,
        )
    return Target(
        service_level=requirement.service_level,
        seconds=requirement.target_seconds,
        max_occupancy=requirement.max_occupancy,
        shrinkage=requirement.shrinkage,
        patience=requirement.patience_seconds,
        minimum=requirement.minimum,
        concurrency=requirement.concurrency,
        max_asa=requirement.max_asa,
        definition=requirement.definition,
        short=requirement.short_seconds,
        parts=parts,
    )


def _outbound(requirement: Requirement, parts: tuple[tuple[str, float], ...]) -> OutboundTarget:
    """The database holds that an outbound requirement has all of these."""
    return OutboundTarget(
        records=requirement.records or 0.0,
        most=requirement.attempts or 1,
        usual=requirement.reach or 0.0,
        talk=requirement.talk_seconds or 0.0,
        unanswered=requirement.unanswered_seconds or 0.0,
        reach=tuple((hour, share) for hour, share in requirement.reach_by_hour),
        opens=requirement.opens_minute,
        closes=requirement.closes_minute,
        weekends=requirement.weekends,
        max_occupancy=requirement.max_occupancy,
        shrinkage=requirement.shrinkage,
        minimum=requirement.minimum,
        parts=parts,
        learned=Learned(tuple(Tried(*row) for row in requirement.learned_from)),
    )


def as_fields(target: AnyTarget) -> dict[str, object]:
    """The same as a requirement keeps it."""
    both: dict[str, object] = {
        "max_occupancy": target.max_occupancy,
        "shrinkage": target.shrinkage,
        "minimum": target.minimum,
        "parts": [list(part) for part in target.parts],
    }
    if isinstance(target, OutboundTarget):
        return both | _outbound_fields(target)
    both["target_seconds"] = target.seconds
    if isinstance(target, DueTarget):
        return both | {
            "method": Requirement.Method.DUE,
            "service_level": None,
            "opens_minute": target.opens,
            "closes_minute": target.closes,
            "weekends": target.weekends,
            "backlog": target.backlog,
        }
    return both | {
        "service_level": target.service_level,
        "patience_seconds": target.patience,
        "concurrency": target.concurrency,
        "max_asa": target.max_asa,
        "definition": target.definition,
        "short_seconds": target.short,
    }


def _outbound_fields(target: OutboundTarget) -> dict[str, object]:
    return {
        "method": Requirement.Method.OUTBOUND,
        "service_level": None,
        "target_seconds": 0,
        "records": target.records,
        "attempts": target.most,
        "reach": target.usual,
        "talk_seconds": target.talk,
        "unanswered_seconds": target.unanswered,
        "reach_by_hour": [list(one) for one in target.reach],
        "learned_from": [list(astuple(one)) for one in target.learned.hours],
        "opens_minute": target.opens,
        "closes_minute": target.closes,
        "weekends": target.weekends,
    }


def compared(rows: Sequence[Required], now: Sequence[RequirementInterval], *, hours: float) -> dict[str, Any]:
    """A week staffed anew beside what stands: agent hours, the peak, service and lateness. An interval takes `hours`."""
    then = {row.starts_at: row.scheduled for row in now}
    before, after = sum(then.values()) * hours, sum(row.staffing.scheduled for row in rows) * hours
    return {
        "before": before,
        "after": after,
        "change": after - before,
        "peak_before": max(then.values(), default=0),
        "peak": max((row.staffing.scheduled for row in rows), default=0),
        "level": _level([(row.calls, row.staffing.service_level) for row in rows]),
        "level_before": _level([(row.calls, row.service_level) for row in now]),
        "late": sum(row.late or 0.0 for row in rows),
        "calls": sum(row.calls for row in rows),
        "calls_before": sum(row.calls for row in now),
        "differs": sum(then.get(row.at) != row.staffing.scheduled for row in rows),
    }


def _level(rows: Sequence[tuple[float, float | None]]) -> float | None:
    """The week's service level; None where work may wait, or none comes."""
    calls = sum(count for count, _level in rows)
    known = [count * level for count, level in rows if level is not None]
    return sum(known) / calls if calls and len(known) == len(rows) else None
