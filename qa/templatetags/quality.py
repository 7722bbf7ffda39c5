"""`{% load quality %}`: scores and moments as screens of quality write them."""

from decimal import Decimal
from uuid import UUID

from django import template

from bpo.ids import uuid7
from bpo.ui.numbers import duration
from qa.models.note import Visibility
from qa.words import points

register = template.Library()


@register.filter(name="points")
def points_filter(value: Decimal | None) -> str:
    """`{{ revision.final|points }}` 82.5, 79.96, – for no score."""
    return points(value)


@register.filter
def moment(ms: int | None) -> str:
    """`{{ note.at_ms|moment }}` 3:24."""
    return duration(ms // 1000) if ms is not None else ""


@register.filter
def visibility(level: str) -> str:
    """`{{ note.level|visibility }}` the agent and the client."""
    return str(Visibility(level).label)


@register.simple_tag
def new_id() -> UUID:
    """`{% new_id %}` names what a form will send, so that sent twice it is kept once."""
    return uuid7()
