"""Guessing passwords: locked by account and by address, kept in the database, and no sign of who exists."""

from typing import Any
from unittest import mock

import pytest
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import caches
from django.db import connections
from django.test import Client as Browser
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from accounts.services import invite
from bpo.actors import system
from tests.integration.accounts.test_hosts_and_sessions import ALPHA, BETA, OPS, person

PASSWORD = "a long enough one"


def tried(host: str, email: str, password: str = "wrong", **more: Any) -> int:  # noqa: S107
    return Browser(HTTP_HOST=host, **more).post("/sign-in/", {"email": email, "password": password}).status_code


def test_a_lock_out_is_of_one_account_in_one_realm_survives_a_restart_and_no_header_dodges_it(
    alpha: Any, beta: Any
) -> None:
    for key, client in (("alpha", alpha), ("beta", beta)):
        person("client_user", client, "same@people.example", client_realm=True)
        person("client_user", client, f"other@{key}.example", client_realm=True)
    for number in range(8):
        forged = {
            "REMOTE_ADDR": f"198.51.100.{number}",
            "HTTP_X_FORWARDED_FOR": f"1.2.3.{number}",
            "HTTP_FORWARDED": f"for=1.2.3.{number}",
            "HTTP_X_REAL_IP": f"1.2.3.{number}",
        }
        email = "same@people.example" if number % 2 else " Same@People.example "
        Browser(HTTP_HOST=ALPHA, **forged).post(
            "/sign-in/", {"email": email, "password": "wrong", "realm": str(beta.pk), "username": f"u{number}"}
        )
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {f"198.51.100.{n}" for n in range(8)}
    connections.close_all()  # a process that starts anew knows what the database knows
    for cache in caches.all():
        cache.clear()
    AxesProxyHandler.implementation = None
    assert tried(ALPHA, "same@people.example", PASSWORD) == 429
    assert tried(ALPHA, "same@people.example", PASSWORD, REMOTE_ADDR="192.0.2.77") == 429
    assert tried(BETA, "same@people.example", PASSWORD) == 302, "another client's account of the same address"
    assert tried(ALPHA, "other@alpha.example", PASSWORD) == 302


def test_a_client_called_like_the_realm_of_staff_locks_nobody_of_staff(alpha: Any) -> None:
    person("team_lead", alpha)
    for _again in range(9):
        tried(ALPHA, "lead@bpo.example")
    assert tried(OPS, "lead@bpo.example", PASSWORD) == 302
    assert not AccessAttempt.objects.filter(username__startswith="ops:").exists()


def test_one_address_that_fails_at_everybody_waits_and_only_a_trusted_proxy_says_whose_it_is(alpha: Any) -> None:
    person("team_lead", alpha)
    with override_settings(ADDRESS_FAILURE_LIMIT=5):
        for number in range(5):
            tried(OPS, f"nobody{number}@bpo.example", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=f"1.2.3.{number}")
        assert tried(OPS, "lead@bpo.example", PASSWORD, REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="9.9.9.9") == 429
        assert tried(OPS, "lead@bpo.example", PASSWORD, REMOTE_ADDR="192.0.2.2") == 302
        from ipaddress import ip_network

        with override_settings(PROXIES=[ip_network("192.0.2.1")]):
            behind = {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.5"}
            assert tried(OPS, "lead@bpo.example", PASSWORD, **behind) == 302
            for number in range(5):
                tried(OPS, f"nobody{number}@bpo.example", **behind)
            assert tried(OPS, "lead@bpo.example", PASSWORD, **behind) == 429


class Counting(MD5PasswordHasher):
    algorithm = "counting"
    calls = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.calls += 1
        return super().encode(password, salt).replace("md5", "counting", 1)


def test_known_unknown_inactive_and_invited_addresses_get_the_same_answer_for_the_same_work(alpha: Any) -> None:
    hashers = [f"{Counting.__module__}.Counting"]
    with override_settings(PASSWORD_HASHERS=hashers):
        for email in ("known@alpha.example", "inactive@alpha.example"):
            person("client_user", alpha, email, client_realm=True)
        User.objects.filter(email="inactive@alpha.example").update(is_active=False)
        invite(
            email="invited@alpha.example", name="New", role="client_user", client=alpha, realm=alpha,
            by=system("tests"), now=timezone.now(),
        )  # fmt: skip
        told = []
        for who in ("known", "unknown", "inactive", "invited"):
            email, before = f"{who}@alpha.example", Counting.calls
            with mock.patch.object(Counting, "harden_runtime"):
                answer = Browser(HTTP_HOST=ALPHA).post("/sign-in/", {"email": email, "password": "wrong"})
            body = answer.content.replace(email.encode(), b"*").split(b"csrfmiddlewaretoken")[-1][100:]
            told.append((answer.status_code, body, Counting.calls - before))
        assert [one[2] for one in told] == [1, 1, 1, 1]
        assert told[0][0] == 422
        assert told.count(told[0]) == 4
        inactive = {"email": "inactive@alpha.example", "password": PASSWORD}
        assert Browser(HTTP_HOST=ALPHA).post("/sign-in/", inactive).status_code == 422


@pytest.mark.parametrize("name", ["AXES_FAILURE_LIMIT", "ADDRESS_FAILURE_LIMIT"])
def test_the_limits_are_there(name: str) -> None:
    assert 0 < getattr(settings, name) <= 100
