"""A recording as pages draw it: bars, gaps and a time axis, placed as percentages of its length."""

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.domain.spans import Kind, Span, covering, hushed, silenced, spans_of
from interactions.domain.waveform import draw, ticks
from interactions.models import Line, Recording

WORDS: Final[dict[Kind, str | Promise]] = {
    "card": gettext_lazy("card number"),
    "identity": gettext_lazy("identity or sign-in"),
    "health": gettext_lazy("health"),
    "other_person": gettext_lazy("another person"),
    "other": gettext_lazy("something else"),
}


def place(ms: int, length_ms: int) -> str:
    """A moment as a percentage of the length."""
    return f"{min(max(ms / length_ms, 0), 1) * 100:.3f}%"


def drawn(recording: Recording) -> dict[str, Any]:
    """The recording as bars with its silenced stretches, its axis, and what skipping silence passes over."""
    length = recording.duration_ms
    spans = spans_of(recording.redactions)
    wave = draw(hushed(recording.peaks, silenced(spans)))
    return {
        "wave": wave,
        "length_ms": length,
        "seconds": length / 1000,
        "longest": wave.longest_silence_ms / 1000,
        "gaps": [gap(one, length) for one in spans],
        "ticks": [_tick(second, length) for second in ticks(length)],
        "skips": sorted([*wave.silences, *((one.from_ms, one.to_ms) for one in spans)]),
    }


def gap(one: Span, length_ms: int) -> dict[str, Any]:
    return {
        **one.as_dict(),
        "why": WORDS.get(one.kind, WORDS["other"]),
        "seconds": (one.to_ms - one.from_ms) / 1000,
        "x": place(one.from_ms, length_ms),
        "width": place(one.to_ms - one.from_ms, length_ms),
    }


def _tick(second: int, length_ms: int) -> dict[str, Any]:
    """A mark of the time axis; its label stays inside at both ends."""
    share = second * 1000 / length_ms
    anchor = "start" if not second else "end" if share > 0.97 else "middle"
    return {"x": place(second * 1000, length_ms), "seconds": second, "anchor": anchor}


def transcript(recording: Recording, lines: list[Line], *, whole: bool) -> list[dict[str, Any]]:
    """Lines as a page shows them. Unless all of it is for the reader, what was said in a silenced stretch is left out."""
    spans = spans_of(recording.redactions)
    return [_line(one, covering(spans, one.starts_ms, one.ends_ms), whole=whole) for one in lines]


def _line(one: Line, span: Span | None, *, whole: bool) -> dict[str, Any]:
    shown = {"from_ms": one.starts_ms, "to_ms": one.ends_ms, "speaker": one.speaker}
    shown |= {"who": one.get_speaker_display(), "text": one.text, "span": span, "removed": ""}
    if span is not None:
        seconds = max(round((span.to_ms - span.from_ms) / 1000), 1)
        words = WORDS.get(span.kind, WORDS["other"])
        shown["removed"] = _("%(what)s removed, %(n)s s") % {"what": words, "n": seconds}
        shown["text"] = one.text if whole else ""
    return shown
