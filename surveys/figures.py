"""The figures of one period, put together once for the screen and the API."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bpo.ratio import Ratio
from surveys import selectors
from surveys.domain.comparison import Difference, difference, hidden, mean_score
from surveys.domain.metrics import SCALE, bounds, csat
from surveys.selectors import Counts, Funnel, Period


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
    """One reason beside the rest. `why_hidden` is empty, "too_few" or "subtraction"."""

    name: str | None
    rating: Rating
    why_hidden: str = ""
    against_rest: Difference | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    period: Period
    survey: Rating
    source: Rating
    survey_groups: list[Group]
    source_groups: list[Group]
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
        """The share among all who were sent the survey, if nobody silent were satisfied and if all were."""
        rate = self.response_rate.value
        if self.survey.value is None or rate is None:
            return None
        return bounds(self.survey.value, rate)


def figures(period: Period, now: datetime) -> Figures:
    """All figures of a period, in three statements."""
    answers, ratings = selectors.response_counts(period), selectors.source_counts(period)
    return Figures(
        period,
        survey=rating(total(answers)),
        source=rating(total(ratings)),
        survey_groups=groups(answers),
        source_groups=groups(ratings),
        funnel=selectors.funnel(period, now),
    )


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
