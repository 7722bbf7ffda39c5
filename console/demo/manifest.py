"""What is planted in the demo world, how big it is, and how to find it again.

The generator reads its sizes from here and the tests recover them through the selectors that the screens use.
"""

from dataclasses import dataclass
from typing import Final

HISTORY_DAYS: Final = 56
LEAD_CHANGE_DAYS_AGO: Final = 28  # the first day of week 5
LEAD_TEAM: Final = ("norvik", "Falcon")
BAD_DAY: Final = ("norvik", 17)  # client, days ago
ABUSE_QUEUE: Final = ("norvik", "billing")
ABUSE_CALLERS: Final = 5
ABUSE_CALLS: Final = 70
ABUSE_HOURS: Final = (0, 5)  # local: from, before
ABUSE_DAYS: Final = 21
HOLD_REASON: Final = ("norvik", "disputed-charge")
HOLDS: Final = 60  # calls of that reason, spread over history, with a very long hold
HOLD_SECONDS: Final = (2400, 3300)  # from, before

# From this many days of tenure: handling time as a multiple of an experienced agent's, chance of a transfer,
# of a satisfied answer, and mean quality score.
TENURE: Final = (
    (0, 1.35, 0.16, 0.66, 76.0),
    (30, 1.18, 0.11, 0.74, 82.0),
    (90, 1.07, 0.08, 0.80, 87.0),
    (180, 1.00, 0.06, 0.84, 90.0),
)
LEAD_CSAT: Final = -0.18
LEAD_QA: Final = -8.0
LEAD_LEAVERS: Final = 3
GAP: Final = ("norvik", "q10")  # client, question of its scorecard: often marked down, and no article is about it
GAP_CHANCE: Final = 0.6  # that a review marks it down before anything else
PREFERRING: Final = 3  # one of so many agents says what they would rather have
FRIDAY: Final = 4  # off: what every second of them says
EARLY_DAYS: Final = 90
EARLY_HAZARD: Final = 0.0030  # leaving, a day, in the first 90 days of employment
LATER_HAZARD: Final = 0.0008


@dataclass(frozen=True, slots=True)
class Effect:
    """One planted effect. `size` and `tolerance` are in `unit`; the test named after `name` recovers it."""

    name: str
    where: str
    size: float
    tolerance: float
    unit: str
    recover: str


EFFECTS: Final = (
    Effect(
        "tenure_handle_time", "all clients", 1.35, 0.08, "ratio",
        "Mean handling time by reason, agents below 30 days of tenure over those from 180 days, weighed by the "
        "newcomers' reasons; the bad day left out.",
    ),
    Effect(
        "tenure_transfers", "norvik", 0.10, 0.03, "share of handled interactions",
        "Transfer rate of agents below 30 days of tenure less that of agents from 180 days.",
    ),
    Effect(
        "tenure_csat", "all clients", -0.18, 0.10, "share of answers",
        "CSAT of agents below 30 days of tenure less that of agents from 180 days, the changed team left out.",
    ),
    Effect(
        "tenure_qa", "all clients", -14.0, 3.0, "points of 100",
        "Mean quality score of agents below 30 days of tenure less that of agents from 180 days.",
    ),
    Effect(
        "knowledge_gap", "norvik, the question of the next step with a date", 0.70, 0.10, "share of answers",
        "Errors of the question over its answers; it is the first of the questions that lack an article.",
    ),
    Effect(
        "early_attrition", "all clients", EARLY_HAZARD / LATER_HAZARD, 1.5, "ratio",
        "Leavers a day at risk in the first 90 days of employment over those after.",
    ),
    Effect(
        "lead_csat", "norvik, team Falcon", LEAD_CSAT, 0.10, "share of answers",
        "CSAT of the team after the change less before, less the same difference of the other teams.",
    ),
    Effect(
        "lead_qa", "norvik, team Falcon", LEAD_QA, 3.0, "points of 100",
        "Mean quality score of the team after the change less before, less the same difference of the other teams.",
    ),
    Effect(
        "lead_attrition", "norvik, team Falcon", LEAD_LEAVERS, 0, "people",
        "Separations of people placed in the team since the change with the reason “management”.",
    ),
    Effect(
        "bad_day", "norvik, 17 days before the world's day", 0.0, 0.0, "seconds",
        "Handling time of every interaction and interval of that business date.",
    ),
    Effect(
        "abusive_callers", "norvik, queue Billing, 00:00 to 05:00", ABUSE_CALLS, 0, "interactions",
        "Abusive interactions of the five customers who have most of them: all in one queue, at night.",
    ),
    Effect(
        "fridays_off", "all clients", 0.50, 0.05, "share of preferences",
        "Preferences that hold for a Friday off over all that hold.",
    ),
    Effect(
        "long_holds", "norvik, reason “Disputed charge”", 0.72, 0.10, "share of the handling time",
        "Share on hold of the unusually long calls less that of the others, which chance doesn't explain; nor does it "
        "their reason.",
    ),
)  # fmt: skip


def tenure_row(days: int) -> tuple[int, float, float, float, float]:
    """The row of TENURE that holds at so many days of tenure."""
    return next(row for row in reversed(TENURE) if row[0] <= max(days, 0))


def quality_mean(tenure_days: int, *, lead_changed: bool) -> float:
    """The mean quality score planted for an agent of that tenure, of 100."""
    return tenure_row(tenure_days)[4] + (LEAD_QA if lead_changed else 0.0)


def satisfied_chance(tenure_days: int, *, lead_changed: bool) -> float:
    """The planted chance that an answer is 4 or 5."""
    return tenure_row(tenure_days)[3] + (LEAD_CSAT if lead_changed else 0.0)
