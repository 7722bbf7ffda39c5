"""The operator's admin: every public model is listed or says why not, nothing is editable, and no list grows."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone
from psycopg.types.range import Range

from accounts.models import Client, IdentityProvider, Membership, Token, User
from attrition.models import Separation
from bpo.actors import system
from bpo.data_classes import models_of
from bpo.ops_audit.services import record
from bpo.outbox.models import Job, Slot
from console.admin.base import UNLISTED, ReadOnly
from console.models import Opening, ScorecardTemplate, TemplateOffer, TemplateVersion
from tests.integration.console.operators import operator
from tests.integration.console.weeks import MONDAY, keep, week
from tests.own_domains import own_domain
from tests.statements import grows_with_rows
from workforce import models as workforce

DAY = date(2026, 1, 5)
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def word() -> str:
    return "w" + "".join(chr(97 + int(digit, 16)) for digit in uuid.uuid4().hex[:12])


def client() -> Client:
    tail = word()[:12]
    return Client.objects.create(
        key=tail, name=tail, zone="UTC", schema_name=f"c_{tail}", role_name=tail, created_at=AT, primary_host=tail
    )


def user() -> User:
    return User.objects.create(email=f"{word()}@bpo.example", name=word(), created_at=AT)


def employee() -> Any:
    return workforce.Employee.objects.create(number=word(), name=word(), created_at=AT)


def employment(**more: Any) -> Any:
    site = workforce.Site.objects.create(name=word(), zone="UTC", country="PL")
    return workforce.Employment.objects.create(employee=employee(), site=site, starts_on=DAY, **more)


def assignment() -> Any:
    return workforce.Assignment.objects.create(employee=employee(), client=client(), starts_on=DAY)


def placement() -> Any:
    return workforce.Placement.objects.create(
        assignment=assignment(), team_id=uuid.uuid4(), team_name=word(), lead=employee(), starts_on=DAY
    )


def training_class() -> Any:
    return workforce.TrainingClass.objects.create(client=client(), name=word(), starts_on=DAY)


def duty() -> Any:
    during = Range(AT, AT + timedelta(hours=8))
    return workforce.Duty.objects.create(employee=employee(), during=during, business_date=DAY, zone="UTC")


def block() -> Any:
    own = duty()
    return workforce.WorkBlock.objects.create(
        duty=own, employee=own.employee, during=own.during, client=client(), source=word()
    )


def people_import() -> Any:
    return workforce.PeopleImport.objects.create(name=word(), rows=[["7"]], user_name=word(), created_at=AT)


def separation() -> Any:
    ended = employment(ends_on=DAY + timedelta(days=30))
    return Separation.objects.create(
        employment=ended, last_day=DAY + timedelta(days=29), kind="voluntary", reason="better_pay", recorded_by="t",
        recorded_at=AT,
    )  # fmt: skip


def token() -> Any:
    made, _ = Token.objects.create(
        user=user(), client=client(), name=word(), expiry=timedelta(days=9)
    )  # and the secret
    return made


def opening() -> Any:
    return Opening.objects.create(
        key=word()[:12], name=word(), zone="UTC", asked_by=user(), asked_name=word(), asked_at=AT
    )


def scorecard_template() -> Any:
    return ScorecardTemplate.objects.create(key=word(), name=word(), created_at=AT)


def template_version() -> Any:
    return TemplateVersion.objects.create(
        template=scorecard_template(), number=1, content={}, content_hash=word(), note=word(), set_by=word(), set_at=AT
    )


def audit_line() -> Any:
    with transaction.atomic():
        return record(action="a", target=client(), by=system("tests"), now=timezone.now())


MAKE: dict[str, Callable[[], Any]] = {
    "accounts.Client": client,
    "accounts.Domain": lambda: own_domain(client(), f"{word().lower()}.example"),
    "accounts.User": user,
    "accounts.Membership": lambda: Membership.objects.create(user=user(), client=client(), role="agent", starts_at=AT),
    "accounts.Token": token,
    "accounts.IdentityProvider": lambda: IdentityProvider.objects.create(
        realm=client(), name=word(), issuer="https://x.example", client_id="x", sealed_secret=b"x", made_at=AT
    ),
    "axes.AccessAttempt": lambda: AccessAttempt.objects.create(
        username=word(), ip_address="127.0.0.1", user_agent=word(), failures_since_start=1
    ),
    "workforce.Site": lambda: workforce.Site.objects.create(name=word(), zone="UTC", country="PL"),
    "workforce.Employee": employee,
    "workforce.Employment": employment,
    "workforce.Assignment": assignment,
    "workforce.Placement": placement,
    "workforce.Seat": lambda: workforce.Seat.objects.create(client=client(), user=user(), employee=employee()),
    "workforce.TrainingClass": training_class,
    "workforce.Enrolment": lambda: workforce.Enrolment.objects.create(
        training_class=training_class(), employment=employment()
    ),
    "workforce.Duty": duty,
    "workforce.WorkBlock": block,
    "workforce.PeopleImport": people_import,
    "workforce.PeopleProblem": lambda: workforce.PeopleProblem.objects.create(
        run=people_import(), row=1, field="f", problem="p", remedy="r"
    ),
    "attrition.Separation": separation,
    "outbox.Job": lambda: Job.objects.create(client=client(), kind="x.y", dedupe_key=word(), state="dead"),
    "outbox.Slot": lambda: Slot.objects.create(client=client(), name="x.y", local_slot=word()),
    "ops_audit.Entry": lambda: audit_line(),
    "console.Opening": opening,
    "console.ScorecardTemplate": scorecard_template,
    "console.TemplateVersion": lambda: template_version(),
    "console.TemplateOffer": lambda: TemplateOffer.objects.create(
        version=template_version(), client=client(), offered_at=AT, offered_by=word()
    ),
    "console.WeekRollup": lambda: keep(client(), [week(MONDAY)]),
}
LISTED = sorted(MAKE)


def test_every_public_model_is_listed_or_says_why_not() -> None:
    listed = {model._meta.label for model in admin.site._registry}
    public = {model._meta.label for model in models_of("public")}
    assert public - listed - set(UNLISTED) == set(), "register it in console/admin, or say in UNLISTED why not"
    assert listed & set(UNLISTED) == set()
    assert listed == set(LISTED), "each listed model has a maker here"


@pytest.mark.parametrize("label", LISTED)
def test_a_list_sends_the_same_statements_at_1_and_3_rows(alpha: Any, label: str) -> None:
    browser = operator()
    model = apps.get_model(label)
    url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"

    def add(count: int) -> None:
        for _ in range(count):
            MAKE[label]()

    assert grows_with_rows(lambda: _ok(browser.get(url)), add) is None
    assert _ok(browser.get(url, {"q": "w"}))


@pytest.mark.parametrize("label", [label for label in LISTED if label != "accounts.Token"])
def test_a_row_can_be_read_and_not_written(alpha: Any, label: str) -> None:
    MAKE[label]()
    browser = operator()
    model = apps.get_model(label)
    row = model._default_manager.order_by("-pk").first()
    url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    page = _ok(browser.get(f"{url}{row.pk}/change/"))
    assert "<script>" not in page
    assert 'style="' not in page
    assert 'name="_save"' not in page
    assert browser.post(f"{url}{row.pk}/change/", {}).status_code == 403
    assert browser.post(f"{url}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert browser.get(f"{url}add/").status_code == 403
    assert isinstance(admin.site._registry[model], ReadOnly)


@pytest.mark.parametrize("label", LISTED)
def test_every_list_can_be_searched(label: str) -> None:
    listed = admin.site._registry[apps.get_model(label)]
    assert listed.get_search_fields(RequestFactory().get("/"))


def test_no_secret_is_shown(alpha: Any) -> None:
    browser = operator()
    row = token()
    page = _ok(browser.get("/admin/accounts/token/"))
    assert row.name in page
    assert row.digest not in page
    assert browser.get(f"/admin/accounts/token/{row.digest}/change/").status_code == 403  # its address would tell it
    person = User.objects.get(email="ewelina@bpo.example")
    assert person.password not in _ok(browser.get(f"/admin/accounts/user/{person.pk}/change/"))


def test_the_admin_is_in_the_frame_and_for_operator_admins_alone(alpha: Any) -> None:
    page = _ok(operator().get("/admin/"))
    assert "is-operator" in page
    assert 'id="palette"' in page
    assert operator(email="hr@bpo.example", role="hr").get("/admin/").status_code == 403


def _ok(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())
