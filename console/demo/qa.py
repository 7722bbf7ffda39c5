"""Reviews of the demo: a scorecard a client, weekly random draws scored by the engine, and a queue that waits."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db import models, transaction

from accounts.models import Client
from bpo.actors import system
from bpo.audit.services import record
from bpo.ids import uuid7
from bpo.tenancy.context import enter
from console.demo.copying import copy, encoded
from console.demo.manifest import quality_mean
from console.demo.plans import ClientWork, InteractionPlan
from console.demo.qa_words import ADVICE, PRAISE, SEVERE, TO_TEAM, scorecard
from console.demo.scored import Answered, Reviewer
from console.demo.seeds import stream
from console.demo.world import World
from interactions.models import Interaction
from qa.domain.sampling import frame_hash, pick
from qa.models import (
    Acknowledgement,
    Draw,
    Evaluation,
    EvaluationRevision,
    Note,
    Release,
    ReviewTask,
    Scorecard,
)
from qa.services import publish_scorecard
from qa.services.submitting import GRACE, result_fields

QUOTA: Final = 2  # random reviews of each agent a week
SPREAD: Final = 6.0  # standard deviation of wanted scores, points of 100
WAITING: Final = 30  # in each client's queue
RECENT_DAYS: Final = 14
BY: Final = system("demo")
Row = dict[str, Any]


def seed(world: World, *, now: datetime) -> None:
    """Publish, draw, score and queue at each client that has no scorecard yet."""
    for key, work in world.work.items():
        with enter(Client.objects.get(key=key).ref()), transaction.atomic():
            if not Scorecard.objects.exists():
                _Client(world, work, now).write()


@dataclass
class _Rows:
    """Rows on their way to COPY, by table; foreign keys are checked at the end of the transaction."""

    found: dict[type[models.Model], list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, model: type[models.Model], **values: Any) -> UUID:
        values.setdefault("id", uuid7())
        self.found[model].append(values)
        known: UUID = values["id"]
        return known

    def save(self) -> None:
        for model, rows in self.found.items():
            copy(model, len(rows), {name: [encoded(row[name]) for row in rows] for name in rows[0]})


class _Client:
    def __init__(self, world: World, work: ClientWork, now: datetime) -> None:
        self.world, self.work, self.now = world, work, now
        self.rng = stream(world.seed, work.client.key, "reviews")
        self.rows = _Rows()
        self.people = {actor: person for person, actor in work.agents}
        self.places = {work.interactions.id(row): row for row in range(len(work.interactions))}
        self.evaluators = self._evaluators()

    def write(self) -> None:
        first = datetime.combine(self.world.days[0], time(8), UTC) - timedelta(days=7)
        card = scorecard(self.work.client.key)
        self.version = publish_scorecard(**card, by=BY, now=first)
        self.reviewer = Reviewer(self.version.content)
        self.heard = dict(self._heard())
        *past, this_week = self._weeks()
        for monday in past:
            self._week(monday)
        self._queue(this_week)
        self.rows.save()
        detail = {"tasks": len(self.rows.found[ReviewTask]), "evaluations": len(self.rows.found[Evaluation])}
        record(action="qa.demo_filled", target=self.version, by=BY, now=self.now, detail=detail)

    def _weeks(self) -> list[date]:
        """Mondays of the weeks that history touches; the last is this week's, and waits."""
        first, last = self.world.days[0], self.world.today
        mondays = {day - timedelta(days=day.weekday()) for day in (*self.world.days, last)}
        return sorted(monday for monday in mondays if first - timedelta(days=7) < monday <= last)

    def _evaluators(self) -> list[UUID]:
        client = self.work.client.key
        found = [
            part.actor_id
            for role in ("qa_analyst", "team_lead")
            for person in self.world.staff_of(client, self.world.today, role)
            if (part := person.assignment_on(client, self.world.today)) is not None
        ]
        return found[:6]

    def _week(self, monday: date) -> None:
        """A past week: drawn from what was handled in it and doesn't wait in the queue, and all of it scored."""
        i = self.work.interactions
        within = (i.day >= monday.toordinal()) & (i.day < monday.toordinal() + 7) & ~i.abandoned & (i.agent >= 0)
        rows = np.flatnonzero(within)
        frame: dict[UUID, list[UUID]] = defaultdict(list)
        channel = self.version.scorecard.channel
        for row in rows.tolist():
            fits = not channel or self.work.client.queues[int(i.queue[row])].channel == channel
            if fits and i.id(row) not in self.heard:
                frame[self.work.agents[int(i.agent[row])][1]].append(i.id(row))
        self._draw(monday, frame, scored=True)

    def _draw(self, monday: date, frame: dict[UUID, list[UUID]], *, scored: bool) -> set[UUID]:
        """The interactions drawn, each queued or scored."""
        everything = [one for ids in frame.values() for one in ids]
        seed = f"{self.work.client.key}:{monday.isoformat()}"
        drawn_at = datetime.combine(monday + timedelta(days=7 if scored else 0), time(1), UTC)
        draw = self.rows.add(
            Draw, scorecard_id=self.version.scorecard_id, week=monday, quota=QUOTA, seed=seed,
            frame_size=len(everything), frame_hash=frame_hash(everything), drawn_at=min(drawn_at, self.now),
            drawn_by_id=None,
        )  # fmt: skip
        found: set[UUID] = set()
        for agent, ids in pick(frame, quota=QUOTA, seed=seed).items():
            for place, one in enumerate(ids, start=1):
                about = self.work.row(self.places[one])
                due = None if scored else self.world.today + timedelta(days=len(found) % 5)
                task = self._task(
                    about, picked="random", draw=draw, place=place, places=len(ids), due_on=due, done=scored
                )
                if scored:
                    self._evaluation(task, about, agent)
                found.add(one)
        return found

    def _task(self, about: InteractionPlan, *, done: bool, **more: Any) -> Row:
        values: Row = {
            "id": uuid7(), "interaction_id": about.id, "scorecard_id": self.version.scorecard_id,
            "agent_id": about.actor_id, "picked": more["picked"], "why": more.get("why", ""),
            "draw_id": more.get("draw"), "place": more.get("place"), "places": more.get("places"),
            "due_on": more.get("due_on"), "state": "done" if done else "waiting", "holder_id": None,
            "created_at": min(about.started_at + timedelta(days=1), self.now),
        }  # fmt: skip
        if done:
            values["holder_id"] = self.evaluators[int(self.rng.integers(len(self.evaluators)))]
        self.rows.add(ReviewTask, **values)
        return values

    def _evaluation(self, task: Row, about: InteractionPlan, agent: UUID) -> None:
        """Scored one to three days later; released after the grace; most of them seen."""
        person, day = self.people[agent], about.business_date
        changed = self.world.lead_changed(self.work.client.key, person, day)
        wanted = quality_mean(person.tenure_days(day), lead_changed=changed) + self.rng.normal(0, SPREAD)
        answered = self.reviewer.answer(float(wanted), self.rng)
        at = about.started_at + timedelta(hours=float(self.rng.uniform(14, 60)))
        at = min(at, self.now - timedelta(hours=float(self.rng.uniform(1, 20))))
        evaluation, revision = uuid7(), uuid7()
        common: Row = {
            "interaction_id": about.id, "agent_id": agent, "evaluator_id": task["holder_id"],
            "scorecard_version_id": self.version.pk,
        }  # fmt: skip
        talk = (about.talk or 300) + (about.hold or 0)
        active = int(talk * self.rng.uniform(0.7, 1.3)) + 90
        self.rows.add(
            Evaluation, id=evaluation, task_id=task["id"], scorecard_id=self.version.scorecard_id, state="released",
            answers=answered.answers, seq=len(answered.answers), active_seconds=active,
            started_at=at - timedelta(seconds=active), saved_at=at, current_id=revision, **common,
        )  # fmt: skip
        part = person.assignment_on(self.work.client.key, day)
        placement = part.placement_on(day) if part else None
        self.rows.add(
            EvaluationRevision, id=revision, evaluation_id=evaluation, seq=1, queue_id=about.queue.id,
            team_id=placement.team_id if placement else None, picked=task["picked"], business_date=day,
            answers=answered.answers, critical_asked=answered.asked, critical_error=answered.wrong, submitted_at=at,
            active_seconds=active, heard_share=f"{self.rng.uniform(0.7, 1):.3f}",
            **result_fields(answered.score), **common,
        )  # fmt: skip
        self._notes(revision, about, agent, task["holder_id"], answered, at)
        release = self.rows.add(Release, revision_id=revision, released_at=at + GRACE, released_by_id=None)
        seen = at + timedelta(hours=float(self.rng.uniform(2, 60)))
        if seen < self.now and (self.rng.random() < 0.85 or at < self.now - timedelta(days=10)):
            self.rows.add(Acknowledgement, release_id=release, agent_id=agent, seen_at=seen)

    def _notes(
        self, revision: UUID, about: InteractionPlan, agent: UUID, author: UUID, answered: Answered, at: datetime
    ) -> None:
        lowered = [key for key, value in answered.answers.items() if value in ("partly", "no")]
        texts: list[tuple[str, str, str]] = []
        if answered.wrong:
            texts.append((answered.score.triggers[0], SEVERE, "agent"))
            texts.append((answered.score.triggers[0], TO_TEAM, "team"))
        elif lowered and self.rng.random() < 0.5:
            texts.append((lowered[0], ADVICE[int(self.rng.integers(len(ADVICE)))], "agent"))
        elif self.rng.random() < 0.25:
            texts.append(("", PRAISE[int(self.rng.integers(len(PRAISE)))], "agent"))
        for question, text, visibility in texts:
            spoken = about.queue.channel == "voice"
            moment = int(self.rng.uniform(0.1, 0.9) * (about.talk or 0) * 1000) if spoken else None
            self.rows.add(
                Note, revision_id=revision, interaction_id=about.id, agent_id=agent, author_id=author, at_ms=moment,
                question=question, text=text, visibility=visibility, given_at=at,
            )  # fmt: skip

    def _queue(self, monday: date) -> None:
        """This week's draw and the targeted ones, from what can be heard or read in the last fortnight."""
        frame: dict[UUID, list[UUID]] = defaultdict(list)
        for one, agent in self.heard.items():
            frame[agent].append(one)
        drawn = self._draw(monday, frame, scored=False)
        left = [one for ids in frame.values() for one in ids if one not in drawn]
        for number, one in enumerate(left[: max(WAITING - len(drawn), 8)]):
            about = self.work.row(self.places[one])
            due = self.world.today + timedelta(days=number % 5)
            self._task(about, picked="targeted", why=_why(about), due_on=due, done=False)

    def _heard(self) -> Iterable[tuple[UUID, UUID]]:
        """Recent interactions with sound or words, newest first; any recent ones where a client has none."""
        since = self.world.today - timedelta(days=RECENT_DAYS)
        recent = Interaction.objects.filter(business_date__gte=since, agent__isnull=False, abandoned=False)
        newest = recent.order_by("-started_at", "id").values_list("pk", "agent_id")
        stored = list(newest.filter(models.Exists(_lines())))
        found = stored or list(newest[:200])
        return [(one, agent) for one, agent in found if agent is not None and one in self.places]


def _lines() -> models.QuerySet[Any]:
    from interactions.models import Line

    return Line.objects.filter(interaction=models.OuterRef("pk"))


def _why(about: InteractionPlan) -> str:
    """A true reason in words."""
    minutes = ((about.talk or 0) + (about.hold or 0)) // 60
    reasons = (
        (bool(about.abusive_reason), f"Abusive customer: {about.abusive_reason.lower()}"),
        (about.escalated, "Escalated"),
        (about.transferred, "Transferred"),
        ((about.hold or 0) > 120, f"On hold for {(about.hold or 0) // 60} min"),
        (minutes >= 8, f"Took {minutes} min"),
    )
    return next((words for holds, words in reasons if holds), f"{about.reason.name}: theme of the week")
