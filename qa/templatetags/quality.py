"""`{% load quality %}`: scores and moments as screens of quality write them."""

from decimal import Decimal

from django import template

from bpo.ui.numbers import duration
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
