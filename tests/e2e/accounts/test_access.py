"""Access in a browser: an operator gives a lead a second client, the lead crosses to it, and the role ends."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bpo.actors import system
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Customer
from tests.e2e.accounts.test_sign_in import change_password
from tests.e2e.console.test_console import LONG, REFUSED_FORM
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.e2e.waiting import until
from tests.integration.accounts.company import CLIENT_ID, SECRET, company
from workforce.services import hire

PASSWORD = "a long enough one"
EXPECTED = (REFUSED_FORM, "status of 404")  # the form that comes back, and the page that is gone for the lead
ADMIN, LEAD = "ewelina@bpo.example", "maricel@bpo.example"


def somebody(email: str, name: str, role: str, client: Any, *, own: bool = False) -> None:
    open_account(
        email=email, name=name, password=PASSWORD, role=role, client=client, client_realm=own, by=system("tests"),
        now=timezone.now(),
    )  # fmt: skip


@pytest.mark.browser
def test_an_operator_gives_and_ends_access_and_a_lead_crosses(alpha: Any, beta: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        somebody(ADMIN, "Ewelina Nowicka", "operator_admin", None)
        somebody(LEAD, "Maricel Santos", "team_lead", alpha)
        somebody("venkata@bpo.example", LONG, "agent", beta)
        with enter(beta.ref()):
            Customer.objects.create(name="Ana Kowalska", reference="C-1")
        somebody("astrid@beta.example", "Astrid Berg", "client_user", beta, own=True)
    for number, (name, email) in enumerate(
        [("Ana Lim", "ana@bpo.example"), (LONG, "long@bpo.example"), ("Cora Diaz", "")]
    ):
        hire(
            number=f"N-{number}", name=name, email=email, starts_on=timezone.now().date(), by=system("tests"),
            now=timezone.now(),
        )  # fmt: skip
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            admin = signed_in(browser, installation, ADMIN, problems)
            lead = signed_in(browser, installation, LEAD, problems)
            give_second_client(admin, lead, installation)
            crosses(lead, installation)
            ends_and_undoes(admin, lead, installation)
            makes_a_token(admin, lead, installation)
            steps_in_and_out(admin, lead, installation)
            invites_and_takes_back(admin, installation)
            begins_and_gives_up(admin, installation)
            invites_the_floor(admin, installation)
            sets_sign_in(admin, installation)
            keeps_and_gives_away(admin, installation)
            signed_in(browser, installation, ADMIN, problems)
            change_password(admin, installation.url("ops", "/security/"), PASSWORD, PASSWORD + " now")
            assert [text for text in problems if not any(one in text for one in EXPECTED)] == [], "\n".join(problems)
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def signed_in(browser: Browser, installation: Installation, email: str, problems: list[str]) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def give_second_client(admin: Page, lead: Page, installation: Installation) -> None:
    expect(lead.get_by_role("rowheader", name="Alpha")).to_be_visible()
    expect(lead.get_by_role("rowheader", name="Beta")).to_have_count(0)
    admin.get_by_role("link", name="Beta", exact=True).click()
    admin.get_by_role("link", name="People and access").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Beta")
    expect(admin.get_by_role("rowheader", name=LONG)).to_be_visible()
    admin.get_by_text("Give somebody a role").first.click()
    admin.get_by_label("E-mail", exact=True).fill("nobody@bpo.example")
    admin.locator("#id_role").first.select_option("team_lead")
    admin.get_by_role("button", name="Give the role").click()
    expect(admin.get_by_text("Nobody signs in with nobody@bpo.example.")).to_be_visible()
    shoot(admin, "access-refused")
    admin.get_by_label("E-mail", exact=True).fill(LEAD)
    admin.get_by_role("button", name="Give the role").click()
    expect(admin.locator("#toasts")).to_contain_text("Maricel Santos is Team lead from now on.")
    admin.get_by_text("Third-party evaluator", exact=True).last.click()
    shoot(admin, "access")
    admin.locator("tr", has_text="Maricel Santos").get_by_role("link", name="Change").click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Maricel Santos, Team lead")
    admin.get_by_label("Last day").fill("2099-12-31")
    shoot(admin, "access-change")
    admin.get_by_role("button", name="Keep").click()
    expect(admin.get_by_role("row", name="Maricel Santos")).to_contain_text("31 Dec 2099")


def crosses(lead: Page, installation: Installation) -> None:
    for name, key in (("Alpha", "alpha"), ("Beta", "beta")):
        lead.goto(installation.url("ops"))
        lead.get_by_role("row", name=name).get_by_role("button", name="Open").click()
        lead.wait_for_url(f"http://{key}.bpo.test:*/**")
        expect(lead.locator(".rail")).to_be_visible()
        assert lead.goto(installation.url(key, "/queue/")).status == 200  # type: ignore[union-attr]  # it answers
    lead.goto(installation.url("ops"))
    shoot(lead, "my-clients")


def ends_and_undoes(admin: Page, lead: Page, installation: Installation) -> None:
    admin.locator("tr", has_text="Maricel Santos").get_by_role("button", name="End now").click()
    expect(admin.locator("#toasts")).to_contain_text("Maricel Santos is no longer Team lead here.")
    assert lead.goto(installation.url("beta", "/queue/")).status == 404  # type: ignore[union-attr]  # it answers
    assert lead.goto(installation.url("alpha", "/queue/")).status == 200  # type: ignore[union-attr]  # it answers
    admin.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(admin.locator("#toasts")).to_contain_text("Maricel Santos is Team lead again.")
    assert lead.goto(installation.url("beta", "/queue/")).status == 200  # type: ignore[union-attr]  # it answers
    admin.goto(installation.url("ops", "/access/"))
    expect(admin.get_by_role("rowheader", name="Ewelina Nowicka")).to_be_visible()
    shoot(admin, "access-operator")
    admin.get_by_role("row", name="Ewelina Nowicka").get_by_role("button", name="End now").click()
    expect(admin.locator("#toasts")).to_contain_text("last operator admin")


def steps_in_and_out(admin: Page, lead: Page, installation: Installation) -> None:
    admin.goto(installation.url("ops", "/clients/beta/"))
    admin.get_by_role("link", name="Step in").click()
    admin.get_by_label("Reason").fill("Matter 4711: the import of Tuesday")
    admin.get_by_label("For").select_option("15")
    shoot(admin, "step-in")
    admin.get_by_role("button", name="Step in").click()
    admin.wait_for_url("http://beta.bpo.test:*/admin/")
    banner = admin.get_by_role("region", name="Operator inside a client")
    expect(banner).to_contain_text("Matter 4711: the import of Tuesday")
    expect(banner).to_contain_text("15 min left")
    shoot(admin, "inside")
    admin.get_by_role("link", name="Customers", exact=True).click()
    shoot(admin, "inside-list")
    admin.locator("#result_list tbody th a").first.click()
    expect(admin.get_by_text("Ana Kowalska").first).to_be_visible()
    expect(banner).to_be_visible()
    shoot(admin, "inside-row")
    admin.goto(installation.url("beta", "/admin/"))
    banner.get_by_role("button", name="Leave").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("You have left Beta")
    shoot(admin, "stepped-out")
    assert admin.goto(installation.url("beta", "/admin/")).status == 404  # type: ignore[union-attr]  # it answers
    assert lead.goto(installation.url("beta", "/admin/")).status == 404  # type: ignore[union-attr]  # it answers
    admin.goto(installation.url("ops", "/clients/beta/step-in/"))
    expect(admin.get_by_role("rowheader", name="Ewelina Nowicka")).to_be_visible()
    lead.goto(installation.url("beta", "/audit/"))
    expect(lead.get_by_role("rowheader", name="Row looked at by an operator who stepped in")).to_be_visible()


def makes_a_token(admin: Page, lead: Page, installation: Installation) -> None:
    lead.goto(installation.url("beta", "/tokens/"))
    expect(lead.get_by_role("heading", name="No token yet")).to_be_visible()
    lead.get_by_label("Name").fill("Nightly export")
    lead.get_by_label("see interactions", exact=True).check()
    lead.get_by_label("Good for, days").fill("900")
    lead.get_by_role("button", name="Make the token").click()
    assert lead.locator("#clear-token").count() == 0, "the browser itself holds to a year"
    lead.get_by_label("Good for, days").fill("30")
    lead.get_by_role("button", name="Make the token").click()
    expect(lead.locator("#clear-token")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    shoot(lead, "token-made")
    lead.goto(installation.url("beta", "/tokens/"))
    assert lead.locator("#clear-token").count() == 0
    lead.get_by_label("Name").fill("By mistake")
    lead.get_by_label("see interactions", exact=True).check()
    lead.get_by_role("button", name="Make the token").click()
    lead.goto(installation.url("beta", "/tokens/"))
    lead.get_by_role("row", name="By mistake").get_by_role("button", name="Revoke").click()
    expect(lead.get_by_role("row", name="By mistake")).to_have_count(0)
    admin.goto(installation.url("ops", "/clients/beta/tokens/"))
    expect(admin.get_by_role("row", name="Nightly export")).to_contain_text("Maricel Santos")
    shoot(admin, "client-tokens")
    admin.get_by_role("button", name="Revoke").click()
    expect(admin.locator("#toasts")).to_contain_text("“Nightly export” of Maricel Santos opens nothing any more.")


def invites_and_takes_back(admin: Page, installation: Installation) -> None:
    admin.goto(installation.url("ops", "/access/"))
    admin.get_by_text("Give somebody a role").first.click()
    admin.locator("form.card #id_email").fill("noor@bpo.example")
    admin.locator("form.card #id_name").fill("Noor Aziz")
    admin.get_by_role("button", name="Give the role").click()
    expect(admin.locator("#toasts")).to_contain_text("Noor Aziz is invited by mail")
    shoot(admin, "invited")
    row = admin.get_by_role("row", name="Noor Aziz")
    row.get_by_role("button", name="Send again").click()
    expect(admin.locator("#toasts")).to_contain_text("Noor Aziz gets a new link")
    row.get_by_role("button", name="Take back").click()
    expect(admin.locator("#toasts")).to_contain_text("Noor Aziz is no longer invited.")
    expect(admin.get_by_role("heading", name="Invited, not in yet")).to_have_count(0)


def begins_and_gives_up(admin: Page, installation: Installation) -> None:
    admin.goto(installation.url("ops", "/clients/new/"))
    admin.locator("#id_name").fill("Gamma")
    admin.locator("#id_key").fill("gamma")
    admin.locator("#id_zone").select_option("Europe/Warsaw")
    admin.get_by_role("button", name="Go on").click()
    admin.get_by_role("button", name="Don't open it").click()
    admin.goto(installation.url("ops", "/clients/new/"))
    expect(admin.get_by_text("Begun and not opened")).to_have_count(0)


def invites_the_floor(admin: Page, installation: Installation) -> None:
    """Who came in by an import is seen with what an invitation comes to, ticked, and followed until it is done."""
    admin.goto(installation.url("ops", "/clients/alpha/access/"))
    admin.get_by_role("link", name="Invite the floor").click()
    expect(admin.get_by_role("row", name="Cora Diaz")).to_contain_text("no e-mail address is known")
    shoot(admin, "floor")
    admin.get_by_role("row", name="Ana Lim").get_by_role("checkbox").check()
    admin.get_by_role("button", name="Invite only those ticked").click()
    expect(admin.locator("#toasts")).to_contain_text("1 person is being invited.")
    expect(admin.get_by_text("is being made")).to_have_count(0)
    admin.reload()
    expect(admin.get_by_role("row", name="Ana Lim")).to_contain_text("haven’t accepted yet")
    admin.get_by_role("button", name="Invite 1 person").click()
    expect(admin.get_by_text("is being made")).to_have_count(0)
    shoot(admin, "floor-invited")


def sets_sign_in(admin: Page, installation: Installation) -> None:
    """A client's second step asked for and taken back; its provider told what is wrong, kept, switched on and off."""
    admin.goto(installation.url("ops", "/clients/beta/"))
    admin.get_by_role("link", name="Sign-in").click()
    shoot(admin, "client-sign-in")
    admin.get_by_role("button", name="Ask everybody for it").click()
    expect(admin.locator("#toasts")).to_contain_text("led to set one up at their next sign-in")
    admin.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(admin.locator("#toasts")).to_contain_text("the password alone signs them in")
    with company() as there:
        admin.get_by_label("Name").fill("Berg AG")
        admin.get_by_label("Issuer").fill("http://127.0.0.1:9")
        admin.get_by_label("Client id").fill(CLIENT_ID)
        admin.get_by_label("Client secret").fill("not this one")
        admin.get_by_role("button", name="Check and keep").click()
        expect(admin.locator("#id_issuer_error")).to_contain_text("nobody is there")
        admin.get_by_label("Issuer").fill(there.issuer)
        admin.get_by_label("Client secret").fill("not this one")
        admin.get_by_role("button", name="Check and keep").click()
        expect(admin.locator("#id_secret_error")).to_contain_text("doesn't take this client id")
        shoot(admin, "client-sign-in-refused")
        admin.get_by_label("Client secret").fill(SECRET)
        admin.get_by_role("button", name="Check and keep").click()
        expect(admin.locator("#toasts")).to_contain_text("Berg AG has answered and is kept.")
        admin.get_by_role("button", name="Check and switch on").click()
        expect(admin.locator("#toasts")).to_contain_text("Berg AG signs people in from now on.")
        shoot(admin, "client-sign-in-on")
        guest = admin.context.browser.new_context().new_page()  # type: ignore[union-attr]  # it has one
        guest.goto(installation.url("beta", "/sign-in/"))
        expect(guest.get_by_role("link", name="Sign in with Berg AG")).to_be_visible()
        admin.get_by_role("button", name="Switch off").click()
        expect(admin.locator("#toasts")).to_contain_text("Berg AG signs nobody in any more.")
        guest.reload()
        expect(guest.get_by_role("link", name="Sign in with Berg AG")).to_have_count(0)
        admin.goto(installation.url("ops", "/access/"))
        admin.get_by_role("link", name="How staff sign in").click()
        admin.get_by_label("Name").fill("Our own")
        admin.get_by_label("Issuer").fill(there.issuer)
        admin.get_by_label("Client id").fill(CLIENT_ID)
        admin.get_by_label("Client secret").fill(SECRET)
        admin.get_by_role("button", name="Check and keep").click()
        admin.get_by_role("button", name="Check and switch on").click()
        expect(admin.locator("#toasts")).to_contain_text("Our own signs people in from now on.")
        shoot(admin, "staff-sign-in")


def keeps_and_gives_away(admin: Page, installation: Installation) -> None:
    """Everything held of one of the client's own: a copy of it, and its end once their role has ended."""
    admin.goto(installation.url("ops", "/clients/beta/access/"))
    admin.get_by_role("row", name="Astrid Berg").get_by_role("link", name="Change").click()
    admin.get_by_role("link", name="Everything we hold about them").click()
    expect(admin.get_by_text("They hold a role.")).to_be_visible()
    admin.get_by_role("button", name="Make an export").click()
    until(admin, admin.get_by_role("link", name="Download"))
    shoot(admin, "login-data")
    address = admin.url
    admin.goto(installation.url("ops", "/clients/beta/access/"))
    admin.get_by_role("row", name="Astrid Berg").get_by_role("button", name="End now").click()
    admin.goto(address)
    admin.get_by_label("Why").select_option(label="They asked for it")
    admin.get_by_label("Type the word").fill(admin.locator("strong.code").inner_text())
    admin.get_by_role("button", name="Erase").click()
    until(admin, admin.get_by_text("This person was erased."))
    shoot(admin, "login-erased")
    assert "Astrid" not in admin.content()
