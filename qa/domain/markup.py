"""The markup of articles: headings, lists, bold and links, and nothing else. Whatever isn't one of them is text.

    # heading     - item     1. item     **bold**     [words](https://…)     [[key-of-an-article]]     [[key|words]]

Every character of the writer's is escaped before it stands in the page; the tags are ours alone.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

# Key of an article → its title and address.
Known = Mapping[str, tuple[str, str]]
_INLINE: Final = re.compile(
    r"\*\*(?P<bold>[^*\n]{1,500})\*\*"
    r"|\[\[(?P<key>[a-z0-9-]{1,80})(?:\|(?P<said>[^\[\]\n]{1,200}))?\]\]"
    r"|\[(?P<words>[^\[\]\n]{1,200})\]\((?P<url>https?://[^\s()<>\"']{1,500})\)"
)
_BLOCK: Final = re.compile(r"(?P<heading>#{1,3}) +(?P<title>.+)|(?P<item>- +|\d{1,3}[.)] +)(?P<text>.*)")


def render(body: str, known: Known) -> str:
    """The body as HTML of h2–h4, p, br, ul, ol, li, b and a. A link to an article that isn't known is its words."""
    parts = []
    for kind, lines in groupby(_lines(body), key=lambda line: line[0]):
        texts = [_inline(text, known) for _kind, text in lines]
        if kind in ("ul", "ol"):
            parts.append(f"<{kind}>{''.join(f'<li>{text}</li>' for text in texts)}</{kind}>")
        elif kind == "p":
            parts.append(f"<p>{'<br>'.join(texts)}</p>")
        elif kind:
            parts += [f"<{kind}>{text}</{kind}>" for text in texts]
    return "".join(parts)


def plain(body: str) -> str:
    """The body's words, a line a line, without marks and addresses."""
    return "\n".join(_INLINE.sub(_said, text) for kind, text in _lines(body) if kind)


def linked(body: str) -> set[str]:
    """Keys of the articles the body links to."""
    found: set[str] = set()
    for match in _INLINE.finditer(body):
        found |= {match["key"]} if match["key"] else linked(match["bold"] or "")
    return found


def _lines(body: str) -> Iterator[tuple[str, str]]:
    """Each line with the tag of the block it belongs to; an empty one ends a block."""
    for line in body.splitlines():
        text = line.strip()
        match = _BLOCK.fullmatch(text)
        if match is None:
            yield ("p" if text else ""), text
        elif match["heading"]:
            yield f"h{len(match['heading']) + 1}", match["title"]
        else:
            yield ("ul" if match["item"].startswith("-") else "ol"), match["text"]


def _inline(text: str, known: Known) -> str:
    parts, at = [], 0
    for match in _INLINE.finditer(text):
        parts.append(escape(text[at : match.start()]))
        parts.append(_marked(match, known))
        at = match.end()
    return "".join([*parts, escape(text[at:])])


def _marked(match: re.Match[str], known: Known) -> str:
    if match["bold"]:
        return f"<b>{_inline(match['bold'], known)}</b>"
    if match["key"]:
        if match["key"] not in known:
            return escape(_said(match))
        title, url = known[match["key"]]
        return f'<a href="{escape(url)}">{escape(match["said"] or title)}</a>'
    if not _leads_somewhere(match["url"]):
        return escape(match[0])
    return f'<a href="{escape(match["url"])}" rel="noopener noreferrer">{escape(match["words"])}</a>'


def _said(match: re.Match[str]) -> str:
    """What a mark says aloud."""
    if match["bold"]:
        return _INLINE.sub(_said, match["bold"])
    return match["said"] or match["key"] or match["words"]


def _leads_somewhere(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False
