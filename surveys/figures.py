"""The figures of one period, put together once for the screen and the API."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final

from bpo.ratio import Ratio
from surveys import selectors
from surveys.domain.comparison import NEEDS, Difference, difference, hidden, mean_score
from surveys.domain.metrics import SCALE, bounds, csat, post_stratify
from surveys.selectors import Counts, Funnel, Period, Tally

WEEKS: Final = 13
MIX: Final = 0.95  # of the resolutions must be about reasons with answers before their mix is weighed


@dataclass(frozen=True, slots=True)
class Rating:
    """Top-2-box satisfaction: `num` of `den` gave 4 or 5 of 5; 95 % Wilson interval; how often each was given."""

    num: int
    den: int
    value: float | None
    low: float
    high: float
    mean: float | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Group:
    """One group beside the rest of its dimension. `why_hidden` is empty, "too_few" or "subtraction"."""

    name: str | None
    rating: Rating
    why_hidden: str = ""
    against_rest: Difference | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """What the groups are of: "reason", "queue", "team", "tenure" or "shift"."""

    key: str
    groups: list[Group]


@dataclass(frozen=True, slots=True)
class Agents:
    """How many agents there are figures of, how many differ from the rest, and how many answers the middle one has."""

    count: int
    differing: int
    median: float


@dataclass(frozen=True, slots=True)
class Compared:
    rating: Rating
    dimensions: list[Dimension]
    agents: Agents


@dataclass(frozen=True, slots=True)
class Week:
    """One week's rating; `start` is its Monday."""

    start: date
    rating: Rating


@dataclass(frozen=True, slots=True)
class Change:
    """The period before, and how far this one is from it."""

    before: Rating
    difference: Difference


@dataclass(frozen=True, slots=True)
class Figures:
    period: Period
    survey: Rating
    source: Rating
    survey_compared: Compared
    source_compared: Compared
    weeks: list[Week]
    change: Change | None
    funnel: Funnel

    @property
    def response_rate(self) -> Ratio:
        """Answers of what was sent."""
        return Ratio(self.funnel.answered, self.funnel.sent)

    @property
    def coverage(self) -> Ratio:
        """Answers of all resolutions."""
        return Ratio(self.funnel.answered, self.funnel.resolutions)

    @property
    def worst_case(self) -> tuple[float, float] | None:
        """The share among all who were sent the survey, if nobody silent were satisfied and if all were.

        None where too few answered: the lower bound would give their share away.
        """
        rate = self.response_rate.value
        if self.survey.value is None or self.survey.den < NEEDS or rate is None:
            return None
        return bounds(self.survey.value, rate)

    @property
    def weighted(self) -> float | None:
        """The share with each reason at its own number of resolutions; None while reasons have no answers.

        None too where a reason is hidden: with the plain share it would be the second equation of two unknowns.
        """
        mix = self.funnel.by_reason
        about = next((one for one in self.survey_compared.dimensions if one.key == "reason"), None)
        if about is None or any(one.why_hidden for one in about.groups):
            return None
        strata = [(mix.get(one.name, 0), one.rating.num, one.rating.den) for one in about.groups]
        if not strata or sum(weight for weight, _, _ in strata) < MIX * self.funnel.resolutions:
            return None
        return post_stratify(strata)


def figures(period: Period, now: datetime) -> Figures:
    """All figures of a period, in six statements; a seventh for the period before, where there is one."""
    survey = compared(selectors.response_tallies(period), selectors.response_agents(period))
    source = compared(selectors.source_tallies(period), selectors.source_agents(period))
    return Figures(
        period,
        survey=survey.rating,
        source=source.rating,
        survey_compared=survey,
        source_compared=source,
        weeks=weeks(selectors.response_weeks(period)),
        change=_change(survey.rating, period),
        funnel=selectors.funnel(period, now),
    )


def _change(now: Rating, period: Period) -> Change | None:
    if period.before is None:
        return None
    before = rating(selectors.response_scores(period.before))
    if min(now.den, before.den) < NEEDS:
        return None
    return Change(before, difference(now.num, now.den, before.num, before.den))


def compared(tallies: Iterable[Tally], by_agent: Mapping[Any, Counts]) -> Compared:
    """The whole, and each dimension that has at least two groups to tell apart."""
    tallies = list(tallies)
    whole: Counter[int] = Counter()
    dimensions: dict[str, dict[str | None, Counter[int]]] = {}
    for one in tallies:
        whole[one.score] += one.n
        for key, name in one.groups.items():
            dimensions.setdefault(key, {}).setdefault(name, Counter())[one.score] += one.n
    shown = [Dimension(key, groups(found)) for key, found in dimensions.items() if len(found) > 1 or key == "reason"]
    return Compared(rating(whole), shown, _agents(by_agent))


def _agents(by_agent: Mapping[Any, Counts]) -> Agents:
    ratings = [csat(counts) for counts in by_agent.values()]
    good, n = sum(one.good for one in ratings), sum(one.n for one in ratings)
    differing = sum(
        difference(one.good, one.n, good - one.good, n - one.n).clear for one in ratings if NEEDS <= one.n < n
    )
    return Agents(len(ratings), differing, median([one.n for one in ratings]) if ratings else 0)


def weeks(by_week: Mapping[date, Counts]) -> list[Week]:
    """The last thirteen weeks up to the newest with an answer, those without one too."""
    if not by_week:
        return []
    last = max(by_week)
    first = max(min(by_week), last - timedelta(weeks=WEEKS - 1))
    starts = [first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]
    return [Week(start, rating(by_week.get(start, {}))) for start in starts]


def rating(counts: Mapping[int, int]) -> Rating:
    found = csat(counts)
    full = {score: counts.get(score, 0) for score in SCALE}
    return Rating(found.good, found.n, found.value, found.low, found.high, mean_score(counts), full)


def total(by_group: Mapping[str | None, Counts]) -> Counts:
    added: Counter[int] = Counter()
    for counts in by_group.values():
        added.update(counts)
    return dict(added)


def groups(by_name: Mapping[str | None, Counts]) -> list[Group]:
    """The groups by name, those without one last; each with its difference from the rest of them."""
    whole = csat(total(by_name))
    sizes = {name or "": sum(counts.values()) for name, counts in by_name.items()}
    out = hidden(sizes)
    found = []
    for name in sorted(by_name, key=lambda name: (name is None, name or "")):
        own = rating(by_name[name])
        why = out.get(name or "", "")
        rest_good, rest_n = whole.good - own.num, whole.n - own.den
        compared = None if why or not rest_n else difference(own.num, own.den, rest_good, rest_n)
        found.append(Group(name, own, why, compared))
    return found
