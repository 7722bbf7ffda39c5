"""What a queue's contract promises, beside the target it was staffed for."""

from typing import Any

from bpo.service_levels import LevelDefinition
from interactions.models import Queue
from scheduling.models import Requirement
from scheduling.staffing import calls_out, may_wait


def promise(queue: Queue, requirement: Requirement | None) -> dict[str, Any] | None:
    """The contract's service level, where a target's comes from; None for work that isn't answered in seconds.

    `differs` says that the requirement was made for another.
    """
    if may_wait(queue) or calls_out(queue):
        return None
    return {
        "level": float(queue.service_level_target),
        "seconds": queue.answer_within_seconds,
        "counted": queue.get_service_level_definition_display() if queue.service_level_definition else "",
        "short": queue.short_abandon_seconds,
        "differs": requirement is not None and _asked(requirement) != _promised(queue),
    }


def _asked(requirement: Requirement) -> tuple[Any, ...]:
    level = requirement.service_level
    asks = requirement.definition == LevelDefinition.SHORT_ABANDONS_EXCLUDED
    short = requirement.short_seconds if asks else 0
    return level and round(level, 3), requirement.target_seconds, requirement.definition, short


def _promised(queue: Queue) -> tuple[Any, ...]:
    counted = queue.service_level_definition or LevelDefinition.SERVED_OF_OFFERED
    level = min(float(queue.service_level_target), 0.999)  # of a promise of all, as near as a target may come
    return level, queue.answer_within_seconds, counted, queue.short_abandon_seconds or 0
