"""What people leave behind in a product they use: the rows of the pages that the demo's seed has no need of."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import Claim, Client, IdentityProvider
from bpo.actors import system
from bpo.imports.services import execute_run, queue_run
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.outbox.services import enqueue
from bpo.tenancy.context import enter
from bpo.webhooks.models import Endpoint
from console.models import Change, ScorecardTemplate
from interactions.models import Actor, Customer, Interaction, Queue, Reason, Team
from qa.models import ReviewTask, SavedFilter, Scorecard
from scheduling.domain.designing.asked import Asked
from scheduling.models import Requirement, SchedulePlan
from scheduling.selectors import current_shifts
from scheduling.services import (
    ask_repair,
    design_shifts,
    find_repair,
    report_absence,
    request_design,
    state_preference,
    stop_design,
)
from scheduling.services.preferring import Wanted
from tests.e2e.screens.quality import quality_worked_at, stretched
from tests.own_domains import own_domain
from workforce.models import Employee, Site, TrainingClass

CALLS = b"Call Id,Agent,Start,Skill\n1,Maricel,2026-03-02 09:00,Billing EN\n2,Maricel,soon,Billing EN\n"
PEOPLE = b"employee_no,hire_date,last_day,pay\nE1,2026-01-05,,a\nE2,soon,,a\n"
FIELDS = {
    "column-0": "external_id", "column-1": "agent", "column-2": "started_at", "column-3": "queue",
    "constant-source": "acd", "constant-direction": "in", "constant-channel": "voice", "zone": "Europe/Berlin",
    "create-queue": "1", "create-actor": "1",
}  # fmt: skip
LONG = "Wiśniewska-Kowalczyk of Saint Bartholomew's"


def worked_with(client: Any, there: dict[str, Any], operators: dict[str, Any]) -> None:
    """What the signed-in people of these roles, at a client and at the operator, do before anybody looks."""
    import_calls(there["team_lead"], client)
    tell_others(there["operator_admin"], client)
    note(there["team_lead"], client)
    give_up(client)
    lose_somebody(client)
    claim(client, there["team_lead"], there.get("qa_analyst"))
    quality_worked_at(client, operators["operator_admin"])
    sign_in_by_company(client)
    hold_tokens(there["team_lead"])
    import_people(operators["hr"])
    open_another(operators["operator_admin"])
    lives(operators["operator_admin"], client)
    design(client)
    ask_about_somebody(there["operator_admin"], client)
    ask_about_one_of_us(operators["hr"])
    name(operators["operator_admin"], client)
    assert (
        operators["operator_admin"]
        .post(
            f"/clients/{client.key}/terms/",
            {
                "sees_reports": "on",
                "sees_satisfaction": "on",
                "sees_evaluations": "on",
                "hears_recordings": "on",
                "surveys_asked": "on",
                "survey_rest_days": "60",
                "service_level": "85",
                "answer_within_seconds": "30",
                "reason": "A new contract",
            },
        )
        .status_code
        == 302
    )


def ask_about_one_of_us(hr: Any) -> None:
    """The same about a person on the operator's host."""
    employee = Employee.objects.latest("pk")
    assert hr.post(f"/people/{employee.pk}/data/export/").status_code == 302
    job = Job.objects.filter(kind="console.export_person").latest("pk")
    assert execute(job.pk, job.kind) == "done"


def ask_about_somebody(operator: Any, client: Any) -> None:
    """An export of a customer's data, made and to be taken."""
    with enter(client.ref()):
        customer = Customer.objects.latest("pk")
    assert operator.post(f"/privacy/customers/{customer.pk}/export/").status_code == 302
    job = Job.objects.filter(kind="privacy.export").latest("pk")
    assert execute(job.pk, job.kind) == "done"


def tell_others(operator: Any, client: Any) -> None:
    """A webhook, a test that nobody took, and one on its way."""
    wish = {"url": "https://hooks.quality-of-norvik.example/evaluations", "events": ["evaluation.released"]}
    assert operator.post("/webhooks/new/", wish).status_code == 201
    with enter(client.ref()):
        made = Endpoint.objects.get()
    for _ in range(2):
        assert operator.post(f"/webhooks/{made.pk}/ping/").status_code == 302
    first = Job.objects.filter(kind="webhooks.deliver", client=client).earliest("pk")
    execute(first.pk, first.kind)


def sign_in_by_company(client: Any) -> None:
    """A provider for the client's people, and one for staff that is not switched on yet."""
    for realm, name in ((client, "Norvik’s own sign-in"), (None, "Staff directory")):
        at = f"https://login.{realm.key if realm else 'staff'}.example"
        IdentityProvider.objects.create(
            realm=realm, name=name, issuer=at, client_id="bpo", sealed_secret=b"-", is_active=realm is not None,
            authorisation_endpoint=f"{at}/a", token_endpoint=f"{at}/t", keys_endpoint=f"{at}/k", made_at=timezone.now(),
        )  # fmt: skip


def hold_tokens(lead: Any) -> None:
    """Two API tokens of the lead's own."""
    for name in ("Nightly export", "Wallboard of the second floor"):
        made = lead.post("/tokens/", {"name": name, "days": "90", "scopes": ["see_evaluations"]})
        assert made.status_code == 201, made.content.decode()


def note(lead: Any, client: Any) -> None:
    """A note for the client on an interaction that nobody scored."""
    with enter(client.ref()):
        about = Interaction.objects.filter(agent__isnull=False, review_tasks=None).latest("pk")
    sent = {"text": "They praised how the outage was explained.", "visibility": "client"}
    assert lead.post(f"/interactions/{about.pk}/note/", sent).status_code == 302


def lose_somebody(client: Any) -> None:
    """Somebody of a published week is away, and what makes up for it is proposed."""
    now = timezone.now()
    with enter(client.ref()):
        coming = current_shifts().filter(starts_at__gt=now + timedelta(days=2)).order_by("starts_at")
        if (shift := coming.first()) is None:
            return
        plan = SchedulePlan.objects.get(queue=shift.version.queue, week_start=shift.version.week_start)
        day = {"first_day": shift.business_date, "last_day": shift.business_date, "kind": "sick"}
        report_absence(actor_id=shift.actor_id, **day, by=system("tests"), now=now)
        made = ask_repair(
            plan_id=plan.pk, lead=timedelta(hours=2), notice=timedelta(hours=48), change_hours=0.5,
            short_notice_hours=1, by=system("tests"), now=now,
        )  # fmt: skip
        find_repair(repair_id=made.pk, clock=lambda: now)
        off = Wanted(shift.business_date.weekday(), None, None, "much", plan.zone)
        state_preference(actor_id=shift.actor_id, wanted=off, by=system("tests"), now=now)


def import_calls(lead: Any, client: Any) -> None:
    """A file of which one row is refused, imported to its end."""
    sent = lead.post("/imports/new/", {"file": SimpleUploadedFile("calls.csv", CALLS)})
    assert sent.status_code == 302, sent.content.decode()
    assert lead.post(sent["Location"], FIELDS).status_code == 302
    with enter(client.ref()):
        run_id = UUID(sent["Location"].strip("/").rpartition("/")[2])
        queue_run(run_id=run_id, by=system("tests"), now=timezone.now())
        assert execute_run(run_id=run_id).rejected == 1


def give_up(client: Any) -> None:
    """Work that can't be done and waits for a person: a report that nobody asks for any more."""
    with enter(client.ref()), transaction.atomic():
        enqueue(kind="reports.build", dedupe_key="gone", payload={"build_id": str(uuid4())})
    [job] = Job.objects.filter(dedupe_key="gone")
    assert execute(job.pk, job.kind) == "dead"


def claim(client: Any, lead: Any, analyst: Any) -> None:
    """A review that somebody else has in hand, where there is an analyst, then one of the lead's that can be heard."""
    if analyst is not None:
        assert analyst.post("/queue/next/").status_code == 302
    with enter(client.ref()):
        waiting = ReviewTask.objects.filter(state="waiting", interaction__recording__isnull=False).latest("pk")
    assert lead.post(f"/queue/{waiting.pk}/open/").status_code == 302


def import_people(hr: Any) -> None:
    sent = hr.post("/people/import/", {"file": SimpleUploadedFile("people.csv", PEOPLE)})
    assert hr.post(f"{sent['Location']}start/").status_code == 302
    [job] = Job.objects.filter(kind="attrition.import_people")
    assert execute(job.pk, job.kind) == "done"


def open_another(operator: Any) -> None:
    """A client asked for and made."""
    wish = {"name": "Acme & Söhne GmbH", "key": "acme", "zone": "Europe/Berlin", "colour": "3"}
    begun = operator.post("/clients/new/", wish)
    agreed = {"sees_reports": "on", "survey_rest_days": "60", "service_level": "90", "answer_within_seconds": "15"}
    assert operator.post(begun["Location"], agreed).status_code == 302
    assert operator.post("/clients/new/", {**wish, "key": "begun"}).status_code == 302
    call_command("provisioner", once=True)
    assert Client.objects.filter(key="acme").exists()


def lives(operator: Any, client: Any) -> None:
    """A change that was refused where it was carried out, then exports to take."""
    address, reason = f"/clients/{client.key}", {"reason": "The contract asks for a copy each quarter"}
    assert operator.post(f"{address}/life/archive/", reason).status_code == 302
    waits = Change.objects.filter(state="asked")
    waits.update(attempts=9)
    call_command("provisioner", once=True)
    assert not waits.exists()
    for _ in range(2):
        assert operator.post(f"{address}/exports/", reason).status_code == 302
        call_command("provisioner", once=True)
    assert Change.objects.filter(client=client, kind="export", state="done").count() == 2


def name(operator: Any, client: Any) -> None:
    """Host names of the client's own: one that is live, one left, one that DNS says nothing good of."""
    address = f"/clients/{client.key}/domains/"
    own_domain(client, f"care.{client.key}.example")
    for host in ("gone", "waits"):
        assert (
            operator.post(address, {"host": f"{host}.a-host-name-as-long-as-they-get.{client.key}.example"}).status_code
            == 302
        )
    waits, gone = Claim.objects.filter(client=client, proven_at=None)
    assert operator.post(f"{address}{gone.pk}/leave/", {"reason": "They renamed it"}).status_code == 302
    assert operator.post(f"{address}{waits.pk}/check/").status_code == 302


def stretch(client: Any) -> None:
    """Every name people give, as long as the longest we promise to bear: at this client and at the operator."""
    with enter(client.ref()):
        for model, name in (
            (Actor, "display_name"), (Queue, "name"), (Team, "name"), (Reason, "name"), (Customer, "name"),
            (Scorecard, "name"), (SavedFilter, "name"),
        ):  # fmt: skip
            _lengthen(model, name)
        stretched(system("tests"), LONG)
    for model in (Client, Employee, Site, TrainingClass, ScorecardTemplate):
        _lengthen(model, "name")


def _lengthen(model: Any, name: str) -> None:
    rows = list(model.objects.order_by("-pk")[:2000])
    assert rows, f"the demo has no {model.__name__} to lengthen"
    for number, row in enumerate(rows):
        setattr(row, name, f"{number} {getattr(row, name) or 'Maria'} {LONG}"[:60])
    model.objects.bulk_update(rows, [name], batch_size=500)


def design(client: Any) -> None:
    """Shifts for the newest requirement, the first that are found, where there is one."""
    with enter(client.ref()):
        requirement = Requirement.objects.first()
        if requirement is None:
            return
        made = request_design(
            requirement_id=requirement.pk, asked=[Asked(540, 0, 1425, 60, 2)], every=30, flex=45, wraps=True,
            seconds=10, by=system("tests"), now=timezone.now(),
        )  # fmt: skip
        stop_design(design_id=made.pk, by=system("tests"), now=timezone.now())
        design_shifts(design_id=made.pk, clock=timezone.now)
