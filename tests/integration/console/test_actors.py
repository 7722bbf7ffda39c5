"""Everybody let in has an actor, whatever the pseudonyms already given are."""

from typing import Any

import pytest
from django.utils import timezone

from bpo.actors import system
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Actor


@pytest.mark.services
def test_two_people_get_actors_beside_pseudonyms_of_another_kind(alpha: Any) -> None:
    with enter(alpha.ref()):
        for pseudonym in ("Person 5", "Agent 12000", "Agent ninety", "Zed 1"):
            Actor.objects.create(display_name="Known before", pseudonym=pseudonym)
    for number in range(2):
        open_account(
            email=f"p{number}@alpha.example", name=f"New {number}", password="a long enough one", role="agent",
            client=alpha, client_realm=False, by=system("tests"), now=timezone.now(),
        )  # fmt: skip
    with enter(alpha.ref()):
        found = list(Actor.objects.filter(display_name__startswith="New").values_list("pseudonym", flat=True))
    assert sorted(found) == ["Agent 12001", "Agent 12002"]
