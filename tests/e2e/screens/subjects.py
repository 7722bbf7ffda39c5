"""Which row a page with a parameter is opened on. A route that asks for something else needs an entry here."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from accounts.models import Client, User
from bpo.actors import system
from bpo.tenancy.context import as_app, current_client, inside_client

Values = dict[str, Any] | None  # None when the state has no such row

# Parameter of a route → the model whose row it names, when the name says it all.
ROWS = {
    "actor_id": "interactions.Actor",
    "article_id": "qa.Article",
    "build_id": "reports.Build",
    "card_id": "qa.Scorecard",
    "case_id": "interactions.Case",
    "customer_id": "interactions.Customer",
    "delivery_id": "webhooks.Delivery",
    "endpoint_id": "webhooks.Endpoint",
    "draw_id": "qa.Draw",
    "employee_id": "workforce.Employee",
    "evaluation_id": "qa.Evaluation",
    "file_id": "files.StoredFile",
    "interaction_id": "interactions.Interaction",
    "membership_id": "accounts.Membership",
    "notice_id": "notices.Notice",
    "opening_id": "console.Opening",
    "plan_id": "scheduling.SchedulePlan",
    "preference_id": "scheduling.Preference",
    "repair_id": "scheduling.Repair",
    "design_id": "scheduling.ShiftDesign",
    "requirement_id": "scheduling.Requirement",
    "request_id": "privacy.SubjectRequest",
    "report_id": "reports.ReportVersion",
    "run_id": "imports.ImportRun",
    "sampling_id": "qa.SamplingPlan",
    "task_id": "qa.ReviewTask",
    "template_id": "console.ScorecardTemplate",
    "version_id": "qa.ScorecardVersion",
}
# Parameters that name no row.
FIXED = {
    "table": "teams",
    "number": 1,
    "figure": "csat",
    "code": "service",
    "key": "average",
    "kind": "pdf",
    "revision": 1,
}


def nothing(converters: dict[str, str]) -> dict[str, Any]:
    """Values that name no row: enough to learn that an address only takes POST."""
    stand_in: dict[str, Any] = {"uuid": "00000000-0000-0000-0000-000000000000", "int": 1, "day": None}
    return {
        name: date(2001, 1, 1) if kind == "day" else stand_in.get(kind, "nothing") for name, kind in converters.items()
    }


def row(label: str, parameter: str, field: str = "pk", **filters: Any) -> Callable[[], Values]:
    """The newest row of a model that passes the filters, by one of its fields."""

    def found() -> Values:
        value = apps.get_model(label).objects.filter(**filters).order_by("-pk").values_list(field, flat=True).first()
        return None if value is None else {parameter: value}

    return found


def of(label: str) -> Callable[[], Values]:
    """The history of the newest row of a model."""

    def found() -> Values:
        object_id = row(label, "object_id")()
        return None if object_id is None else {"label": label, **object_id}

    return found


def unanswered_survey() -> Values:
    """The secret link of an invitation that still waits for its answer."""
    from surveys.models import Invitation
    from surveys.secrets import token_of

    found = Invitation.objects.filter(response=None).order_by("-pk").first()
    return {"token": token_of(found)} if found else None


def own_review() -> Values:
    """A released review of the agent of this client who has a login in the demo."""
    from console.demo.world import build

    agents = {one.actor_id for one in build(timezone.now().date()).logins if one.role == "agent"}
    own = {"revision__agent_id__in": agents}
    return row("qa.Release", "evaluation_id", "revision__evaluation_id", **own)()


def own_note() -> Values:
    """A note for that agent."""
    found = own_review()
    agents = apps.get_model("qa.Evaluation").objects.filter(pk=found["evaluation_id"]) if found else []
    about = {"agent_id__in": [one.agent_id for one in agents], "visibility": "agent"}
    return row("qa.Note", "note_id", **about)()


def report_figure() -> Values:
    report = apps.get_model("reports.ReportVersion").objects.first()
    return {"report_id": report.pk, "ref": report.content["figures"][0]["ref"]} if report else None


def report_revision() -> Values:
    report = apps.get_model("reports.ReportVersion").objects.first()
    return {"start": report.period_start, "revision": report.revision} if report else None


def somebody_free() -> Values:
    plan = apps.get_model("scheduling.SchedulePlan").objects.order_by("-pk").first()
    actor = apps.get_model("interactions.Skill").objects.filter(queue=plan.queue).first() if plan else None
    return {"plan_id": plan.pk, "actor_id": actor.actor_id, "day": plan.week_start.isoformat()} if actor else None


def a_client() -> Callable[[], Values]:
    """The client that changes were asked of, else any."""

    def found() -> Values:
        change = apps.get_model("console.Change").objects.select_related("client").order_by("-pk").first()
        return {"key": change.client.key} if change else row("accounts.Client", "key", "key", status="active")()

    return found


def a_claim() -> Values:
    found = apps.get_model("accounts.Claim").objects.filter(left_at=None).select_related("client").first()
    return {"key": found.client.key, "claim_id": found.pk} if found else None


def an_export() -> Values:
    """An export that somebody here asked for."""
    found = apps.get_model("console.Change").objects.filter(kind="export").select_related("client").first()
    return {"key": found.client.key, "change_id": found.pk} if found else None


def link(purpose: str) -> Callable[[], Values]:
    """A link by mail in this host's realm, made when it is looked for: such a link is nowhere to be read."""

    def found() -> Values:
        from accounts.services import invite
        from accounts.services.links import make_link, token_of

        client = current_client().id if inside_client() else None
        with as_app(), transaction.atomic():
            realm = Client.objects.get(pk=client) if client else None
            if purpose == "invitation":
                asked = {"email": "asked@newcomers.example", "name": "Asked", "client": realm, "realm": realm}
                role = "client_user" if realm else "hr"
                made = invite(**asked, role=role, by=system("tests"), now=timezone.now()).link
            else:
                user = User.objects.filter(realm=realm, is_active=True).exclude(password__startswith="!").first()
                if user is None:
                    return None
                made = make_link(purpose="reset", user=user, realm_id=client, email=user.email, now=timezone.now())
        return {"token": token_of(made)} if made else None

    return found


def a_login() -> Values:
    """Somebody of a client's own, with a role there: nobody we employ."""
    found = User.objects.filter(realm__isnull=False, is_active=True).order_by("-pk").first()
    return {"user_id": found.pk} if found else None


# Route → its parameters, where that takes more than any row of one model.
SUBJECTS: dict[str, Callable[[], Values]] = {
    "join": link("invitation"),
    "new-password": link("reset"),
    "audit:history": of("qa.ScorecardDraft"),
    "console:history": of("workforce.Employee"),
    "console:client": a_client(),
    "console:client_access": a_client(),
    "console:step_in": a_client(),
    "console:client_tokens": a_client(),
    "console:download_export": an_export,
    "console:domains": a_client(),
    "console:draft_identity": row("console.Opening", "draft_id", state="draft"),
    "console:draft_terms": row("console.Opening", "draft_id", state="draft"),
    "console:opening": row("console.Opening", "opening_id", state="opened"),
    "console:terms": a_client(),
    "console:client_sign_in": a_client(),
    "console:floor": a_client(),
    "console:login_data": a_login,
    "console:export_login": a_login,
    "console:erase_login": a_login,
    "console:export": a_client(),
    "console:leave_domain": a_claim,
    "console:life": a_client(),
    "console:person_export": row("console.PersonRequest", "request_id", kind="export"),
    "console:step": lambda: (client := a_client()()) and {**client, "kind": "trash"},
    "console:measure": lambda: {"key": "norvik", "code": "service"} if row("console.WeekRollup", "x")() else None,
    "files:download": row("files.StoredFile", "file_id", purpose="import"),
    "hr:import": row("workforce.PeopleImport", "run_id"),
    "hr:problems": row("workforce.PeopleImport", "run_id"),
    "hr:progress": row("workforce.PeopleImport", "run_id"),
    "interactions:detail": row("interactions.Recording", "interaction_id", "interaction_id"),
    "interactions:recording": row("interactions.Recording", "interaction_id", "interaction_id"),
    "qa:draft": row("qa.ScorecardDraft", "card_id", "scorecard_id"),
    "qa:draft_changes": row("qa.ScorecardDraft", "card_id", "scorecard_id"),
    "qa:draft_export": row("qa.ScorecardDraft", "card_id", "scorecard_id"),
    "qa:draft_import": row("qa.ScorecardDraft", "card_id", "scorecard_id"),
    "qa:draft_template": row("qa.ScorecardDraft", "card_id", "scorecard_id", scorecard__template__isnull=False),
    "qa:draft_replay": row("qa.ScorecardDraft", "card_id", "scorecard_id"),
    "qa:compare": row("qa.ScorecardVersion", "card_id", "scorecard_id"),
    "qa:review": row("qa.EvidenceDraft", "task_id", "evaluation__task_id"),
    "qa:take": row("qa.ReviewTask", "task_id", state="claimed", evaluations__evidence_drafts=None),
    "qa:article": row("qa.Article", "article_id", state="live"),
    "qa:measure": lambda: {"key": "mean"},
    "qa:gap_measure": lambda: {"key": "question"},
    "qa:analysis_measure": lambda: {"key": "mean"},
    "qa:article_changes": row("qa.ArticleVersion", "article_id", "article_id", number=2),
    "qa:article_version": lambda: (
        (one := row("qa.ArticleVersion", "article_id", "article_id", number=1)()) and {**one, "number": 1}
    ),
    "qa:read_beside": row("qa.Article", "article_id", state="live"),
    "qa:evaluation": row("qa.EvaluationRevision", "evaluation_id", "evaluation_id"),
    "qa:client_evaluation": row("qa.Release", "evaluation_id", "revision__evaluation_id"),
    "qa:give_note": row("qa.EvaluationRevision", "evaluation_id", "evaluation_id"),
    "qa:my_note": own_note,
    "qa:note": row("qa.Note", "note_id", visibility__in=["team", "agent"], revision__isnull=False),
    "qa:my_review": own_review,
    "reports:figure": report_figure,
    "reports:revision": report_revision,
    "reports:week": row("reports.ReportVersion", "start", "period_start"),
    "reset-second-step": row("accounts.User", "user_id", realm=None),
    "scheduling:add_shift": somebody_free,
    "scheduling:forecast_interval": row("scheduling.ForecastInterval", "interval_id"),
    "scheduling:published_shift": row("scheduling.PublishedShift", "shift_id"),
    "scheduling:rename_queue": row("interactions.Queue", "queue_id"),
    "scheduling:repair": row("scheduling.Repair", "plan_id", "plan_id"),
    "scheduling:shift": row("scheduling.DraftShift", "shift_id"),
    "scheduling:staffing_interval": row("scheduling.RequirementInterval", "interval_id"),
    "scheduling:version": lambda: (
        row("scheduling.ScheduleVersion", "published_id", number=2)()
        or row("scheduling.ScheduleVersion", "published_id")()
    ),
    "scheduling:use_design": row("scheduling.ShiftDesign", "design_id", state__in=["optimal", "feasible", "cancelled"]),
    "survey": unanswered_survey,
}


# Route → what its address asks for, where it says little without.
QUERIES = {"qa:beside": "?q=greeting"}


def known(name: str, wanted: tuple[str, ...]) -> bool:
    return name in SUBJECTS or set(wanted) <= {*ROWS, *FIXED}


def parameters(name: str, wanted: tuple[str, ...]) -> Values:
    """Values for a route's parameters from what this client holds; None when there is nothing to open."""
    if name in SUBJECTS:
        return SUBJECTS[name]()
    values = {}
    for parameter in wanted:
        if parameter in FIXED:
            values[parameter] = FIXED[parameter]
            continue
        found = row(ROWS[parameter], parameter)()
        if found is None:
            return None
        values |= found
    return values
