"""Every page of a client in a browser where nothing has happened yet."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.services.terms import set_terms
from bpo.actors import system
from bpo.roles import ROLES
from tests.e2e.screens.tour import Tour, newcomer

pytestmark = pytest.mark.browser


def test_every_empty_page_of_a_client_is_sound(alpha: Any, tmp_path: Path) -> None:
    agreed = {"sees_evaluations": True, "hears_recordings": True}
    set_terms(client=alpha, agreed=agreed, reason="Agreed", by=system("tests"), now=timezone.now())
    tour = Tour("empty")
    tour.plan("client", [newcomer(role, alpha) for role in ROLES if role != "third_party"], alpha)
    tour.look(tmp_path)
