"""Check templates before anybody sees them: `python -m bpo.ui.lint_templates [path …]`.

Refused: inline script and style (the content security policy would drop them), unescaped output, text that can't be
translated, assets from elsewhere, POST forms without a token, images without alternative text.
The template language is reduced to markers first, keeping every line, so that an HTML parser can read the rest.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VALUE = "\ue000"  # stands for a variable or any output of a tag
TAG = re.compile(r"\{%-?\s*(?P<tag>.*?)\s*-?%\}|\{\{\s*(?P<value>.*?)\s*\}\}|\{#.*?#\}", re.DOTALL)
UNSAFE = re.compile(r"\|\s*(safe|safeseq|mark_safe)\b")
LETTERS = re.compile(r"[^\W\d_]{2,}")
SPOKEN = ("title", "aria-label", "aria-description", "placeholder", "alt", "data-key-label", "data-go-label")
ASSETS = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "audio": "src",
    "video": "src",
}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSPOKEN = {"script", "style", "code", "kbd", "pre"}
SWALLOWED = ("comment", "blocktranslate", "blocktrans", "verbatim")
CLASSES = re.compile(r"block \w*(class|colour)$")  # blocks that fill a class attribute
PROOF = '<input type="hidden" name="csrfmiddlewaretoken">'
EXEMPT = re.compile(r"\{#\s*no csrf_token: \w.*#\}")  # with its reason, where no cookie is read
SPEAKING = {
    "bars",
    "empty_state",
    "failure",
    "field",
    "funnel",
    "icon",
    "pagination",
    "progress",
    "spark",
    "stat",
    "tag",
    "trend",
}
LITERAL = re.compile(r"""(?<!_\()(["'])(?P<text>[^"']*)\1""")
FALLBACK = re.compile(r"""\|(?:default|default_if_none|yesno):(["'])(?P<text>[^"']*)\1""")


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def lint(source: str, path: str = "template") -> list[Finding]:
    """All findings of one template's source, in the order of its lines."""
    reader = _Reader(path)
    reader.feed(_reduced(source))
    reader.close()
    found = [*_language(source, path), *reader.found]
    return sorted(set(found))


def _language(source: str, path: str) -> Iterator[Finding]:
    """What the template language itself does wrong."""
    translates = False
    for match in TAG.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        tag = match["tag"] or ""
        word = tag.split(" ", 1)[0]
        translates = translates or word in {"translate", "trans", "blocktranslate", "blocktrans"}
        if UNSAFE.search(tag or match["value"] or ""):
            yield Finding(path, line, "prints unescaped (|safe). Build markup with format_html in a tag instead.")
        if word == "autoescape" and "off" in tag:
            yield Finding(path, line, "turns escaping off. Build markup with format_html in a tag instead.")
    if translates and not re.search(r"\{%\s*load\b[^%]*\bi18n\b", source):
        yield Finding(path, 1, "translates without {% load i18n %}. Load it at the top.")


def _reduced(source: str) -> str:
    """HTML with markers for values and nothing for logic; line breaks stay where they were."""
    parts: list[str] = []
    at, waiting = 0, ""
    for match in TAG.finditer(source):
        between = source[at : match.start()]
        at = match.end()
        word = (match["tag"] or "").split(" ", 1)[0]
        parts.append(_breaks(between) if waiting else between)
        parts.append(_breaks(match[0]))
        if waiting:
            waiting = "" if word == f"end{waiting}" else waiting
        elif word in SWALLOWED or CLASSES.match(match["tag"] or ""):
            waiting = word
            parts.append(VALUE if word.startswith("blocktrans") else "")
        else:
            parts.append(PROOF if EXEMPT.match(match[0]) else _marker(word, match["tag"] or "", match["value"]))
    parts.append(source[at:])
    return "".join(parts)


def _marker(word: str, tag: str, value: str | None) -> str:
    """What a tag or variable leaves in the page; words written into it as literals stay readable."""
    if word == "csrf_token":
        return PROOF
    if value is not None:
        return VALUE + _words(FALLBACK, value)
    if word in SPEAKING:
        return VALUE + _words(LITERAL, tag)
    return VALUE if word in {"translate", "trans", "static", "url", "form_fields"} else ""


def _words(pattern: re.Pattern[str], text: str) -> str:
    """Literals that read like words for people: with a space between letters, or a capital first."""
    found = (match["text"] for match in pattern.finditer(text))
    return " ".join(words for words in found if re.match(r"[A-Z][a-z]|[a-z]+ [a-z]", words))


def _breaks(text: str) -> str:
    return "\n" * text.count("\n")


@dataclass
class _Form:
    line: int
    token: bool = False


@dataclass
class _Reader(HTMLParser):
    path: str
    found: list[Finding] = field(default_factory=list)
    open: list[tuple[str, bool]] = field(default_factory=list)  # element, and whether its text is not for translators
    forms: list[_Form | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def say(self, text: str) -> None:
        self.found.append(Finding(self.path, self.getpos()[0], text))

    @property
    def silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        silent = self.silent or tag in UNSPOKEN or given.get("translate") == "no"
        self._markup(tag, given)
        self._asset(tag, given)
        if not silent:
            self._attributes(tag, given)
        if tag == "form":
            self.forms.append(_Form(self.getpos()[0]) if given.get("method", "").lower() == "post" else None)
        if given.get("name") == "csrfmiddlewaretoken" and self.forms and self.forms[-1]:
            self.forms[-1].token = True
        if tag not in VOID:
            self.open.append((tag, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.forms:
            form = self.forms.pop()
            if form and not form.token:
                self.found.append(
                    Finding(self.path, form.line, "<form> posts without {% csrf_token %}. Put it inside.")
                )
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        if self.silent or not LETTERS.search(data):
            return
        line = self.getpos()[0] + data[: LETTERS.search(data).start()].count("\n")  # type: ignore[union-attr]  # searched above
        words = " ".join(data.replace(VALUE, "…").split())
        self.found.append(Finding(self.path, line, f"text {words[:60]!r} can't be translated. Use {{% translate %}}."))

    def _markup(self, tag: str, given: dict[str, str]) -> None:
        if tag == "style":
            self.say("<style> is refused by the content security policy. Write a class in static/bpo/css.")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.say("inline <script> is refused by the content security policy. Write a module in static/bpo/js.")
        for name, value in given.items():
            if name == "style":
                self.say(
                    f"style on <{tag}> is refused by the content security policy. Use a class or an SVG attribute."
                )
            if name.startswith(("on", "hx-on")):
                self.say(f"{name} on <{tag}> is refused by the content security policy. Listen in a module.")
            if value.strip().lower().startswith("javascript:"):
                self.say(f"{name} on <{tag}> runs a script. Use a button and a module.")

    def _asset(self, tag: str, given: dict[str, str]) -> None:
        address = given.get(ASSETS.get(tag, ""), "")
        if re.match(r"(https?:)?//", address.strip()):
            self.say(f"<{tag}> loads {address!r} from elsewhere. Vendor it under static/bpo/vendor.")
        if tag == "img" and "alt" not in given:
            self.say('<img> has no alt. Say what it shows, or alt="" for decoration.')

    def _attributes(self, tag: str, given: dict[str, str]) -> None:
        names = (*SPOKEN, "value") if tag == "input" and given.get("type") in {"submit", "button"} else SPOKEN
        for name in names:
            value = given.get(name, "")
            if LETTERS.search(value.replace(VALUE, " ")):
                self.say(f"{name}={value.replace(VALUE, '…')!r} can't be translated. Use {{% translate %}}.")


def templates(places: Iterable[Path]) -> list[Path]:
    """Every HTML template under the places; what is built, vendored or installed isn't ours."""
    skip = {".venv", "node_modules", "var", ".git"}
    found = {file for place in places for file in ([place] if place.is_file() else place.rglob("*.html"))}
    return sorted(file for file in found if not skip.intersection(file.parts))


def main(arguments: list[str]) -> int:
    places = [Path(a) for a in arguments] or [ROOT]
    files = templates(places)
    found = [finding for file in files for finding in lint(file.read_text(encoding="utf-8"), str(file))]
    for finding in found:
        sys.stderr.write(f"{finding}\n")
    sys.stdout.write(f"{len(files)} templates, {len(found)} findings\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
