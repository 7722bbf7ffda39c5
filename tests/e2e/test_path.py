"""The one true path in a browser: calls uploaded, a case resolved, a mail read, a vote given, CSAT on screen."""

import csv
import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from accounts.models import Client
from accounts.services import create_token
from bpo.actors import system
from bpo.files.models import StoredFile
from bpo.notices.models import Mail
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Case, Interaction, Resolution
from surveys.models import Candidate, Response
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.processes import wait_for
from tests.telecom import MAPPING, counted, telecom_file

PASSWORD = "a long enough one"
EMAIL = "lead@bpo.example"


@pytest.mark.browser
def test_the_path_from_upload_to_csat(alpha: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        user = _lead(alpha)
    source = telecom_file(tmp_path)
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        try:
            cross(page, installation)
            upload(page, installation, source)
            imported(alpha, source)
            refused_row(page, installation, tmp_path, source)
            link = resolve_and_read_mail(page, installation, alpha)
            vote(browser.new_page(viewport={"width": 390, "height": 844}), link, alpha)
            csat(page, installation, alpha, user, source)
            reopen(page, installation, alpha)
            assert problems == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def _lead(alpha: Any) -> Any:
    return open_account(
        email=EMAIL, name="Maricel Santos", password=PASSWORD, role="team_lead", client=alpha, client_realm=False,
        by=system("tests"), now=timezone.now(),
    )  # fmt: skip


def cross(page: Page, installation: Installation) -> None:
    page.goto(installation.url("ops"))
    shoot(page, "sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do you work now?")
    shoot(page, "clients")
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile(r"//alpha\.bpo\.test"))


def upload(page: Page, installation: Installation, source: Path) -> None:
    page.goto(installation.url("alpha", "/imports/new/"))
    shoot(page, "import-upload")
    page.locator("input[name=file]").set_input_files(source)
    page.locator("input[name=mapping]").set_input_files(MAPPING)
    page.get_by_role("button", name="Read the file").click()
    start = page.get_by_role("button", name=re.compile(r"^Import "))
    expect(start).to_be_visible()
    shoot(page, "import-preview")
    start.click()
    expect(page.get_by_role("heading", name=re.compile("interactions imported"))).to_be_visible(timeout=60_000)
    shoot(page, "import-done")


def imported(alpha: Any, source: Path) -> None:
    plain = counted(source)
    with enter(alpha.ref()):
        assert Interaction.objects.count() == plain.rows
        assert Resolution.objects.count() == Candidate.objects.count() == plain.resolved
        assert set(Candidate.objects.values_list("skip_reason", flat=True)) == {"no_address"}
    assert not Job.objects.exclude(state="done").exists()


def refused_row(page: Page, installation: Installation, folder: Path, source: Path) -> None:
    """A row without a date is left out and comes back to be mended; the file itself is kept as it came."""
    sent = folder / "one_bad_row.csv"
    with source.open(encoding="utf-8-sig", newline="") as file:
        head, row, *_ = csv.reader(file)
    row[head.index("Date")] = "soon"
    with sent.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, row])
    page.goto(installation.url("alpha", "/imports/new/"))
    page.locator("input[name=file]").set_input_files(sent)
    page.locator("input[name=mapping]").set_input_files(MAPPING)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name=re.compile(r"^Import ")).click()
    expect(page.get_by_role("heading", name="0 of 1 interactions imported")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="1 row as CSV").click()
    assert "soon" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    page.goto(installation.url("alpha", "/imports/"))
    expect(page.get_by_role("row").filter(has_text=sent.name)).to_be_visible()
    with enter(Client.objects.get(key="alpha").ref()):
        stored = StoredFile.objects.get(name=sent.name)
    got = page.evaluate(
        "async path => { const answer = await fetch(path);"
        " return [answer.headers.get('Content-Disposition'), await answer.text()]; }",
        f"/files/{stored.pk}/",
    )
    assert got[0].startswith("attachment")
    assert got[1] == sent.read_bytes().decode()


def resolve_and_read_mail(page: Page, installation: Installation, alpha: Any) -> str:
    with enter(alpha.ref()):
        case = Case.objects.filter(state="open").earliest("opened_at")
    page.goto(installation.url("alpha", "/interactions/"))
    page.get_by_role("link", name="Cases", exact=True).first.click()
    page.get_by_role("link", name="Open", exact=True).click()
    expect(page.locator("main tbody tr").first).to_be_visible()
    page.goto(installation.url("alpha", f"/cases/{case.pk}/"))
    page.get_by_label("E-mail").fill("customer@example.com")
    page.get_by_role("button", name="Save address").click()
    expect(page.get_by_label("E-mail")).to_have_value("customer@example.com")
    page.get_by_role("button", name="Resolve case").click()
    expect(page.get_by_role("button", name="Reopen case")).to_be_visible()
    shoot(page, "case")
    log = installation.running
    wait_for(lambda: installation.sink.messages(), seconds=30, what=lambda: log.log("worker") + log.log("relay"))
    [message] = installation.sink.messages()
    assert message.to == ["customer@example.com"]
    text = (installation.sink.folder / message.file).read_bytes().decode()
    found = re.search(r"http://alpha\.bpo\.test:\d+/s/[\w-]{22}/", text)
    assert found, text
    wait_for(lambda: mail_states(alpha) == ["sent"], seconds=40, what=lambda: str(mail_states(alpha)))
    return found.group()


def mail_states(alpha: Any) -> list[str]:
    with enter(alpha.ref()):
        return list(Mail.objects.values_list("state", flat=True))


def vote(page: Page, link: str, alpha: Any) -> None:
    page.goto(f"{link}?score=5")
    page.reload()
    shoot(page, "survey")
    page.set_viewport_size({"width": 390, "height": 844})
    with enter(alpha.ref()):
        assert Response.objects.count() == 0, "opening the link records nothing"
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    with enter(alpha.ref()):
        assert list(Response.objects.values_list("score", flat=True)) == [5]
    page.close()


def csat(page: Page, installation: Installation, alpha: Any, user: Any, source: Path) -> None:
    page.goto(installation.url("alpha", "/csat/"))
    plain = counted(source)
    body = page.locator("main").inner_text()
    assert f"{plain.good:,} of {plain.rated:,}" in body
    assert f"1 of {plain.resolved + 1:,} resolutions became an answer" in body
    shoot(page, "csat")
    _, token = create_token(
        user=user, client=alpha, name="e2e", scopes=["see_csat"], days=1, by=system("tests"), now=timezone.now()
    )
    request = urllib.request.Request(f"http://127.0.0.1:{installation.port}/api/v1/csat/")
    request.add_header("Host", "alpha.bpo.test")
    request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - a fixed scheme and host
        found = json.load(answer)
    assert (found["source_ratings"]["num"], found["source_ratings"]["den"]) == (plain.good, plain.rated)
    assert found["source_ratings"]["value"] == plain.good / plain.rated
    assert (found["survey"]["num"], found["survey"]["den"]) == (1, 1)


def reopen(page: Page, installation: Installation, alpha: Any) -> None:
    """A customer calls again: the case is found by its interaction, reopened, and the audit has who did it."""
    with enter(alpha.ref()):
        case = Case.objects.filter(state="resolved", interactions__isnull=False).order_by("pk").first()
        assert case is not None
        interaction = case.interactions.order_by("pk").first()
    page.goto(installation.url("alpha", f"/interactions/{interaction.pk}/"))
    page.get_by_role("link", name="Open its case").click()
    page.get_by_role("button", name="Reopen case").click()
    expect(page.get_by_role("button", name="Resolve case")).to_be_visible()
    with enter(alpha.ref()):
        assert Case.objects.get(pk=case.pk).state == "open"
    page.goto(installation.url("alpha", "/audit/"))
    row = page.get_by_role("row").filter(has_text="Case reopened")
    expect(row).to_contain_text("Maricel Santos")
