"""What will arrive: a week's forecast beside the weeks it comes from, and the days behind each number."""

from datetime import date
from statistics import fmean
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, may, requires
from bpo.ui.numbers import number, percent
from bpo.ui.toasts import toast
from scheduling.errors import NotPossible
from scheduling.models import Forecast, ForecastInterval
from scheduling.selectors import latest_forecast
from scheduling.services import make_forecast
from scheduling.views.asked import Asked, asked
from scheduling.views.grid import chart, grid


@requires(Permission.SEE_FORECAST)
@require_safe
def forecast(request: HttpRequest) -> HttpResponse:
    """The newest forecast of a queue's week; the week is the next that is not published."""
    about = asked(request, timezone.now())
    if about is None:
        return render(request, "scheduling/no_queue.html")
    found = latest_forecast(about.queue.pk, about.week.start)
    context: dict[str, Any] = {
        "about": about,
        "found": found,
        "may_plan": may(principal_of(request), Permission.PLAN_SCHEDULE),
        "here": reverse("scheduling:forecast"),
    }
    if found is not None:
        context |= _shown(found, about)
    return render(request, "scheduling/forecast.html", context)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Expect the week anew from what has arrived by now."""
    now = timezone.now()
    about = asked(request, now)
    if about is None:
        raise Http404
    try:
        make_forecast(
            queue_id=about.queue.pk, week_start=about.week.start, zone=about.week.zone, by=by_of(request), now=now
        )
    except NotPossible as error:
        toast(request, str(error), level="warning")
    return redirect(f"{reverse('scheduling:forecast')}?{about.query}")


@requires(Permission.SEE_FORECAST)
@require_safe
def interval(request: HttpRequest, interval_id: UUID) -> HttpResponse:
    """Where one number comes from, in the side panel."""
    one = ForecastInterval.objects.select_related("forecast__queue").filter(pk=interval_id).first()
    if one is None:
        raise Http404
    return render(request, "scheduling/_forecast_interval.html", behind(one))


def behind(one: ForecastInterval) -> dict[str, Any]:
    """The days a number is the mean of, and what it was then moved by."""
    days = [(date.fromisoformat(day), count) for day, count in one.days]
    mean = fmean(count for _, count in days) if days else 0.0
    return {"one": one, "forecast": one.forecast, "days": days, "mean": mean, "n": len(days)}


def _shown(found: Forecast, about: Asked) -> dict[str, Any]:
    rows = list(found.intervals.all())
    past = [fmean(count for _, count in row.days) if row.days else 0.0 for row in rows]
    total = sum(row.volume for row in rows)
    return {
        "chart": chart(about.week, [row.volume for row in rows], past),
        "grid": grid(about.week, [(row.starts_at, row.volume, row.pk) for row in rows], lambda value: number(value, 1)),
        "days": _days(rows, about),
        "total": total,
        "past_total": sum(past),
        "finding": _finding(total, sum(past)),
        "change": found.level - 1,
        "used": len(found.used),
        "left_out": [(date.fromisoformat(day), count, middle) for day, count, middle in found.left_out],
        "first": date.fromisoformat(found.used[0]) if found.used else None,
        "last": date.fromisoformat(found.used[-1]) if found.used else None,
    }


def _finding(total: float, past: float) -> str:
    change = total / past - 1 if past else 0.0
    if abs(change) < 0.005:
        return _("About %(n)s expected, as in the weeks they come from") % {"n": number(total)}
    words = {"n": number(total), "change": percent(abs(change))}
    if change > 0:
        return _("About %(n)s expected, %(change)s more than in the weeks they come from") % words
    return _("About %(n)s expected, %(change)s fewer than in the weeks they come from") % words


def _days(rows: list[ForecastInterval], about: Asked) -> list[dict[str, Any]]:
    """Each day's volume, its handling time weighed by volume, and how many days of history it has."""
    found = []
    for day in about.week.dates:
        mine = [row for row in rows if about.week.local(row.starts_at).date() == day]
        volume = sum(row.volume for row in mine)
        seconds = sum(row.volume * row.aht_seconds for row in mine)
        found.append(
            {
                "date": day,
                "volume": volume,
                "aht": seconds / volume if volume else None,
                "n": max((len(row.days) for row in mine), default=0),
                "peak": max((row.volume for row in mine), default=0),
            }
        )
    return found
