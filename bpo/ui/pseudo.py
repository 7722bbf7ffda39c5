"""A language that shows what isn't translated: every message accented and in ⟦brackets⟧.

Render a page inside `pseudo_locale()`, then `untranslated(html)` lists the words that stayed outside.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

CODE = "en-xa"
OPEN, CLOSE = "⟦", "⟧"
CONTEXT = "\x04"  # between a message's context and its text
FORMATS = "date format"  # messages with this context are patterns, not words
KEEP = re.compile(r"(%\([^)]*\)[sdr]|%[sdr%]|\{[^{}]*\}|<[^>]*>|&[#\w]+;)")
ACCENTED = str.maketrans(
    "AaCcDdEeGgIiLlNnOoRrSsTtUuYyZz",
    "ÅåÇçĎďÉéĞğÎîĽľÑñÖöŘřŠšŢţÜüÝýŽž",
)
LETTERS = re.compile(r"[^\W\d_]{2,}")
SPOKEN = {"aria-label", "title", "placeholder", "alt"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSPOKEN = {"script", "style", "code", "kbd", "pre"}


def pseudo(message: str) -> str:
    """`message` accented and bracketed; placeholders, tags and entities stay as they are."""
    if not message.strip():
        return message
    parts = KEEP.split(message)
    return OPEN + "".join(part if index % 2 else part.translate(ACCENTED) for index, part in enumerate(parts)) + CLOSE


class PseudoTranslation(NullTranslations):
    """A catalogue that has every message. Plurals follow English."""

    domain = "django"

    def gettext(self, message: str) -> str:
        context, _, text = message.rpartition(CONTEXT)
        return text if context == FORMATS else pseudo(text)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def language(self) -> str:
        return CODE

    def to_language(self) -> str:
        return CODE


@contextmanager
def pseudo_locale() -> Iterator[None]:
    """Every language is the pseudo one inside: of this thread, of others, and of requests that choose their own."""
    real: Any = trans_real  # Django has no public way to add a catalogue without a file
    catalogues, default = dict(real._translations), real._default
    active = getattr(real._active, "value", None)
    made = PseudoTranslation()
    real._translations.update(dict.fromkeys({CODE, settings.LANGUAGE_CODE, *dict(settings.LANGUAGES)}, made))
    real._default = made
    translation.activate(CODE)
    try:
        yield
    finally:
        real._translations.clear()
        real._translations.update(catalogues)
        real._default = default
        translation.deactivate()
        if active is not None:
            real._active.value = active


def untranslated(html: str) -> list[str]:
    """Visible words outside the brackets, each once, in the order of the page.

    Left out: elements with `translate="no"` (names, what people wrote), code and keys, numbers and single letters.
    """
    reader = _Visible()
    reader.feed(html)
    reader.close()
    return list(dict.fromkeys(reader.found))


class _Visible(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.depth = 0  # brackets may open in one text node and close in another

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        silent = bool(self.open) and self.open[-1][1]
        silent = silent or tag in UNSPOKEN or given.get("translate") == "no"
        if not silent:
            self.found += [words for name in SPOKEN & given.keys() for words in _outside(given[name], 0)[0]]
        if tag not in VOID:
            self.open.append((tag, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        words, self.depth = _outside(data, self.depth)
        if not (self.open and self.open[-1][1]):
            self.found += words


def _outside(text: str, depth: int) -> tuple[list[str], int]:
    """Words of `text` outside the brackets, and how deep it ends."""
    kept: list[str] = []
    run = ""
    for sign in text:
        if sign == OPEN:
            depth += 1
        elif sign == CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0:
            run += sign
            continue
        kept.append(run)
        run = ""
    kept.append(run)
    return [" ".join(part.split()) for part in kept if LETTERS.search(part)], depth
