"""What the builder says about a draft that can't score yet: the problem and its remedy, by the code of the problem."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qa.domain.problems import Problem

Words = tuple[str | Promise, str | Promise]
PROBLEMS: Final[dict[str, Words]] = {
    "no_sections": (_("There is no section."), _("Add one, then its questions.")),
    "pass_mark": (_("The pass mark isn’t 0 to 100."), _("Give a number such as 80.")),
    "mode": (_("Nothing says how scores are counted."), _("Choose a way of counting.")),
    "too_many": (_("There are more than %(detail)s questions."), _("Split the form into two scorecards.")),
    "no_weight_at_all": (_("All sections weigh 0."), _("Give at least one of them a weight.")),
    "no_title": (_("The section has no title."), _("Name it in one or two words.")),
    "weight": (_("The weight isn’t a number from 0."), _("Give a number such as 1 or 2.5.")),
    "no_questions": (_("The section asks nothing."), _("Add a question, or remove the section.")),
    "key_twice": (_("Two questions bear the same key."), _("Remove one and add it anew.")),
    "no_text": (_("The question says nothing."), _("Write it as the reviewer shall read it.")),
    "type": (_("Nothing says how it is answered."), _("Choose one answer, several, or a number.")),
    "limit": (_("A limit of points isn’t a number from 0."), _("Give a number, or leave it empty.")),
    "limits_crossed": (_("The fewest points are above the most."), _("Lower the one or raise the other.")),
    "few_options": (_("There are too few answers."), _("Add answers: two at least where one is chosen.")),
    "no_label": (_("Answer %(row)s has no words."), _("Say what it means, such as “Yes”.")),
    "label_twice": (_("Answer %(row)s reads like another."), _("Word them differently, or remove one.")),
    "points": (_("Answer %(row)s has no points."), _("Give a number; 0 is one.")),
    "no_scope": (_("Answer %(row)s fails, but nothing says what."), _("Choose whether the section or the form fails.")),
    "no_ranges": (_("There is no range."), _("Add one: from, to, and the points it earns.")),
    "range": (_("Range %(row)s isn’t from a number up to a number."), _("Give from, to and points as numbers.")),
    "ranges_overlap": (_("Range %(row)s begins within the one up to %(detail)s."), _("Begin it just above.")),
    "ranges_gap": (_("Range %(row)s leaves a gap after %(detail)s."), _("Begin it where the one before ends.")),
    "bonus_critical": (_("A bonus question can neither fail nor be critical."), _("Take the one or the other away.")),
    "condition_order": (_("It depends on a question that doesn’t come before it."), _("Move it below, or choose another.")),
    "condition_number": (_("It depends on a question that has no answers to choose."), _("Choose another question.")),
    "condition_empty": (_("It depends on a question, but on none of its answers."), _("Tick at least one.")),
    "condition_option": (_("It depends on an answer that isn’t there any more."), _("Tick answers that are.")),
    "precedent_empty": (_("Worked example %(row)s says nothing."), _("Describe the case, or remove it.")),
    "precedent_option": (_("Worked example %(row)s argues for no answer of this question."), _("Choose which it argues for.")),
    "engine": (_("It can’t be scored: %(detail)s"), _("Change what it names.")),
}  # fmt: skip
FIELDS: Final[dict[str, str | Promise]] = {
    "mode": _("way of counting"), "pass_mark": _("pass mark"), "cap_at_100": _("cap at 100"),
    "autofail_effect": _("after a failing answer"), "title": _("title"), "weight": _("weight"), "text": _("question"),
    "short": _("short label"), "guidance": _("what counts as full marks"), "type": _("kind of answer"),
    "max": _("most points"), "min": _("fewest points"), "bonus": _("bonus"), "allow_na": _("N/A"),
    "na": _("what N/A does"), "error_class": _("kind of error"), "autofail_scope": _("what a failing answer fails"),
    "show_if": _("asked only if"), "options": _("answers"), "ranges": _("ranges"), "precedents": _("worked examples"),
    "label": _("answer"), "points": _("points"), "autofail": _("fails"), "sections": _("sections"),
    "questions": _("questions"), "option": _("answer"), "order": _("order of answers"), "key": _("key"),
}  # fmt: skip
VALUES: Final[dict[str, dict[object, str | Promise]]] = {
    "mode": {
        "nested": _("sections, then questions by weight"), "flat": _("questions by weight"), "points": _("points"),
        "points_x_weight": _("points times section weight"),
    },
    "autofail_effect": {"zero": _("the score becomes 0"), "keep": _("the score stays, the outcome is Fail")},
    "type": {"choice": _("one answer"), "multi": _("several answers"), "number": _("a number")},
    "na": {"drop": _("leaves the sum"), "full": _("counts full")},
    "error_class": {
        None: _("not critical"), "customer": _("customer"), "business": _("business"), "compliance": _("compliance"),
    },
    "autofail_scope": {None: _("nothing"), "section": _("the section"), "form": _("the form")},
}  # fmt: skip


def words_of(problem: Problem) -> tuple[str, str]:
    """Problem and remedy as a person reads them."""
    text, remedy = PROBLEMS[problem.code]
    return str(text) % {"row": problem.row, "detail": problem.detail}, str(remedy)


def field_words(name: str) -> str:
    return str(FIELDS.get(name, name))
