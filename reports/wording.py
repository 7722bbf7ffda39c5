"""What screen and paper say around the figures of a report, from its frozen content alone."""

from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bpo.ui.moments import zone_name
from bpo.ui.numbers import number
from reports.content.document import COUNTED
from reports.presenting import Json, Shown, point, shown, value_text


class Page:
    """A frozen report, ready to be written."""

    def __init__(self, content: dict[str, Any], sha256: str) -> None:
        self.content, self.sha256 = content, sha256
        self.by_ref: dict[str, Json] = {one["ref"]: one for one in content["figures"]}
        self.start = date.fromisoformat(content["period"]["start"])
        self.end = date.fromisoformat(content["period"]["end"])

    @cached_property
    def week(self) -> str:
        return _("Week %(n)s") % {"n": self.content["period"]["week"]}

    @property
    def week_before(self) -> int:
        return date.fromordinal(self.start.toordinal() - 7).isocalendar().week

    @cached_property
    def title(self) -> str:
        """ "Week 47, 16 to 22 November"; a week of two months names both."""
        return _("%(week)s, %(days)s") % {"week": self.week, "days": self._days()}

    @cached_property
    def title_with_year(self) -> str:
        return f"{self.title} {self.end.year}"

    def _days(self) -> str:
        full = pgettext("date format", "j F")
        first = pgettext("date format", "j") if self.start.month == self.end.month else full
        return _("%(start)s to %(end)s") % {
            "start": date_format(self.start, first),
            "end": date_format(self.end, full),
        }

    @cached_property
    def revision(self) -> str:
        return _("Revision %(n)s") % {"n": self.content["revision"]}

    @cached_property
    def frozen(self) -> str:
        return _("%(revision)s, frozen %(when)s") % {"revision": self.revision, "when": self._local("built_at")}

    @property
    def about(self) -> str:
        return _("Definitions version %(version)s, data to %(when)s, %(n)s interactions. SHA-256 %(hash)s.") % {
            "version": self.content["definitions_version"],
            "when": self._local("data_to"),
            "n": number(self.content["interactions"]),
            "hash": self.sha256,
        }

    def _local(self, name: str) -> str:
        zone = self.content["client"]["zone"]
        local = datetime.fromisoformat(self.content[name]).astimezone(ZoneInfo(zone))
        return f"{date_format(local, pgettext('date format', 'D j M H:i'))} {zone_name(zone)}"

    @property
    def short_hash(self) -> str:
        """Twelve digits in fours, as people read them out."""
        return " ".join(self.sha256[at : at + 4] for at in (0, 4, 8))

    @cached_property
    def promised(self) -> list[Shown]:
        """The table: each measure, its queues after it."""
        wanted = [one for one in self.content["figures"] if one["code"] not in COUNTED]
        order = list(dict.fromkeys(one["code"] for one in wanted))
        return [shown(one) for one in sorted(wanted, key=lambda one: order.index(one["code"]))]

    @cached_property
    def counted(self) -> list[Shown]:
        return [shown(self.by_ref[code]) for code in COUNTED if code in self.by_ref]

    @property
    def weeks(self) -> str:
        """The heading of the charts."""
        n = max((len(one["points"]) for one in self.content["series"]), default=0)
        return ngettext("%(n)s week", "%(n)s weeks", n) % {"n": n}

    def note(self, series: Json) -> str:
        """Under a chart's title: the measure in words and this week's n."""
        one = self.by_ref[series["ref"]]
        return _("%(formula)s, n = %(n)s") % {"formula": one["definition"]["formula"], "n": number(one["n"])}

    def points(self, series: Json) -> list[Json]:
        """The weeks of a chart as a table, newest last."""
        one = self.by_ref[series["ref"]]
        rows = []
        for counts in series["points"]:
            found = point(one, counts)
            week = _("Week %(n)s, from %(day)s") % {
                "n": counts["week"],
                "day": date_format(date.fromisoformat(counts["start"]), pgettext("date format", "j M")),
            }
            rows.append({"week": week, "value": found.value, "basis": found.basis, "limits": found.limits})
        return rows

    @property
    def comments(self) -> str:
        found = self.content["comments"]
        if not found["with_text"]:
            return ""
        return _("%(part)s of %(whole)s answers to the survey came with a comment.") % {
            "part": number(found["with_text"]),
            "whole": number(found["answers"]),
        }

    @property
    def differences(self) -> list[Json]:
        """What a later revision says otherwise than the one before."""
        return [
            {"name": one["name"], "before": _stated(one["before"]), "after": _stated(one["after"])}
            for one in self.content["differences"]
        ]

    @property
    def definitions(self) -> list[Json]:
        """Each measure once, in words."""
        return [definition(one) for one in self.content["figures"] if one["queue"] is None]


def definition(one: Json) -> Json:
    words = one["definition"]
    out = _("Left out: %(what)s.") % {"what": "; ".join(words["exclusions"])} if words["exclusions"] else ""
    more = _("Of: %(numerator)s. Over: %(denominator)s. %(out)s %(interval)s. Stated from n = %(needs)s.") % {
        "numerator": words["numerator"],
        "denominator": words["denominator"],
        "out": out,
        "interval": words["interval_words"][:1].upper() + words["interval_words"][1:],
        "needs": words["needs"],
    }
    version = _("version %(n)s") % {"n": words["version"]}
    return {"code": one["code"], "name": words["name"], "version": version, "formula": words["formula"], "more": more}


def _stated(one: Json | None) -> str:
    if one is None:
        return _("not in the report")
    found = shown(one)
    return f"{found.value} ({found.basis})" if one["value"] is not None else value_text(one, None)
