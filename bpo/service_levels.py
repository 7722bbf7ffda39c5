"""The ways to count a service level that a contract may name, and what each copy of one must keep to."""

from typing import Final, NamedTuple

from django.db.models import CheckConstraint, Q, TextChoices
from django.utils.translation import gettext_lazy as _

LONGEST_SHORT: Final = 600  # seconds


class LevelDefinition(TextChoices):
    """As `sl_definition` of scheduling/domain/erlang.py and `definition` of reports/domain name them."""

    SERVED_OF_OFFERED = "served_of_offered", _("in time, of all offered")
    SERVED_OF_NOT_ABANDONED = "served_of_not_abandoned", _("in time, of those answered")
    SHORT_ABANDONS_EXCLUDED = "short_abandons_excluded", _("in time, of all but short abandons")


class Counting(NamedTuple):
    """What was agreed on: a LevelDefinition, or "" where nothing was, and the seconds under which an abandon is short.

    Where nothing was agreed on, reports count by `late_abandons_only`, as they did before contracts said how.
    """

    definition: str = ""
    short: int | None = None


def share_constraint(name: str) -> CheckConstraint:
    """That what is promised is a share of something, and may be all of it."""
    return CheckConstraint(condition=Q(service_level_target__gt=0, service_level_target__lte=1), name=name)


def counting_constraints(prefix: str) -> list[CheckConstraint]:
    """That a row names a known definition, and says what a short abandon is exactly where its definition asks."""
    is_short = Q(service_level_definition=LevelDefinition.SHORT_ABANDONS_EXCLUDED)
    says = Q(short_abandon_seconds__isnull=False, short_abandon_seconds__range=(1, LONGEST_SHORT))
    return [
        CheckConstraint(
            condition=Q(service_level_definition__in=["", *LevelDefinition.values]),
            name=f"{prefix}_definition_is_known",
        ),
        CheckConstraint(
            condition=(is_short & says) | (~is_short & Q(short_abandon_seconds=None)),
            name=f"{prefix}_short_is_asked_for",
        ),
    ]
