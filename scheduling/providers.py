"""What scheduling adds to the slots of the floors below."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bpo.permissions import Permission, may
from bpo.slots import Hit, Panel, Query
from bpo.tenancy.context import current_client
from interactions.models import Queue
from scheduling.domain.weeks import monday_of
from scheduling.models import ScheduleVersion

MOST = 8


def agent_home(panel: Panel) -> str | None:
    """The card of today: the shift with its next break, and the shift after it."""
    from scheduling.views.mine import card

    if not may(panel.principal, Permission.SEE_OWN_SCHEDULE):
        return None
    return render_to_string("scheduling/_today.html", card(panel.object_id, timezone.now()))


def search(query: Query) -> list[Hit] | None:
    """Boards of queues by name, this week's, and published weeks by a day within them."""
    if not may(query.principal, Permission.SEE_SCHEDULE):
        return None
    monday = monday_of(timezone.now().date())
    found = [
        Hit(_("Schedules"), queue.name, _("board of this week"), _board(queue.key, monday.isoformat()))
        for queue in Queue.objects.filter(name__icontains=query.text)[:MOST]
    ]
    if len(found) < MOST:
        weeks = ScheduleVersion.objects.filter(week_start__startswith=query.text[:10], number=1).select_related("queue")
        found += [
            Hit(_("Schedules"), f"{one.queue} {one.week_start.isoformat()}", current_client().zone,
                _board(one.queue.key, one.week_start.isoformat()))
            for one in weeks[: MOST - len(found)]
        ]  # fmt: skip
    return found or None


def _board(queue: str, week: str) -> str:
    return f"{reverse('scheduling:board')}?queue={queue}&week={week}"
