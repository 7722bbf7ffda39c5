"""The pictures of README, one for each role, from a running demo: `.venv/bin/python scripts/pictures.py`.

Reads var/demo.json, which `make demo` writes once it is ready, signs in as each role and keeps what it sees as WebP in
docs/pictures/. Starts and stops nothing; the review it opens is given back. Needs Chromium and the development
environment (`make setup-dev`).
"""

import base64
import json
import re
import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
AT_HOME = {"client_user", "client_approver", "third_party"}  # roles that sign in on their client's own host
MOST = 150_000  # bytes of one picture
# role → client (None is the operator), window, the path to open
PICTURES: dict[str, tuple[str | None, ViewportSize, str]] = {
    "operator_admin": (None, DESK, "/"),
    "hr": (None, DESK, "/attrition/"),
    "qa_analyst": ("norvik", DESK, "/queue/"),
    "planner": ("norvik", DESK, "/board/"),
    "team_lead": ("norvik", DESK, "/csat/"),
    "agent": ("norvik", PHONE, "/my-schedule/"),
    "client_user": ("norvik", DESK, "/reports/"),
}


def main() -> int:
    told = ROOT / "var" / "demo.json"
    if not told.exists():
        sys.stderr.write("No demo is running. Start one with: make demo\n")
        return 2
    demo = json.loads(told.read_text())
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for role, (client, window, path) in PICTURES.items():
            login = next((one for one in demo["logins"] if one["role"] == role and one.get("client") == client), None)
            if login is None:
                sys.stderr.write(f"The demo has no login for {role} at {client or 'the operator'}.\n")
                return 1
            page = browser.new_context(viewport=window, color_scheme="light", reduced_motion="reduce").new_page()
            page.goto(sign_in(page, demo["hosts"], login) + path)
            (review if role == "qa_analyst" else take)(page, role)
            page.context.close()
        browser.close()
    return 0


def sign_in(page: Page, hosts: dict[str, str], login: dict[str, str]) -> str:
    """Sign in where the role does and go to where it works; the address of that host."""
    client = login.get("client")
    own = login["role"] in AT_HOME
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


def review(page: Page, name: str) -> None:
    """The next review of the queue, taken in hand for as long as the picture takes."""
    page.get_by_role("button", name="Open next").click()
    page.wait_for_url(re.compile(r"/queue/[0-9a-f-]{36}/$"))
    take(page, name)
    back = page.locator("form[action$='/back/']")
    back.locator("summary").click()
    back.get_by_role("button").click()  # no reason: it goes back into the queue
    page.wait_for_url(re.compile(r"/queue/$"))


def take(page: Page, name: str) -> None:
    """Keep what the window shows, at the best quality that stays under `MOST`."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    session = page.context.new_cdp_session(page)
    for quality in (90, 80, 70, 60):
        shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        content = base64.b64decode(shot["data"])
        if len(content) <= MOST:
            break
    path = FOLDER / f"{name.replace('_', '-')}.webp"
    path.write_bytes(content)
    sys.stdout.write(f"{path.relative_to(ROOT)}  {len(content) // 1000} kB\n")


if __name__ == "__main__":
    sys.exit(main())
