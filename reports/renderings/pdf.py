"""The report on paper: A4, state by sign and word, hash and revision on every page, the same bytes each time."""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

import bpo.ui
from reports.presenting import Json, Shown, shown
from reports.renderings.drawing import svg
from reports.wording import Page

TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = Path(__file__).with_name("fonts")  # Inter at the two weights of the page, cut from the screens' variable font
TOKENS = Path(bpo.ui.__file__).parent / "static" / "bpo" / "css" / "tokens.css"


def as_pdf(content: dict[str, Any], sha256: str) -> bytes:
    """The bytes of the file, from fonts that come with the product, so that every machine makes the same ones."""
    import typst

    built = datetime.fromisoformat(content["built_at"])
    data = json.dumps(page(content, sha256), ensure_ascii=False)
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
    compiled = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", sys_inputs={"data": data}, font_paths=fonts,
        timestamp=built.replace(microsecond=0),
    )  # fmt: skip
    return bytes(compiled)


def page(content: dict[str, Any], sha256: str) -> Json:
    """Everything the template writes, as text."""
    view = Page(content, sha256)
    by_ref = view.by_ref
    return {
        "title": view.title_with_year,
        "client": content["client"]["name"],
        "operator": content["prepared_by"],
        "colour": colour(content["client"]["colour"]),
        "prepared": _("Prepared by %(name)s") % {"name": content["prepared_by"]},
        "frozen": view.frozen,
        "revision": view.revision,
        "reason": content["reason"],
        "hash": view.short_hash,
        "foot": f"{content['client']['name']}, {view.title}, {view.revision}",
        "sentences": [[_part(part, by_ref) for part in sentence] for sentence in content["sentences"]],
        "rows": [_row(one) for one in view.promised],
        "cards": [_row(one) for one in view.counted],
        "notes": content["notes"],
        "charts": [
            {"title": one["title"], "code": one["ref"], "note": view.note(one), "svg": svg(one, by_ref[one["ref"]])}
            for one in content["series"]
        ],
        "series": [
            {"title": by_ref[one["ref"]]["name"], "code": one["ref"], "points": view.points(one)}
            for one in content["series"]
        ],
        "comments": view.comments,
        "differences": view.differences,
        "definitions": view.definitions,
        "about": view.about,
        "words": _words(view),
    }


def _part(part: Json, by_ref: dict[str, Json]) -> Json:
    if "text" in part:
        return {"text": part["text"]}
    one = shown(by_ref[part["figure"]])
    return {"text": one.value, "code": one.code}


def _row(one: Shown) -> Json:
    states = {"good": "met", "warn": "amber", "bad": "missed"}
    found = {name: getattr(one, name) for name in ("name", "code", "value", "basis", "limits", "target", "result")}
    return found | {"code": one.ref, "change": one.change, "state": states.get(one.tone, "")}


def _words(view: Page) -> Json:
    before = _("Change from week %(n)s") % {"n": view.week_before}
    return {
        "page": _("Page"),
        "of": _("of"),
        "promised": _("What we promised and what you got"),
        "columns": [_("Measure"), _("Ref."), view.week, _("From"), _("95 %"), _("Target"), _("Result"), before],
        "weeks": view.weeks,
        "band": _("Band: 95 % interval. Dashed line: target of this week. The same numbers as tables follow."),
        "people": _("The people on your account, and what reached them"),
        "people_columns": ["", _("Measure"), _("From"), _("Ref.")],
        "differences": _("What differs from the revision before"),
        "difference_columns": [_("Figure"), _("Before"), _("Now")],
        "tables": _("The charts as tables"),
        "series_columns": [_("Week"), _("Value"), _("From"), _("95 % interval")],
        "definitions": _("Definitions"),
    }


@cache
def colour(number: int) -> str:
    """The hexadecimal colour of a client, from the tokens the screens use."""
    found = re.findall(r"\.client-c\d+ \{ --client: light-dark\((#[0-9A-F]{6})", TOKENS.read_text())
    return str(found[(number - 1) % len(found)])
