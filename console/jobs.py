"""Second chances for jobs, on a person's word, with a line in the operator's audit."""

from datetime import datetime
from typing import Final

from django.db import transaction

from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.outbox.models import Job
from bpo.outbox.services import replay

PERSON: Final = (Job.State.DEAD, Job.State.UNCERTAIN)  # states that wait for a person
MOST: Final = 1000  # jobs made ready at once


def replay_one(*, job: Job, by: By, now: datetime) -> bool:
    """Make a dead or uncertain job ready again. False when it is neither by now."""
    with transaction.atomic():
        done = replay(job_id=job.pk)
        if done:
            record(action="job.replayed", target=job, by=by, now=now, detail={"was": job.state})
    return done


def replay_kind(*, kind: str, by: By, now: datetime) -> int:
    """Make the dead jobs of a kind ready again, a thousand at most; returns how many were.

    Uncertain ones stay: whether they may happen twice is decided for each.
    """
    with transaction.atomic():
        dead = Job.objects.filter(kind=kind, state=Job.State.DEAD).order_by("id").select_for_update(skip_locked=True)
        found = list(dead[:MOST])
        if not found:
            return 0
        Job.objects.filter(pk__in=[job.pk for job in found]).update(
            state=Job.State.READY, attempts=0, run_at=now, published_at=None, finished_at=None
        )
        detail = {"kind": kind, "jobs": len(found), "last": str(found[-1].pk)}
        record(action="jobs.replayed", target=found[0], by=by, now=now, detail=detail)
    return len(found)
