"""The world the matrix is walked in: two clients with equal people and equal work, each with its own word in every text.

Around each person of client alpha stand work of their own, of a colleague in their team, and of another team; client
beta holds the same once more, so that each of its ids is another client's.
"""

import io
import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import (
    AuthenticatorApp,
    Client,
    IdentityProvider,
    Membership,
    OpenSession,
    Passkey,
    Token,
    User,
)
from accounts.services import create_token, invite, make_handoff
from accounts.services.domains import claim_host
from accounts.services.links import make_link
from accounts.services.links import token_of as token_of_link
from accounts.services.step_ins import step_in
from accounts.services.terms import set_terms
from attrition.importer import IMPORTER
from attrition.importing import create_run as create_people_run
from attrition.importing import keep
from attrition.services import record_separation
from bpo.actors import CUSTOMER, By, system
from bpo.files.models import StoredFile
from bpo.files.services import store_file
from bpo.ids import uuid7
from bpo.imports.models import ImportRun
from bpo.imports.reading import guess
from bpo.imports.registry import IMPORTERS
from bpo.imports.uploading import Upload, receive
from bpo.notices.models import Notice
from bpo.notices.services import tell
from bpo.outbox.models import Job
from bpo.permissions import Permission
from bpo.privacy.models import SubjectRequest
from bpo.roles import ROLES
from bpo.tenancy.context import enter
from bpo.tokens import hash_of
from bpo.webhooks.models import Delivery
from bpo.webhooks.services import create_endpoint
from console.exports import place_of
from console.library import write_version
from console.models import Change, Opening, PersonRequest
from console.people import open_account
from console.person_erasures import place_of as person_place
from interactions.models import Actor, Case, Customer, Interaction, Queue, Recording, Resolution, Skill, Team
from interactions.queue_keeping import add_queue
from interactions.queues import Promised, promise_on_queues
from qa.domain.content import content_hash
from qa.domain.documents import Document
from qa.domain.sampling import last_week
from qa.models import Evaluation, EvaluationRevision, Scorecard, ScorecardVersion
from qa.services import (
    ask_replay,
    begin_article,
    begin_draft,
    claim,
    draw_for_plan,
    drop_draft,
    edit_draft,
    give_note,
    make_plan,
    publish_article,
    publish_scorecard,
    queue_interaction,
    queue_many,
    save_answer,
    save_draft,
    save_filter,
    submit,
    take_template,
    withdraw_article,
)
from qa.services.releasing import release
from qa.services.scoring import begin
from reports.domain.weeks import Week
from reports.models import Build
from reports.services import build, request_build
from scheduling.domain.designing.asked import Asked
from scheduling.models import ForecastInterval, PublishedShift, RequirementInterval
from scheduling.services import (
    add_event,
    ask_repair,
    ask_time_off,
    design_shifts,
    edit_forecast,
    find_repair,
    move_shift,
    publish,
    report_absence,
    request_design,
    send_for_review,
    set_allotments,
    state_preference,
    stop_design,
    take_back_preference,
)
from scheduling.services.preferring import Wanted
from surveys.models import Invitation, Response, Survey
from surveys.secrets import token_of
from surveys.services import consider, record_answer
from tests.integration.console.test_admin import MAKE
from tests.integration.qa.build import content
from tests.integration.reports.build import MONDAY
from tests.integration.scheduling.build import NOW, WEEK, being_built, drafted, employ, floor, past, staffed
from tests.own_domains import own_domain
from tests.people import PASSWORD, sign_in
from workforce.models import Assignment, Employee, PeopleImport, PeopleProblem, Placement, Seat
from workforce.services import hire

BY = system("tests")
PEOPLE = b"employee_no,hire_date,name\nZ9,2026-01-05,Zed\n"
COUNTS = (
    ",".join(["day", *[f"{hour:02d}:00" for hour in range(24)]]).encode()
    + b"\n"
    + b",".join([b"2026-06-01"] + [b"1"] * 24)
)
COUNTED: dict[str, Any] = {
    "zone": "Europe/Berlin",
    "constants": {"queue": "Billing", "source": "acd"},
    "create_missing": ["queue"],
    "wide": {"date": "day", "minutes": 60, "field": "offered"},
}
SECRET = "grader alone"  # of a private note: nobody's page holds it
SOUND = bytes(range(256)) * 40
# Columns of the matrix that are a role of the product, under their short names.
SHORT = {
    "op": "operator_admin", "hr": "hr", "pl": "planner", "tr": "trainer", "qa": "qa_analyst", "tl": "team_lead",
    "ts": "team_lead", "ag": "agent", "cu": "client_user", "ca": "client_approver", "tp": "third_party",
}  # fmt: skip
assert set(SHORT.values()) == set(ROLES), "a role has no column: add it to SHORT and to the matrix"
OWN, TEAM, OTHER = "own", "own team", "other team"


@dataclass
class Place:
    """One client's side. `objects`: kind → whose → id; whose is a column's name, `team` or `other`, or `any`."""

    key: str
    sessions: dict[str, str] = field(default_factory=dict)  # column → cookie on the client's host
    operator: dict[str, str] = field(default_factory=dict)  # column → cookie on the operator's host
    tokens: dict[str, str] = field(default_factory=dict)  # column → an API token with every scope
    actors: dict[str, str] = field(default_factory=dict)
    objects: dict[str, dict[str, str]] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)  # what no answer may hold
    mark: str = ""  # the word in every text of this client

    def keep(self, kind: str, whose: str, value: Any) -> None:
        self.objects.setdefault(kind, {})[whose] = str(value)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def mark_of(key: str) -> str:
    return f"canary{key}"


def populate(key: str) -> Place:
    """Fill a client. Made with time standing at NOW."""
    client = Client.objects.get(key=key)
    agreed = {"sees_evaluations": True, "hears_recordings": True}
    set_terms(client=client, agreed=agreed, reason="Agreed", by=BY, now=NOW)
    place = Place(key, mark=mark_of(key))
    _people(client, place)
    ground = floor(client, employ(f"Team {place.mark}", f"Other {place.mark}"))
    Employee.objects.filter(name=f"Team {place.mark}").update(email=f"team@{key}.example")
    place.actors |= {
        "team": str(ground.actors[f"Team {place.mark}"]),
        "other": str(ground.actors[f"Other {place.mark}"]),
    }
    with enter(client.ref()):
        _teams(place)
        past(ground)
        _schedule(place, ground)
        _work(place)
        _files(place)
        _report(place)
        _webhook(place)
        _privacy(place)
        place.keep("queue", "any", Queue.objects.get(key="billing").pk)
        place.keep("empty queue", "any", add_queue(name="Empty", channel="chat", direction="in", by=BY, now=NOW).pk)
    _stepped(client, place)
    for whose, column in (("team", "ag"), ("other", "hr")):  # tokens have no teams: somebody else's are missing
        place.keep("api token", whose, place.objects["api token"][column])
    place.secrets += [client.schema_name, client.role_name]
    place.secrets += [one.password for one in User.objects.filter(email__endswith=f"@{key}.example")]
    place.secrets += list(Token.objects.filter(client=client).values_list("digest", flat=True))
    _placements(client, place)
    _passkeys(place)
    if place.key == "alpha":
        _library(place)
    return place


def _people(client: Client, place: Place) -> None:
    for short, role in SHORT.items():
        asked = "client_user" if role == "third_party" else role
        email = f"{short}@{place.key}.example"
        browser = sign_in(place.key, asked, email=email)
        place.sessions[short] = browser.cookies["bpo_session"].value
        user = User.objects.get(email=email)
        Membership.objects.filter(user=user).update(role=role, ends_at=NOW + timedelta(days=30))
        place.actors[short] = str(Seat.objects.get(client=client, user=user).actor_id)
        place.tokens[short] = _token(user, client, list(Permission))
        place.keep("api token", short, UUID(Token.objects.get(user=user, client=client).audit_id))
        if role in ("operator_admin", "hr"):  # a role at a client is none at the operator
            Membership.objects.create(user=user, role=role, starts_at=NOW - timedelta(days=1))
        if ROLES[role].realm == "staff":
            place.operator[short] = _operator_session(email)
        else:  # a second session of the client's host, where it is good: shown to the other host it ends
            again = Browser(HTTP_HOST=f"{place.key}.bpo.test")
            again.post("/sign-in/", {"email": email, "password": PASSWORD})
            place.operator[short] = again.cookies["bpo_session"].value
            Browser(HTTP_HOST="ops.bpo.test", HTTP_COOKIE=f"bpo_session={place.operator[short]}").get("/")
    Membership.objects.filter(user__email=f"ts@{place.key}.example").update(scope="teams")
    for short, role in {"off": "team_lead", "left": "team_lead"}.items():
        email = f"{short}@{place.key}.example"
        place.sessions[short] = sign_in(place.key, role, email=email).cookies["bpo_session"].value
        place.operator[short] = _operator_session(email)
    User.objects.filter(email=f"off@{place.key}.example").update(is_active=False)
    Membership.objects.filter(user__email=f"left@{place.key}.example").delete()
    owner = User.objects.get(email=f"op@{place.key}.example")
    place.tokens["narrow"] = _token(owner, client, [Permission.SEE_API_DOCS])


def _stepped(client: Client, place: Place) -> None:
    """An operator without a role at the client, who has stepped in."""
    email = f"in@{place.key}.example"
    open_account(
        email=email, name=f"In {place.key}", password=PASSWORD, role="operator_admin", client=None, client_realm=False,
        by=BY, now=timezone.now(),
    )  # fmt: skip
    user = User.objects.get(email=email)
    step_in(user=user, client=client, reason="Matter 77", minutes=60, by=BY, now=timezone.now())
    browser = Browser(HTTP_HOST=f"{place.key}.bpo.test")
    browser.get("/arrive/", {"code": make_handoff(user=user, client=client)})
    place.sessions["in"] = browser.cookies["bpo_session"].value


def _token(user: User, client: Client, scopes: list[str]) -> str:
    made = create_token(user=user, client=client, name=user.name, scopes=scopes, days=30, by=BY, now=timezone.now())
    return made[1]


def _operator_session(email: str) -> str:
    browser = Browser(HTTP_HOST="ops.bpo.test")
    browser.post("/sign-in/", {"email": email, "password": PASSWORD})
    return browser.cookies["bpo_session"].value


def _passkeys(place: Place) -> None:
    """One of each person, and two of somebody who is in nobody's team: a passkey is one's own alone."""
    stranger = User.objects.create(email=f"stranger@{place.key}.example", name="Stranger", created_at=NOW)
    owners = {short: User.objects.get(email=f"{short}@{place.key}.example") for short in SHORT}
    for whose, user in {**owners, "team": stranger, "other": stranger}.items():
        key = f"{place.key} {whose}".encode()
        passkey = Passkey.objects.create(
            user=user, name=whose, rp_id="x", credential_id=key, credential=key, made_at=NOW
        )  # fmt: skip
        place.keep("passkey", whose, passkey.pk)
        opened = OpenSession.objects.create(
            user=user, client_id=user.realm_id, key_hash=hash_of(f"{place.key} {whose}"), opened_at=NOW, seen_at=NOW,
            ends_at=NOW + timedelta(hours=12),
        )  # fmt: skip
        place.keep("session", whose, opened.pk)
    client = Client.objects.get(key=place.key)
    _links(place, "", owners["cu"], client)
    if place.key == "alpha":  # the operator's own: they are another client's to nobody
        _links(place, "staff's ", owners["op"], client)


def _links(place: Place, whose: str, user: User, client: Client) -> None:
    """A link for a new password, and an invitation, in the realm of a user."""
    role = "client_user" if user.realm_id else "team_lead"
    asked = invite(
        email=f"asked@{place.key}.example", name="Asked", role=role, client=client, realm=user.realm, by=BY, now=NOW
    ).link
    assert asked is not None
    if place.key == "alpha":  # whom the operator invited is another client's to nobody
        place.keep(f"{whose}invited", "any", asked.user_id)
    with transaction.atomic():
        link = make_link(purpose="reset", user=user, realm_id=user.realm_id, email=user.email, now=NOW)
    for kind, made in (("invitation link", asked), ("reset link", link)):
        place.keep(f"{whose}{kind}", "any", token_of_link(made))
    Job.objects.filter(kind="accounts.mail_link").delete()


def _teams(place: Place) -> None:
    north, south = (Team.objects.create(name=f"{name} {place.mark}") for name in ("North", "South"))
    everybody = [UUID(one) for whose, one in place.actors.items() if whose != "other"]
    Actor.objects.filter(pk__in=everybody).update(team=north)
    Actor.objects.filter(pk=place.actors["other"]).update(team=south)
    place.keep("team", "team", north.pk)
    place.keep("team", "other", south.pk)
    place.keep("actor", "any", place.actors["team"])


def _placements(client: Client, place: Place) -> None:
    """Which team the lead of some teams alone leads: the dated truth in public."""
    seat = Seat.objects.get(client=client, actor_id=place.actors["team"])
    lead = Seat.objects.get(client=client, actor_id=place.actors["ts"])
    assert seat.employee is not None
    day = NOW.date() - timedelta(days=90)
    assigned = Assignment.objects.create(employee=seat.employee, client=client, starts_on=day)
    Placement.objects.create(
        assignment=assigned, team_id=place.objects["team"]["team"], team_name="North", lead=lead.employee, starts_on=day
    )


def _repair(place: Place, plan: Any) -> None:
    """Somebody of the published week is away on Friday, and what makes up for it is proposed."""
    friday = plan.week_start + timedelta(days=4)
    away = report_absence(
        actor_id=UUID(place.actors["team"]), first_day=friday, last_day=friday, kind="sick", by=BY, now=NOW
    )  # fmt: skip
    made = ask_repair(
        plan_id=plan.pk, lead=timedelta(), notice=timedelta(), change_hours=1, short_notice_hours=1, by=BY, now=NOW
    )  # fmt: skip
    find_repair(repair_id=made.pk, clock=lambda: NOW)
    place.keep("published plan", "any", plan.pk)
    place.keep("absence", "any", away.pk)
    place.keep("repair", "any", made.pk)


def _time_off(place: Place) -> None:
    """Everybody is off on a day in a quarter of a year, and both teams have room on the days after it."""
    day = WEEK + timedelta(days=63)
    for whose in ("team", "other"):
        set_allotments(
            team_id=UUID(place.objects["team"][whose]), first_day=day, last_day=day + timedelta(days=6),
            weekdays=range(7), cap_minutes=60_000, by=BY, now=NOW,
        )  # fmt: skip
    for whose, actor in place.actors.items():
        made = ask_time_off(actor_id=UUID(actor), first_day=day, last_day=day, by=BY, now=NOW)
        place.keep("time off", whose, made.pk)


def designing(place: Place, requirement: Any) -> None:
    """Shifts that were designed for a requirement, and others that still are."""
    asked = {"asked": [Asked(540, 0, 1410, 60, 2)], "every": 60, "flex": 45, "wraps": True, "seconds": 1}
    done = request_design(requirement_id=requirement.pk, **asked, by=BY, now=NOW)
    stop_design(design_id=done.pk, by=BY, now=NOW)  # the first shifts are enough here
    design_shifts(design_id=done.pk, clock=lambda: NOW)
    place.keep("design", "any", done.pk)
    place.keep("design being made", "any", request_design(requirement_id=requirement.pk, **asked, by=BY, now=NOW).pk)


def _schedule(place: Place, ground: Any) -> None:
    staffed(ground)  # the requirement that shifts may be designed for; of the next one they are being designed
    designing(place, staffed(ground))
    promise_on_queues(promised=Promised(Decimal("0.8"), 20, "served_of_offered"), by=BY, now=NOW)
    queue = Queue.objects.get(key="billing")
    for whose, actor in place.actors.items():
        ground.actors[whose] = UUID(actor)
        Skill.objects.get_or_create(actor_id=actor, queue=queue)
    # A published week, then a draft of the next one: its shifts are the ones that can still be changed.
    on_duty = [whose for whose in place.actors if whose not in ("cu", "ca", "tp")]  # who has an employer here
    week = [(whose, 0, "From 6") for whose in on_duty] + [("team", 4, "From 6")]
    plan = drafted(ground, week, week=WEEK - timedelta(days=7))
    first = publish(plan_id=plan.pk, version=plan.version, reason=f"First {place.mark}", by=BY, now=NOW)
    place.keep("schedule version", "any", first.pk)
    for whose in on_duty:
        one = PublishedShift.objects.filter(actor_id=place.actors[whose]).earliest("starts_at")
        place.keep("published", whose, one.pk)
    _repair(place, plan)
    _time_off(place)
    draft = drafted(ground, [("team", 0, "From 6"), ("other", 1, "From 6")])
    place.keep("plan", "any", draft.pk)
    place.keep("plan being built", "any", being_built(ground.queue_id, WEEK + timedelta(days=7)).pk)
    looked_at = drafted(ground, [("team", 0, "From 6")], week=WEEK + timedelta(days=14))
    send_for_review(plan_id=looked_at.pk, version=1, reason=f"Look {place.mark}", by=BY, now=NOW)
    place.keep("plan in review", "any", looked_at.pk)
    place.keep("draft", "any", draft.shifts.get(actor_id=place.actors["team"]).pk)
    moved = drafted(ground, [("team", 0, "From 6")], week=WEEK + timedelta(days=21))
    one = moved.shifts.get()
    to = {"actor_id": one.actor_id, "starts_at": one.starts_at + timedelta(hours=1)}
    move_shift(shift_id=one.pk, **to, version=1, by=BY, now=NOW)
    place.keep("plan with a move", "any", moved.pk)
    noted = {"queue_id": ground.queue_id, "name": "Sale", "first_day": WEEK, "last_day": WEEK, "factor": 1.5}
    place.keep("special event", "any", add_event(**noted, by=BY, now=NOW).pk)
    times = {"begins_at": NOW + timedelta(days=5), "ends_at": NOW + timedelta(days=6)}
    changed = edit_forecast(queue_id=ground.queue_id, factor=1.1, reason="Known better", by=BY, now=NOW, **times)
    place.keep("forecast edit", "any", changed.pk)
    place.keep("forecast", "any", ForecastInterval.objects.order_by("pk")[0].pk)
    place.keep("requirement interval", "any", RequirementInterval.objects.order_by("pk")[0].pk)
    place.keep("requirement", "any", RequirementInterval.objects.order_by("pk")[0].requirement_id)
    place.keep("template", "any", ground.templates["From 14"])
    for whose, actor in place.actors.items():
        for weekday, kind in enumerate(("preference", "preference taken back")):
            wanted = Wanted(weekday, None, None, "like", "UTC")
            stated = state_preference(actor_id=UUID(actor), wanted=wanted, by=BY, now=NOW)
            place.keep(kind, whose, stated.pk)
        take_back_preference(preference_id=stated.pk, by=BY, now=NOW)


def _work(place: Place) -> None:
    """For everybody: a call with its case, reviews in each state, an answer of a customer, a notice."""
    card = publish_scorecard(key="voice", name=f"Voice {place.mark}", content=content(), by=BY, now=NOW)
    place.keep("scorecard", "any", card.pk)
    stored = store_file(stream=io.BytesIO(SOUND), name="a.wav", purpose="recording", by=BY, now=NOW, limit=10**6)
    Actor.objects.create(display_name=f"Grader {place.mark}", pseudonym=f"Grader {place.mark}")
    _knowledge(place)
    for whose in list(place.actors):
        _around(place, whose, card, stored)
    for whose, actor in place.actors.items():
        # What each evaluator has in hand, and what they sent last, is about a colleague. What somebody else has in
        # hand, about a colleague or about another team's agent, stands for the others'.
        about, evaluator = (whose, "grader") if whose in ("team", "other") else ("team", whose)
        place.keep("held", whose, _begun(place, about, evaluator, card).task_id)
        one = _begun(place, about, evaluator, card)
        submit(evaluation_id=one.pk, seq=2, by=_by(place, evaluator), now=NOW)
        place.keep("sent", whose, one.task_id)
        _own_note(place, whose, evaluator, one)
        tell(
            actor_id=UUID(actor),
            kind="review_released",
            text=f"Told {place.mark}",
            path="/me/",
            dedupe_key="k",
            now=NOW,
        )
        place.keep("notice", whose, Notice.objects.filter(actor_id=actor, dedupe_key="k").latest("pk").pk)
    _drafted(place, card)
    _sampled(place, card)


def _drafted(place: Place, card: ScorecardVersion) -> None:
    """A draft that the grader wrote, with what past reviews would have scored counted: anybody else may publish it."""
    grader = _by(place, "grader")
    begin_draft(card_id=card.scorecard_id, by=grader, now=NOW)
    intent = {"do": "set", "kind": "question", "key": "q1", "field": "text", "value": f"Is it right, {place.mark}?"}
    done = edit_draft(card_id=card.scorecard_id, version=1, intent=intent, by=grader, now=NOW)
    counted = ask_replay(card_id=card.scorecard_id, by=grader, now=NOW)
    place.keep("card", "any", done.draft.scorecard_id)
    place.keep("draft hash", "any", counted.content_hash)
    template = uuid7()
    for number in (1, 2):
        offered = content(pass_mark=80 - number)
        values = {
            "key": "t",
            "name": f"Template {place.mark}",
            "content": offered,
            "content_hash": content_hash(offered),
        }
        copy = take_template(template_id=template, number=number, values=values, by=BY, now=NOW)
        Scorecard.objects.filter(pk=card.scorecard_id, template=None).update(template=copy)


def _library(place: Place) -> None:
    """A template of the operator's own: it is another client's to nobody."""
    document = Document("t", f"Template {place.mark}", "", content())
    version = write_version(document=document, note="First", by=BY, now=NOW)
    place.keep("library template", "any", version.template_id)


def _sampled(place: Place, card: ScorecardVersion) -> None:
    """A plan with a draw of a week that is over, another scorecard without one, and what each person looked for."""
    free = publish_scorecard(key="written", name=f"Written {place.mark}", content=content(), by=BY, now=NOW)
    place.keep("free scorecard", "any", free.scorecard_id)
    plan = make_plan(scorecard_id=card.scorecard_id, quota=1, due_days=5, replaces=True, by=BY, now=NOW)
    place.keep("sampling plan", "any", plan.pk)
    for whose in ("team", "other"):
        _call(place, whose, days=10)
    week = last_week(NOW.date() - timedelta(days=7))
    place.keep("draw", "any", draw_for_plan(plan_id=plan.pk, week=week, today=NOW.date(), by=BY, now=NOW).pk)
    for whose in place.actors:
        who = _by(place, whose)
        call = _call(place, "team" if whose != "team" else "other")
        done = queue_many(interactions=[call.pk], why="Looked for", by=who, now=NOW)
        place.keep("batch", whose, done.batch)
        place.keep("saved filter", whose, save_filter(name="Mine", query="aht=short", by=who, now=NOW).pk)


def _knowledge(place: Place) -> None:
    """An article twice published with a draft on top, and one that is withdrawn with a draft given up."""
    for kind in ("article", "withdrawn article"):
        made = begin_article(by=BY, now=NOW)
        for version, words in ((1, "first"), (3, "second"), (5, "third")):
            fields = {"title": f"Article {place.mark}", "summary": "", "body": f"The {words} {place.mark}"}
            save_draft(article_id=made.pk, version=version, fields=fields, by=BY, now=NOW)
            if version < 5:
                publish_article(article_id=made.pk, version=version + 1, why=words, by=BY, now=NOW)
        if kind == "withdrawn article":
            drop_draft(article_id=made.pk, by=BY, now=NOW)
            withdraw_article(article_id=made.pk, by=BY, now=NOW)
        place.keep(kind, "any", made.pk)


def _by(place: Place, whose: str) -> By:
    """Somebody of the world, or the one who grades and has no column."""
    if whose == "grader":
        grader = Actor.objects.get(pseudonym=f"Grader {place.mark}")
        return By("person", grader.display_name, actor_id=grader.pk)
    return By("person", f"{whose} {place.mark}", actor_id=UUID(place.actors[whose]))


def _call(place: Place, whose: str, *, case: Case | None = None, days: int = 2) -> Interaction:
    queue, started = Queue.objects.get(key="billing"), NOW - timedelta(days=days)
    return Interaction.objects.create(
        source="acd", external_id=f"{place.mark} {whose} {Interaction.objects.count()}", agent_id=place.actors[whose],
        queue=queue, case=case, customer=case.customer if case else None, started_at=started,
        ended_at=started + timedelta(minutes=5), business_date=started.date(), zone="UTC",
    )  # fmt: skip


def _case(place: Place, whose: str, state: str, email: str) -> tuple[Case, Interaction]:
    at = NOW - timedelta(days=2)
    done: dict[str, Any] = {"resolved_at": at, "resolution_number": 1} if state == "resolved" else {}
    customer = Customer.objects.create(email=email, reference=f"{place.mark} {email}")
    case = Case.objects.create(
        reference=f"{place.mark} {whose} {state} {Case.objects.count()}", customer=customer, opened_at=at, state=state,
        queue=Queue.objects.get(key="billing"), **done,
    )  # fmt: skip
    return case, _call(place, whose, case=case)


def _around(place: Place, whose: str, card: ScorecardVersion, stored: StoredFile) -> None:
    case, call = _case(place, whose, "open", f"{whose}-open@{place.mark}.example")
    place.keep("case", whose, case.pk)
    place.keep("interaction", whose, call.pk)
    closed, _told = _case(place, whose, "resolved", f"{whose}-done@{place.mark}.example")
    place.keep("resolved case", whose, closed.pk)
    made = Resolution.objects.create(case=closed, number=1, resolved_at=NOW - timedelta(days=2), source="person")
    consider(resolution_ids=[made.pk], by=BY, now=NOW - timedelta(days=1))
    invitation = Invitation.objects.latest("pk")
    record_answer(token=token_of(invitation) or "", score=2, comment=f"Said {place.mark} {whose}", by=CUSTOMER, now=NOW)
    place.keep("response", whose, Response.objects.latest("pk").pk)
    silenced = _recorded(_call(place, whose), stored, redactions=[{"from_ms": 0, "to_ms": 900}], spans_number=1)
    place.keep("silenced", whose, silenced.pk)
    place.keep("task", whose, queue_interaction(
        interaction_id=silenced.pk, scorecard=card.scorecard, why="Asked for", by=BY, now=NOW
    ).pk)  # fmt: skip
    one = _begun(place, whose, "grader", card, stored)
    sent = submit(evaluation_id=one.pk, seq=2, by=_by(place, "grader"), now=NOW)
    _noted(place, whose, sent)
    release(revision_id=sent.pk, by=BY, now=NOW)
    place.keep("evaluation", whose, one.pk)
    place.keep("heard", whose, one.interaction_id)


def _noted(place: Place, whose: str, sent: EvaluationRevision) -> None:
    """What its agent and the client are told beside an evaluation, what the team is, and what is somebody's own."""
    said = {"visibility": "agent", "text": f"Told {place.mark} {whose}"}
    about: dict[str, Any] = {"interaction_id": sent.interaction_id, "revision_id": sent.pk, "now": NOW}
    note = give_note(note_id=uuid7(), by=_by(place, "grader"), **about, **said)
    place.keep("note", whose, note.pk)
    secret = f"{SECRET} {place.mark}"
    give_note(note_id=uuid7(), by=_by(place, "grader"), **about, text=secret, visibility="private")
    place.secrets.append(secret)


def _own_note(place: Place, whose: str, author: str, about: Evaluation) -> None:
    """A note for the team that its author may still take back."""
    about.refresh_from_db()
    note = give_note(
        note_id=uuid7(), interaction_id=about.interaction_id, revision_id=about.current_id, by=_by(place, author),
        text=f"Between us {place.mark}", visibility="team", now=NOW,
    )  # fmt: skip
    place.keep("own note", whose, note.pk)


def _recorded(call: Interaction, stored: StoredFile, **more: Any) -> Interaction:
    peaks = {"per_second": 4, "agent": [90, 0, 40, 200] * 10, "customer": [0, 0, 0, 120] * 10}
    Recording.objects.create(interaction=call, file=stored, duration_ms=10_000, peaks=peaks, **more)
    return call


def _begun(
    place: Place, agent: str, evaluator: str, card: ScorecardVersion, stored: StoredFile | None = None
) -> Evaluation:
    """A review of one person in another's hand, with every question answered."""
    call = _call(place, agent)
    if stored is not None:
        _recorded(call, stored)
    by = _by(place, evaluator)
    task = queue_interaction(interaction_id=call.pk, scorecard=card.scorecard, why="Asked for", by=BY, now=NOW)
    one = begin(task=claim(task_id=task.pk, by=by, now=NOW), by=by, now=NOW)
    for seq, question in enumerate(("q1", "law"), start=1):
        one = save_answer(evaluation_id=one.pk, question=question, answer="yes", seq=seq, by=by, now=NOW)
    return one


def _files(place: Place) -> None:
    stored = store_file(stream=io.BytesIO(COUNTS), name="c.csv", purpose="import", by=BY, now=NOW, limit=10**6)
    place.keep("file", "any", stored.pk)

    def run() -> ImportRun:
        come = Upload(io.BytesIO(COUNTS), "counts.csv", len(COUNTS), "", json.dumps(COUNTED).encode(), "")
        return receive(come, IMPORTERS["intervals"], by=BY, now=NOW)

    place.keep("import", "any", run().pk)
    done = run()
    ImportRun.objects.filter(pk=done.pk).update(state="done", created=1, file_rows=1)
    place.keep("import done", "any", done.pk)


def _webhook(place: Place) -> None:
    """An endpoint of this client, with a delivery that was given up."""
    one, secret = create_endpoint(
        url=f"https://hooks.{place.key}.example/", events=["evaluation.released"], by=BY, now=NOW
    )  # fmt: skip
    place.secrets.append(secret)
    place.keep("endpoint", "any", one.pk)
    sent = Delivery.objects.create(
        endpoint=one, event="ping", event_id=uuid7(), body="{}", state="given_up", left=0, created_at=NOW, ended_at=NOW
    )  # fmt: skip
    place.keep("delivery", "any", sent.pk)


def _privacy(place: Place) -> None:
    """A customer nobody asked anything about, and an export of one that each person asked for."""
    customer = Customer.objects.create(name=f"Asked about {place.mark}", reference=f"A-{place.mark}")
    place.keep("customer", "any", customer.pk)
    made = store_file(
        stream=io.BytesIO(SOUND), name="personal-data.zip", purpose="subject_export", by=BY, now=NOW, limit=10**6
    )
    for whose, actor in place.actors.items():
        request = SubjectRequest.objects.create(
            kind="export", subject_kind="customer", subject_id=uuid7(), state="done", file=made, actor_id=actor,
            asked_at=NOW, finished_at=NOW, expires_at=NOW + timedelta(days=1),
        )  # fmt: skip
        place.keep("subject request", whose, request.pk)


def _report(place: Place) -> None:
    found = build(build_id=request_build(week=Week(MONDAY), reason="", by=BY, now=NOW).pk, now=NOW)
    assert found.report is not None
    place.keep("report", "any", found.report.pk)
    place.keep("build", "any", found.pk)
    failed = Build.objects.create(
        period_start=MONDAY - timedelta(days=7), period_end=MONDAY - timedelta(days=1), state="failed", problem="x",
        actor_name="t", created_at=NOW, finished_at=NOW,
    )  # fmt: skip
    place.keep("failed build", "any", failed.pk)
    place.keep("survey", "any", Survey.objects.latest("pk").pk)
    waiting, _call_about = _case(place, "team", "resolved", f"asked@{place.mark}.example")
    made = Resolution.objects.create(case=waiting, number=1, resolved_at=NOW - timedelta(days=2), source="person")
    consider(resolution_ids=[made.pk], by=BY, now=NOW - timedelta(days=1))
    place.keep("survey token", "any", token_of(Invitation.objects.latest("pk")))


def _exported(place: Place) -> None:
    """An export that the operator admin of this side asked for and can take."""
    client = Client.objects.get(key=place.key)
    made = Change.objects.create(
        client=client, kind="export", reason="Asked for", state="done", asked_name="t", asked_at=NOW, finished_at=NOW,
        asked_by=User.objects.get(email=f"op@{place.key}.example"), size=4, expires_at=NOW + timedelta(days=1),
    )  # fmt: skip
    place_of(made).parent.mkdir(parents=True, exist_ok=True)
    place_of(made).write_bytes(b"zip!")
    place.keep("export", "any", made.pk)


def _named(place: Place) -> None:
    """A claim that waits for its proof, and a host of the client's own that has it."""
    client = Client.objects.get(key=place.key)
    waits = claim_host(client=client, host=f"waits.{place.key}.example", by=BY, now=NOW)
    place.keep("claim", "any", waits.pk)
    place.keep("own host", "any", own_domain(client, f"care.{place.key}.example").claim_id)


def _person_export(place: Place, employee_id: Any) -> None:
    """An export of somebody's data that the operator admin asked for; to HR it isn't there."""
    made = PersonRequest.objects.create(
        kind="export", employee_id=employee_id, state="done", asked_by=User.objects.get(email=f"op@{place.key}.example"),
        asked_at=NOW, finished_at=NOW, expires_at=NOW + timedelta(days=1),
    )  # fmt: skip
    person_place(made).parent.mkdir(parents=True, exist_ok=True)
    person_place(made).write_bytes(b"zip!")
    place.keep("person export", "any", made.pk)


def populate_operator(place: Place, beta: Place) -> None:
    """What the operator's host holds beside the clients: a person with a spell and its end, imports, openings, jobs."""
    client = Client.objects.get(key=place.key)
    first = NOW.date() - timedelta(days=400)
    working = hire(number="M1", name=f"Working {place.mark}", starts_on=first, by=BY, now=NOW)
    gone = hire(number="M2", name=f"Gone {place.mark}", starts_on=first, by=BY, now=NOW)
    ended = record_separation(
        employment=gone, last_day=NOW.date() - timedelta(days=30), reason="better_pay", by=BY, now=NOW
    )
    place.keep("employee", "any", working.employee_id)
    place.keep("left employee", "any", gone.employee_id)
    _person_export(place, gone.employee_id)
    left = User.objects.create(email=f"went@{place.key}.example", name="Went", realm=client, created_at=NOW)
    place.keep("login of nobody", "any", left.pk)
    place.keep("employment", "any", working.pk)
    place.keep("separation", "any", ended.pk)
    file = io.BytesIO(PEOPLE)
    found = IMPORTER.read_mapping(guess(file, IMPORTER, zone="UTC", encoding="utf-8"), zone="UTC")
    file.seek(0)
    kept = keep(file, found, size=len(PEOPLE))
    run = create_people_run(name="p.csv", mapping=found, kept=kept, by=BY, now=NOW)
    done = PeopleImport.objects.create(
        name="d.csv", state="done", file_rows=1, rejected=1, user_name="t", created_at=NOW
    )
    PeopleProblem.objects.create(run=done, row=2, field="number", problem="none", remedy="one")
    place.keep("people import", "any", run.pk)
    for realm in (None, client):
        IdentityProvider.objects.create(
            realm=realm, name="Company", issuer="https://login.example", client_id="x", sealed_secret=b"-",
            authorisation_endpoint="https://login.example/a", made_at=NOW,
        )  # fmt: skip
    lost = User.objects.get(email="tr@alpha.example")
    AuthenticatorApp.objects.create(user=lost, sealed_secret=b"-", made_at=NOW)
    place.keep("user", "any", lost.pk)
    place.keep("people import done", "any", done.pk)
    with transaction.atomic():
        opened = Opening.objects.create(
            key=place.key, name="A", zone="UTC", state="opened", client=client, asked_name="t", asked_at=NOW
        )
    place.keep("opening", "any", opened.pk)
    begun = Opening.objects.create(key="begun", name="B", zone="UTC", state="draft", asked_name="t", asked_at=NOW)
    place.keep("draft opening", "any", begun.pk)
    for one in (place, beta):
        _exported(one)
        _named(one)
    lead = Membership.objects.get(user__email=f"tl@{place.key}.example", client=client)
    place.keep("membership", "any", lead.pk)
    was = Membership.objects.create(
        user=lead.user,
        client=client,
        role="trainer",
        starts_at=NOW - timedelta(days=9),
        ends_at=NOW - timedelta(days=2),
    )
    place.keep("membership ended", "any", was.pk)
    dead = Job.objects.create(kind="interactions.copy_actor_dates", dedupe_key="dead one", state="dead", client=client)
    place.keep("job", "any", dead.pk)
    for label, make in MAKE.items():  # the admin shows a page of each
        if not apps.get_model(label).objects.exists():
            make()
