"""Template tags of the kit, loaded everywhere as a builtin. Each docstring is its manual."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms, template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.db.models import Model
from django.forms import BoundField
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bpo.permissions import Permission, may
from bpo.ui import charts, icons, moments, numbers, toasts
from bpo.ui.numbers import Measure, Number

register = template.Library()

SIGNS = {"good": "check", "warn": "warning", "bad": "cross"}
register.filter("as_json", json.dumps)
register.filter("number", numbers.number)
register.filter("percent", numbers.percent)
register.filter("duration", numbers.duration)
register.filter("span", numbers.span)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "inbox" %}`; with a label it speaks, without it is decoration. ValueError for an unknown name."""
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="{}"><path d="{}"/></svg>',
            label,
            icons.body(name),
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        icons.body(name),
    )


# --- Numbers ------------------------------------------------------------------------------------


@register.simple_tag(name="number")
def number_tag(value: Number | None, digits: int = 0, sign: bool = False) -> str:
    """`{% number 18642 %}` 18,642; `{% number -4.86 1 %}` −4.9; `sign=True` writes + too."""
    return numbers.number(value, digits, sign=sign)


@register.simple_tag(name="percent")
def percent_tag(value: Number | None, digits: int = 1, sign: bool = False) -> str:
    """`{% percent 0.836 %}` 83.6 %. The value is a share, 0..1."""
    return numbers.percent(value, digits, sign=sign)


@register.simple_tag(name="duration")
def duration_tag(seconds: Number | timedelta | None) -> str:
    """`{% duration 521 %}` 8:41."""
    return numbers.duration(seconds)


@register.simple_tag(name="span")
def span_tag(seconds: Number | timedelta | None) -> str:
    """`{% span 5580 %}` 1 h 33 min."""
    return numbers.span(seconds)


@register.inclusion_tag("_components/measure.html", name="measure")
def measure_tag(measure: Measure, size: str = "", panel: str = "") -> dict[str, Any]:
    """`{% measure m %}` one number in full; size "", "middle" or "small". `panel` opens its definition."""
    return {"m": measure, "size": size, "url": panel or measure.url}


@register.inclusion_tag("_components/measure.html")
def ratio(
    numerator: Number,
    denominator: Number,
    low: Number | None = None,
    high: Number | None = None,
    needs: int = 5,
    digits: int = 1,
    size: str = "small",
    code: str = "",
) -> dict[str, Any]:
    """`{% ratio 505 604 low high %}` 83.6 % with "505 of 604, 95 % 80.4–86.3"; too few is a dash, never a zero."""
    share = float(numerator) / float(denominator) if denominator else None
    measure = Measure(share, numerator, denominator, low, high, needs=needs, digits=digits, code=code)
    return {"m": measure, "size": size, "url": ""}


@register.inclusion_tag("_components/stat.html")
def stat(label: str, measure: Measure, note: str = "", size: str = "middle", panel: str = "") -> dict[str, Any]:
    """`{% stat "CSAT, 4 or 5 of 5" m note="..." %}` a card with one measure."""
    return {"label": label, "m": measure, "note": note, "size": size, "url": panel or measure.url}


# --- Time ---------------------------------------------------------------------------------------


@register.simple_tag(name="when")
def when_tag(
    instant: datetime | None, zone: str = "", both: bool = False, now: datetime | None = None, inside: bool = False
) -> str | SafeString:
    """`{% when call.started_at zone=site.zone both=True %}` Fri 20 Nov, 01:14 Manila (Thu 17:14 London)."""
    if instant is None:
        return numbers.DASH
    text = moments.when(instant, now=now or timezone.now(), zone=zone, both=both, inside=inside)
    return format_html('<time datetime="{}">{}</time>', instant.isoformat(), text)


@register.simple_tag(name="ago")
def ago_tag(instant: datetime | None, now: datetime | None = None) -> str | SafeString:
    """`{% ago change.at %}` 40 s ago, with the instant on hover."""
    if instant is None:
        return numbers.DASH
    clock = now or timezone.now()
    full = moments.when(instant, now=clock)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', instant.isoformat(), full, moments.ago(instant, now=clock)
    )


# --- Charts -------------------------------------------------------------------------------------


@register.inclusion_tag("_components/bar.html")
def bar(share: float, tone: str = "", label: str = "", kind: str = "", lost: float = 0) -> dict[str, Any]:
    """`{% bar 0.61 tone="accent" label="61 %" %}` one bar on its track; `lost` is hatched behind it."""
    lost_at = {"x": charts.at(share), "width": charts.at(lost)} if lost else None
    return {"width": charts.at(share), "tone": tone, "label": label, "kind": kind, "lost": lost_at}


@register.inclusion_tag("_components/bars.html")
def bars(rows: Iterable[charts.BarRow], label: str, digits: int = 1) -> dict[str, Any]:
    """`{% bars rows label="Answers by score" %}` a distribution: label, bar, count, share."""
    return {"bars": charts.draw_bars(rows), "label": label, "digits": digits}


@register.inclusion_tag("_components/funnel.html")
def funnel(steps: Sequence[charts.Step], label: str) -> dict[str, Any]:
    """`{% funnel steps label="From interaction to answer" %}` each step prints its losses, and they add up."""
    return {"steps": charts.draw_funnel(steps), "label": label}


@register.inclusion_tag("_components/whisker.html")
def whisker(
    value: Number | None, low: Number, high: Number, axis: charts.Axis, differs: bool = False, label: str = ""
) -> dict[str, Any]:
    """`{% whisker 90.8 83.5 95.1 axis differs=True %}` dot and interval; hollow where chance explains it."""
    places = {"dot": axis.place(value), "low": axis.place(low), "high": axis.place(high)} if value is not None else None
    return {"axis": axis, "places": places, "differs": differs, "label": label}


@register.inclusion_tag("_components/whisker_axis.html")
def whisker_axis(axis: charts.Axis) -> dict[str, Any]:
    """`{% whisker_axis axis %}` the scale above a column of whiskers, with the reference named."""
    return {"axis": axis}


@register.inclusion_tag("_components/spark.html")
def spark(
    values: Sequence[charts.Point | float | None], label: str, target: float | None = None, tone: str = ""
) -> dict[str, Any]:
    """`{% spark points label="SL fell from 81 to 76.4 %" target=80 tone="bad" %}`; the label is its sentence."""
    points = [value if isinstance(value, charts.Point) else charts.Point("", value) for value in values]
    series = charts.fit(points, target=target)
    return {"series": series, "label": label, "target": series.height(target), "tone": tone}


@register.inclusion_tag("_components/trend.html")
def trend(
    points: Sequence[charts.Point],
    title: str,
    note: str = "",
    target: float | None = None,
    target_label: str = "",
    digits: int = 1,
    unit: str = "",
    base: float | None = None,
) -> dict[str, Any]:
    """`{% trend points title="Thirteen weeks, no clear change" target=80 target_label="target 80" unit="%" %}`"""
    series = charts.fit(points, target=target, base=base)
    middle = (series.bottom + series.top) / 2
    ticks = [
        (series.height(v), numbers.number(v, charts.decimals(series.top - series.bottom)))
        for v in (series.top, middle, series.bottom)
    ]
    return {
        "series": series,
        "title": title,
        "note": note,
        "ticks": ticks,
        "target": series.height(target),
        "target_label": target_label,
        "digits": digits,
        "unit_text": f"{numbers.NARROW}{unit}" if unit else "",
        "last_label": series.points[-1].label if series.points else "",
        **_beside(series, target),
    }


def _beside(series: charts.Series, target: float | None) -> dict[str, int]:
    """Shifts in px that keep the value's label and the target's from covering each other."""
    last = series.last
    if target is None or last is None or last.value is None:
        return {"value_dy": 4, "target_dy": 4}
    near = abs(series.y(target) - series.y(last.value)) < 14
    above = last.value >= target
    if not near:
        return {"value_dy": 4, "target_dy": 4}
    return {"value_dy": -4, "target_dy": 12} if above else {"value_dy": 12, "target_dy": -4}


@register.inclusion_tag("_components/progress.html")
def progress(done: Number, total: Number, label: str = "", note: str = "") -> dict[str, Any]:
    """`{% progress 312 500 label="Planning week 49" note="agent 312 of 500" %}`"""
    share = float(done) / float(total) if total else 0.0
    return {"width": charts.at(share), "done": done, "total": total, "label": label, "note": note}


@register.inclusion_tag("_components/history.html", takes_context=True)
def history(context: Context, target: Model) -> dict[str, Any]:
    """`{% history case %}` a button that opens what happened to the row beside the page; nothing without permission."""
    request = context["request"]
    principal = getattr(request, "principal", None)
    on_operator = bool(principal and principal.on_operator)
    name = "console:history" if on_operator else "audit:history"
    allowed = may(principal, Permission.SEE_OPERATOR_AUDIT if on_operator else Permission.SEE_AUDIT)
    return {"url": reverse(name, args=[target._meta.label, target.pk]) if allowed else ""}


# --- Parts --------------------------------------------------------------------------------------


@register.inclusion_tag("_components/tag.html")
def tag(text: str, state: str = "", sign: str = "") -> dict[str, Any]:
    """`{% tag "Met" "good" %}`; states good, warn, bad carry their sign, accent, mark and outline have none."""
    return {"text": text, "state": state, "sign": sign or SIGNS.get(state, "")}


@register.inclusion_tag("_components/empty.html")
def empty_state(
    title: str,
    text: str = "",
    action_url: str = "",
    action_label: str = "",
    symbol: str = "",
    second_url: str = "",
    second_label: str = "",
) -> dict[str, Any]:
    """`{% empty_state "No shifts" "What it is for" action_url=u action_label="Copy week 48" %}` one button."""
    return {
        "title": title,
        "text": text,
        "action_url": action_url,
        "action_label": action_label,
        "symbol": symbol,
        "second_url": second_url,
        "second_label": second_label,
    }


@register.inclusion_tag("_components/failure.html")
def failure(title: str, text: str = "", retry_url: str = "") -> dict[str, Any]:
    """`{% failure "3 of 4 parts loaded" "Surveys didn't answer." retry_url=u %}` what failed, why, again."""
    return {"title": title, "text": text, "retry_url": retry_url}


@register.inclusion_tag("_components/field.html")
def field(bound: BoundField, unit: str = "", layout: str = "") -> dict[str, Any]:
    """`{% field form.email %}` label, control, help, error with sign. layout="segments" for a short choice."""
    widget = bound.field.widget
    kind = "input"
    if isinstance(widget, forms.CheckboxInput):
        kind = "check"
    elif isinstance(widget, forms.RadioSelect):  # CheckboxSelectMultiple is one
        kind = "segments" if layout == "segments" else "choices"
    return {"f": bound, "kind": kind, "unit": unit, "hidden": bound.is_hidden}


@register.inclusion_tag("_components/form.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """`{% form_fields form %}` errors of the whole form, then every field, hidden ones too."""
    return {"form": form}


@register.inclusion_tag("_components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page, noun: str = "", parameter: str = "page") -> dict[str, Any]:  # type: ignore[type-arg]  # Page is not generic at run time
    """`{% pagination page noun="calls" %}` "1–50 of 10,000 calls" and two ways on; keeps the query."""

    def link(number: int) -> str:
        query = context["request"].GET.copy()
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "noun": noun or _("rows"),
        "before": link(page.previous_page_number()) if page.has_previous() else "",
        "after": link(page.next_page_number()) if page.has_next() else "",
    }


@register.filter
def undo_url(message: Message) -> str:
    """Where a toast's undo posts to, or nothing."""
    return toasts.undo_of(message)
