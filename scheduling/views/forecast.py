"""What will arrive: a week's forecast beside the naive rule, the trial that chose it, and what is behind a number."""

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
from interactions.models.vocabulary import CALLS_OUT
from scheduling.domain.edits import edited
from scheduling.domain.forecasting import MIDDLE, MODELS, NAIVE
from scheduling.domain.weeks import Week
from scheduling.errors import NotPossible
from scheduling.forms import EditForm, EventForm
from scheduling.models import Forecast, ForecastInterval
from scheduling.selectors import as_edits, edits_of, events_of, external_sources, latest_forecast, latest_requirement
from scheduling.services import make_forecast
from scheduling.services.forecasting import MINUTES
from scheduling.staffing import calls_out
from scheduling.views.asked import Asked, asked, no_queue
from scheduling.views.grid import chart, grid
from scheduling.views.words import model_name, model_text


@requires(Permission.SEE_FORECAST)
@require_safe
def forecast(request: HttpRequest) -> HttpResponse:
    """The newest forecast of a queue's week; the week is the next that is not published."""
    about = asked(request, timezone.now())
    if about is None:
        return no_queue(request)
    if calls_out(about.queue):
        return _planned(request, about)
    found = latest_forecast(about.queue.pk, about.week.start)
    context: dict[str, Any] = {
        "may_turn": about.queue.channel in CALLS_OUT,
        "about": about,
        "found": found,
        "may_plan": may(principal_of(request), Permission.PLAN_SCHEDULE),
        "here": reverse("scheduling:forecast"),
        "events": events_of(about.queue.pk),
        "sources": external_sources(about.queue.pk, about.week),
        "event_form": EventForm(initial={"first_day": about.week.start, "last_day": about.week.start}),
        "edit_form": EditForm(initial={"day": about.week.start}, auto_id="edit_%s"),
    }
    if found is not None:
        context |= _shown(found, about)
    return render(request, "scheduling/forecast.html", context)


def _planned(request: HttpRequest, about: Asked) -> HttpResponse:
    """What stands in a forecast's place for calls we make: nothing arrives, a list is planned."""
    context = {
        "about": about,
        "requirement": latest_requirement(about.queue.pk, about.week.start),
        "may_plan": may(principal_of(request), Permission.PLAN_SCHEDULE),
        "here": reverse("scheduling:forecast"),
    }
    return render(request, "scheduling/planned.html", context)


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
            queue_id=about.queue.pk,
            week_start=about.week.start,
            zone=about.week.zone,
            source=request.POST.get("source", ""),
            minutes=15 if request.POST.get("minutes") == "15" else MINUTES,
            by=by_of(request),
            now=now,
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
    """The days that stand behind a number, and what each model makes of them."""
    days = [(date.fromisoformat(day), count) for day, count in one.days]
    mean = fmean(count for _, count in days) if days else 0.0
    said = [(model_name(key), one.models[key], key == one.forecast.method) for key in MODELS if key in one.models]
    week = Week(one.forecast.week_start, one.forecast.zone)
    changes = [edit for edit in edits_of(one.forecast.queue_id, week) if edit.begins_at <= one.starts_at < edit.ends_at]
    return {
        "one": one,
        "forecast": one.forecast,
        "days": days,
        "mean": mean,
        "n": len(days),
        "said": said,
        "changes": changes,
        "edited": edited([(one.starts_at, one.volume)], as_edits(changes))[0],
    }


def _shown(found: Forecast, about: Asked) -> dict[str, Any]:
    rows = list(found.intervals.all())
    changes = edits_of(about.queue.pk, about.week)
    volumes = edited([(row.starts_at, row.volume) for row in rows], as_edits(changes))
    naive = [row.models.get(NAIVE, 0.0) for row in rows]
    band = [(row.low, row.high) for row in rows]
    total = sum(volumes)
    cells = [(row.starts_at, volume, row.pk) for row, volume in zip(rows, volumes, strict=True)]
    return {
        "chart": chart(about.week, volumes, naive if any(naive) else None, band),
        "grid": grid(about.week, cells, lambda value: number(value, 1)),
        "days": _days(list(zip(rows, volumes, strict=True)), about, found),
        "total": total,
        "changes": changes,
        "changed": total - sum(row.volume for row in rows),
        "finding": _finding(total, sum(naive)),
        "change": found.level - 1,
        "used": len(found.used),
        "left_out": [(date.fromisoformat(day), count, middle) for day, count, middle in found.left_out],
        "first": date.fromisoformat(found.used[0]) if found.used else None,
        "last": date.fromisoformat(found.used[-1]) if found.used else None,
        "model": _("Made elsewhere: %(source)s") % {"source": found.source}
        if found.source
        else model_name(found.method),
        "model_text": model_text(found.method),
        "trial": trial(found),
        "effects": [(name, date.fromisoformat(day), factor, n) for name, day, factor, n in found.effects],
    }


def trial(found: Forecast) -> dict[str, Any] | None:
    """How each model did in the weeks tried, the chosen one marked, and what chance alone leaves of the error."""
    rows = {row["name"]: row for row in found.trial.get("models", [])}
    chosen, naive = rows.get(found.method, rows.get(MIDDLE)), rows.get(NAIVE)
    if chosen is None or naive is None:
        return None
    return {
        "first": date.fromisoformat(found.trial["first"]),
        "last": date.fromisoformat(found.trial["last"]),
        "rows": [{**rows[key], "label": model_name(key), "chosen": key == found.method} for key in MODELS],
        "chosen": chosen,
        "naive": naive,
        "says": _verdict(chosen, naive),
    }


def _verdict(chosen: dict[str, Any], naive: dict[str, Any]) -> str:
    """The chosen model against the naive rule, in a sentence."""
    if chosen["name"] == NAIVE or not naive["wape"]:
        return _("No model did better than the naive rule")
    words = {"wape": percent(chosen["wape"]), "naive": percent(naive["wape"]), "floor": percent(chosen["floor"])}
    if chosen["wape"] < naive["wape"]:
        return _("Off by %(wape)s, the naive rule by %(naive)s; chance alone leaves %(floor)s") % words
    return _("Off by %(wape)s, no less than the naive rule’s %(naive)s; chance alone leaves %(floor)s") % words


def _finding(total: float, naive: float) -> str:
    change = total / naive - 1 if naive else 0.0
    if abs(change) < 0.005:
        return _("About %(n)s expected, as in the last four weeks") % {"n": number(total)}
    words = {"n": number(total), "change": percent(abs(change))}
    if change > 0:
        return _("About %(n)s expected, %(change)s more than in the last four weeks") % words
    return _("About %(n)s expected, %(change)s fewer than in the last four weeks") % words


def _days(rows: list[tuple[ForecastInterval, float]], about: Asked, made: Forecast) -> list[dict[str, Any]]:
    """Each day's volume with its band and the naive rule's, handling time weighed by volume, and days behind it."""
    bands = {day: (low, high) for day, _volume, low, high in made.days}
    found = []
    for day in about.week.dates:
        mine = [(row, volume) for row, volume in rows if about.week.local(row.starts_at).date() == day]
        volume = sum(here for _row, here in mine)
        seconds = sum(here * row.aht_seconds for row, here in mine)
        found.append(
            {
                "date": day,
                "volume": volume,
                "band": bands.get(day.isoformat()),
                "naive": sum(row.models.get(NAIVE, 0.0) for row, _here in mine),
                "model": sum(row.volume for row, _here in mine),
                "aht": seconds / volume if volume else None,
                "n": max((len(row.days) for row, _here in mine), default=0),
                "peak": max((here for _row, here in mine), default=0),
            }
        )
    return found
