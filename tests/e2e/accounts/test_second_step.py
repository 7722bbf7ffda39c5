"""Second steps in a browser: an operator who must have one, an app by the shown secret, recovery codes, a passkey."""

import re
import time
from pathlib import Path
from typing import Any

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from accounts.half_open import FRESH
from accounts.models import AuthenticatorApp, Passkey, User
from accounts.services import require_second_step
from accounts.services.providers import set_provider
from bpo.actors import system
from bpo.tenancy.sessions import SessionStore
from console.people import open_account
from tests.e2e.installation import FLAGS, Installation, installed
from tests.e2e.pictures import picture, shoot
from tests.e2e.ui.kit import WHOLE  # the shell holds no name but localhost for safe, and knows no passkeys there
from tests.integration.accounts.company import CLIENT_ID, SECRET, company

PASSWORD = "a long enough one"
OPERATOR, READER = "ewelina@bpo.example", "astrid@alpha.example"
REFUSED_FORM = "status of 422"  # what Chromium logs when the form comes back with its errors


@pytest.mark.browser
def test_second_steps_in_a_browser(alpha: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for email, role, client in ((OPERATOR, "operator_admin", None), (READER, "client_user", alpha)):
            open_account(
                email=email, name=email.split("@")[0].title(), password=PASSWORD, role=role, client=client,
                client_realm=client is not None, by=system("tests"), now=timezone.now(),
            )  # fmt: skip
    require_second_step(client=alpha, required=True, by=system("tests"), now=timezone.now())
    monkeypatch.setenv("BPO_MFA_WAIVED", "0")
    with installed(tmp_path, beside=()) as installation, company() as there, sync_playwright() as playwright:
        for realm in (None, alpha):
            set_provider(
                realm=realm, name="Company", issuer=there.issuer, client_id=CLIENT_ID, secret=SECRET, new_role="",
                by=system("tests"), now=timezone.now(),
            )  # fmt: skip
        secure = ",".join(installation.url(host, "") for host in ("ops", "alpha"))  # as TLS makes them outside
        browser = playwright.chromium.launch(
            executable_path=WHOLE, args=[*FLAGS, f"--unsafely-treat-insecure-origin-as-secure={secure}"]
        )
        problems: list[str] = []
        try:
            operator(browser.new_context(), installation, problems)
            reader(browser.new_context(), installation, problems)
            lost(watched(browser.new_context(), problems), installation)
            assert [text for text in problems if REFUSED_FORM not in text] == [], "\n".join(problems)
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def watched(context: BrowserContext, problems: list[str]) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return page


def give_password(page: Page, installation: Installation, host: str, email: str) -> None:
    page.goto(installation.url(host))
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def code(secret: str, *, step: int) -> str:
    """The code of a step, which is waited for until the server takes it."""
    while time.time() // 30 < step - 1:
        time.sleep(0.2)
    return str(pyotp.HOTP(secret).at(step))


def set_up_an_app(page: Page) -> tuple[str, int, list[str]]:
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    expect(page.get_by_alt_text("A QR code")).to_be_visible()
    if page.viewport_size and page.viewport_size["width"] == 1440:
        shoot(page, "second-step-app")
    page.get_by_label("Code the app shows now").fill("000000")
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".error")).to_contain_text("That isn't the code of now")
    assert page.locator(".secret").inner_text().replace(" ", "") == secret, "the picture stays what was scanned"
    step = int(time.time()) // 30
    page.get_by_label("Code the app shows now").fill(code(secret, step=step))
    page.get_by_role("button", name="Set up").click()
    return secret, step, page.locator(".codes li").all_inner_texts()


def operator(context: BrowserContext, installation: Installation, problems: list[str]) -> None:
    """Asked for a second step before anything else, then signed in by password and code, then by a recovery code."""
    page = watched(context, problems)
    with_a_device(context, page)
    give_password(page, installation, "ops", OPERATOR)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second step")
    page.goto(installation.url("ops", "/clients/new/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second step")
    shoot(page, "second-step-wanted")
    secret, step, codes = set_up_an_app(page)
    assert len(codes) == 10
    shoot(page, "recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("main")).to_contain_text("10 left")
    shoot(page, "second-step-mine")
    page.goto(installation.url("ops"))
    expect(page.locator(".rail")).to_be_visible()
    sign_out(page)
    give_password(page, installation, "ops", OPERATOR)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.get_by_label("Code").fill("123 456")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".error")).to_contain_text("That code isn't right")
    shoot(page, "second-step-asked")
    page.get_by_label("Code").fill(code(secret, step=step + 1))
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".rail")).to_be_visible()
    sign_out(page)
    give_password(page, installation, "ops", OPERATOR)
    page.get_by_label("Code").fill(codes[3])
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".toasts")).to_contain_text("9 recovery codes are left")
    changes(page, installation, "ops")
    sign_out(page)
    page.get_by_role("link", name="Sign in with a passkey").click()
    expect(page.get_by_role("button", name="Use my passkey")).to_be_visible()


def with_a_device(context: BrowserContext, page: Page) -> None:
    """A device that keeps passkeys, and whose owner unlocks it whenever it asks."""
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def changes(page: Page, installation: Installation, host: str) -> None:
    """A while later: the password once more, new codes, a passkey in place of the app, the company's sign-in, back."""
    for session in Session.objects.all():
        kept = SessionStore(session.session_key)
        kept[FRESH] = 0
        kept.save()
    page.goto(installation.url(host, "/security/second-step/"))
    shoot(page, "second-step-confirm")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Make new codes").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    script, late = re.compile(r"/passkeys\..*js$"), []
    page.route(script, lambda route: late.append(route))  # somebody is quicker than it
    with page.expect_request(script):
        page.get_by_role("link", name="Make a passkey").click()
    page.get_by_label("Name of the device").fill("Laptop")
    page.get_by_role("button", name="Make the passkey").click()
    late.pop().continue_()
    page.unroute(script)
    page.get_by_role("button", name="Remove the app").click()
    expect(page.get_by_role("button", name="Remove the app")).to_be_hidden()
    page.get_by_role("button", name="Connect").click()
    shoot(page, "company-connect")
    page.get_by_role("link", name="Go to Company").click()
    expect(page.locator(".toasts")).to_contain_text("Company signs you in too")
    shoot(page, "company-connected")
    page.get_by_role("button", name="Disconnect").click()
    expect(page.locator(".toasts")).to_contain_text("Your password alone signs you in again")
    set_up_an_app(page)
    page.goto(installation.url(host, "/security/second-step/"))
    page.locator("summary[aria-label='Rename Laptop']").click()
    page.get_by_role("button", name="Keep the name").click()
    page.get_by_role("button", name="Remove Laptop").click()
    expect(page.locator(".toasts")).to_contain_text("The passkey is removed")


def sign_out(page: Page) -> None:
    page.locator(".rail .rail-user summary").click()
    page.locator(".rail").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def reader(context: BrowserContext, installation: Installation, problems: list[str]) -> None:
    """A client's own user, on a phone: a passkey made, shown beside the password, in its place, and removed."""
    page = watched(context, problems)
    page.set_viewport_size({"width": 390, "height": 844})
    with_a_device(context, page)
    give_password(page, installation, "alpha", READER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second step")
    page.get_by_role("link", name="Make a passkey").click()
    page.get_by_label("Name of the device").fill("Astrid's phone")
    picture(page, "passkey-390")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("main")).to_contain_text("Astrid's phone")
    shoot(page, "passkeys-mine")
    page.get_by_role("link", name="Make another passkey").click()
    page.get_by_label("Name of the device").fill("Again")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("This device has a passkey of yours already.")

    context.clear_cookies()
    give_password(page, installation, "alpha", READER)
    shoot(page, "second-step-passkey")
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", name="Second step")).to_be_hidden()
    expect(page.locator(".frame")).to_be_visible()

    context.clear_cookies()
    page.goto(installation.url("alpha", "/security/second-step/"))
    page.get_by_role("link", name="Sign in with a passkey").click()
    shoot(page, "sign-in-passkey")
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step of signing in")
    expect(page.locator("main")).to_contain_text("the last one can't be removed")
    assert page.get_by_role("button", name=re.compile("^Remove")).count() == 0
    assert set_up_an_app(page)[2] == [], "the recovery codes are kept"
    page.goto(installation.url("alpha", "/security/second-step/"))
    page.locator('summary[aria-label="Rename Astrid\'s phone"]').click()
    page.get_by_label("New name").fill("Purple phone")
    shoot(page, "passkey-name")
    page.get_by_role("button", name="Keep the name").click()
    expect(page.locator(".toasts")).to_contain_text("“Purple phone” from now on")
    page.get_by_role("button", name="Remove Purple phone").click()
    expect(page.locator(".toasts")).to_contain_text("The passkey is removed")
    assert not Passkey.objects.exists()
    changes(page, installation, "alpha")


def lost(page: Page, installation: Installation) -> None:
    """Who lost their second step has it reset by an administrator, who finds the way from the person's page."""
    secret = given_an_app(OPERATOR)
    give_password(page, installation, "ops", OPERATOR)
    page.get_by_label("Code").fill(code(secret, step=int(time.time()) // 30 + 1))
    page.get_by_role("button", name="Sign in").click()
    astrid = User.objects.get(email=READER)
    page.goto(installation.url("ops", f"/admin/accounts/user/{astrid.pk}/change/"))
    page.get_by_role("link", name="Reset…").click()
    shoot(page, "second-step-reset")
    page.get_by_label("How do you know that it is them?").fill("Called back on the number in the contract")
    page.get_by_role("button", name="Reset the second step").click()
    expect(page.locator("body")).to_contain_text("Astrid")
    assert not AuthenticatorApp.objects.filter(user=astrid).exists()


def given_an_app(email: str) -> str:
    """An app set up long ago, so that the codes of now are unspent."""
    from accounts.services.second_step import APP, new_secret
    from bpo.sealing import seal

    user, secret = User.objects.get(email=email), new_secret()
    AuthenticatorApp.objects.filter(user=user).delete()
    AuthenticatorApp.objects.create(
        user=user, sealed_secret=seal(secret, purpose=APP, about=user.pk), made_at=timezone.now()
    )
    return secret
