"""Reading matrix.txt: one line a method and address, one letter a column."""

from dataclasses import dataclass
from pathlib import Path

MATRIX = Path(__file__).with_name("matrix.txt")

# Letter → what becomes of (one's own, one's own team's, another team's): y may, n nothing happens, 0 as if missing.
WORK = {"+": "yyy", "t": "yy0", "o": "y00", "x": "nyy", "w": "ny0", "h": "ynn", "g": "yn0"}
REFUSED, NOBODY, NOT_HERE = ".", "-", "0"
LETTERS = {*WORK, REFUSED, NOBODY, NOT_HERE}


@dataclass(frozen=True, slots=True)
class Row:
    host: str
    method: str
    route: str
    cells: dict[str, str]  # column → letter
    line: int

    @property
    def key(self) -> tuple[str, str, str]:
        return self.host, self.method, self.route

    def __str__(self) -> str:
        return f"{self.host} {self.method} {self.route}"


@dataclass(frozen=True, slots=True)
class Matrix:
    rows: list[Row]
    columns: dict[str, list[str]]  # host → columns
    models: dict[str, list[str]]  # host → what its admin lists
    open_to_all: set[tuple[str, str, str]]


def read(text: str | None = None) -> Matrix:
    """The matrix. ValueError names the line that can't be read."""
    rows: list[Row] = []
    columns: dict[str, list[str]] = {}
    models: dict[str, list[str]] = {}
    exempt: set[tuple[str, str, str]] = set()
    host = ""
    for number, raw in enumerate((MATRIX.read_text() if text is None else text).splitlines(), start=1):
        words = raw.split("#")[0].split()
        if not words:
            continue
        if words[0] == "==":
            host, columns[words[1]], models[words[1]] = words[1], words[2:], []
        elif words[0] == "MODEL":
            models[host] += words[1:]
        elif words[0] == "OPEN":
            exempt.add((host, words[1], words[2]))
        elif "<model>" in words[1]:
            for model in models[host]:
                rows.append(_row(host, [words[0], words[1].replace("<model>", model), *words[2:]], columns, number))
        else:
            rows.append(_row(host, words, columns, number))
    return Matrix(rows, columns, models, exempt)


def _row(host: str, words: list[str], columns: dict[str, list[str]], number: int) -> Row:
    method, route, *letters = words
    wanted = columns[host]
    if len(letters) != len(wanted) or set(letters) - LETTERS:
        raise ValueError(f"matrix.txt line {number}: {len(wanted)} letters of {sorted(LETTERS)} are wanted: {wanted}")
    return Row(host, method, route, dict(zip(wanted, letters, strict=True)), number)


def line(method: str, route: str, letters: list[str], columns: list[str]) -> str:
    cells = " ".join(f"{letter:<{len(column)}}" for letter, column in zip(letters, columns, strict=True))
    return f"{method:<6} {route:<62} {cells}".rstrip()
