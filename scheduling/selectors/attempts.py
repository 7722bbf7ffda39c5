"""What past attempts of an outbound queue say of reach and time."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, IntegerField, Q, Sum
from django.db.models.functions import Coalesce, ExtractHour

from interactions.models import Interaction
from scheduling.domain.attempts import Learned, Tried

WEEKS: Final = 8
_TIMES: Final = ("wait_seconds", "talk_seconds", "hold_seconds", "after_call_seconds")


def learned_attempts(queue_id: UUID, until: datetime, zone: str) -> Learned:
    """The attempts of the eight weeks before `until`, by hour of the local day. One statement, whatever their number.

    An attempt is an outbound interaction; it reached somebody where there was talk. It took the seconds of ringing,
    talk, hold and after-call work that are known of it.
    """
    rows = Interaction.objects.filter(
        queue_id=queue_id, direction=Interaction.Direction.OUT,
        started_at__gte=until - timedelta(weeks=WEEKS), started_at__lt=until,
    )  # fmt: skip
    talked = Q(talk_seconds__gt=0, abandoned=False)
    known = Q(*[(f"{name}__isnull", False) for name in _TIMES], _connector=Q.OR)
    counts: dict[str, Any] = {
        "n": Count("pk"),
        "n_reached": Count("pk", filter=talked),
        "s_talk": Sum(_spent(), filter=talked & known),
        "n_talk": Count("pk", filter=talked & known),
        "s_idle": Sum(_spent(), filter=~talked & known),
        "n_idle": Count("pk", filter=~talked & known),
    }
    found = rows.order_by().values(hour=ExtractHour("started_at", tzinfo=ZoneInfo(zone))).annotate(**counts)
    return Learned(
        tuple(Tried(*[value or 0 for value in row]) for row in found.order_by("hour").values_list("hour", *counts))
    )


def _spent() -> Any:
    parts = [Coalesce(F(name), 0, output_field=IntegerField()) for name in _TIMES]
    return parts[0] + parts[1] + parts[2] + parts[3]
