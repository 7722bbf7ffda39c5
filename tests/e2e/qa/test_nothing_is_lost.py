"""Tabs killed at any moment, the server killed, a profile lost: no answer that was kept, or shown as saved, is missing.

`SEEDS=50` runs it fifty times each way, as .ci/nightly does.
"""

import json
import os
import signal
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from bpo.tenancy.context import enter
from qa.models import Evaluation
from tests.e2e.installation import ready
from tests.e2e.qa.desk import Desk, at_work, desk, saved
from tests.processes import wait_for

SEEDS = int(os.environ.get("SEEDS", "8"))
# Answers that this browser has forgotten because the server has them: those drawn, without those still kept here.
SHOWN_AS_SAVED = """() => {
    const keys = Object.keys(localStorage).filter((key) => /^bpo\\.review\\..*\\.change\\./.test(key));
    const waits = keys.map((key) => JSON.parse(localStorage.getItem(key)).question);
    const rows = [...document.querySelectorAll("[data-question]")].filter((row) => !waits.includes(row.dataset.question));
    const given = (row) => row.querySelector('[data-option][aria-pressed="true"]')?.dataset.option;
    return Object.fromEntries(rows.map((row) => [row.dataset.question, given(row)]).filter(([, option]) => option));
}"""


@pytest.mark.browser
def test_no_answer_is_lost(alpha: Any, tmp_path: Path) -> None:
    with desk(alpha, tmp_path, 1) as here:
        profile = here.profile()
        page = here.first(profile)
        path = urlsplit(page.url).path
        saved(page)
        page.close()
        tabs = [tab_killed(here, profile, path, Random(seed)) for seed in range(SEEDS)]  # noqa: S311 - to be repeated
        cookies = profile.storage_state()["cookies"]
        profile.close()
        others = []
        for seed in range(SEEDS):
            lost = server_killed if seed % 2 else profile_lost
            context = here.browser.new_context(
                viewport={"width": 1440, "height": 900}, storage_state={"cookies": cookies}
            )
            others.append(lost(here, context, path, Random(1000 + seed)))  # noqa: S311 - as above
        told = {
            "tabs killed": len(tabs), "answers kept in them": sum(n for n, _ in tabs), "lost": sum(n for _, n in tabs),
            "servers killed or profiles lost": len(others), "shown as saved": sum(n for n, _ in others),
            "of them lost": sum(n for _, n in others),
        }  # fmt: skip
        print(json.dumps(told))  # noqa: T201 - the figures, for who runs it by hand or at night
        assert (told["lost"], told["of them lost"]) == (0, 0), told
        assert told["answers kept in them"] >= SEEDS
        assert told["shown as saved"] >= SEEDS
        assert here.problems == []


def tab_killed(here: Desk, profile: BrowserContext, path: str, chance: Random) -> tuple[int, int]:
    """Answers given over a bad line in a tab that dies; how many there were, and how many are missing afterwards."""
    page = here.page(profile, path)
    at_work(page)
    bad_line(page, chance)
    given = score(page, chance)
    if chance.random() < 0.5:
        with page.expect_event("crash"):  # a page that is closed before its death is known would be waited for for ever
            kill_tabs(here)
    page.close()
    again = here.page(profile, path)
    saved(again)
    again.close()
    return len(given), missing(here, given)


def kill_tabs(here: Desk) -> None:
    """SIGKILL to the processes of all tabs there are: nothing of a page runs after that."""
    found = here.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    for process in found:
        if process["type"] == "renderer":
            with suppress(ProcessLookupError):
                os.kill(process["id"], signal.SIGKILL)


def server_killed(here: Desk, context: BrowserContext, path: str, chance: Random) -> tuple[int, int]:
    """The web process gets SIGKILL between two answers; what was shown as saved just before is in the database."""
    page = here.page(context, path)
    at_work(page)
    bad_line(page, chance, offline=False)
    score(page, chance)
    shown = page.evaluate(SHOWN_AS_SAVED)
    web = here.installation.running.running["web"]
    os.killpg(web.pid, signal.SIGKILL)
    web.wait()
    lost = missing(here, shown)
    context.close()
    here.installation.web()
    wait_for(lambda: ready(here.installation.port), seconds=60, what=lambda: here.installation.running.log("web"))
    return len(shown), lost


def profile_lost(here: Desk, context: BrowserContext, path: str, chance: Random) -> tuple[int, int]:
    """The browser's whole profile is gone; what was shown as saved in it is in the database."""
    page = here.page(context, path)
    at_work(page)
    bad_line(page, chance)
    score(page, chance)
    shown = page.evaluate(SHOWN_AS_SAVED)
    context.close()
    return len(shown), missing(here, shown)


def bad_line(page: Page, chance: Random, *, offline: bool = True) -> None:
    """A line with up to 0.3 s of delay, in one of four runs none at all."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    values = {"latency": chance.randrange(300), "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", {"offline": offline and chance.random() < 0.25, **values})


def score(page: Page, chance: Random) -> dict[str, str]:
    """A random number of random answers, and what each question was answered with last."""
    given: dict[str, str] = {}
    for _ in range(chance.randint(1, 10)):
        for _ in range(chance.randrange(4)):
            page.keyboard.press("ArrowDown" if chance.random() < 0.6 else "ArrowUp")
        options = page.locator(".question.is-active [data-option]")
        place = chance.randrange(options.count())
        row = page.locator(".question.is-active")
        question, option = row.get_attribute("data-question"), options.nth(place).get_attribute("data-option")
        page.keyboard.press(str(place + 1))
        given[str(question)] = str(option)
        if chance.random() < 0.3:
            page.wait_for_timeout(chance.randrange(200))
    return given


def missing(here: Desk, given: dict[str, str]) -> int:
    with enter(here.alpha.ref()):
        answers = Evaluation.objects.get().answers
    return sum(answers.get(question) != option for question, option in given.items())
