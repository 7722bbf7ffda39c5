"""T18: cookies of a neighbour's host, and forms sent from one client's host to another."""

import json
import os
import subprocess
import sys
from typing import Any

from django.test import Client as Browser

from tests.integration.accounts.test_sessions import signed_in
from tests.people import sign_in

ALPHA, BETA = "alpha.bpo.test", "beta.bpo.test"
ASK = (
    "import django, json; django.setup(); from django.conf import settings as s;"
    "print(json.dumps({n: getattr(s, n) for n in ('SESSION_COOKIE_NAME', 'CSRF_COOKIE_NAME', 'SESSION_COOKIE_SECURE',"
    "'CSRF_COOKIE_SECURE', 'SESSION_COOKIE_DOMAIN', 'CSRF_COOKIE_DOMAIN', 'SESSION_COOKIE_PATH', 'CSRF_COOKIE_PATH',"
    "'CSRF_TRUSTED_ORIGINS')}))"
)


def test_t18_under_tls_a_neighbour_can_set_no_cookie_of_ours() -> None:
    env = {**os.environ, "BPO_SCHEME": "https", "BPO_BASE": "bpo.example", "BPO_MAY_OWN": "0"}
    told = subprocess.run([sys.executable, "-c", ASK], env=env, capture_output=True, text=True, check=True)
    found = json.loads(told.stdout.splitlines()[-1])
    # What browsers ask of the prefix: Secure, the whole host's path, and no Domain, so that no other host can set it.
    for kind in ("SESSION", "CSRF"):
        assert found[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert found[f"{kind}_COOKIE_SECURE"] is True
        assert found[f"{kind}_COOKIE_PATH"] == "/"
        assert found[f"{kind}_COOKIE_DOMAIN"] is None
    assert found["CSRF_TRUSTED_ORIGINS"] == []


def test_t18_cookies_are_of_one_host_and_out_of_reach_of_scripts(alpha: Any) -> None:
    browser = sign_in("alpha", "client_user")
    browser.get("/security/")
    assert {"bpo_session", "bpo_csrf"} <= set(browser.cookies)
    for name in ("bpo_session", "bpo_csrf"):
        kept = browser.cookies[name]
        assert (kept["domain"], kept["path"], kept["samesite"], kept["httponly"]) == ("", "/", "Lax", True)


def test_t18_a_form_sent_from_a_to_b_is_refused_whatever_token_it_brings(alpha: Any, beta: Any) -> None:
    sign_in("beta", "client_user")
    email = "client-user@beta.example"
    victim = Browser(HTTP_HOST=BETA, enforce_csrf_checks=True)
    victim.cookies = signed_in(BETA, email).cookies
    victim.get("/security/")
    attacker = Browser(HTTP_HOST=ALPHA)
    attacker.get("/sign-in/")
    token = attacker.cookies["bpo_csrf"].value
    good = victim.cookies["bpo_csrf"].value
    address = "/security/sessions/end-others/"
    here, there = {"HTTP_ORIGIN": f"http://{BETA}"}, {"HTTP_ORIGIN": f"http://{ALPHA}"}
    assert victim.post(address, **there).status_code == 403
    assert victim.post(address, {"csrfmiddlewaretoken": token}, **there).status_code == 403
    assert victim.post(address, {"csrfmiddlewaretoken": good}, **there).status_code == 403, "even with the right one"
    assert victim.post(address, {"csrfmiddlewaretoken": good}, HTTP_ORIGIN="null").status_code == 403
    victim.cookies["bpo_csrf"] = token  # set from a neighbour's host, where no TLS keeps it out
    assert victim.post(address, {"csrfmiddlewaretoken": token}, **there).status_code == 403
    victim.cookies["bpo_csrf"] = good
    assert victim.post(address, {"csrfmiddlewaretoken": good}, **here).status_code == 302
