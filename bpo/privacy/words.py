"""What an export and an erasure do, in the words of the page."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bpo.audit_reading import kind_words
from bpo.privacy.erasing import Counts

BECOMES: Final[dict[str, str | Promise]] = {
    "delete": _("deleted"),
    "anonymise": _("names and texts emptied, counts and times stay"),
    "keep": _("kept for the figures: it says nothing about who"),
}
# Where the general words would say too little.
OWN: Final[dict[tuple[str, str], str | Promise]] = {
    ("files.StoredFile", "anonymise"): _("content deleted, for it names them"),
    ("surveys.Response", "anonymise"): _("the comment goes, the score stays"),
    ("imports.RejectedRow", "delete"): _("deleted where it quotes them"),
    ("qa.EvaluationRevision", "keep"): _("kept for the score: answers, no words"),
    ("qa.Evaluation", "keep"): _("kept for the score: answers, no words"),
}
NAMES: Final[dict[tuple[str, str], str | Promise]] = {
    ("files.StoredFile", "delete"): _("File of a recording"),
    ("files.StoredFile", "anonymise"): _("Imported file or export"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One model's rows: what they are, how many, and what becomes of them."""

    name: str
    count: int
    becomes: str
    goes: bool


def lines(counts: Counts) -> list[Line]:
    return [
        Line(
            str(NAMES.get((label, action)) or kind_words(label)),
            count,
            str(OWN.get((label, action), BECOMES[action])),
            action != "keep",
        )
        for label, action, count in counts
    ]
