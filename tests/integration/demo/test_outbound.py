"""The demo's calls to patients: what was planted is what the staffing page learns from them."""

from math import sqrt
from typing import Any

from accounts.models import Client
from bpo.tenancy.context import enter
from console.demo.outbound import AFTER, AN_HOUR, CLIENT, KEY, REACH, RINGING, TALK, WEEKS, seed
from interactions.models import Interaction, Queue, Skill
from scheduling.forms_outbound import OutboundForm
from scheduling.selectors import learned_attempts
from tests.integration.demo.conftest import NOW

HOURLY = WEEKS * 5 * AN_HOUR


def test_the_planted_reach_is_learned_by_hour(seeded: Any) -> None:
    client = Client.objects.get(key=CLIENT)
    with enter(client.ref()):
        queue = Queue.objects.get(key=KEY)
        learned = learned_attempts(queue.pk, NOW, client.zone)
        assert Skill.objects.filter(queue=queue).exists(), "somebody can be given the shifts"
        assert queue.direction == "out"
    assert {one.hour for one in learned.hours} == set(REACH)
    for one in learned.hours:
        planted = REACH[one.hour]
        assert HOURLY * 0.9 < one.attempts <= HOURLY
        assert abs((one.share or 0) - planted) < 4 * sqrt(planted * (1 - planted) / one.attempts), one
    # Five seconds each are the least of a drawn time, and those drawn are cut to whole seconds.
    assert abs((learned.talk or 0) - (TALK + AFTER + RINGING + 13.5)) < 4 * TALK / sqrt(learned.whole.talked)
    assert abs((learned.unanswered or 0) - (RINGING + 4.5)) < 4 * RINGING / sqrt(learned.whole.tried)
    shown = OutboundForm.given(learned, None)
    assert {hour for hour in range(24) if f"reach_{hour}" in shown} == set(REACH)
    assert (shown["opens"].hour, shown["closes"].hour) == (9, 18)


def test_calls_are_made_once_and_nothing_else_is_touched(seeded: Any) -> None:
    with enter(Client.objects.get(key=CLIENT).ref()):
        before = Interaction.objects.count()
    seed(seeded, now=NOW)
    with enter(Client.objects.get(key=CLIENT).ref()):
        assert Interaction.objects.count() == before
        assert not Interaction.objects.filter(direction="out").exclude(queue__key=KEY).exists()
