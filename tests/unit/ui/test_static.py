"""What is served as a file: vendored, contrasting, and without anything the policy would refuse."""

import hashlib
import json
import re
from pathlib import Path

import pytest

import bpo.ui

UI = Path(bpo.ui.__file__).parent
STATIC = UI / "static/bpo"
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)")
TOKENS = {name: (light, dark) for name, light, dark in TOKEN.findall((STATIC / "css/tokens.css").read_text())}
CLIENTS = re.findall(r"\.client-c\d+ \{ --client: light-dark\((#[0-9A-F]{6}),", (STATIC / "css/tokens.css").read_text())


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT = [
    *(("ink", g) for g in ("canvas", "surface", "sunken", "accentweak", "mark", "tint-bad")),
    *(("ink2", g) for g in ("canvas", "surface", "sunken", "rail", "tint-bad")),
    *(("ink3", g) for g in ("canvas", "surface", "sunken", "tint-bad")),
    *(("accent", g) for g in ("canvas", "surface", "accentweak")),
    *((state, ground) for state in ("good", "warn", "bad") for ground in ("surface", f"{state}weak")),
    ("bad", "tint-bad"),
    *(("onaccent", g) for g in ("accent", "accent-hover", "accent-press", "accent-busy")),
]
MARKS = [(m, "surface") for m in ("edge", "compare", "strong", "accent", "good", "warn", "bad")]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_has_contrast_4_5_and_marks_3_in_both_themes(theme):
    weak = [(a, b, 4.5) for a, b in TEXT if contrast(TOKENS[a][theme], TOKENS[b][theme]) < 4.5]
    weak += [(a, b, 3) for a, b in MARKS if contrast(TOKENS[a][theme], TOKENS[b][theme]) < 3]
    assert weak == []


def test_eleven_client_colours_stand_out_in_both_themes():
    assert len(CLIENTS) == 11
    for colour in CLIENTS:
        lighter = "#" + "".join(f"{round(int(colour[i : i + 2], 16) * 0.75 + 255 * 0.25):02X}" for i in (1, 3, 5))
        assert contrast(colour, TOKENS["canvas"][0]) >= 3
        assert contrast(lighter, TOKENS["surface"][1]) >= 3


def test_vendored_files_are_the_ones_described():
    described = json.loads((UI / "vendored.json").read_text())
    for item in described:
        assert hashlib.sha256((UI / item["file"]).read_bytes()).hexdigest() == item["sha256"], item["name"]
        assert (UI / item["licence_file"]).is_file()
        assert item["version"]
    files = {f.relative_to(UI).as_posix() for f in (STATIC / "vendor").rglob("*") if f.is_file()}
    assert files == {i["file"] for i in described} | {i["licence_file"] for i in described}


def test_every_file_a_style_names_exists():
    for sheet in (STATIC / "css").glob("*.css"):
        for address in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            assert (sheet.parent / address).is_file(), f"{sheet.name}: {address}"


def test_every_colour_a_style_uses_is_a_token():
    known = set(re.findall(r"--([\w-]+):", "".join(s.read_text() for s in (STATIC / "css").glob("*.css"))))
    for sheet in (STATIC / "css").glob("*.css"):
        assert set(re.findall(r"var\(--([\w-]+)", sheet.read_text())) <= known | {"unit-pad"}, sheet.name


def test_scripts_evaluate_nothing_and_build_no_markup_from_text():
    for script in (STATIC / "js").glob("*.js"):
        assert not re.search(
            r"\beval\(|new Function|innerHTML\s*=|outerHTML\s*=|insertAdjacentHTML|document\.write", script.read_text()
        ), script.name
