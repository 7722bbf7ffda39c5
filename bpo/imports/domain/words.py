"""Sentences for people, written in pure code and translated at the edge.

A pure module has no language. It writes English through `phrase`, which keeps the template and its parts
beside the finished text; a screen that knows its reader's language asks the phrase for its translation.
Modules import it as `_`, so that the message extractor finds the templates.
"""

import difflib
from collections.abc import Callable, Iterable


class Phrase(str):
    """Finished English text that still knows its template and parts."""

    template: str
    parts: dict[str, object]

    def translated(self, translate: Callable[[str], str]) -> str:
        """Return the same sentence with its template put through `translate`, for example gettext."""
        parts = {
            name: part.translated(translate) if isinstance(part, Phrase) else part for name, part in self.parts.items()
        }
        return translate(self.template).format(**parts)


def phrase(template: str, /, **parts: object) -> Phrase:
    """Fill a template's named places with `parts`, of which some may be phrases themselves."""
    made = Phrase(template.format(**parts))
    made.template, made.parts = template, parts
    return made


_ = phrase  # the name the message extractor looks for


def shown(text: str, limit: int = 40) -> str:
    """Cut what a message repeats from a file, so that a huge cell makes no huge message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quoted(names: Iterable[str], most: int = 8) -> str:
    """Return names in quotes with commas between them, the first few of many."""
    found = [f'"{shown(name)}"' for name in names]
    return ", ".join(found[:most]) + (", …" if len(found) > most else "")


def nearest(name: str, known: Iterable[str]) -> Phrase:
    """Return a remedy: the known names most like this one, or some of them where none is."""
    by_lower = {shown(one).casefold(): one for one in sorted(known)}
    close = difflib.get_close_matches(shown(name).casefold(), list(by_lower), n=3, cutoff=0.5)
    if close:
        return _("Nearest: {names}.", names=quoted(by_lower[one] for one in close))
    return _("Use one of: {names}.", names=quoted(by_lower.values()))
