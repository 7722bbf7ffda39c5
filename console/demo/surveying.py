"""Surveys of the demo: one published a client, and every resolution of history asked about or skipped with its reason."""

from datetime import UTC, datetime, time
from typing import Final
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import transaction

from accounts.models import Client
from bpo.actors import system
from bpo.audit.services import record
from bpo.notices.models import Mail
from bpo.tenancy.context import enter
from bpo.tokens import hash_of
from console.demo.asked import EXPIRES_DAYS, Asked, asked, team_of
from console.demo.copying import copy, days, encoded, ids, looked_up, moments, numbers, texts
from console.demo.load_client import resolution_ids
from console.demo.plans import NOBODY, ClientWork, Numbers
from console.demo.seeds import an_id, stream, timed_ids
from console.demo.world import World
from surveys.models import Candidate, Invitation, Response, Survey, SurveyVersion
from surveys.secrets import address_hash, new_token
from surveys.services.asking import MAIL_KIND

QUESTIONS: Final = {
    "norvik": ("After the call", "How satisfied are you with how we handled your call?"),
    "sunda": ("After your request", "How satisfied are you with how we handled your request?"),
    "alder": ("After your appointment call", "How satisfied are you with how we helped you?"),
}


def seed(world: World, *, now: datetime) -> None:
    """Write the surveys of each client that has none yet."""
    for key, work in world.work.items():
        with enter(Client.objects.get(key=key).ref()), transaction.atomic():
            if not Survey.objects.exists():
                _write(world, work, _published(world, work, now))


def _published(world: World, work: ClientWork, now: datetime) -> SurveyVersion:
    key = work.client.key
    name, question = QUESTIONS[key]
    survey = Survey.objects.create(
        id=an_id(world.seed, key, "survey"), key="after-interaction", name=name, expires_days=EXPIRES_DAYS
    )
    version = SurveyVersion.objects.create(
        id=an_id(world.seed, key, "survey version"),
        survey=survey,
        number=1,
        question=question,
        low_label="very dissatisfied",
        high_label="very satisfied",
        mail_subject=f"{work.client.name}: how did we do?",
        mail_text="You were in touch with us a short while ago.\nIt takes one tap and a confirmation.",
        thanks="Thank you. Your answer helps us do better.",
        published_at=datetime.combine(world.days[0], time(), UTC),
    )
    record(action="surveys.survey_published", target=version, by=system("demo"), now=now, detail={"number": 1})
    return version


def _write(world: World, work: ClientWork, version: SurveyVersion) -> None:
    found = asked(world, work)
    rng = stream(world.seed, work.client.key, "survey ids")
    candidates, invitations, mails = (timed_ids(found.at, rng) for _ in range(3))
    rows = np.array([place for place, reason in enumerate(found.skip) if not reason])
    _candidates(world, work, found, version, candidates)
    _mails(work, found, rows, mails, invitations)
    _invitations(work, found, rows, (invitations, candidates, mails))
    answered = np.flatnonzero(found.answered >= 0)
    copy(
        Response,
        len(answered),
        {
            "id": ids(timed_ids(found.answered[answered], rng)),
            "invitation_id": ids(invitations[answered]),
            "score": numbers(found.score[answered]),
            "comment": texts(found.comment[place] for place in answered.tolist()),
            "answered_at": moments(found.answered[answered]),
        },
    )


def _candidates(world: World, work: ClientWork, found: Asked, version: SurveyVersion, own: Numbers) -> None:
    i, client = work.interactions, work.client
    resolution = [resolution_ids(world, work, number) for number in (1, 2)]
    resolutions = np.where((found.number == 1)[:, None], *(one[found.case] for one in resolution))
    agents, ordinals = i.agent[found.row].tolist(), i.day[found.row].tolist()
    teams: dict[tuple[int, int], str] = {}
    for pair in zip(agents, ordinals, strict=True):
        if pair not in teams:
            teams[pair] = encoded(team_of(work, *pair))
    copy(
        Candidate,
        len(found),
        {
            "id": ids(own),
            "resolution_id": ids(resolutions),
            "survey_version_id": version.pk,
            "state": ["skipped" if reason else "invited" for reason in found.skip],
            "skip_reason": list(found.skip),
            "interaction_id": ids(i.ids[found.row]),
            "business_date": days(i.day[found.row]),
            "agent_id": looked_up(i.agent[found.row], lambda n: work.agents[n][1]),
            "team_id": [teams[pair] for pair in zip(agents, ordinals, strict=True)],
            "queue_id": looked_up(i.queue[found.row], lambda n: client.queues[n].id),
            "reason_id": looked_up(i.reason[found.row], lambda n: client.reasons[n].id),
            "created_at": moments(found.at),
        },
    )


def _mails(work: ClientWork, found: Asked, rows: Numbers, own: Numbers, invitations: Numbers) -> None:
    """Each as the sender left it: taken by the server, refused, or in doubt."""
    domain = settings.DEFAULT_FROM_EMAIL.partition("@")[2] or "localhost"
    refused, doubtful, at = found.refused[rows], found.uncertain[rows], found.at[rows]
    sent = ~refused & ~doubtful
    mail_ids = ids(own[rows])
    customers = work.cases.customer[found.case[rows]].tolist()
    copy(
        Mail,
        len(rows),
        {
            "id": mail_ids,
            "kind": MAIL_KIND,
            "subject_id": ids(invitations[rows]),
            "address": [work.customers[customer].email for customer in customers],
            "message_id": [f"<{UUID(hex=one)}@{domain}>" for one in mail_ids],
            "state": np.where(refused, "refused", np.where(doubtful, "uncertain", "sent")).tolist(),
            "created_at": moments(at),
            "connected_at": moments(at + 2),
            "dot_at": moments(np.where(refused, NOBODY, at + 3)),
            "sent_at": moments(np.where(sent, at + 3, NOBODY)),
            "answer": np.where(
                refused,
                "550 5.1.1 Unknown user",
                np.where(doubtful, "The connection broke after the final dot", "250 OK"),
            ).tolist(),
        },
    )


def _invitations(work: ClientWork, found: Asked, rows: Numbers, own: tuple[Numbers, Numbers, Numbers]) -> None:
    invitation_ids, candidate_ids, mail_ids = (ids(one[rows]) for one in own)
    customers = work.cases.customer[found.case[rows]].tolist()
    cancelled = found.cancelled[rows]
    copy(
        Invitation,
        len(rows),
        {
            "id": invitation_ids,
            "candidate_id": candidate_ids,
            "mail_id": mail_ids,
            "token_hash": [hash_of(new_token(UUID(hex=one))) for one in invitation_ids],
            "address_hash": [address_hash(work.customers[customer].email) for customer in customers],
            "created_at": moments(found.at[rows]),
            "expires_at": moments(found.at[rows] + EXPIRES_DAYS * 86_400),
            "cancelled_at": moments(cancelled),
            "cancel_reason": ["reopened" if one >= 0 else "" for one in cancelled.tolist()],
        },
    )
