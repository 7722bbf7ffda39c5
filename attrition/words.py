"""The vocabulary of separations in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from attrition.domain.reasons import INVOLUNTARY, OTHER, REASONS, VOLUNTARY

KIND_LABELS: dict[str, str | Promise] = {
    VOLUNTARY: _("By choice"),
    INVOLUNTARY: _("Dismissed"),
    OTHER: _("Other"),
}
REASON_LABELS: dict[str, str | Promise] = {
    "better_pay": _("Better pay elsewhere"),
    "other_job": _("Another job"),
    "schedule": _("Shift pattern or hours"),
    "commute": _("Way to work"),
    "workload": _("Workload or customers"),
    "management": _("Lead or management"),
    "career": _("No way up"),
    "study": _("School or study"),
    "family": _("Family"),
    "health": _("Health"),
    "relocation": _("Moved away"),
    "job_abandonment": _("Stopped coming"),
    "not_said": _("Didn’t say"),
    "performance": _("Performance"),
    "conduct": _("Conduct"),
    "attendance": _("Attendance"),
    "training_failed": _("Training not passed"),
    "redundancy": _("Position closed"),
    "contract_end": _("End of contract"),
    "retirement": _("Retirement"),
    "death": _("Death"),
    "unknown": _("Not known"),
}


def grouped_choices() -> list[tuple[str | Promise, list[tuple[str, str | Promise]]]]:
    """Reasons under their kinds, for a form."""
    return [
        (label, [(key, REASON_LABELS[key]) for key, kind in REASONS.items() if kind == of])
        for of, label in KIND_LABELS.items()
    ]
