"""Weeks that were published with breaks as JSON become whole lists of segments, as publishing them now would."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bpo.tenancy.collected import run_migrations
from bpo.tenancy.context import as_owner
from bpo.tenancy.provisioning import execute
from scheduling.domain.segments import Part, segments
from scheduling.domain.shifts import Pause
from scheduling.models import PublishedShift, Segment
from tests.integration.scheduling.build import WEEK
from tests.older import step, to

START = datetime(2026, 10, 24, 22, tzinfo=UTC)  # the clock goes back that night
CASES: list[tuple[int, list[Pause]]] = [
    (540, []),
    (540, [Pause(120, 15, "break", True), Pause(240, 60, "meal", False)]),
    (540, [Pause(240, 60, "meal", False), Pause(120, 15, "break", True)]),  # not in order
    (240, [Pause(0, 30, "tea", True), Pause(210, 30, "meal", False)]),  # at either end
    (480, [Pause(450, 60, "meal", False), Pause(490, 15, "break", True)]),  # past the end
    (480, [Pause(60, 60, "break", True), Pause(90, 60, "meal", False), Pause(100, 10, "break", True)]),  # over another
    (60, [Pause(0, 60, "break", True)]),  # nothing else
    (480, [Pause(100, 0, "break", True)]),  # of no length
]


@pytest.mark.services
def test_breaks_of_older_versions_become_segments_and_can_go_back(db: None) -> None:
    with as_owner("older"):
        execute(["CREATE SCHEMA older"])
        before, mine = step("scheduling", "segments_and_review")
        models = to(before)
        ids = write(models)
        to([mine])
        for (minutes, pauses), shift in zip(CASES, ids, strict=True):
            found = [Part(one.activity, one.starts_at, one.ends_at, one.paid) for one in parts(shift)]
            assert found == segments(START, START + timedelta(minutes=minutes), pauses), (minutes, pauses)
        shift = to(before).get_model("scheduling", "PublishedShift")
        kept = [shift.objects.get(pk=one).pauses for one in ids]
        assert kept[2] == [
            {"after": 120, "minutes": 15, "name": "break", "paid": True},
            {"after": 240, "minutes": 60, "name": "meal", "paid": False},
        ]
        assert kept[0] == []
        run_migrations()
        assert [one["after"] for one in PublishedShift.objects.get(pk=ids[2]).pauses] == [120, 240]


def parts(shift: uuid.UUID) -> list[Segment]:
    return list(Segment.objects.filter(shift_id=shift))


def write(models: Any) -> list[uuid.UUID]:
    """A version with a shift of each case, as a release before wrote them."""
    queue = models.get_model("interactions", "Queue").objects.create(key="q", name="Q")
    version = models.get_model("scheduling", "ScheduleVersion").objects.create(
        queue=queue, week_start=WEEK, zone="UTC", number=1, reason="x", published_at=START, added=0, dropped=0
    )
    found = []
    for minutes, pauses in CASES:
        actor = models.get_model("interactions", "Actor").objects.create(display_name="x", pseudonym=str(uuid.uuid4()))
        made = models.get_model("scheduling", "PublishedShift").objects.create(
            version=version, actor=actor, starts_at=START, ends_at=START + timedelta(minutes=minutes),
            business_date=WEEK, zone="UTC", template_name="x", block_id=uuid.uuid4(),
            pauses=[{"after": one.after, "minutes": one.minutes, "name": one.name, "paid": one.paid} for one in pauses],
        )  # fmt: skip
        found.append(made.pk)
    return found
