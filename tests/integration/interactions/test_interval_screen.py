"""Arrivals by interval on screen: sums equal to a plain loop, lengths refused by name."""

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bpo.tenancy.context import enter
from interactions.interval_reading import counted_day, counted_days, counts_of, origins
from tests.arrivals import bank_file, counted
from tests.integration.interactions.test_bank_file import MAPPING
from tests.integration.interactions.test_bank_file import run as run_bank
from tests.integration.interactions.test_interval_import import HOW, day, run
from tests.people import sign_in
from tests.statements import grows_with_rows


def text(page: Any) -> str:
    """What a page says, without tags and with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def test_every_figure_of_the_bank_is_a_plain_loops(alpha: Any, tmp_path: Path) -> None:
    source = bank_file(tmp_path)
    plain = counted(source)
    run_bank(source, mapping=MAPPING)
    with enter(alpha.ref()):
        (origin,) = origins()
        found = {one.day.isoformat(): one for one in map(counted_day, counted_days(origin))}
        assert {on: one.offered for on, one in found.items()} == {on: sum(row) for on, row in plain.days.items()}
        assert {(one.known, one.expected) for one in found.values()} == {(240, 240)}
        kept = counts_of(origin, [one.day for one in found.values()])
        assert {on.isoformat(): [one.offered for one in row] for on, row in kept.items()} == plain.days
    browser = sign_in("alpha", "planner")
    listed = text(browser.get("/intervals/"))
    for on in sorted(plain.days)[-14:]:
        half_hours = plain.summed(on, 30)
        at = half_hours.index(max(half_hours)) * 30
        said = f"{date.fromisoformat(on):%Y} {sum(plain.days[on]):,} 240 of 240 {max(half_hours):,} from {at // 60:02d}:{at % 60:02d}"
        assert said in listed
    for minutes in (6, 30, 60, 1440):
        on = "1999-03-28"
        told = browser.get(f"/intervals/?minutes={minutes}&day={on}").content.decode()
        figures = re.findall(r'<th scope="row" class="num">(\d\d:\d\d)</th><td class="n value">([\d,]+)</td>', told)
        starts = [f"{at // 60:02d}:{at % 60:02d}" for at in range(0, 1440, minutes)]
        assert figures == list(zip(starts, [f"{one:,}" for one in plain.summed(on, minutes)], strict=True))


@pytest.mark.parametrize("minutes", [90, 45, 1000])
def test_a_length_that_does_not_fit_is_refused_by_name(alpha: Any, tmp_path: Path, minutes: int) -> None:
    run(tmp_path, day("2026-06-01"))
    page = sign_in("alpha", "team_lead").get(f"/intervals/?minutes={minutes}")
    assert page.status_code == 422
    said = text(page)
    assert (
        f"{minutes} minutes can’t be summed from the 60-minute counts of acd. Choose one of 60, 120, 240, 1440." in said
    )


def test_nothing_yet_then_days_then_a_day(alpha: Any, tmp_path: Path) -> None:
    browser = sign_in("alpha", "team_lead")
    assert "No counts yet" in text(browser.get("/intervals/"))
    run(tmp_path, day("2026-06-01"), day("2026-10-25"))
    assert "24 of 25" in text(browser.get("/intervals/?minutes=60"))
    assert "24 offered in 12 intervals" in text(browser.get("/intervals/?minutes=120&day=2026-06-01"))
    assert "Nothing is known of this day" in text(browser.get("/intervals/?minutes=60&day=2026-06-02"))
    for wrong in ("minutes=x", "day=never", "origin=nonsense"):
        assert browser.get(f"/intervals/?minutes=60&{wrong}").status_code == 422


def test_the_page_asks_the_same_at_one_day_and_at_three(alpha: Any, tmp_path: Path) -> None:
    browser = sign_in("alpha", "team_lead")
    months = iter(range(1, 9))

    def add(count: int) -> None:
        run(tmp_path, *(day(f"2026-{next(months):02d}-02") for _ in range(count)))

    assert grows_with_rows(lambda: browser.get("/intervals/?minutes=60"), add) is None


def test_who_may_not_see_interactions_is_refused_and_other_clients_see_nothing(
    alpha: Any, beta: Any, tmp_path: Path
) -> None:
    run(tmp_path, day("2026-06-01"), how=HOW)
    assert sign_in("alpha", "agent").get("/intervals/").status_code == 403
    assert "No counts yet" in text(sign_in("beta", "team_lead").get("/intervals/"))


def test_the_upload_offers_each_role_its_kinds(alpha: Any) -> None:
    assert re.findall(r'<option value="(\w+)"', sign_in("alpha", "planner").get("/imports/new/").content.decode())[
        :1
    ] == ["intervals"]
    kinds = sign_in("alpha", "team_lead").get("/imports/new/?kind=intervals").content.decode()
    assert '<option value="intervals" selected' in kinds
    assert '<option value="interactions"' in kinds
    assert sign_in("alpha", "agent").get("/imports/").status_code == 403
