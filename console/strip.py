"""The job-health strip: what each area's jobs did in the last hour and what waits, as sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bpo.ui.numbers import duration, number
from console.selectors import KindHealth

AREAS = (
    ("surveys", ("surveys.", "notices.")),
    ("reports", ("reports.",)),
    ("imports", ("imports.", "interactions.")),
    ("schedules", ("scheduling.",)),
)
LATE = 120  # seconds a due job may wait before the strip says so


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the strip; `state` is good, warn or bad."""

    title: str
    line: str
    state: str
    verdict: str


def cells(found: Sequence[KindHealth]) -> list[Cell]:
    """Surveys, reports, imports, schedules, then all dead letters together."""
    names = {
        "surveys": _("Surveys and mail"),
        "reports": _("Reports"),
        "imports": _("Imports"),
        "schedules": _("Schedules"),
    }
    made = [_area(names[name], [one for one in found if one.kind.startswith(starts)]) for name, starts in AREAS]
    return [*made, _dead_letters(found)]


def _area(title: str, kinds: Sequence[KindHealth]) -> Cell:
    done, waiting = sum(one.done for one in kinds), sum(one.waiting + one.running for one in kinds)
    line = _("%(done)s done, %(waiting)s under way") % {"done": number(done), "waiting": number(waiting)}
    dead, uncertain = sum(one.dead for one in kinds), sum(one.uncertain for one in kinds)
    oldest = max((one.oldest_due for one in kinds if one.oldest_due is not None), default=None)
    if dead:
        return Cell(title, line, "bad", ngettext("%(n)s gave up", "%(n)s gave up", dead) % {"n": number(dead)})
    if oldest is not None and oldest > LATE:
        return Cell(title, line, "bad", _("oldest waits %(time)s") % {"time": duration(oldest)})
    if uncertain:
        text = ngettext("%(n)s uncertain", "%(n)s uncertain", uncertain) % {"n": number(uncertain)}
        return Cell(title, line, "warn", text)
    if oldest is not None:
        return Cell(title, line, "good", _("oldest due %(time)s") % {"time": duration(oldest)})
    return Cell(title, line, "good", _("none waits"))


def _dead_letters(found: Sequence[KindHealth]) -> Cell:
    dead, total = sum(one.dead for one in found), sum(one.total for one in found)
    line = _("%(n)s of %(all)s jobs") % {"n": number(dead), "all": number(total)}
    last = max((one.last_dead for one in found if one.last_dead), default=None)
    if dead:
        text = _("last one %(day)s") % {"day": date_format(last, "j M")} if last else _("waiting for a person")
        return Cell(_("Dead letters"), line, "bad", text)
    return Cell(_("Dead letters"), line, "good", _("none"))
