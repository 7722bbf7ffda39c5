"""What people leave behind in a product they use: the rows of the pages that the demo's seed has no need of."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Client
from bpo.actors import system
from bpo.imports.services import execute_run, queue_run
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from interactions.models import Actor, Customer, Queue, Reason, Team
from workforce.models import Employee, Site

CALLS = b"Call Id,Agent,Start,Skill\n1,Maricel,2026-03-02 09:00,Billing EN\n2,Maricel,soon,Billing EN\n"
PEOPLE = b"employee_no,hire_date,last_day,pay\nE1,2026-01-05,,a\nE2,soon,,a\n"
FIELDS = {
    "column-0": "external_id", "column-1": "agent", "column-2": "started_at", "column-3": "queue",
    "constant-source": "acd", "constant-direction": "in", "constant-channel": "voice", "zone": "Europe/Berlin",
    "create-queue": "1", "create-actor": "1",
}  # fmt: skip
LONG = "Wiśniewska-Kowalczyk of Saint Bartholomew's"


def import_calls(lead: Any, client: Any) -> None:
    """A file of which one row is refused, imported to its end."""
    sent = lead.post("/imports/new/", {"file": SimpleUploadedFile("calls.csv", CALLS)})
    assert sent.status_code == 302, sent.content.decode()
    assert lead.post(sent["Location"], FIELDS).status_code == 302
    with enter(client.ref()):
        run_id = UUID(sent["Location"].strip("/").rpartition("/")[2])
        queue_run(run_id=run_id, by=system("tests"), now=timezone.now())
        assert execute_run(run_id=run_id).rejected == 1


def claim(lead: Any) -> None:
    """A review that its reviewer has open."""
    assert lead.post("/queue/next/").status_code == 302


def import_people(hr: Any) -> None:
    sent = hr.post("/people/import/", {"file": SimpleUploadedFile("people.csv", PEOPLE)})
    assert hr.post(f"{sent['Location']}start/").status_code == 302
    [job] = Job.objects.filter(kind="attrition.import_people")
    assert execute(job.pk, job.kind) == "done"


def open_another(operator: Any) -> None:
    """A client asked for and made."""
    wish = {"name": "Acme & Söhne GmbH", "key": "acme", "zone": "Europe/Berlin", "colour": "3"}
    assert operator.post("/clients/new/", wish).status_code == 302
    call_command("provisioner", once=True)
    assert Client.objects.filter(key="acme").exists()


def stretch(client: Any) -> None:
    """Every name people give at this client, as long as the longest we promise to bear."""
    with enter(client.ref()):
        for model, name in (
            (Actor, "display_name"), (Queue, "name"), (Team, "name"), (Reason, "name"), (Customer, "name"),
        ):  # fmt: skip
            _lengthen(model.objects.all()[:2000], name)


def stretch_people(client: Any) -> None:
    """The same for the operator's rows of it: the client itself, its people and where they sit."""
    Client.objects.filter(pk=client.pk).update(name=f"{client.name} of {LONG}"[:60])
    _lengthen(Employee.objects.filter(assignments__client=client).distinct(), "name")
    _lengthen(Site.objects.all()[:1], "name")


def _lengthen(found: Any, name: str) -> None:
    rows = list(found)
    assert rows
    for number, row in enumerate(rows):
        setattr(row, name, f"{number} {getattr(row, name) or 'Maria'} {LONG}"[:60])
    type(rows[0]).objects.bulk_update(rows, [name], batch_size=500)
