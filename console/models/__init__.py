"""What the operator keeps about its clients as a whole: openings and changes asked for, and weekly figures."""

from console.models.change import Change
from console.models.erasure import Erasure
from console.models.library import ScorecardTemplate, TemplateOffer, TemplateVersion
from console.models.opening import Opening
from console.models.person_request import PersonRequest
from console.models.retention import RetentionRun, RetentionTerm
from console.models.rollup import WeekRollup

__all__ = [
    "Change", "Erasure", "Opening", "PersonRequest", "RetentionRun", "RetentionTerm", "ScorecardTemplate",
    "TemplateOffer", "TemplateVersion", "WeekRollup",
]  # fmt: skip
