"""The tables of the analysis: each with its rows as the page shows them and as a file holds them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpo.permissions import Reach
from bpo.ratio import Ratio, wilson
from bpo.ui.charts import Axis, Point
from bpo.ui.numbers import Measure, number
from qa.domain.means import FEWEST, Mean
from qa.domain.ranking import Ranked, ranked
from qa.periods import Period
from qa.selectors import analysis as selectors
from qa.selectors.answers import Judges, counted
from qa.selectors.measures import standing

NEEDS: Final = 5  # of a share
CLASSES: Final[dict[str, str | Promise]] = {
    "customer": gettext_lazy("Customer critical"),
    "business": gettext_lazy("Business critical"),
    "compliance": gettext_lazy("Compliance critical"),
    "other": gettext_lazy("Not critical"),
}
MEAN: Final = ("n", "mean", "low", "high")
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "teams": ("team", "rank_from", "rank_to", *MEAN),
    "agents": ("agent", "rank_from", "rank_to", *MEAN),
    "sections": ("scorecard", "section", *MEAN),
    "questions": ("scorecard", "number", "question", "class", "asked", "na", "na_share", "n", "best", "best_share", "best_low", "best_high", "errors"),
    "errors": ("class", "unit", "without_error", "n", "accuracy", "low", "high"),
    "evaluators": ("evaluator", *MEAN, "na", "na_allowed", "na_share", "median_active_seconds", "heard_share"),
    "weeks": ("week", *MEAN),
}  # fmt: skip


@dataclass
class Analysis:
    """What the page needs of one period, one way of picking and one reach; each table is counted when it is asked for."""

    period: Period
    picked: str
    reach: Reach | None
    _kept: dict[str, Any] = field(default_factory=dict)

    @property
    def found(self) -> selectors.ScoredRevisions:
        return standing(self.period.start, self.period.end, picked=self.picked, reach=self.reach)

    def once(self, name: str, made: Callable[[], Any]) -> Any:
        if name not in self._kept:
            self._kept[name] = made()
        return self._kept[name]

    @property
    def judges(self) -> Judges:
        return self.once("judges", Judges)  # type: ignore[no-any-return]

    @property
    def answers(self) -> Any:
        return self.once("answers", lambda: counted(self.found))

    def kinds(self) -> dict[str, Mean]:
        return selectors.by_kind(self.period.start, self.period.end, reach=self.reach)

    def teams(self) -> list[dict[str, Any]]:
        names = selectors.team_names()
        rows = ranked(selectors.by_group(self.found, "team_id"))
        return _with_whiskers([{"name": names.get(one.key, _("no team")), **_ranked(one)} for one in rows])

    def agents(self) -> list[dict[str, Any]]:
        rows = ranked(selectors.by_group(self.found, "agent_id"))
        names = selectors.names_of(one.key for one in rows)
        return _with_whiskers([{"name": names.get(one.key, "–"), "agent": one.key, **_ranked(one)} for one in rows])

    def sections(self) -> list[dict[str, Any]]:
        rows = selectors.by_section(self.found, self.judges)
        return [
            {"one": one, "measure": measure(one.mean), "cells": [one.scorecard, one.title, *_cells(one.mean)]}
            for one in rows
        ]

    def questions(self) -> list[dict[str, Any]]:
        return [_question(one) for one in selectors.by_question(self.answers, self.judges)]

    def errors(self) -> list[dict[str, Any]]:
        found = selectors.accuracies(self.found, self.answers, self.judges)
        return [_error(kind, ratio) for kind, ratio in found.items()]

    def evaluators(self) -> list[dict[str, Any]]:
        return [_evaluator(one) for one in selectors.by_evaluator(self.found, self.judges)]

    def weeks(self) -> list[dict[str, Any]]:
        return [
            {"monday": monday, "mean": mean, "cells": [monday.isoformat(), *_cells(mean)]}
            for monday, mean in selectors.weekly(self.found).items()
        ]


def measure(mean: Mean, **more: Any) -> Measure:
    """A mean score as the kit shows a number."""
    return Measure(mean.value, n=mean.n, low=mean.low, high=mean.high, needs=FEWEST, unit="", **more)


def share(ratio: Ratio, **more: Any) -> Measure:
    """A share with its 95 % Wilson interval, from five on."""
    low, high = wilson(int(ratio.num), int(ratio.den))
    return Measure(ratio.value, ratio.num, ratio.den, low, high, needs=NEEDS, **more)


def trend(weeks: Sequence[dict[str, Any]], period: Period) -> dict[str, Any] | None:
    """The line by week with a sentence over it; None under two weeks that have enough. A week with too few is a gap."""
    found = {row["monday"]: row["mean"] for row in weeks}
    if sum(mean.n >= FEWEST for mean in found.values()) < 2:
        return None
    monday, points = min(found), []
    while monday <= max(found):
        mean = found.get(monday)
        enough = mean if mean is not None and mean.n >= FEWEST else Mean(0, None)
        points.append(Point(date_format(monday, "j M"), enough.value, enough.low, enough.high))
        monday += timedelta(days=7)
    return {"points": points, "title": _sentence([mean for mean in found.values() if mean.n >= FEWEST])}


def _sentence(means: list[Mean]) -> str:
    first, last = means[0], means[-1]
    parts = {"before": number(first.value, 1), "after": number(last.value, 1)}
    if first.low is None or last.low is None or first.high is None or last.high is None:
        return _("%(before)s in the first week, %(after)s in the last") % parts
    if last.low > first.high:
        return _("The mean rose from %(before)s to %(after)s") % parts
    if last.high < first.low:
        return _("The mean fell from %(before)s to %(after)s") % parts
    return _("No clear change: %(before)s in the first week, %(after)s in the last") % parts


def _ranked(one: Ranked[Any]) -> dict[str, Any]:
    rank = "" if one.first is None else str(one.first)
    if one.first != one.last:
        rank = f"{one.first}–{one.last}"
    return {"rank": rank, "mean": one.mean, "measure": measure(one.mean), "ranks": [one.first, one.last]}


def _with_whiskers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with its cells for a file, and all on one scale for the page."""
    limits = [(row["mean"].low, row["mean"].high) for row in rows if row["mean"].low is not None]
    low = min(min((low for low, _high in limits), default=0.0) // 10 * 10, 90.0)
    axis = Axis(low, 100.0, (low, (low + 100) / 2, 100.0))
    for row in rows:
        row |= {"axis": axis, "cells": [row["name"], *row["ranks"], *_cells(row["mean"])]}
    return rows


def _cells(mean: Mean) -> list[Any]:
    """n, mean and limits; too few have n alone."""
    return [mean.n, mean.value, mean.low, mean.high] if mean.n >= FEWEST else [mean.n, None, None, None]


def _shares(ratio: Ratio) -> list[Any]:
    shown = share(ratio)
    return [None, None, None] if shown.too_few else [ratio.value, shown.low, shown.high]


def _question(one: selectors.QuestionFigures) -> dict[str, Any]:
    best, na = Ratio(one.best, one.n), Ratio(one.na, one.asked)
    cells = [
        one.scorecard, one.number, one.short, one.kind, one.asked, one.na, _shares(na)[0], one.n, one.best,
        *_shares(best), one.errors,
    ]  # fmt: skip
    label = CLASSES[one.kind] if one.kind != "other" else ""
    return {"one": one, "best": share(best), "na": share(na), "class": label, "cells": cells}


def _error(kind: str, ratio: Ratio) -> dict[str, Any]:
    unit = "answer" if kind == "other" else "evaluation"
    return {
        "kind": kind,
        "name": CLASSES[kind],
        "measure": share(ratio),
        "errors": int(ratio.den) - int(ratio.num),
        "cells": [kind, unit, ratio.num, ratio.den, *_shares(ratio)],
    }


def _evaluator(one: selectors.EvaluatorFigures) -> dict[str, Any]:
    na = [one.na.num, one.na.den, _shares(one.na)[0]]
    cells = [one.name, *_cells(one.mean), *na, one.seconds, one.heard]
    return {"one": one, "measure": measure(one.mean), "na": share(one.na), "cells": cells}
