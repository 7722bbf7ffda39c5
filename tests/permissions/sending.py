"""What is sent to each address: which rows its parameters name, and what a body holds.

An address whose parameters are all known by name, and that takes an empty POST, needs nothing here.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.integration.interactions.sounds import encoded, tone
from tests.integration.reports.build import MONDAY
from tests.integration.scheduling.build import WEEK
from tests.people import PASSWORD
from tests.permissions.world import COUNTED, COUNTS, PEOPLE

Objects = dict[str, dict[str, str]]

# Parameter → the kind of object it names.
KINDS = {
    "interaction_id": "interaction", "case_id": "case", "task_id": "task", "evaluation_id": "evaluation",
    "notice_id": "notice", "file_id": "file", "run_id": "import", "plan_id": "plan", "report_id": "report",
    "build_id": "build", "version_id": "scorecard", "card_id": "card", "template_id": "library template", "token": "survey token", "opening_id": "opening",
    "job_id": "job", "employment_id": "employment", "separation_id": "separation", "employee_id": "employee",
    "user_id": "user", "membership_id": "membership", "change_id": "export", "passkey_id": "passkey",
    "session_id": "session", "claim_id": "claim", "proven_id": "own host", "draft_id": "draft opening",
    "token_id": "api token",
    "customer_id": "customer", "request_id": "subject request", "note_id": "note",
    "endpoint_id": "endpoint", "delivery_id": "delivery", "article_id": "article",
    "event_id": "special event", "edit_id": "forecast edit", "absence_id": "absence", "time_off_id": "time off",
    "repair_id": "repair", "preference_id": "preference", "queue_id": "queue",
    "published_id": "schedule version", "design_id": "design", "requirement_id": "requirement",
    "sampling_id": "sampling plan", "draw_id": "draw", "batch": "batch", "filter_id": "saved filter",
}  # fmt: skip
# The same where the name doesn't tell.
AT = {
    "/reset/<str:token>/": "reset link",
    "/join/<str:token>/": "invitation link",
    "/cases/<uuid:case_id>/reopen/": "resolved case",
    "/forecast/queues/<uuid:queue_id>/remove/": "empty queue",
    "/interactions/<uuid:interaction_id>/sound/": "heard",
    "/sound/<str:token>/": "heard",
    "/recordings/<uuid:interaction_id>/": "heard",
    "/interactions/<uuid:interaction_id>/silence/": "heard",
    "/interactions/<uuid:interaction_id>/unsilence/": "silenced",
    "/audit/<str:label>/<str:object_id>/": "case",
    "/audit/of/<str:label>/<str:object_id>/": "employee",
    "/access/<uuid:membership_id>/again/": "membership ended",
    "/invitations/<uuid:user_id>/again/": "invited",
    "/invitations/<uuid:user_id>/end/": "invited",
    "/knowledge/<uuid:article_id>/put-back/": "withdrawn article",
    "/knowledge/<uuid:article_id>/draft/back/": "withdrawn article",
    "/queue/<uuid:task_id>/take/": "held",
    "/queue/<uuid:task_id>/back/": "held",
    "/queue/<uuid:task_id>/answers/": "held",
    "/queue/<uuid:task_id>/notes/<uuid:note_id>/": "held",
    "/queue/<uuid:task_id>/evidence/<uuid:evidence_id>/": "held",
    "/queue/<uuid:task_id>/markers/": "held",
    "/queue/<uuid:task_id>/beat/": "held",
    "/queue/<uuid:task_id>/submit/": "held",
    "/queue/<uuid:task_id>/undo/": "sent",
    "/coaching/<uuid:note_id>/withdraw/": "own note",
    "/staffing/design/<uuid:design_id>/stop/": "design being made",
    "/board/plans/<uuid:plan_id>/stop/": "plan being built",
    "/board/plans/<uuid:plan_id>/repair/": "published plan",
    "/preferences/<uuid:preference_id>/put-back/": "preference taken back",
    "/board/plans/<uuid:plan_id>/repair/find/": "published plan",
    "/board/plans/<uuid:plan_id>/absences/add/": "published plan",
    "/board/plans/<uuid:plan_id>/take-back/": "plan in review",
    "/board/shifts/<uuid:shift_id>/": "draft",
    "/board/shifts/<uuid:shift_id>/change/": "draft",
    "/board/shifts/<uuid:shift_id>/remove/": "draft",
    "/board/shifts/<uuid:shift_id>/move/": "draft",
    "/board/shifts/<uuid:shift_id>/break/": "draft",
    "/board/plans/<uuid:plan_id>/undo/": "plan with a move",
    "/board/published/<uuid:shift_id>/": "published",
    "/forecast/interval/<uuid:interval_id>/": "forecast",
    "/staffing/interval/<uuid:interval_id>/": "requirement interval",
    "/imports/<uuid:run_id>/problems.csv": "import done",
    "/reports/builds/<uuid:build_id>/retry/": "failed build",
    "/people/<uuid:employee_id>/data/erase/": "left employee",
    "/access/people/<uuid:user_id>/data/": "login of nobody",
    "/access/people/<uuid:user_id>/data/export/": "login of nobody",
    "/access/people/<uuid:user_id>/data/erase/": "login of nobody",
    "/people/exports/<uuid:request_id>/": "person export",
    "/people/import/<uuid:run_id>/": "people import",
    "/people/import/<uuid:run_id>/start/": "people import",
    "/people/import/<uuid:run_id>/progress/": "people import done",
    "/people/import/<uuid:run_id>/problems.csv": "people import done",
    "/api/v1/interactions/<uuid:pk>/": "interaction",
    "/api/v1/cases/<uuid:pk>/": "case",
    "/api/v1/cases/<uuid:pk>/resolve/": "case",
    "/api/v1/shifts/<uuid:pk>/": "published",
    "/api/v1/evaluations/<uuid:pk>/": "evaluation",
    "/api/v1/notes/<uuid:pk>/": "note",
    "/api/v1/notes/<uuid:pk>/share/": "note",
    "/api/v1/scorecards/<uuid:pk>/": "scorecard",
    "/api/v1/reports/<uuid:pk>/": "report",
    "/api/v1/surveys/<uuid:pk>/": "survey",
    "/api/v1/responses/<uuid:pk>/": "response",
}
# And where the operator's host, at the same address, takes others.
AT_THE_OPERATOR = {"/reset/<str:token>/": "staff's reset link", "/join/<str:token>/": "staff's invitation link"}
SCORECARD = (Path(__file__).parents[2] / "qa" / "presets" / "nested.json").read_text(encoding="utf-8")
CHOSEN = {"password": "quite another long one 9", "again": "quite another long one 9"}
# Parameters that name no row of their own.
FIXED: dict[str, Callable[[Objects], str]] = {
    "evidence_id": lambda _: "019ab000-0000-7000-8000-0000000000ab",
    "place": lambda _: "3",
    "actor_id": lambda objects: objects["actor"]["any"],
    "day": lambda _: (WEEK + timedelta(days=3)).isoformat(),
    "start": lambda _: MONDAY.isoformat(),
    "revision": lambda _: "1",
    "version": lambda _: "1",
    "number": lambda _: "1",
    "table": lambda _: "teams",
    "ref": lambda _: "SL-2",
    "kind": lambda _: "csv",
    "key": lambda _: "alpha",
    "code": lambda _: "service",
    "figure": lambda _: "csat",
    "app": lambda _: "accounts",
    "anything": lambda _: "no-such-page",
}
FIXED_AT = {
    ("/queue/<uuid:task_id>/notes/<uuid:note_id>/", "note_id"): "019ab000-0000-7000-8000-0000000000aa",
    ("/evaluations/figures/<slug:key>/", "key"): "mean",
    ("/knowledge/gaps/figures/<slug:key>/", "key"): "question",
    ("/analysis/figures/<slug:key>/", "key"): "mean",
    ("/clients/<slug:key>/life/<slug:kind>/", "kind"): "suspend",
    ("/attrition/definitions/<slug:key>/", "key"): "average",
    ("/audit/<str:label>/<str:object_id>/", "label"): "interactions.Case",
    ("/audit/of/<str:label>/<str:object_id>/", "label"): "workforce.Employee",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One request: its body, its query, the statuses that mean it was allowed, and whether that leaves a trace."""

    data: Any = None
    json: bool = False
    query: dict[str, str] = field(default_factory=dict)
    fine: tuple[int, ...] = ()
    quiet: bool = False  # allowed, it changes nothing
    of_others: tuple[int, ...] = ()  # and this when it is about what another has in hand
    signs_out: bool = False  # allowed, it leads to sign in

    @property
    def tail(self) -> str:
        return f"?{urlencode(self.query)}" if self.query else ""

    def body(self) -> dict[str, Any]:
        if self.json:
            return {"data": json.dumps(self.data), "content_type": "application/json"}
        return {} if self.data is None else {"data": self.data() if callable(self.data) else self.data}


def call(number: str = "c-1", **more: Any) -> dict[str, Any]:
    return {
        "source": "matrix", "external_id": number, "direction": "in", "channel": "voice", "queue": "billing",
        "started_at": "2026-11-20T01:14:05+00:00", **more,
    }  # fmt: skip


def upload() -> dict[str, Any]:
    return {
        "kind": "intervals",
        "file": SimpleUploadedFile("counts.csv", COUNTS),
        "mapping": SimpleUploadedFile("mapping.json", json.dumps(COUNTED).encode()),
    }


def sounds() -> dict[str, Any]:
    return {"recordings": SimpleUploadedFile("c-1.wav", encoded(tone(0.5)))}


def one_sound() -> dict[str, Any]:
    return {"file": SimpleUploadedFile("call.wav", encoded(tone(0.5)))}


FREE = (WEEK + timedelta(days=64)).isoformat()  # with room for time off
SPAN = {"number": "0", "start": "0:01", "end": "0:02", "kind": "other"}
WRITTEN = {"title": "Said", "summary": "", "body": "Newly said", "reasons": [], "questions": []}
PREFERRED = {"day": "6", "wish": "off", "strength": "like"}
AGREED = {"survey_rest_days": "60", "service_level": "90", "answer_within_seconds": "15"}


def people() -> dict[str, Any]:
    return {"file": SimpleUploadedFile("people.csv", PEOPLE)}


# (method, address) → what is sent, given the objects of the client.
SENDING: dict[tuple[str, str], Callable[[Objects], Sent]] = {
    ("GET", "/"): lambda _: Sent(fine=(200, 302)),
    ("GET", "/search/"): lambda _: Sent(query={"q": "canary"}),
    ("GET", "/board/plans/<uuid:plan_id>/progress/"): lambda _: Sent(),
    ("POST", "/board/plans/<uuid:plan_id>/repair/find/"): lambda _: Sent(
        {"lead": "1", "notice": "24", "change_hours": "1", "short_notice_hours": "2"}, fine=(302,)
    ),
    ("POST", "/board/plans/<uuid:plan_id>/absences/add/"): lambda found: Sent(
        {"actor": found["actor"]["any"], "first_day": "2026-11-28", "last_day": "2026-11-28", "kind": "sick"},
        fine=(302,),
    ),
    ("POST", "/board/absences/<uuid:absence_id>/withdraw/"): lambda found: Sent(
        {"plan": found["published plan"]["any"]}, fine=(302,)
    ),
    ("POST", "/board/time-off/allot/"): lambda found: Sent(
        {
            "team": found["team"]["team"],
            "hours": "900",
            "first_day": WEEK.isoformat(),
            "last_day": WEEK.isoformat(),
            "weekdays": ["0"],
        },
        fine=(302,),
    ),
    ("POST", "/board/time-off/<uuid:time_off_id>/cancel/"): lambda _: Sent({"reason": "Launch"}, fine=(302,)),
    ("POST", "/my-schedule/time-off/ask/"): lambda _: Sent(dict.fromkeys(("first_day", "last_day"), FREE), fine=(302,)),
    ("POST", "/my-schedule/time-off/<uuid:time_off_id>/cancel/"): lambda _: Sent(fine=(302,)),
    ("POST", "/board/plans/<uuid:plan_id>/preferences/add/"): lambda found: Sent(
        PREFERRED | {"actor": found["actor"]["any"]}, fine=(302,)
    ),
    ("POST", "/my-schedule/preferences/add/"): lambda _: Sent(PREFERRED, fine=(302,)),
    ("POST", "/preferences/<uuid:preference_id>/take-back/"): lambda _: Sent(fine=(302,)),
    ("POST", "/preferences/<uuid:preference_id>/put-back/"): lambda _: Sent(fine=(302,)),
    ("POST", "/board/repairs/<uuid:repair_id>/accept/"): lambda _: Sent({"reason": "Away"}, fine=(302,)),
    ("POST", "/board/repairs/<uuid:repair_id>/discard/"): lambda _: Sent(fine=(302,)),
    ("POST", "/imports/new/"): lambda _: Sent(upload, fine=(302,)),
    ("POST", "/recordings/import/"): lambda _: Sent(sounds, fine=(302,)),
    ("POST", "/interactions/<uuid:interaction_id>/recording/"): lambda _: Sent(one_sound, fine=(302,)),
    ("POST", "/interactions/<uuid:interaction_id>/consent/"): lambda _: Sent({"consent": "given"}, fine=(302,)),
    ("POST", "/interactions/<uuid:interaction_id>/silence/"): lambda _: Sent(SPAN, fine=(302,)),
    ("POST", "/interactions/<uuid:interaction_id>/unsilence/"): lambda _: Sent(
        {"number": "1", "span": "0"}, fine=(302,)
    ),
    ("POST", "/imports/<uuid:run_id>/"): lambda _: Sent({"zone": "UTC"}, fine=(302,)),
    ("POST", "/cases/<uuid:case_id>/resolve/"): lambda _: Sent({"version": "1"}, fine=(302,)),
    ("POST", "/cases/<uuid:case_id>/reopen/"): lambda _: Sent({"version": "1"}, fine=(302,)),
    ("POST", "/cases/<uuid:case_id>/customer/"): lambda _: Sent({"version": "1", "email": "n@x.example"}, fine=(302,)),
    ("POST", "/api/v1/interactions/"): lambda _: Sent(call(), json=True, fine=(201,)),
    ("POST", "/api/v1/cases/<uuid:pk>/resolve/"): lambda _: Sent({"version": 1}, json=True, fine=(200,)),
    ("POST", "/privacy/customers/<uuid:customer_id>/export/"): lambda _: Sent(fine=(302,)),
    ("POST", "/privacy/customers/<uuid:customer_id>/erase/"): lambda found: Sent(
        {"ground": "asked", "typed": found["customer"]["any"][-8:]}, fine=(302,)
    ),
    ("POST", "/people/<uuid:employee_id>/data/export/"): lambda _: Sent(fine=(302,)),
    ("POST", "/access/people/<uuid:user_id>/data/export/"): lambda _: Sent(fine=(302,)),
    ("POST", "/access/people/<uuid:user_id>/data/erase/"): lambda found: Sent(
        {"ground": "asked", "typed": found["login of nobody"]["any"][-8:]}, fine=(302,)
    ),
    ("POST", "/people/<uuid:employee_id>/data/erase/"): lambda found: Sent(
        {"ground": "asked", "typed": found["left employee"]["any"][-8:]}, fine=(302,)
    ),
    ("POST", "/notices/preferences/"): lambda _: Sent({"review_released.by_mail": "on"}, fine=(302,)),
    ("POST", "/forecast/queues/add/"): lambda _: Sent(
        {"name": "Returns", "channel": "voice", "direction": "in"}, fine=(302,)
    ),
    ("POST", "/forecast/queues/<uuid:queue_id>/"): lambda _: Sent({"name": "Invoices"}, fine=(302,)),
    ("POST", "/forecast/queues/<uuid:queue_id>/remove/"): lambda _: Sent(fine=(302,)),
    ("POST", "/forecast/edits/add/"): lambda _: Sent(
        {"queue": "billing", "day": WEEK.isoformat(), "share": "120", "reason": "Fair"}, fine=(302,)
    ),
    ("POST", "/forecast/edits/<uuid:edit_id>/take-back/"): lambda _: Sent(fine=(302,)),
    ("POST", "/staffing/direction/"): lambda _: Sent(
        {"queue": "billing", "week": WEEK.isoformat(), "direction": "out"}, fine=(302,)
    ),
    ("GET", "/staffing/what-if/"): lambda _: Sent(
        query={
            "queue": "billing",
            "week": WEEK.isoformat(),
            "service_level": "90",
            "seconds": "20",
            "shrinkage": "10",
            "minimum": "0",
            "concurrency": "1",
        }
    ),
    ("POST", "/forecast/events/add/"): lambda _: Sent(
        {
            "queue": "billing",
            "name": "Fair",
            "first_day": WEEK.isoformat(),
            "last_day": WEEK.isoformat(),
            "share": "120",
        }
    ),
    ("POST", "/staffing/design/new/<uuid:requirement_id>/"): lambda _: Sent(
        {"kind0-hours": "9", "every": "60", "flex": "45", "seconds": "10", "missing": "0", "wraps": "on"}, fine=(302,)
    ),
    ("POST", "/staffing/design/<uuid:design_id>/stop/"): lambda _: Sent(fine=(302,)),
    ("POST", "/staffing/design/<uuid:design_id>/use/"): lambda _: Sent(fine=(302,)),
    ("POST", "/board/build/"): lambda found: Sent({"requirement": found["requirement"]["any"]}, fine=(302,)),
    ("POST", "/board/plans/<uuid:plan_id>/stop/"): lambda _: Sent(fine=(302,)),
    ("POST", "/board/plans/<uuid:plan_id>/publish/"): lambda _: Sent({"version": "1", "reason": "Now"}, fine=(302,)),
    ("POST", "/board/plans/<uuid:plan_id>/review/"): lambda _: Sent({"version": "1", "reason": "Look"}, fine=(302,)),
    ("POST", "/board/plans/<uuid:plan_id>/take-back/"): lambda _: Sent({"version": "2", "reason": "No"}, fine=(302,)),
    ("POST", "/board/plans/<uuid:plan_id>/add/<uuid:actor_id>/<str:day>/"): lambda found: Sent(
        {"template": found["template"]["any"], "version": "1"}, fine=(302,)
    ),
    ("POST", "/board/shifts/<uuid:shift_id>/change/"): lambda found: Sent(
        {"template": found["template"]["any"], "version": "1"}, fine=(302,)
    ),
    ("POST", "/board/shifts/<uuid:shift_id>/remove/"): lambda _: Sent({"version": "1"}, fine=(302,)),
    ("GET", "/board/shifts/<uuid:shift_id>/move/"): lambda _: Sent(query={"start": f"{WEEK.isoformat()}T09:00:00Z"}),
    ("POST", "/board/shifts/<uuid:shift_id>/move/"): lambda _: Sent(
        {"version": "1", "start": f"{WEEK.isoformat()}T09:00:00Z"}, fine=(302,)
    ),
    ("POST", "/board/shifts/<uuid:shift_id>/break/"): lambda _: Sent(
        {"version": "1", "number": "0", "after": "90"}, fine=(302,)
    ),
    ("POST", "/board/plans/<uuid:plan_id>/undo/"): lambda _: Sent({"version": "2"}, fine=(302,)),
    ("POST", "/queue/add/<uuid:interaction_id>/"): lambda _: Sent({"why": "Odd"}, fine=(302,)),
    ("POST", "/queue/find/queue/"): lambda found: Sent(
        {"interaction": found["interaction"]["team"], "query": "aht=long"}, fine=(302,)
    ),
    ("POST", "/queue/find/undo/<uuid:batch>/"): lambda _: Sent(fine=(302,)),
    ("POST", "/queue/find/save/"): lambda _: Sent({"name": "Mine", "query": "aht=long"}, fine=(302,)),
    ("POST", "/queue/find/saved/<uuid:filter_id>/remove/"): lambda _: Sent(fine=(302,)),
    ("POST", "/queue/plans/new/"): lambda found: Sent(
        {"scorecard": found["free scorecard"]["any"], "quota": "2", "due_days": "5"}, fine=(302,)
    ),
    ("POST", "/queue/plans/<uuid:sampling_id>/change/"): lambda _: Sent(
        {"version": "1", "quota": "3", "due_days": "4"}, fine=(302,)
    ),
    ("POST", "/queue/plans/<uuid:sampling_id>/pause/"): lambda _: Sent({"active": "no"}, fine=(302,)),
    ("POST", "/queue/plans/<uuid:sampling_id>/draw/"): lambda _: Sent(fine=(302,)),
    ("POST", "/queue/<uuid:task_id>/take/"): lambda _: Sent({"reason": "On leave"}, fine=(302,)),
    ("PATCH", "/queue/<uuid:task_id>/answers/"): lambda _: Sent(
        {"seq": 3, "question": "q1", "answer": "no"}, json=True, fine=(200,)
    ),
    ("PUT", "/queue/<uuid:task_id>/notes/<uuid:note_id>/"): lambda _: Sent(
        {"text": "Well", "visibility": "agent"}, json=True, fine=(200,)
    ),
    ("DELETE", "/queue/<uuid:task_id>/notes/<uuid:note_id>/"): lambda _: Sent(fine=(200,), quiet=True),
    ("POST", "/evaluations/<uuid:evaluation_id>/note/"): lambda _: Sent(
        {"text": "Well", "visibility": "team"}, fine=(302,)
    ),
    ("POST", "/interactions/<uuid:interaction_id>/note/"): lambda _: Sent(
        {"text": "Well", "visibility": "team"}, fine=(302,)
    ),
    ("POST", "/coaching/<uuid:note_id>/share/"): lambda _: Sent({"to": "client"}, fine=(302,)),
    ("POST", "/coaching/<uuid:note_id>/withdraw/"): lambda _: Sent(fine=(302,)),
    ("POST", "/coaching/<uuid:note_id>/answer/"): lambda _: Sent({"text": "Well"}, fine=(302,)),
    ("POST", "/reviews/notes/<uuid:note_id>/answer/"): lambda _: Sent({"text": "Well"}, fine=(302,)),
    ("POST", "/webhooks/new/"): lambda _: Sent(
        {"url": "https://hooks.example.com/", "events": ["evaluation.released"]}, fine=(201,)
    ),
    ("POST", "/webhooks/<uuid:endpoint_id>/secret/"): lambda _: Sent(fine=(201,)),
    ("POST", "/webhooks/<uuid:endpoint_id>/resume/"): lambda _: Sent(fine=(302,), quiet=True),
    ("POST", "/api/v1/notes/"): lambda found: Sent(
        {"interaction": found["interaction"]["team"], "text": "Well", "visibility": "team"}, json=True, fine=(201,)
    ),
    ("POST", "/api/v1/notes/<uuid:pk>/share/"): lambda _: Sent({"to": "client"}, json=True, fine=(200,)),
    ("PUT", "/queue/<uuid:task_id>/evidence/<uuid:evidence_id>/"): lambda _: Sent(
        {"start_ms": 1000, "end_ms": 2000, "question": "q1"}, json=True, fine=(200,)
    ),
    ("DELETE", "/queue/<uuid:task_id>/evidence/<uuid:evidence_id>/"): lambda _: Sent(fine=(200,), quiet=True),
    ("PUT", "/queue/<uuid:task_id>/markers/"): lambda _: Sent({"at_ms": 1000, "on": True}, json=True, fine=(200,)),
    ("GET", "/queue/<uuid:task_id>/ahead/"): lambda _: Sent(fine=(200, 204)),
    ("PUT", "/queue/snippets/<int:place>/"): lambda _: Sent({"text": "Well"}, json=True, fine=(200,)),
    ("PUT", "/keys/"): lambda _: Sent({"off": False, "map": {"c": "x"}}, json=True, fine=(200,)),
    ("POST", "/queue/<uuid:task_id>/beat/"): lambda _: Sent(fine=(200,), of_others=(409,)),
    ("POST", "/queue/<uuid:task_id>/submit/"): lambda _: Sent({"seq": 2}, json=True, fine=(200,)),
    ("POST", "/knowledge/new/"): lambda _: Sent(fine=(302,)),
    ("PATCH", "/knowledge/<uuid:article_id>/draft/"): lambda _: Sent(
        {"version": 6, "fields": WRITTEN, "before": {}}, json=True, fine=(200,)
    ),
    ("POST", "/knowledge/<uuid:article_id>/draft/"): lambda _: Sent(
        {**WRITTEN, "reasons": "[]", "questions": "[]", "version": "6"}, fine=(302,)
    ),
    ("POST", "/knowledge/<uuid:article_id>/draft/drop/"): lambda _: Sent(fine=(302,)),
    ("POST", "/knowledge/<uuid:article_id>/draft/back/"): lambda _: Sent(fine=(302,)),
    ("POST", "/knowledge/<uuid:article_id>/publish/"): lambda _: Sent({"version": "6", "why": "New"}, fine=(302,)),
    ("POST", "/knowledge/<uuid:article_id>/withdraw/"): lambda _: Sent(fine=(302,)),
    ("POST", "/knowledge/<uuid:article_id>/put-back/"): lambda _: Sent(fine=(302,)),
    ("POST", "/scorecards/new/"): lambda _: Sent({"name": "New", "channel": "", "start": ""}, fine=(302,)),
    ("POST", "/scorecards/new/file/"): lambda _: Sent({"text": SCORECARD, "name": "New", "take": "1"}, fine=(302,)),
    ("POST", "/scorecards/<uuid:card_id>/draft/begin/"): lambda _: Sent(fine=(302,), quiet=True),
    ("POST", "/scorecards/<uuid:card_id>/draft/edit/"): lambda _: Sent(
        {"version": 2, "at": "form", "intent": {"do": "set", "kind": "form", "field": "pass_mark", "value": "70"}},
        json=True,
        fine=(200,),
    ),
    ("POST", "/scorecards/<uuid:card_id>/draft/undo/"): lambda _: Sent(
        {"at": "form"}, json=True, fine=(200,), quiet=True
    ),
    ("POST", "/scorecards/<uuid:card_id>/draft/try/"): lambda _: Sent(
        {"at": "form"}, json=True, fine=(200,), quiet=True
    ),
    ("POST", "/scorecards/<uuid:card_id>/draft/discard/"): lambda _: Sent({"version": "2"}, fine=(302,)),
    ("POST", "/scorecards/<uuid:card_id>/draft/file/take/"): lambda _: Sent(
        {"text": SCORECARD, "take": "2"}, fine=(302,)
    ),
    ("POST", "/scorecards/<uuid:card_id>/draft/template/"): lambda _: Sent({"take": "2"}, fine=(302,)),
    ("POST", "/library/new/"): lambda _: Sent({"text": SCORECARD, "note": "First", "take": "1"}, fine=(302,)),
    ("POST", "/library/<uuid:template_id>/new/"): lambda _: Sent(
        {"text": SCORECARD, "note": "Clearer", "take": "1"}, fine=(302,)
    ),
    ("POST", "/library/<uuid:template_id>/offer/"): lambda _: Sent({"client": ["alpha"]}, fine=(302,)),
    ("POST", "/scorecards/<uuid:card_id>/draft/publish/"): lambda objects: Sent(
        {"seen": objects["draft hash"]["any"], "reason": "Clearer words"}, fine=(302,)
    ),
    ("POST", "/reports/build/"): lambda _: Sent({"start": (MONDAY - timedelta(days=14)).isoformat()}, fine=(302,)),
    ("POST", "/s/<str:token>/"): lambda _: Sent({"score": "4", "comment": ""}, fine=(303,)),
    ("POST", "/sign-in/"): lambda _: Sent({"email": "x@x.example", "password": "wrong"}, fine=(422,)),
    ("GET", "/sign-in/second-step/"): lambda _: Sent(fine=(302,), signs_out=True),  # nobody gave a password before
    ("POST", "/sign-in/second-step/"): lambda _: Sent({"code": "1"}, fine=(302,), quiet=True, signs_out=True),
    ("POST", "/security/second-step/confirm/"): lambda _: Sent({"password": "wrong"}, fine=(422,)),
    ("POST", "/security/second-step/app/"): lambda _: Sent({"code": "000000"}, fine=(422,), quiet=True),
    ("POST", "/security/second-step/app/remove/"): lambda _: Sent(fine=(302,), quiet=True),
    ("POST", "/security/second-step/codes/"): lambda _: Sent(fine=(200, 302), quiet=True),  # who has one, who hasn't
    ("GET", "/sign-in/company/"): lambda _: Sent(fine=(302,)),
    ("GET", "/sign-in/company/back/"): lambda _: Sent(fine=(403,)),
    ("POST", "/security/second-step/company/connect/"): lambda _: Sent(fine=(200,), quiet=True),
    ("POST", "/security/second-step/company/disconnect/"): lambda _: Sent(fine=(302,), quiet=True),
    ("POST", "/sign-in/passkey/"): lambda _: Sent({"credential": "{}"}, fine=(422,), quiet=True),
    ("POST", "/security/second-step/passkey/"): lambda _: Sent({"name": "Phone"}, fine=(422,), quiet=True),
    ("POST", "/security/second-step/passkeys/<uuid:passkey_id>/name/"): lambda _: Sent({"name": "Mine"}, fine=(302,)),
    ("POST", "/security/reset/<uuid:user_id>/"): lambda _: Sent({"reason": "A lost phone"}, fine=(302,)),
    ("POST", "/reset/"): lambda _: Sent({"email": "tl@alpha.example"}, fine=(200,)),
    ("POST", "/reset/<str:token>/"): lambda _: Sent(CHOSEN, fine=(302,), signs_out=True),
    ("POST", "/join/<str:token>/"): lambda _: Sent({"name": "Asked", **CHOSEN}, fine=(302,)),
    ("POST", "/security/password/"): lambda _: Sent({"old": PASSWORD, **CHOSEN}, fine=(302,)),
    ("POST", "/security/sessions/end-others/"): lambda _: Sent(fine=(302,)),
    ("POST", "/sign-out/"): lambda _: Sent(fine=(302,), quiet=True, signs_out=True),
    ("GET", "/arrive/"): lambda _: Sent(query={"code": "none"}, fine=(403,)),
    ("POST", "/clients/new/"): lambda _: Sent(
        {"name": "Lumen", "key": "", "zone": "Europe/Berlin", "colour": "3"}, fine=(302,)
    ),
    ("POST", "/clients/<slug:key>/life/<slug:kind>/"): lambda _: Sent({"reason": "Unpaid"}, fine=(302,)),
    ("POST", "/clients/<slug:key>/domains/"): lambda _: Sent({"host": "care.acme.example"}, fine=(302,)),
    ("POST", "/clients/<slug:key>/domains/built-in/primary/"): lambda _: Sent(fine=(302,), quiet=True),
    ("POST", "/clients/<slug:key>/domains/<uuid:claim_id>/leave/"): lambda _: Sent({"reason": "Renamed"}, fine=(302,)),
    ("POST", "/clients/<slug:key>/exports/"): lambda _: Sent({"reason": "They asked"}, fine=(302,)),
    ("POST", "/clients/openings/<uuid:draft_id>/identity/"): lambda _: Sent(
        {"name": "Newer", "key": "newer", "zone": "Europe/Berlin", "colour": "3"}, fine=(302,)
    ),
    ("POST", "/clients/openings/<uuid:draft_id>/terms/"): lambda _: Sent(AGREED, fine=(302,)),
    **{
        ("POST", f"{place}company/"): lambda _: Sent(  # nobody answers there, which is said without waiting
            {"version": "1", "name": "C", "issuer": "http://127.0.0.1:9", "client_id": "c", "secret": "s"},
            fine=(422,),
            quiet=True,
        )
        for place in ("/access/sign-in/", "/clients/<slug:key>/sign-in/")
    },
    ("POST", "/access/sign-in/company/switch/"): lambda _: Sent({"on": "0"}, fine=(302,)),
    ("POST", "/clients/<slug:key>/sign-in/company/switch/"): lambda _: Sent({"on": "0"}, fine=(302,)),
    ("POST", "/clients/<slug:key>/floor/"): lambda found: Sent(
        {"person": found["employee"]["any"], "role": "agent", "scope": "self"}, fine=(302,), quiet=True
    ),
    ("POST", "/clients/<slug:key>/sign-in/second-step/"): lambda _: Sent({"on": "1"}, fine=(302,)),
    ("POST", "/clients/<slug:key>/terms/"): lambda _: Sent({**AGREED, "reason": "New contract"}, fine=(302,)),
    ("POST", "/clients/openings/<uuid:opening_id>/people/"): lambda _: Sent(
        {"email": "n@bpo.example", "name": "N", "role": "team_lead"}, fine=(302,)
    ),
    ("POST", "/access/give/"): lambda _: Sent(
        {"email": "tl@alpha.example", "name": "", "role": "operator_admin", "scope": "all", "last_day": ""}, fine=(302,)
    ),
    ("POST", "/clients/<slug:key>/access/give/"): lambda _: Sent(
        {"email": "tl@alpha.example", "name": "", "role": "qa_analyst", "scope": "teams", "last_day": "2099-01-31"},
        fine=(302,),
    ),
    ("POST", "/access/<uuid:membership_id>/"): lambda _: Sent(
        {"version": "1", "scope": "teams", "last_day": "2099-01-31"}, fine=(302,)
    ),
    ("POST", "/clients/<slug:key>/step-in/"): lambda _: Sent({"reason": "Matter 8", "minutes": "15"}, fine=(302,)),
    ("POST", "/tokens/"): lambda _: Sent({"name": "New", "days": "90", "scopes": ["see_csat"]}, fine=(201,)),
    ("POST", "/jobs/replay/"): lambda _: Sent({"kind": "interactions.copy_actor_dates"}, fine=(302,)),
    ("POST", "/people/import/"): lambda _: Sent(people, fine=(302,)),
    ("POST", "/people/employments/<uuid:employment_id>/separation/"): lambda _: Sent(
        {"last_day": "2026-11-20", "reason": "better_pay"}, fine=(302,)
    ),
}


def sent(method: str, route: str, objects: Objects) -> Sent:
    found = SENDING.get((method, route))
    if found is not None:
        return found(objects)
    if route.startswith("/admin/"):  # to look at: sent forms change nothing
        return Sent(fine=(302,) if route.endswith("/<path:object_id>/") else (200,), quiet=True)
    return Sent()
