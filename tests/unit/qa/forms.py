"""Short ways to write scorecards down."""

from collections.abc import Mapping
from typing import Any

YES_NO = [{"key": "yes", "points": 1}, {"key": "no", "points": 0}]


def scale(key: str, *points: float | str, weight: Any = 1, **more: Any) -> dict[str, Any]:
    """A choice question whose options are named after their points."""
    options = [{"key": str(value), "points": value} for value in points]
    return {"key": key, "type": "choice", "weight": weight, "options": options, **more}


def yes_no(key: str, weight: Any = 1, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": "choice", "weight": weight, "options": YES_NO, **more}


def section(key: str, *questions: Mapping[str, Any], weight: Any = 1) -> dict[str, Any]:
    return {"key": key, "weight": weight, "questions": list(questions)}


def form(mode: str, *sections: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"mode": mode, "sections": list(sections), **more}
