"""The page of the clients' schemas: current, behind, failed and why, and the pool."""

from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from bpo.tenancy.context import as_owner
from bpo.tenancy.models import ReadySchema, SchemaState
from tests.integration.console.operators import operator
from tests.statements import statements


def seen(client: Any, **changes: Any) -> None:
    with as_owner():
        SchemaState.objects.filter(client_id=client.pk).update(**changes)


def test_who_needs_somebody_stands_first_with_the_reason(alpha: Any, beta: Any, gamma: Any) -> None:
    browser = operator()
    assert "Every client's schema is current" in browser.get("/schemas/").content.decode()
    seen(alpha, migrations="older", recorded=3)
    seen(beta, migrations="older", recorded=4, problem="relation “x” already exists", failed_at=timezone.now())
    with as_owner():
        SchemaState.objects.filter(client_id=gamma.pk).delete()
    page = browser.get("/schemas/")
    assert [(row.client.key, row.state) for row, _, _ in page.context["rows"]] == [
        ("beta", "failed"), ("alpha", "behind"), ("gamma", "unknown"),
    ]  # fmt: skip
    text = page.content.decode()
    assert "3 clients' schemas are not current" in text
    assert "relation “x” already exists" in text
    assert "Mend the cause, then run manage.py migrate." in text


def test_the_pool_is_told(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "POOL_SIZE", 2)
    browser = operator()
    assert "The provisioner fills the pool" in browser.get("/schemas/").content.decode()
    with as_owner():
        ReadySchema.objects.create(schema_name="c_abcdefghijkl", role_name="x", digest="old", made_at=timezone.now())
    assert "1 ready schema is out of date" in browser.get("/schemas/").content.decode()


def test_rows_add_no_statement(alpha: Any, beta: Any) -> None:
    browser = operator()
    two = statements(lambda: browser.get("/schemas/"))
    with as_owner():
        SchemaState.objects.all().delete()
    assert statements(lambda: browser.get("/schemas/")) == two == 6


def test_only_who_may_see_jobs_sees_it(db: None) -> None:
    assert operator(email="hr@bpo.example", role="hr").get("/schemas/").status_code == 403
