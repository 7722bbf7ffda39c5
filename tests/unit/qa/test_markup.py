"""The renderer of articles gives our tags and nothing of the writer's, whatever is written."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.markup import linked, plain, render

KNOWN = {"refunds": ("Refunds & credits", "/knowledge/1/"), "q-2": ("Second", "/knowledge/2/")}
TAGS = {"h2", "h3", "h4", "p", "br", "ul", "ol", "li", "b", "a"}


class Reader(HTMLParser):
    """Keeps what a browser would see: tags with attributes, the words, and anything that is neither."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def handle_decl(self, decl: str) -> None:
        self.odd.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.odd.append(data)

    def handle_pi(self, data: str) -> None:
        self.odd.append(data)


def read(body: str) -> Reader:
    reader = Reader()
    reader.feed(render(body, KNOWN))
    reader.close()
    return reader


def check(body: str) -> Reader:
    """Only our tags, only href and rel, and no address but ours and the web's."""
    found = read(body)
    assert found.odd == []
    for tag, attributes in found.tags:
        assert tag in TAGS
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else set())
        if tag == "a":
            address = attributes["href"] or ""
            assert address in {"/knowledge/1/", "/knowledge/2/"} or address.startswith(("http://", "https://"))
    return found


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("", ""),
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("# A\n## B\n### C\n#### D\n#E", "<h2>A</h2><h3>B</h3><h4>C</h4><p>#### D<br>#E</p>"),
        ("- a\n- b\n\n1. c\n2) d", "<ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol>"),
        ("a **b c** d**", "<p>a <b>b c</b> d**</p>"),
        ("[[refunds]] [[q-2|the other]] [[gone]]", '<p><a href="/knowledge/1/">Refunds &amp; credits</a> <a href="/knowledge/2/">the other</a> gone</p>'),
        ("[see](https://a.example/b?c=1&d=2)", '<p><a href="https://a.example/b?c=1&amp;d=2" rel="noopener noreferrer">see</a></p>'),
        ("**[see](http://a.example)**", '<p><b><a href="http://a.example" rel="noopener noreferrer">see</a></b></p>'),
    ],
)  # fmt: skip
def test_each_mark_is_one_tag(body: str, html: str) -> None:
    assert render(body, KNOWN) == html


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</p><svg/onload=alert(1)>", "<!-- x -->",
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](data:text/html,<b>)", "[x](//evil.example)",
    '[x](https://a.example" onmouseover="alert(1))', "[x](https://a.example'onclick='alert(1))", "[x](http://)",
    "[x](http://[::1)", "[[refunds|<b onclick=x>]]", '[["><script>]]', "**<i>**", "# <h1 id=x>", "- <a href=x>",
    "&lt;script&gt;", "&#60;script&#62;", "\u2028<script>\u2029", "[<b>](https://a.example)", "<![CDATA[x]]>", "<?php ?>",
    "**[[refunds|**x]]", "[[[refunds]]]", "[a](https://a.example/(x))", "\x00<b>", "\ud83d\ude00 <b>",
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_text_stays_text(body: str) -> None:
    found = check(body)
    assert not {tag for tag, _attributes in found.tags} & {"script", "img", "svg", "i", "h1"}
    assert all(set(attributes) <= {"href", "rel"} for _tag, attributes in found.tags)


@given(st.text(max_size=300))
def test_any_text_gives_our_tags_only(body: str) -> None:
    check(body)


PIECES = ["**", "[[", "]]", "|", "[", "](", ")", "https://a.example", "javascript:", "<", ">", '"', "'", "&", "# ", "- ", "1. ",
          "\n", "refunds", "x", " ", "onclick=", "<script>"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_mixture_of_marks_gives_our_tags_only(pieces: list[str]) -> None:
    check("".join(pieces))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=80))
def test_words_without_marks_come_through_as_they_are(text: str) -> None:
    words = "".join(one for one in text if one not in "*[]#-.)0123456789")
    assert "".join("".join(read(words).words).split()) == "".join(words.split())


def test_a_long_line_of_marks_takes_no_time() -> None:
    for mark in ("**", "[[", "[", "[x](", "[[a|"):
        render(mark * 5000, KNOWN)


def test_words_and_links_of_a_body() -> None:
    body = "# Refunds\nSay **by [[q-2|Friday]]**, see [the rule](https://a.example/x) and [[refunds]].\n- one"
    assert plain(body) == "Refunds\nSay by Friday, see the rule and refunds.\none"
    assert linked(body) == {"q-2", "refunds"}
