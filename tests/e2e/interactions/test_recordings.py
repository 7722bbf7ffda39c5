"""Recordings in a browser: one added, played, and a part of it silenced; many imported; the client hears the copy."""

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from accounts.models import Membership
from accounts.services.terms import set_terms
from bpo.actors import By, system
from bpo.audit.models import Entry
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Line, Recording
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.e2e.waiting import until_true
from tests.integration.interactions.sounds import HTML, RATE, call, encoded, tone, zipped
from tests.processes import wait_for

PASSWORD = "a long enough one"
NOW = timezone.now().replace(microsecond=0)
SAID = ((0, 4, "Thank you for calling. May I have the number of your card?"), (4, 8, "It begins with Zquailfinch."),
        (8, 20, "Thank you, I have it. Your order leaves today."))  # fmt: skip


def talk(seconds: int = 20) -> Any:
    """The agent speaks in turns of two seconds, the customer between them."""
    samples = tone(seconds)
    turns = (np.arange(len(samples)) // RATE // 2) % 2
    samples[turns == 1, 0] = samples[turns == 0, 1] = 0
    return samples * np.linspace(0.4, 1.6, len(samples))[:, None]


@pytest.mark.browser
def test_a_recording_is_added_silenced_and_heard_by_the_client_without_that_part(alpha: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        people(alpha)
    (tmp_path / "call-1.wav").write_bytes(encoded(talk()))
    (tmp_path / "page.wav").write_bytes(encoded(tone(1)) + HTML)
    archive = {"call-2.wav": encoded(tone(3)), "call-3.mp3": encoded(tone(3), "MP3"), "call-4.wav": HTML,
               "nobody.wav": encoded(tone(1)), "../../call-5.wav": encoded(tone(1))}  # fmt: skip
    (tmp_path / "calls.zip").write_bytes(zipped(archive))
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        with override_settings(MEDIA_ROOT=tmp_path / "files"), enter(alpha.ref()):
            path = fill()
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, "--autoplay-policy=no-user-gesture-required"]
        )
        problems: list[str] = []
        try:
            page = watched(browser, problems)
            cross(page, installation)
            add(page, installation, path, tmp_path)
            silence(page, alpha)
            import_many(page, installation, tmp_path)
            for email in ("client@alpha.example", "third@alpha.example"):
                hear(watched(browser, problems), installation, alpha, email, path)
            assert [one for one in problems if "422" not in one and "404" not in one] == []  # both asked for
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def people(alpha: Any) -> None:
    for email, role, own in (
        ("lead@bpo.example", "team_lead", False), ("client@alpha.example", "client_user", True),
        ("third@alpha.example", "client_user", True),
    ):  # fmt: skip
        open_account(
            email=email, name=email.split("@")[0].title(), password=PASSWORD, role=role, client=alpha,
            client_realm=own, by=system("tests"), now=NOW,
        )  # fmt: skip
    third = Membership.objects.filter(user__email="third@alpha.example")
    third.update(role="third_party", ends_at=NOW + timedelta(days=30))
    operator = By("operator", "Ewelina")
    set_terms(client=alpha, agreed={"hears_recordings": True}, reason="They asked", by=operator, now=NOW)


def fill() -> str:
    for number in range(1, 6):
        one = call(NOW - timedelta(hours=number), f"call-{number}", talk_seconds=20)
        if number == 1:
            for place, (start, end, text) in enumerate(SAID):
                speaker = "customer" if place == 1 else "agent"
                Line.objects.create(
                    interaction=one,
                    number=place,
                    speaker=speaker,
                    starts_ms=start * 1000,
                    ends_ms=end * 1000,
                    text=text,
                )
            path = f"/interactions/{one.pk}/"
    return path


def watched(browser: Any, problems: list[str]) -> Page:
    page: Page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return page


def cross(page: Page, installation: Installation) -> None:
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill("lead@bpo.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile(r"//alpha\.bpo\.test"))


def add(page: Page, installation: Installation, path: str, folder: Path) -> None:
    """A file that is more than a sound comes back with the reason; the sound is there to play at once."""
    page.goto(installation.url("alpha", path))
    shoot(page, "recording-none")
    page.locator("input[name=file]").set_input_files(folder / "page.wav")
    page.get_by_role("button", name="Add the recording").click()
    expect(page.locator(".field.has-error")).to_contain_text("page.wav: Beside the sound the file holds something else")
    shoot(page, "recording-refused")
    page.locator("input[name=file]").set_input_files(folder / "call-1.wav")
    page.get_by_role("button", name="Add the recording").click()
    expect(page.locator("[data-sound-box]")).to_be_visible()
    shoot(page, "recording")
    page.keyboard.press("Space")
    until_true(page, "document.querySelector('audio').currentTime > 0.3")
    page.keyboard.press("Space")
    assert page.evaluate("document.querySelector('audio').paused")
    page.evaluate("document.querySelector('audio').currentTime = 15")
    until_true(page, "document.querySelector('audio').readyState >= 2")
    renew(page)


def renew(page: Page) -> None:
    """An address that is refused is asked for anew, and the sound goes on where it was."""
    page.evaluate(
        "const one = document.querySelector('audio'); one.src = '/sound/no-such-one/'; one.currentTime = 5; one.play().catch(() => {})"
    )
    until_true(page, "document.querySelector('audio').currentTime > 5.2")
    page.keyboard.press("Space")


def silence(page: Page, alpha: Any) -> None:
    """From and to at the playhead, by keys; a line of the transcript gives both, too."""
    page.locator("[data-line]").nth(1).hover()
    page.locator("[data-line]").nth(1).get_by_role("button", name="Choose").click()
    expect(page.locator("[name=end]")).to_have_value("0:08")
    page.locator("[name=kind]").select_option("health")
    page.get_by_role("button", name="Silence it").click()
    page.get_by_role("button", name="Let it be heard").click()
    expect(page.locator(".sound-spans")).to_have_count(0)
    page.locator("[name=consent]").select_option("given")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("consent given")).to_be_visible()
    page.evaluate("document.querySelector('audio').currentTime = 4")
    until_true(page, "!document.querySelector('audio').seeking")
    page.keyboard.press("[")
    page.evaluate("document.querySelector('audio').currentTime = 8.5")
    until_true(page, "!document.querySelector('audio').seeking")
    page.keyboard.press("]")
    expect(page.locator("[name=start]")).to_have_value("0:04")
    expect(page.locator("[name=end]")).to_have_value("0:08.5")
    page.locator("[name=kind]").select_option("card")
    shoot(page, "recording-choice")
    page.get_by_role("button", name="Silence it").click()
    expect(page.locator(".sound-spans li")).to_contain_text("0:04–0:08.5")
    with enter(alpha.ref()):
        wait_for(
            lambda: Recording.objects.filter(redacted_number=3).exists(), seconds=30, what=lambda: "no copy was made"
        )
    page.reload()
    expect(page.locator(".sound-removed").first).to_have_text("card number removed, 4 s")
    expect(page.get_by_text("original destroyed")).to_be_visible()
    shoot(page, "recording-silenced")
    page.emulate_media(color_scheme="dark")
    shoot(page, "recording-silenced-dark")
    page.emulate_media(color_scheme="light")


def import_many(page: Page, installation: Installation, folder: Path) -> None:
    """Two of five are taken; each of the others is named with what is wrong and what to do."""
    page.goto(installation.url("alpha", "/imports/"))
    page.get_by_role("link", name="Import recordings").click()
    shoot(page, "recordings-import")
    page.locator("input[name=recordings]").set_input_files(folder / "calls.zip")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="2 of 5 recordings imported")).to_be_visible(timeout=60_000)
    rows = page.locator("#run tbody tr")
    expect(rows).to_have_count(3)
    for name, why in (
        ("call-4.wav", "no sound we know"), ("nobody.wav", "no interaction with the reference"),
        ("call-5.wav", "leads out of the archive"),
    ):  # fmt: skip
        expect(rows.filter(has_text=name)).to_contain_text(why)
    shoot(page, "recordings-imported")
    page.get_by_role("link", name="Import another file").click()
    page.wait_for_url(re.compile("/recordings/import/"))


def hear(page: Page, installation: Installation, alpha: Any, email: str, path: str) -> None:
    page.goto(installation.url("alpha"))
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("nav.rail").get_by_role("link", name="Recordings").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recordings")
    shoot(page, f"recordings-{email.split('@')[0]}")
    page.locator(f"a[href='{path.replace('interactions', 'recordings')}']").click()
    expect(page.locator(".sound-removed").first).to_have_text("card number removed, 4 s")
    assert "Zquailfinch" not in page.content()
    shoot(page, f"recording-{email.split('@')[0]}")
    page.keyboard.press("Space")
    until_true(page, "document.querySelector('audio').currentTime > 0.3")
    page.keyboard.press("Space")
    sent = page.evaluate(
        "async () => [...new Uint8Array(await (await fetch(document.querySelector('audio').src)).arrayBuffer())]"
    )
    samples = soundfile.read(io.BytesIO(bytes(sent)), dtype="int16")[0]
    assert not samples[4 * RATE : int(8.5 * RATE)].any()
    assert np.abs(samples[: 4 * RATE]).max() > 5_000
    assert np.abs(samples[9 * RATE :]).max() > 5_000
    with enter(alpha.ref()):
        assert Entry.objects.filter(action="recording.played", detail__heard="redacted").exists()
