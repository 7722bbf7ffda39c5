"""Counting what past evaluations would have scored under a draft, a few hundred at once or as a job with progress."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.outbox.services import enqueue
from qa.domain.content import content_hash
from qa.domain.problems import problems_of
from qa.domain.replaying import Outcome, Past, Replay, Tally, replayed
from qa.errors import NotPossible
from qa.models import EvaluationRevision, Picked, ScorecardReplay, ScorecardVersion
from qa.services.drafting import locked_draft

AT_ONCE: Final = 300  # more are counted by a job
STEP: Final = 250  # between two words of progress


def standing_of(card_id: UUID) -> QuerySet[EvaluationRevision]:
    """The submissions that stand of one scorecard, through all its versions."""
    return EvaluationRevision.objects.filter(standing__scorecard_id=card_id).exclude(standing__state="draft")


def ask_replay(*, card_id: UUID, by: By, now: datetime) -> ScorecardReplay:
    """Count what the standing evaluations would have scored under the draft as it is now.

    Up to 300 are counted here, more by a job. Asked again for the same content it is counted anew, unless it is being
    counted. Raises NotPossible for a draft with problems, ScorecardDraft.DoesNotExist.
    """
    with transaction.atomic():
        draft = locked_draft(card_id)
        if problems_of(draft.content):
            raise NotPossible("content", _("The draft can't score yet."), _("Mend what it lists, then count."))
        digest = content_hash(draft.content)
        known = ScorecardReplay.objects.filter(scorecard_id=card_id, content_hash=digest).first()
        if known is not None and known.state == ScorecardReplay.State.WAITING:
            return known
        total = standing_of(card_id).count()
        values = {
            "content": draft.content, "state": ScorecardReplay.State.WAITING, "total": total, "done": 0, "result": {},
            "asked_at": now, "asked_by_id": by.actor_id, "finished_at": None,
        }  # fmt: skip
        one, _made = ScorecardReplay.objects.update_or_create(
            scorecard_id=card_id, content_hash=digest, defaults=values
        )
        record(action="qa.replay_asked", target=one, by=by, now=now, detail={"evaluations": total})
        if total > AT_ONCE:
            key = f"replay:{one.pk}:{now.isoformat()}"
            enqueue(kind="qa.replay", dedupe_key=key, payload={"replay_id": str(one.pk)})
            return one
    return count_replay(replay_id=one.pk, now=now)


def count_replay(*, replay_id: UUID, now: datetime) -> ScorecardReplay:
    """Count one that waits; progress is written as it goes. Again changes nothing once it is over."""
    one = ScorecardReplay.objects.get(pk=replay_id)
    if one.state != ScorecardReplay.State.WAITING:
        return one
    contents = dict(ScorecardVersion.objects.filter(scorecard_id=one.scorecard_id).values_list("pk", "content"))
    replay = Replay(one.content, {str(key): content for key, content in contents.items()})
    tally = Tally()
    past = _past(one.scorecard_id)
    while batch := list(islice(past, STEP)):
        replayed(replay, batch, tally)
        waiting = ScorecardReplay.objects.filter(pk=one.pk, state="waiting")
        waiting.update(done=tally.total, total=max(one.total, tally.total))
    one.total = one.done = tally.total
    one.state, one.result, one.finished_at = ScorecardReplay.State.DONE, _result(replay, tally), now
    one.save(update_fields=["total", "done", "state", "result", "finished_at"])
    return one


def fail_replay(*, replay_id: UUID, now: datetime) -> None:
    """Say of one that waits that it won't come; asked for again it is counted anew."""
    waiting = ScorecardReplay.objects.filter(pk=replay_id, state=ScorecardReplay.State.WAITING)
    waiting.update(state=ScorecardReplay.State.FAILED, finished_at=now)


def _past(card_id: UUID) -> Iterator[Past]:
    rows = standing_of(card_id).order_by("pk")
    names = ("standing__pk", "scorecard_version_id", "answers", "final", "outcome", "picked")
    for evaluation, version, answers, final, outcome, picked in rows.values_list(*names).iterator(STEP):
        yield Past(str(evaluation), str(version), answers, final, outcome, picked == Picked.RANDOM)


def _result(replay: Replay, tally: Tally) -> dict[str, Any]:
    means = tally.means()
    return {
        "compared": tally.compared,
        "changed": len(tally.rows),
        "flips": tally.flips(),
        "left_out": replay.left_out(),
        "reasons": [[question, why, n] for (question, why), n in tally.reasons.most_common()],
        "means": {
            "n": means.n, "before": means.before, "after": means.after, "low": means.low, "high": means.high,
        },
        "rows": [_row(one) for one in tally.ranked()],
    }  # fmt: skip


def _row(one: Outcome) -> list[Any]:
    new = one.new
    return [
        one.past.id,
        _text(one.past.final),
        one.past.outcome,
        _text(new.final if new else None),
        new.outcome if new else "",
    ]


def _text(score: Decimal | None) -> str | None:
    return None if score is None else str(score)
