"""The sentences of the console: why a row is where it is."""

from collections.abc import Callable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bpo.ui.numbers import interval, number, percent, too_few
from console.domain.attention import Reason

Said = tuple[str, str]
Facts = dict[str, Any]


def said(reason: Reason) -> Said:
    """A reason as a line and the smaller line under it."""
    return WORDS[reason.code](reason.facts)


def _jobs_dead(facts: Facts) -> Said:
    title = ngettext("%(n)s job gave up", "%(n)s jobs gave up", facts["n"]) % {"n": number(facts["n"])}
    return title, _("the newest: %(kind)s; try again on the jobs page") % {"kind": facts["kind"]}


def _jobs_uncertain(facts: Facts) -> Said:
    title = ngettext(
        "%(n)s job may have happened", "%(n)s jobs may have happened", facts["n"]
    ) % {"n": number(facts["n"])}  # fmt: skip
    return title, _("a person decides whether it is done again")


def _day_missing(facts: Facts) -> Said:
    day = date_format(facts["day"], "D j M")
    counts = {"count": number(facts["count"]), "usual": number(facts["usual"])}
    if facts["count"]:
        return _("Data missing in part on %(day)s") % {"day": day}, _(
            "%(count)s interactions, usually about %(usual)s"
        ) % counts
    return _("Data missing on %(day)s") % {"day": day}, _("no interactions, usually about %(usual)s") % counts


def _sl_under(facts: Facts) -> Said:
    if facts["weeks"] > 1:
        title = _("SL under target %(n)s weeks running") % {"n": facts["weeks"]}
    else:
        title = _("SL under target this week")
    values = {"queue": facts["queue"], "value": percent(facts["value"]), "target": percent(facts["target"], 0)}
    return title, _("%(queue)s: %(value)s, target %(target)s") % values


def _csat_fell(facts: Facts) -> Said:
    values = {
        "before": number(100 * facts["before"], 1),
        "value": percent(facts["value"]),
        "low": number(100 * facts["low"], 1),
        "high": number(100 * facts["high"], 1),
    }
    return _("CSAT fell, and the fall is not chance"), _(
        "%(before)s to %(value)s, difference %(low)s to %(high)s"
    ) % values  # fmt: skip


def _attrition_above(facts: Facts) -> Said:
    band = interval(100 * facts["low"], 100 * facts["high"])
    values = {"value": percent(facts["value"]), "band": band}
    return _("Attrition above its band"), _("%(value)s in four weeks, its band is %(band)s") % values


def _no_week(facts: Facts) -> Said:
    return _("Nothing needs you"), _("its first full week isn't counted yet")


def _no_work(facts: Facts) -> Said:
    return _("Nothing needs you"), _("no interactions this week")


def _first_week(facts: Facts) -> Said:
    return _("Nothing needs you"), _("its first week, nothing to compare")


def _few_answers(facts: Facts) -> Said:
    counted = too_few(facts["n"], facts["needs"])
    return _("Nothing needs you"), _("too few answers for CSAT: %(counted)s") % {"counted": counted}


def _in_band(facts: Facts) -> Said:
    return _("Nothing needs you"), _("all measures in band")


def _suspended(facts: Facts) -> Said:
    return _("Suspended"), _("nobody signs in and its jobs wait, until it is resumed")


def _archived(facts: Facts) -> Said:
    return _("Archived"), _("kept, and read by nobody")


def _trashed(facts: Facts) -> Said:
    return _("Being deleted"), _("goes for good on %(day)s") % {"day": date_format(facts["drops_at"], "j M Y")}


def _dropped(facts: Facts) -> Said:
    return _("Deleted"), _("its weekly counts and its history stay")


WORDS: dict[str, Callable[[Facts], Said]] = {
    "jobs_dead": _jobs_dead,
    "jobs_uncertain": _jobs_uncertain,
    "day_missing": _day_missing,
    "sl_under": _sl_under,
    "csat_fell": _csat_fell,
    "attrition_above": _attrition_above,
    "no_week": _no_week,
    "no_work": _no_work,
    "first_week": _first_week,
    "few_answers": _few_answers,
    "in_band": _in_band,
    "suspended": _suspended,
    "archived": _archived,
    "trashed": _trashed,
    "dropped": _dropped,
}
