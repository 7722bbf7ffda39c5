"""The form of a queue's target: answered in time, done when due, or a list of calls to make."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scheduling.forms import DueForm, TargetForm, target_form
from scheduling.forms_outbound import OutboundForm
from scheduling.models import Requirement
from scheduling.selectors import learned_attempts
from scheduling.staffing import calls_out
from scheduling.views.asked import Asked

AnyForm = TargetForm | DueForm | OutboundForm


def blank_form(about: Asked, last: Requirement | None, now: datetime) -> AnyForm:
    """To be filled in, from the last target or from what usually holds."""
    if calls_out(about.queue):
        learned = learned_attempts(about.queue.pk, now, about.week.zone)
        return OutboundForm(initial=OutboundForm.given(learned, last), learned=learned)
    kind = target_form(about.queue)
    return kind(initial=kind.given(about.queue, last))


def sent_form(about: Asked, sent: Mapping[str, Any], last: Requirement | None, now: datetime) -> AnyForm:
    """With what was sent; without any target in it, with what would stand in the form."""
    whole = "shrinkage" in sent
    if calls_out(about.queue):
        learned = learned_attempts(about.queue.pk, now, about.week.zone)
        return OutboundForm(sent if whole else OutboundForm.given(learned, last), learned=learned)
    kind = target_form(about.queue)
    return kind(sent if whole else kind.given(about.queue, last))
