"""What arrived in a queue, day by day, summed to the interval one asks for."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, may, requires
from bpo.ui.charts import Point
from interactions.domain.intervals import Count
from interactions.domain.regrain import Bucket, GrainError, lengths, regrain
from interactions.forms import IntervalForm
from interactions.interval_reading import CountedDay, Origin, counted_day, counted_days, counts_of, origins

PAGE = 14


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day of the list with its shape and its busiest interval."""

    about: CountedDay
    buckets: list[Bucket]

    @property
    def day(self) -> str:
        return self.about.day.isoformat()

    @property
    def peak(self) -> Bucket | None:
        """The first of the busiest."""
        return max(self.buckets, key=lambda bucket: bucket.offered, default=None)

    @property
    def shape(self) -> list[Point]:
        return [Point(f"{bucket.wall:%H:%M}", bucket.offered) for bucket in self.buckets]


@requires(Permission.SEE_INTERACTIONS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Days of a queue, newest first, 14 a page; and one of them interval by interval.

    A length that the source's intervals do not sum to is refused by name, with those that they do.
    """
    found = origins()
    form = IntervalForm(request.GET or None, origins=found)
    form.is_valid()
    origin = form.origin_chosen or (found[0] if found else None)
    context: dict[str, Any] = {
        "form": form,
        "origin": origin,
        "minutes": form.minutes_chosen,
        "may_import": may(principal_of(request), Permission.IMPORT_INTERVALS),
    }
    if origin is None:
        return render(request, "interactions/intervals.html", context)
    page = Paginator(counted_days(origin), PAGE).get_page(request.GET.get("page"))
    try:
        context |= _shown(origin, [counted_day(row) for row in page], form)
    except GrainError as error:
        context["refused"] = _refusal(error, origin)
    context["page"] = page
    return render(
        request, "interactions/intervals.html", context, status=422 if form.errors or "refused" in context else 200
    )


def _shown(origin: Origin, days: list[CountedDay], form: IntervalForm) -> dict[str, Any]:
    chosen = form.day_chosen
    counts = counts_of(origin, {one.day for one in days} | ({chosen} if chosen else set()))
    zone = days[0].zone if days else "UTC"
    summed = _summed(counts[chosen], form.minutes_chosen, zone) if chosen else []
    most = max((bucket.offered for bucket in summed), default=0)
    shown = [ShownDay(one, _summed(counts[one.day], form.minutes_chosen, one.zone)) for one in days]
    return {
        "days": shown,
        "zone": zone,
        "grain": days[0].minutes if days else None,
        "chosen": chosen,
        "buckets": [(bucket, bucket.offered / most if most else 0) for bucket in summed],
        "total": sum(bucket.offered for bucket in summed),
    }


def _summed(counts: list[Count], minutes: int, zone: str) -> list[Bucket]:
    return regrain(counts, minutes, ZoneInfo(zone))


def _refusal(error: GrainError, origin: Origin) -> tuple[str, str]:
    fitting = ", ".join(str(minutes) for minutes in lengths(error.source))
    return (
        _("%(minutes)s minutes can’t be summed from the %(grain)s-minute counts of %(source)s.")
        % {"minutes": error.minutes, "grain": error.source, "source": origin.source},
        _("Choose one of %(fitting)s.") % {"fitting": fitting},
    )
