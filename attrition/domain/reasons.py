"""Why people leave: a small vocabulary, each reason of one kind, and the kinds add up to everybody who left."""

from types import MappingProxyType
from typing import Final

VOLUNTARY: Final = "voluntary"
INVOLUNTARY: Final = "involuntary"
OTHER: Final = "other"
KINDS: Final = (VOLUNTARY, INVOLUNTARY, OTHER)

# A person who stops coming has left by choice, though it is often booked as a dismissal.
REASONS: Final = MappingProxyType(
    {
        "better_pay": VOLUNTARY,
        "other_job": VOLUNTARY,
        "schedule": VOLUNTARY,
        "commute": VOLUNTARY,
        "workload": VOLUNTARY,
        "management": VOLUNTARY,
        "career": VOLUNTARY,
        "study": VOLUNTARY,
        "family": VOLUNTARY,
        "health": VOLUNTARY,
        "relocation": VOLUNTARY,
        "job_abandonment": VOLUNTARY,
        "not_said": VOLUNTARY,
        "performance": INVOLUNTARY,
        "conduct": INVOLUNTARY,
        "attendance": INVOLUNTARY,
        "training_failed": INVOLUNTARY,
        "redundancy": INVOLUNTARY,
        "contract_end": OTHER,
        "retirement": OTHER,
        "death": OTHER,
        "unknown": OTHER,
    }
)


def kind_of(reason: str) -> str:
    """The kind of a reason. ValueError for one that is not in the vocabulary."""
    if reason not in REASONS:
        raise ValueError(f"reason {reason!r} is not one of {', '.join(REASONS)}")
    return REASONS[reason]
