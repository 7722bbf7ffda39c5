"""Planned time off as planners see it: the room of each team day by day, and who takes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from interactions.models import Team
from scheduling.domain.weeks import DAYS, monday_of
from scheduling.errors import NotPossible
from scheduling.forms_time_off import AllotForm, CancelForm
from scheduling.models import TimeOffAllotment, TimeOffRequest
from scheduling.selectors.time_off import allotments, upcoming
from scheduling.services import cancel_time_off, set_allotments
from scheduling.services.allotments import today
from scheduling.views.asked import monday_asked
from scheduling.views.changes import wrong

WEEKS = 4
NEARLY = 0.9  # of a day's room taken, above which it is marked
PAGE = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """A team's day: minutes there are and minutes taken, None where nothing is allotted."""

    day: date
    cap: int | None = None
    used: int = 0

    @property
    def full(self) -> bool:
        return self.cap is not None and self.used >= self.cap

    @property
    def nearly(self) -> bool:
        return bool(self.cap) and not self.full and self.used > NEARLY * (self.cap or 0)


@dataclass(frozen=True, slots=True)
class WeekOf:
    start: date
    days: list[date]
    rows: list[tuple[Team, list[Cell]]]


@requires(Permission.PLAN_SCHEDULE)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Four weeks of every team's room, and who is off."""
    now = timezone.now()
    return page(request, monday_asked(request.GET.get("week", "")) or monday_of(today(now)), now)


def page(
    request: HttpRequest, start: date, now: datetime, *, form: AllotForm | None = None, status: int = 200
) -> HttpResponse:
    teams = list(Team.objects.order_by("name"))
    end = start + timedelta(days=DAYS * WEEKS)
    rows = list(allotments(start, end))
    context = {
        "weeks": _weeks(teams, rows, start),
        "any": bool(rows),
        "teams": teams,
        "start": start,
        "last": end - timedelta(days=1),
        "before": start - timedelta(weeks=WEEKS),
        "after": end,
        "form": form or AllotForm(teams=teams, initial=_usual(max(start, today(now)), end)),
        "upcoming": Paginator(upcoming(today(now)), PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "scheduling/time_off.html", context, status=status)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def allot(request: HttpRequest) -> HttpResponse:
    """Set the room of a team on some days; what is wrong is said beside the form."""
    form, now = AllotForm(request.POST, teams=list(Team.objects.order_by("name"))), timezone.now()
    if form.is_valid():
        try:
            count = set_allotments(by=by_of(request), now=now, **form.asked)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            said = ngettext("Room is set on %(n)s day.", "Room is set on %(n)s days.", count) % {"n": count}
            toast(request, said)
            return redirect(f"{reverse('scheduling:time_off')}?week={monday_of(form.cleaned_data['first_day'])}")
    first = form.cleaned_data.get("first_day") or today(now)
    return page(request, monday_of(first), now, form=form, status=422)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def cancel(request: HttpRequest, time_off_id: UUID) -> HttpResponse:
    """Cancel somebody's time off; they are told, with the reason."""
    form = CancelForm(request.POST)
    if not form.is_valid():
        toast(request, wrong(form), level="error")
        return redirect("scheduling:time_off")
    try:
        found = cancel_time_off(
            request_id=time_off_id, reason=form.cleaned_data["reason"], by=by_of(request), now=timezone.now()
        )
    except TimeOffRequest.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:
        toast(request, str(error), level="error")
    else:
        toast(request, _("%(name)s’s time off is cancelled; they are told.") % {"name": found.absence.actor})
    return redirect("scheduling:time_off")


def _weeks(teams: list[Team], rows: Iterable[TimeOffAllotment], start: date) -> list[WeekOf]:
    known = {(one.team_id, one.day): Cell(one.day, one.cap_minutes, one.used_minutes) for one in rows}
    found = []
    for number in range(WEEKS):
        days = [start + timedelta(days=DAYS * number + place) for place in range(DAYS)]
        cells = [(team, [known.get((team.pk, day), Cell(day)) for day in days]) for team in teams]
        found.append(WeekOf(days[0], days, cells))
    return found


def _usual(first: date, end: date) -> dict[str, object]:
    return {"first_day": first, "last_day": end - timedelta(days=1), "weekdays": list(range(DAYS))}
