"""A table that stacks on a phone shows a figure of each row there, not its name alone."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TABLE = re.compile(r'<table[^>]*class="[^"]*\bstacks\b[^"]*"[^>]*>(.*?)</table>', re.DOTALL)
CELL = re.compile(r'<t[dh][^>]*class="([^"]*)"')
SHOWN = {"value", "sub", "value-sub"}  # beside `main`; every other cell is left out there


def bare(text: str) -> list[str]:
    """The first words of each stacked table whose rows would show nothing but a name."""
    found = []
    for table in TABLE.finditer(text):
        body = table[1].split("<tbody", 1)[-1]
        if not any(SHOWN & set(classes.split()) for classes in CELL.findall(body)):
            found.append(table[0][:120])
    return found


def test_every_stacked_table_shows_a_figure_on_a_phone() -> None:
    texts = {path.relative_to(TEMPLATES): path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    assert sum(len(TABLE.findall(text)) for text in texts.values()) > 20
    assert {str(path): bare(text) for path, text in texts.items() if bare(text)} == {}


def test_a_table_of_names_alone_is_found() -> None:
    row = '<tr><th scope="row" class="main">Middle</th><td class="n">43.4 %</td></tr>'
    table = f'<table class="table stacks"><tbody>{row}</tbody></table>'
    assert bare(table) == [table[:120]]
    assert bare(table.replace('"n"', '"n value"')) == []
