"""Arrivals by interval on screen: days, a day, and lengths refused by name."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.integration.interactions.test_interval_import import HOW, day, run
from tests.people import sign_in
from tests.statements import statements
from tests.words import text_of


@pytest.mark.parametrize("minutes", [90, 45, 1000])
def test_a_length_that_does_not_fit_is_refused_by_name(alpha: Any, tmp_path: Path, minutes: int) -> None:
    run(tmp_path, day("2026-06-01"))
    page = sign_in("alpha", "team_lead").get(f"/intervals/?minutes={minutes}")
    assert page.status_code == 422
    said = text_of(page)
    assert (
        f"{minutes} minutes can’t be summed from the 60-minute counts of acd. Choose one of 60, 120, 240, 1440." in said
    )


def test_nothing_yet_then_days_then_a_day(alpha: Any, tmp_path: Path) -> None:
    browser = sign_in("alpha", "team_lead")
    assert "No counts yet" in text_of(browser.get("/intervals/"))
    run(tmp_path, day("2026-06-01"), day("2026-10-25"))
    assert "24 of 25" in text_of(browser.get("/intervals/?minutes=60"))
    assert "24 offered in 12 intervals" in text_of(browser.get("/intervals/?minutes=120&day=2026-06-01"))
    assert "Nothing is known of this day" in text_of(browser.get("/intervals/?minutes=60&day=2026-06-02"))
    for wrong in ("minutes=x", "day=never", "origin=nonsense"):
        assert browser.get(f"/intervals/?minutes=60&{wrong}").status_code == 422


def test_the_page_asks_the_same_at_one_day_and_at_three(alpha: Any, tmp_path: Path) -> None:
    browser = sign_in("alpha", "team_lead")
    for month in (1, 2, 3):
        run(tmp_path, day(f"2026-{month:02d}-02"))
        browser.get("/intervals/?minutes=60")
        asked = {
            query: statements(lambda query=query: browser.get(f"/intervals/?minutes=60{query}"))
            for query in ("", "&day=2026-01-02")
        }
        assert asked == {"": 8, "&day=2026-01-02": 8}


def test_who_may_not_see_interactions_is_refused_and_other_clients_see_nothing(
    alpha: Any, beta: Any, tmp_path: Path
) -> None:
    run(tmp_path, day("2026-06-01"), how=HOW)
    assert sign_in("alpha", "agent").get("/intervals/").status_code == 403
    assert "No counts yet" in text_of(sign_in("beta", "team_lead").get("/intervals/"))


def test_the_upload_offers_each_role_its_kinds(alpha: Any) -> None:
    assert re.findall(r'<option value="(\w+)"', sign_in("alpha", "planner").get("/imports/new/").content.decode())[
        :1
    ] == ["intervals"]
    kinds = sign_in("alpha", "team_lead").get("/imports/new/?kind=intervals").content.decode()
    assert '<option value="intervals" selected' in kinds
    assert '<option value="interactions"' in kinds
    assert sign_in("alpha", "agent").get("/imports/").status_code == 403
