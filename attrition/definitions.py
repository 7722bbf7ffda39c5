"""What each figure of the attrition page means, kept where the panel, the page and a test read the same text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attrition.facts import Facts
from bpo.ratio import Ratio

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure's code, name, formula in words, and what its two parts are called."""

    code: str
    name: Text
    formula: Text
    top: Text
    bottom: Text
    ratio: Callable[[Facts], Ratio]
    version: int = 1


LEFT: Final = _("Left the company")
DEFINITIONS: Final[dict[str, Definition]] = {
    "mean": Definition(
        "AT-1",
        _("Attrition"),
        _("leavers / daily-average headcount, by last day worked"),
        LEFT,
        _("Mean of the daily headcounts"),
        lambda facts: facts.rate,
    ),
    "average": Definition(
        "AT-2",
        _("Two-point average"),
        _("leavers / half of opening plus closing headcount"),
        LEFT,
        _("Mean of opening and closing"),
        lambda facts: facts.by("average"),
    ),
    "opening": Definition(
        "AT-3",
        _("On opening headcount"),
        _("leavers / headcount the evening before the first day"),
        LEFT,
        _("Opening headcount"),
        lambda facts: facts.by("opening"),
    ),
    "everyone": Definition(
        "AT-4",
        _("On everyone employed"),
        _("leavers / opening headcount plus everybody who came"),
        LEFT,
        _("Opening plus who came"),
        lambda facts: facts.by("everyone"),
    ),
    "account": Definition(
        "AT-5",
        _("Account view, with moves out"),
        _("leavers and moves to other clients / daily-average headcount"),
        _("Left the company or moved"),
        _("Mean of the daily headcounts"),
        lambda facts: facts.account,
    ),
    "choice": Definition(
        "AT-6",
        _("By choice, with no-shows"),
        _("leavers by choice, who stopped coming included / daily-average headcount"),
        _("Left by choice"),
        _("Mean of the daily headcounts"),
        lambda facts: facts.by_choice,
    ),
}
LEFT_OUT: Final = _(
    "Moves between clients, which are no separation. A client counts each person by the share of their time."
)
SURE: Final = _("95 % limits are exact for a Poisson count of the people who left (Garwood), over the same headcount.")
