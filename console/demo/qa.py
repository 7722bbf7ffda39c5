"""Reviews of the demo: a scorecard and a plan a client, weekly draws and searches scored by the engine, a queue."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db import models, transaction

from accounts.models import Client
from bpo.actors import system
from bpo.audit.services import record
from bpo.ids import uuid7
from bpo.tenancy.context import enter
from console.demo.copying import copy, encoded
from console.demo.manifest import GAP, quality_mean
from console.demo.plans import ClientWork, InteractionPlan
from console.demo.qa_words import ADVICE, BACK, PRAISE, REPLIES, SEVERE, SKIPS, TO_TEAM, scorecard
from console.demo.scored import Answered, Reviewer
from console.demo.seeds import an_id, stream
from console.demo.targets import WORDS, signals
from console.demo.world import World
from interactions.models import Interaction
from qa.domain.sampling import by_lot, frame_hash
from qa.models import (
    Acknowledgement,
    Draw,
    DrawnFrom,
    Evaluation,
    EvaluationRevision,
    Note,
    NoteReply,
    Release,
    ReviewTask,
    Scorecard,
)
from qa.services import make_plan, publish_scorecard
from qa.services.submitting import GRACE, result_fields
from qa.tasks import DRAWN_AT

QUOTA: Final = 4  # random reviews of each agent a week
DUE_DAYS: Final = 5
EVALUATIONS: Final = {"norvik": 2300, "sunda": 1750, "alder": 950}  # random and targeted together
SKIPPED: Final = 0.03  # of what is drawn, and replaced by the next by lot
TARGETED: Final = -2.5  # points that what somebody looked for scores less
SPREAD: Final = 6.0  # standard deviation of wanted scores, points of 100
WAITING: Final = 30  # targeted ones in each client's queue
UNSCORED: Final = 8  # of the newest draw
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
        self.told = 0  # notes for agents
        self.people = {actor: person for person, actor in work.agents}
        self.places = {work.interactions.id(row): row for row in range(len(work.interactions))}
        self.evaluators = self._evaluators()
        self.unscored = 0

    def write(self) -> None:
        first = datetime.combine(self.world.days[0], time(8), UTC) - timedelta(days=7)
        card = scorecard(self.work.client.key)
        self.version = publish_scorecard(**card, by=BY, now=first)
        weak = GAP[1] if GAP[0] == self.work.client.key else ""
        self.plan = make_plan(
            scorecard_id=self.version.scorecard_id, quota=QUOTA, due_days=DUE_DAYS, replaces=True, by=BY, now=first
        )
        self.reviewer = Reviewer(self.version.content, weak=weak)
        self.taken: set[UUID] = set()
        weeks = self._weeks()
        for monday in weeks:
            self._draw(monday, newest=monday == weeks[-1])
        self._targeted(weeks)
        self._queue()
        self.rows.save()
        detail = {"tasks": len(self.rows.found[ReviewTask]), "evaluations": len(self.rows.found[Evaluation])}
        record(action="qa.demo_filled", target=self.version, by=BY, now=self.now, detail=detail)

    def _weeks(self) -> list[date]:
        """Mondays of the weeks that history touches and that are over."""
        mondays = {day - timedelta(days=day.weekday()) for day in self.world.days}
        return sorted(monday for monday in mondays if monday + timedelta(days=7) <= self.world.today)

    def _evaluators(self) -> list[UUID]:
        client = self.work.client.key
        found = [
            part.actor_id
            for role in ("qa_analyst", "team_lead")
            for person in self.world.staff_of(client, self.world.today, role)
            if (part := person.assignment_on(client, self.world.today)) is not None
        ]
        return found[:6]

    def _draw(self, monday: date, *, newest: bool) -> None:
        """What the plan drew of a week on the Monday after it; all of it scored but some of the newest."""
        frame = self._frame(monday)
        everything = [one for ids in frame.values() for one in ids]
        seed = an_id(self.world.seed, self.work.client.key, monday.isoformat()).hex
        drawn_on = monday + timedelta(days=7)
        at = min(datetime.combine(drawn_on, DRAWN_AT, ZoneInfo(self.work.client.zone)), self.now)
        draw = self.rows.add(
            Draw, scorecard_id=self.version.scorecard_id, plan_id=self.plan.pk, week=monday, quota=QUOTA, seed=seed,
            frame_size=len(everything), frame_hash=frame_hash(everything), drawn_at=at, drawn_by_id=None,
        )  # fmt: skip
        for agent, ids in frame.items():
            listed = ",".join(map(str, ids))
            self.rows.add(DrawnFrom, draw_id=draw, agent_id=agent, interactions=f"{{{listed}}}")
            self._drawn(
                by_lot(ids, seed=seed), draw=draw, at=at, due=drawn_on + timedelta(days=DUE_DAYS), newest=newest
            )

    def _drawn(self, lot: list[UUID], *, draw: UUID, at: datetime, due: date, newest: bool) -> None:
        """One agent's part: each place scored, left waiting, or skipped and given to the next by lot."""
        following = iter(lot[QUOTA:])
        for place, one in enumerate(lot[:QUOTA], start=1):
            waits = newest and self.unscored < UNSCORED and self.rng.random() < 0.1
            self.unscored += waits
            sample = {"picked": "random", "draw": draw, "place": place, "places": min(len(lot), QUOTA), "due_on": due}
            chosen, replaces = one, None
            if not waits and self.rng.random() < SKIPPED and (second := next(following, None)) is not None:
                reason = SKIPS[int(self.rng.integers(len(SKIPS)))]
                skipped = self._task(self._about(one), state="skipped", skip_reason=reason, created_at=at, **sample)
                chosen, replaces = second, skipped["id"]
            state = "waiting" if waits else "done"
            task = self._task(self._about(chosen), state=state, replaces=replaces, created_at=at, **sample)
            if not waits:
                self._evaluation(task, self._about(chosen), earliest=at)

    def _frame(self, monday: date) -> dict[UUID, list[UUID]]:
        i = self.work.interactions
        within = (i.day >= monday.toordinal()) & (i.day < monday.toordinal() + 7) & ~i.abandoned & (i.agent >= 0)
        frame: dict[UUID, list[UUID]] = defaultdict(list)
        channel = self.version.scorecard.channel
        for row in np.flatnonzero(within).tolist():
            if not channel or self.work.client.queues[int(i.queue[row])].channel == channel:
                frame[self.work.agents[int(i.agent[row])][1]].append(i.id(row))
        return frame

    def _targeted(self, weeks: list[date]) -> None:
        """What was found by looking for it in the weeks that are over, until there are as many evaluations."""
        left = EVALUATIONS[self.work.client.key] - len(self.rows.found[Evaluation])
        until = (weeks[-1] + timedelta(days=7)).toordinal()
        found = {name: rows[self.work.interactions.day[rows] < until] for name, rows in signals(self.work).items()}
        rare = [(int(row), name) for name in ("long", "short", "caller") for row in found[name]]
        often = [(int(row), name) for name in ("new", "again") for row in found[name]]
        shuffled = [often[place] for place in self.rng.permutation(len(often)).tolist()]
        for row, name in (*rare, *shuffled):
            if left <= 0:
                break
            about = self.work.row(row)
            if about.id in self.taken:
                continue
            at = min(about.started_at + timedelta(hours=float(self.rng.uniform(10, 60))), self.now - timedelta(days=1))
            due = at.date() + timedelta(days=DUE_DAYS)
            task = self._task(about, picked="targeted", why=WORDS[name], state="done", due_on=due, created_at=at)
            self._evaluation(task, about, earliest=at)
            left -= 1

    def _about(self, one: UUID) -> InteractionPlan:
        return self.work.row(self.places[one])

    def _task(self, about: InteractionPlan, *, state: str, **more: Any) -> Row:
        evaluator = self.evaluators[int(self.rng.integers(len(self.evaluators)))]
        values: Row = {
            "id": uuid7(), "interaction_id": about.id, "scorecard_id": self.version.scorecard_id,
            "agent_id": about.actor_id, "picked": more["picked"], "why": more.get("why", ""),
            "draw_id": more.get("draw"), "place": more.get("place"), "places": more.get("places"),
            "due_on": more.get("due_on"), "state": state, "holder_id": evaluator if state == "done" else None,
            "skip_reason": more.get("skip_reason", ""), "skipped_by_id": evaluator if state == "skipped" else None,
            "replaces_id": more.get("replaces"), "created_at": min(more["created_at"], self.now),
            "queued_by_id": evaluator if more["picked"] == "targeted" else None,
        }  # fmt: skip
        self.taken.add(about.id)
        self.rows.add(ReviewTask, **values)
        return values

    def _evaluation(self, task: Row, about: InteractionPlan, *, earliest: datetime) -> None:
        """Scored within days of being queued; released after the grace; most of them seen."""
        agent = task["agent_id"]
        person, day = self.people[agent], about.business_date
        changed = self.world.lead_changed(self.work.client.key, person, day)
        wanted = quality_mean(person.tenure_days(day), lead_changed=changed) + self.rng.normal(0, SPREAD)
        wanted += TARGETED if task["picked"] == "targeted" else 0.0
        answered = self.reviewer.answer(float(wanted), self.rng)
        at = earliest + timedelta(hours=float(self.rng.uniform(3, 100)))
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
            note = self.rows.add(
                Note, revision_id=revision, interaction_id=about.id, agent_id=agent, author_id=author, at_ms=moment,
                question=question, text=text, visibility=visibility, given_at=at, shown_from=None,
            )  # fmt: skip
            self.told += visibility == "agent"
            if visibility == "agent" and self.told % 4 == 0 and at < self.now - timedelta(days=2):
                self._answered(note, agent, author, at)

    def _answered(self, note: UUID, agent: UUID, author: UUID, at: datetime) -> None:
        """Every fourth note has a word of the agent's below it, and every second of these one back."""
        place = self.told // 4
        said = [(agent, REPLIES[place % len(REPLIES)], timedelta(hours=5))]
        if place % 2:
            said.append((author, BACK[place // 2 % len(BACK)], timedelta(hours=21)))
        for who, text, later in said:
            self.rows.add(NoteReply, note_id=note, author_id=who, text=text, replied_at=at + later)

    def _queue(self) -> None:
        """What waits because somebody looked for it: what can be heard or read of the last fortnight."""
        for number, one in enumerate([one for one in self._heard() if one not in self.taken][:WAITING]):
            due = self.world.today + timedelta(days=number // 3 % 6 - 1)
            at = self.now - timedelta(hours=20)
            self._task(self._about(one), picked="targeted", why=_why(self._about(one)), state="waiting", due_on=due,
                       created_at=at)  # fmt: skip

    def _heard(self) -> list[UUID]:
        """Recent interactions with sound or words, newest first; any recent ones where a client has none."""
        since = self.world.today - timedelta(days=RECENT_DAYS)
        recent = Interaction.objects.filter(business_date__gte=since, agent__isnull=False, abandoned=False)
        newest = recent.order_by("-started_at", "id").values_list("pk", flat=True)
        stored = list(newest.filter(models.Exists(_lines())))
        return [one for one in stored or list(newest[:200]) if one in self.places]


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
