"""Which survey is asked after an interaction."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from surveys.models import Survey, SurveyVersion

DEFAULT_KEY = "after-interaction"


@transaction.atomic
def ensure_default_survey(*, by: By, now: datetime) -> SurveyVersion | None:
    """The newest version of the active survey. A client without any survey gets ours; None if none is active."""
    found = _newest_active()
    if found is not None or Survey.objects.exists():
        return found
    survey, made = Survey.objects.get_or_create(key=DEFAULT_KEY, defaults={"name": _("After the interaction")})
    version, _made = SurveyVersion.objects.get_or_create(survey=survey, number=1, defaults=_words(now))
    if made:
        record(action="surveys.survey_published", target=version, by=by, now=now, detail={"number": 1})
    return version


def _newest_active() -> SurveyVersion | None:
    versions = SurveyVersion.objects.filter(survey__active=True).select_related("survey")
    return versions.order_by("survey__key", "-number").first()


def _words(now: datetime) -> dict[str, object]:
    return {
        "question": _("How satisfied are you with how we handled your request?"),
        "low_label": _("very dissatisfied"),
        "high_label": _("very satisfied"),
        "mail_subject": _("How did we do?"),
        "mail_text": _(
            "You were in touch with us a short while ago. How satisfied are you with how we handled it?\n"
            "It takes one tap and a confirmation."
        ),
        "thanks": _("Thank you. Your answer helps us do better."),
        "published_at": now,
    }
