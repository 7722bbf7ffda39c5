"""Building a report: read in one snapshot, write every file, freeze all of it at once."""

import io
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from bpo.actors import By
from bpo.audit.services import record
from bpo.files.services import store_file
from bpo.outbox.services import enqueue
from bpo.tenancy.context import current_client
from reports.content.document import canonical, differences, digest, document
from reports.content.entries import Json
from reports.content.gather import gather, snapshot
from reports.domain.weeks import Week
from reports.models import Build, ReportFile, ReportVersion
from reports.renderings import RENDERINGS
from reports.selectors import latest_revision
from reports.targets import follow_queues

LARGEST: Final = 50_000_000


def build(*, build_id: UUID, now: datetime) -> Build:
    """Build what was asked for. Done again it changes nothing; a crash before the end leaves nothing frozen.

    A week whose figures are what its last revision says gets no other revision. Raises Build.DoesNotExist.
    """
    found = Build.objects.get(pk=build_id)
    if found.state not in (Build.State.QUEUED, Build.State.BUILDING):
        return found
    Build.objects.filter(pk=found.pk).update(state=Build.State.BUILDING)
    by = By("person", found.actor_name, actor_id=found.actor_id)
    content = _read(Week(found.period_start), by, now)
    with transaction.atomic():
        mine = Build.objects.select_for_update().get(pk=found.pk)
        if mine.state == Build.State.BUILDING:
            _settle(mine, content, by, now)
    return mine


def _read(week: Week, by: By, now: datetime) -> Json:
    client = current_client()
    today = now.astimezone(ZoneInfo(client.zone)).date()
    follow_queues(day=week.start, today=today, by=by, now=now)
    with snapshot():
        return document(gather(week), client=client, by_name=by.name, now=now)


def _settle(mine: Build, content: Json, by: By, now: datetime) -> None:
    """End a build in the caller's transaction: a new revision, or the one there is if nothing has changed."""
    before = latest_revision(mine.period_start)
    changed = differences(before.content, content) if before is not None else []
    if before is not None and not changed:
        mine.state, mine.report = Build.State.UNCHANGED, before
    else:
        mine.state, mine.report = Build.State.READY, _freeze(mine, content, before, changed, by, now)
    mine.finished_at = now
    mine.save(update_fields=["state", "report", "finished_at"])


def _freeze(
    mine: Build, content: Json, before: ReportVersion | None, changed: list[Json], by: By, now: datetime
) -> ReportVersion:
    revision = before.revision + 1 if before is not None else 1
    reason = mine.reason if revision > 1 else ""
    whole = content | {
        "revision": revision,
        "reason": reason,
        "replaces": before.sha256 if before is not None else None,
        "differences": changed,
        "built_at": now.isoformat(),
    }
    text = canonical(whole)
    report = ReportVersion.objects.create(
        period_start=mine.period_start,
        period_end=mine.period_end,
        revision=revision,
        reason=reason,
        built_at=now,
        data_to=now,
        definitions_version=whole["definitions_version"],
        text=text,
        sha256=digest(text),
    )
    hashes = {kind: _file(report, kind, by, now) for kind in RENDERINGS}
    detail = {"sha256": report.sha256, "revision": revision, "files": hashes}
    record(action="reports.frozen", target=report, by=by, now=now, detail=detail)
    enqueue(kind="reports.announce", dedupe_key=f"report-sent:{report.pk}", payload={"report_id": str(report.pk)})
    return report


def _file(report: ReportVersion, kind: str, by: By, now: datetime) -> str:
    """Make one rendering and keep it. Returns the hash of its bytes."""
    name = f"{current_client().key}-{report.period_start.isoformat()}-r{report.revision}.{kind}"
    stream = io.BytesIO(RENDERINGS[kind](report.content, report.sha256))
    kept = store_file(stream=stream, name=name, purpose="report", by=by, now=now, limit=LARGEST)
    ReportFile.objects.create(report=report, kind=kind, file=kept, sha256=kept.sha256)
    return kept.sha256


def fail_build(*, build_id: UUID, tries: int, problem: str, now: datetime) -> None:
    """Say on the request why its n-th try did not come to an end. One that has ended, or is tried again, stays."""
    running = Build.objects.filter(pk=build_id, tries=tries, state__in=[Build.State.QUEUED, Build.State.BUILDING])
    running.update(state=Build.State.FAILED, problem=problem[:500] or "unknown", finished_at=now)
