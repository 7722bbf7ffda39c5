"""An agent's own time off: what they have, where there is room, asking and cancelling."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from interactions.models import Actor
from scheduling.domain.time_off import Room
from scheduling.domain.weeks import DAYS
from scheduling.errors import NotPossible
from scheduling.forms_time_off import AskForm
from scheduling.models import TimeOffRequest
from scheduling.selectors.time_off import rooms_of, upcoming
from scheduling.services import ask_time_off, cancel_time_off
from scheduling.services.allotments import hours, stretch_words, today
from scheduling.views.asked import day_asked


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the month: what there is to say of it, and whether it can be had."""

    day: date
    word: str
    kind: str  # room, some, full, closed, off, away or past


@requires(Permission.SEE_OWN_SCHEDULE)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own time off, and a month of the room there is."""
    actor, now = _actor(request), timezone.now()
    day = day_asked(request.GET.get("day", ""))
    month = day_asked(f"{request.GET['month']}-01") if request.GET.get("month") else None
    form = AskForm(initial={"first_day": day, "last_day": day})
    return _page(request, actor, month or day or today(now) + timedelta(days=1), form, now)


def _page(
    request: HttpRequest, actor: Actor, shown: date, form: AskForm, now: datetime, *, status: int = 200
) -> HttpResponse:
    this = today(now)
    first = shown.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    eve, tomorrow = first - timedelta(days=1), (this + timedelta(days=1)).isoformat()
    for name in ("first_day", "last_day"):
        form.fields[name].widget.attrs["min"] = tomorrow
    context = {
        "actor": actor,
        "form": form,
        "requests": [(one, one.absence.first_day > this) for one in upcoming(this).filter(absence__actor=actor)],
        "month": first,
        "weekdays": WEEKDAYS_ABBR.values(),
        "weeks": _weeks(rooms_of(actor, first, last + timedelta(days=1)), this),
        "before": eve if eve > this else None,
        "after": last + timedelta(days=1),
    }
    return render(request, "scheduling/my_time_off.html", context, status=status)


@requires(Permission.SEE_OWN_SCHEDULE)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for days; the answer is there at once."""
    actor, form, now = _actor(request), AskForm(request.POST), timezone.now()
    if form.is_valid():
        days = {"first_day": form.cleaned_data["first_day"], "last_day": form.cleaned_data["last_day"]}
        try:
            ask_time_off(actor_id=actor.pk, by=by_of(request), now=now, **days)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            toast(request, _("You are off %(stretch)s.") % {"stretch": stretch_words(*days.values())})
            return redirect(f"{reverse('scheduling:my_time_off')}?month={days['first_day']:%Y-%m}")
    shown = form.cleaned_data.get("first_day") or today(now)
    return _page(request, actor, shown, form, now, status=422)


@requires(Permission.SEE_OWN_SCHEDULE)
@require_POST
def cancel(request: HttpRequest, time_off_id: UUID) -> HttpResponse:
    """Cancel one's own, until it begins. Somebody else's is not there."""
    actor = _actor(request)
    try:
        found = cancel_time_off(request_id=time_off_id, own=actor.pk, by=by_of(request), now=timezone.now())
    except TimeOffRequest.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:
        toast(request, str(error), level="error")
    else:
        stretch = stretch_words(found.absence.first_day, found.absence.last_day)
        toast(request, _("Your time off %(stretch)s is cancelled.") % {"stretch": stretch})
    return redirect("scheduling:my_time_off")


def _actor(request: HttpRequest) -> Actor:
    actor_id = principal_of(request).actor_id
    found = Actor.objects.select_related("team").filter(pk=actor_id).first() if actor_id else None
    if found is None:
        raise Http404
    return found


def _weeks(rooms: list[Room], this: date) -> list[list[Cell | None]]:
    """What is left of the month by weeks from Monday, None before its first day and after its last."""
    cells: list[Cell | None] = [None] * rooms[0].day.weekday()
    cells += [_cell(one, this) for one in rooms]
    cells += [None] * (-len(cells) % DAYS)
    weeks = [cells[at : at + DAYS] for at in range(0, len(cells), DAYS)]
    return [week for week in weeks if any(one and one.day > this for one in week)]


def _cell(room: Room, this: date) -> Cell:
    if room.day <= this:
        return Cell(room.day, "", "past")
    if room.away:
        return Cell(room.day, _("away"), "away")
    if not room.takes:
        return Cell(room.day, _("day off"), "off")
    if room.left is None:
        return Cell(room.day, _("closed"), "closed")
    if room.fits:
        return Cell(room.day, _("room"), "room")
    if not room.left:
        return Cell(room.day, _("full"), "full")
    return Cell(room.day, _("%(hours)s left") % {"hours": hours(room.left)}, "some")
