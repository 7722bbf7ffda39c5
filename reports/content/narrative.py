"""Three sentences before any chart, each figure with its reference; and the findings that head the charts.

A sentence is a list of parts: {"text": …} or {"figure": ref}. The figure is written from its entry when it is shown.
"""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bpo.ui.numbers import number, span
from interactions.queues import Promised
from reports.content.entries import Json
from reports.presenting import change_text, rounded, scaled, target_text, value_text

Part = dict[str, str]
FIGURE = re.compile(r"\{([A-Z]{2}-\d)\}")


def sentences(figures: Mapping[str, Json], queues: Sequence[Promised]) -> list[list[Part]]:
    """How the promise was kept, what came in, and what customers and reviewers thought of it."""
    written = [_promise(figures, queues), _volume(figures), _quality(figures)]
    return [parts(one) for one in written if one]


def parts(sentence: str) -> list[Part]:
    """A sentence with its {XX-1} marks taken out as figures of their own."""
    found: list[Part] = []
    for place, piece in enumerate(FIGURE.split(sentence)):
        if piece:
            found.append({"figure": piece} if place % 2 else {"text": piece})
    return found


def _few(one: Json) -> bool:
    return bool(one["result"] == "too_few")


def _promise(figures: Mapping[str, Json], queues: Sequence[Promised]) -> str:
    one = figures["SL-2"]
    if _few(one):
        return _("Too few interactions came in to state a service level: {SL-2}.")
    of = _counted_of(one["definition"].get("by", ""))
    if len(queues) == 1 and of:
        return _("Within %(time)s we answered {SL-2} of %(of)s%(verdict)s.") % {
            "time": span(queues[0].answer_within_seconds), "of": of, "verdict": _verdict(one),
        }  # fmt: skip
    if len(queues) == 1:
        return _("We answered {SL-2} of interactions within %(time)s%(verdict)s.") % {
            "time": span(queues[0].answer_within_seconds),
            "verdict": _verdict(one),
        }
    judged = [other for other in figures.values() if other["queue"] and other["result"] in ("met", "amber", "missed")]
    met = sum(other["result"] == "met" for other in judged)
    if of:
        return _promise_counted(of, met, len(judged))
    if not judged:
        return _("We answered {SL-2} of interactions within the time their queue promises.")
    return ngettext(
        "We answered {SL-2} of interactions within the time their queue promises; %(met)s of %(all)s queue met its "
        "target.",
        "We answered {SL-2} of interactions within the time their queue promises; %(met)s of %(all)s queues met their "
        "target.",
        len(judged),
    ) % {"met": number(met), "all": number(len(judged))}


def _counted_of(by: str) -> str:
    """What a service level is a share of, where that was agreed on."""
    return {
        "served_of_offered": _("all interactions offered"),
        "served_of_not_abandoned": _("interactions that were not abandoned"),
        "short_abandons_excluded": _("interactions offered, short abandons aside"),
    }.get(by, "")


def _promise_counted(of: str, met: int, judged: int) -> str:
    if not judged:
        return _("Within the time their queue promises we answered {SL-2} of %(of)s.") % {"of": of}
    return ngettext(
        "Within the time their queue promises we answered {SL-2} of %(of)s; %(met)s of %(all)s queue met its target.",
        "Within the time their queue promises we answered {SL-2} of %(of)s; %(met)s of %(all)s queues met their "
        "target.",
        judged,
    ) % {"of": of, "met": number(met), "all": number(judged)}


def _verdict(one: Json) -> str:
    words = {
        "met": _(", which meets the target of %(target)s"),
        "amber": _(", just short of the target of %(target)s"),
        "missed": _(" against a target of %(target)s, which was missed"),
    }
    return words[one["result"]] % {"target": target_text(one)} if one["result"] in words else ""


def _volume(figures: Mapping[str, Json]) -> str:
    left, handled = figures["AB-1"], figures["HT-1"]
    text = _("{VO-1} interactions came in%(compared)s") % {"compared": _compared(figures["VO-1"])}
    if not _few(left):
        text += _("; {AB-1} of callers left before an answer%(change)s") % {"change": _changed(left)}
    if not _few(handled):
        text += _("; handling one took {HT-1} on average%(change)s") % {"change": _changed(handled)}
    return f"{text}."


def _compared(one: Json) -> str:
    change = one["change"]
    if change["verdict"] == "not_compared" or not one["before"]["num"]:
        return ""
    if not change["value"]:
        return _(", as many as the week before")
    words = {"n": number(abs(change["value"]))}
    if change["value"] > 0:
        return _(", %(n)s more than the week before") % words
    return _(", %(n)s fewer than the week before") % words


def _changed(one: Json) -> str:
    """In brackets, only where chance alone doesn't explain it."""
    if one["change"]["verdict"] != "clear":
        return ""
    return _(" (%(change)s from the week before)") % {"change": change_text(one)}


def _quality(figures: Mapping[str, Json]) -> str:
    happy, scored = figures["CS-1"], figures.get("QA-3")
    if _few(happy):
        text = _("Too few customers answered the survey to state their satisfaction ({CS-1})")
    else:
        text = _("{CS-1} of the %(n)s customers who answered were satisfied%(change)s") % {
            "n": number(happy["n"]),
            "change": _changed(happy) or _steady(happy),
        }
    if scored is not None and not _few(scored):
        text += _("; reviews drawn at random averaged {QA-3}")
    return f"{text}."


def _steady(one: Json) -> str:
    if one["change"]["verdict"] == "no_clear":
        return _(", no clear change")
    return _("; the week before had too few answers to compare")


def finding(one: Json) -> str:
    """What a chart says in a line: "Service level fell by 3.2", or that nothing clear happened."""
    change, name = one["change"], one["definition"]["name"]
    if change["verdict"] == "not_compared":
        return str(name)
    if change["verdict"] != "clear":
        return _("%(name)s: no clear change") % {"name": name}
    exact = rounded(one, abs(change["value"]))
    amount = _points(one) if one["definition"]["unit"] == "%" else value_text(one, abs(change["value"]))
    if exact is None or not scaled(one, exact):
        return _("%(name)s: no clear change") % {"name": name}
    if change["value"] > 0:
        return _("%(name)s rose by %(amount)s") % {"name": name, "amount": amount}
    return _("%(name)s fell by %(amount)s") % {"name": name, "amount": amount}


def _points(one: Json) -> str:
    exact = rounded(one, abs(one["change"]["value"]))
    amount = number(None if exact is None else scaled(one, exact), one["definition"]["digits"])
    return _("%(amount)s points") % {"amount": amount}
