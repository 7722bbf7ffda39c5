"""The path: a generated file imported, its cases resolved, customers asked, votes cast, CSAT read."""

import csv
import io
import json
import random
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client as Browser

from bpo.notices.models import Mail
from bpo.tenancy.context import enter
from surveys.models import Candidate, Invitation
from surveys.secrets import token_of
from tests.people import sign_in

HOST = "alpha.bpo.test"
HEADER = ["Call", "Agent", "Topic", "Start", "Answered", "Resolved", "Rating", "Customer", "Mail"]
FIELDS = [
    "external_id", "agent", "reason", "started_at", "answered", "resolved", "source_rating", "customer_ref",
    "customer_email",
]  # fmt: skip
MAPPING: dict[str, Any] = {
    "zone": "Europe/Berlin",
    "columns": dict(zip(HEADER, FIELDS, strict=True)),
    "constants": {"source": "test", "direction": "in", "channel": "voice", "queue": "Billing"},
    "create_missing": ["actor", "queue"],
}


def generated(rows: int) -> str:
    """A file as a telephone system exports it; some customers have an address, some call twice."""
    chance, out = random.Random(11), io.StringIO()  # noqa: S311 - sample data
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEADER)
    for number in range(rows):
        answered = chance.random() < 0.9
        who = chance.randrange(60)
        table.writerow(
            [
                f"G{number:04}",
                chance.choice(["Ana", "Ben", "Cleo"]) if answered else "",
                chance.choice(["Refund", "Payment", "Porting"]),
                f"2026-03-{number % 28 + 1:02} {chance.randrange(8, 20):02}:{chance.randrange(60):02}",
                "Y" if answered else "N",
                "Y" if answered and chance.random() < 0.8 else "N",
                chance.randint(1, 5) if answered and chance.random() < 0.9 else "",
                f"K{who}",
                f"k{who}@customer.example" if who % 3 else "",
            ]
        )
    return out.getvalue()


@pytest.fixture
def file(alpha: Any, tmp_path: Path) -> str:
    text = generated(400)
    (tmp_path / "calls.csv").write_text(text)
    (tmp_path / "mapping.json").write_text(json.dumps(MAPPING))
    out = io.StringIO()
    call_command(
        "import_interactions", str(tmp_path / "calls.csv"), client="alpha", json=True,
        mapping=tmp_path / "mapping.json", stdout=out, stderr=io.StringIO(),
    )  # fmt: skip
    assert json.loads(out.getvalue())["created"] == 400
    return text


def test_the_imported_ratings_are_those_of_a_plain_loop_over_the_file(alpha: Any, file: str) -> None:
    good, n, total, counts, z = 0, 0, 0, {str(score): 0 for score in range(1, 6)}, 1.959963984540054
    for row in csv.DictReader(io.StringIO(file)):
        if row["Rating"]:
            counts[row["Rating"]] += 1
            n += 1
            total += int(row["Rating"])
            good += int(row["Rating"]) >= 4
    found = sign_in("alpha", "team_lead").get("/api/v1/csat/").json()["source_ratings"]
    assert (found["num"], found["den"], found["value"], found["mean"]) == (good, n, good / n, total / n)
    assert found["counts"] == counts
    p, w = good / n, 1 + z * z / n
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert (found["low"], found["high"]) == pytest.approx(
        ((p + z * z / (2 * n) - half) / w, (p + z * z / (2 * n) + half) / w), abs=1e-12
    )


def test_each_resolution_of_the_file_becomes_a_candidate_and_each_customer_is_asked_once(alpha: Any, file: str) -> None:
    resolved = [row for row in csv.DictReader(io.StringIO(file)) if row["Resolved"] == "Y"]
    asked = {row["Mail"] for row in resolved if row["Mail"]}
    with enter(alpha.ref()):
        assert Candidate.objects.count() == len(resolved)
        assert Candidate.objects.filter(interaction=None).count() == 0
        by_call = {
            one.interaction.external_id: (one.agent.display_name, one.reason.name, one.business_date)
            for one in Candidate.objects.select_related("interaction", "agent", "reason")
        }
        assert sorted(Mail.objects.values_list("address", flat=True)) == sorted(asked)
    for row in resolved:
        agent, reason, day = by_call[row["Call"]]
        assert (agent, reason, str(day)) == (row["Agent"], row["Topic"], row["Start"][:10])


def test_votes_through_the_links_make_the_csat_on_the_screen(alpha: Any, file: str) -> None:
    with enter(alpha.ref()):
        links = [f"/s/{token_of(one)}/" for one in Invitation.objects.order_by("id")[:20]]
    scores = [5, 5, 4, 3, 1] * 4
    for link, score in zip(links, scores, strict=True):
        assert Browser(HTTP_HOST=HOST).post(link, {"score": str(score)}).status_code == 303
    browser = sign_in("alpha", "team_lead")
    found = browser.get("/api/v1/csat/").json()["survey"]
    assert (found["num"], found["den"], found["value"]) == (12, 20, 0.6)
    page = browser.get("/csat/").content.decode().replace("\u202f", " ")
    assert "12 of 20, 95 % 38.7–78.1" in page
