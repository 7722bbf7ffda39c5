"""The pictures of README, one for each role, from a running demo: `.venv/bin/python scripts/pictures.py`.

Reads var/demo.json, which `make demo` writes once it is ready, signs in as each role and keeps what it sees in
docs/pictures/. Needs Chromium and the development environment.
"""

import json
import re
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# role → client (None is the operator), window, the path to open or the link to follow from there
PICTURES = {
    "operator_admin": (None, DESK, "/", None),
    "hr": (None, DESK, "/attrition/", None),
    "team_lead": ("norvik", DESK, "/queue/", r"^/queue/[0-9a-f-]{36}/$"),
    "planner": ("norvik", DESK, "/board/", None),
    "agent": ("norvik", PHONE, "/today/", None),
    "client_user": ("norvik", DESK, "/reports/", None),
}


def main() -> int:
    told = ROOT / "var" / "demo.json"
    if not told.exists():
        sys.stderr.write("No demo is running. Start one with: make demo\n")
        return 2
    demo = json.loads(told.read_text())
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        browser = play.chromium.launch(executable_path=CHROMIUM, args=flags)
        for role, (client, window, path, link) in PICTURES.items():
            [login, *_] = [one for one in demo["logins"] if one["role"] == role and one.get("client") == client]
            page = browser.new_context(viewport=window, color_scheme="light").new_page()
            base = sign_in(page, demo["hosts"], login)
            page.goto(base + path)
            if link:
                follow(page, base, link)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / f"{role.replace('_', '-')}.png")
            page.context.close()
        browser.close()
    return 0


def sign_in(page: Page, hosts: dict[str, str], login: dict[str, str]) -> str:
    """Sign in where the role does and go to where it works; the address of that host."""
    client = login.get("client")
    own = login["role"] in {"client_user", "client_approver", "third_party"}
    home = hosts[client] if client and own else hosts["ops"]
    page.goto(f"http://{home}/")
    page.get_by_label("E-mail").fill(login["email"])
    page.get_by_label("Password").fill(login["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    if not client or own:
        return f"http://{home}"
    page.locator(f"form[action$='/cross/{client}/'] button").first.click()
    page.wait_for_url(re.compile(re.escape(hosts[client])))
    return f"http://{hosts[client]}"


def follow(page: Page, base: str, link: str) -> None:
    for address in page.locator("a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))"):
        if re.match(link, address):
            page.goto(base + address)
            return
    raise SystemExit(f"{page.url} has no link like {link}")


if __name__ == "__main__":
    sys.exit(main())
