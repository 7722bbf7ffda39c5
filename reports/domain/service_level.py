"""Service level under each definition that contracts use: one day's calls give up to five points between them."""

from collections.abc import Callable
from typing import Final

from bpo.ratio import Ratio

# Each takes answered, abandoned, in_target, abandoned_in_target, short_abandoned and gives numerator and denominator.
_FORMULAS: Final[dict[str, Callable[[int, int, int, int, int], tuple[int, int]]]] = {
    "served_of_offered": lambda ans, ab, good, ab_in, short: (good, ans + ab),
    "served_of_not_abandoned": lambda ans, ab, good, ab_in, short: (good, ans),
    "served_and_abandoned_in_target": lambda ans, ab, good, ab_in, short: (good + ab_in, ans + ab),
    "late_abandons_only": lambda ans, ab, good, ab_in, short: (good, ans + ab - ab_in),
    "short_abandons_as_served": lambda ans, ab, good, ab_in, short: (good + short, ans + ab),
    "short_abandons_excluded": lambda ans, ab, good, ab_in, short: (good, ans + ab - short),
}
DEFINITIONS: Final = tuple(_FORMULAS)


def service_level(
    answered: int,
    abandoned: int,
    in_target: int,
    abandoned_in_target: int,
    short_abandoned: int,
    *,
    definition: str,
) -> Ratio:
    """Return the share served in time, as a fraction; its value is None where the denominator is 0.

    served_of_offered in target/offered, offered being answered + abandoned; served_of_not_abandoned in
    target/answered; served_and_abandoned_in_target both within target/offered;
    late_abandons_only in target/(answered + abandoned after the target); short_abandons_as_served (in target +
    short)/offered; short_abandons_excluded in target/(offered - short). Raises ValueError naming an unknown
    definition and a count that is no whole number, below 0 or above what it is part of.
    """
    counts = {
        "answered": answered,
        "abandoned": abandoned,
        "in_target": in_target,
        "abandoned_in_target": abandoned_in_target,
        "short_abandoned": short_abandoned,
    }
    for name, count in counts.items():
        if not count >= 0 or count != int(count):
            raise ValueError(f"{name} {count} is not a whole number from 0 up")
    for part, whole in (
        ("in_target", "answered"),
        ("abandoned_in_target", "abandoned"),
        ("short_abandoned", "abandoned"),
    ):
        if counts[part] > counts[whole]:
            raise ValueError(f"{part} {counts[part]} is above {whole} {counts[whole]}")
    if definition not in _FORMULAS:
        raise ValueError(f"definition {definition!r} is none of {', '.join(DEFINITIONS)}")
    return Ratio(*_FORMULAS[definition](*counts.values()))
