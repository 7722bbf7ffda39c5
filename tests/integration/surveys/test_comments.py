"""What customers wrote, and the page's figures as CSV."""

import csv
import io
from typing import Any

from bpo.actors import CUSTOMER
from bpo.tenancy.context import enter
from surveys.models import Candidate, Invitation
from surveys.secrets import token_of
from surveys.services import consider, record_answer
from tests.integration.surveys.build import NOON, agent, reason, resolution
from tests.integration.surveys.test_csat import get, rated
from tests.people import sign_in
from tests.statements import statements

HOSTILE = '=HYPERLINK("http://evil.example")'


def written(comment: str, score: int = 4, why: str = "Refund") -> None:
    number = Candidate.objects.count()
    one = resolution(f"w{number}@customer.example", reason=reason(why), agent=agent("Ben"))
    consider(resolution_ids=[one.pk], by=CUSTOMER, now=NOON)
    link = token_of(Invitation.objects.latest("id"))
    record_answer(token=link or "", score=score, comment=comment, by=CUSTOMER, now=NOON)


def test_comments_come_newest_first_without_those_who_said_nothing(alpha: Any) -> None:
    assert "No comments yet" in get(alpha, "/csat/comments/").content.decode()
    with enter(alpha.ref()):
        for comment in ("First <b>bold</b>", "", "Last"):
            written(comment)
    page = get(alpha, "/csat/comments/").content.decode()
    assert page.index("Last") < page.index("First &lt;b&gt;bold")
    assert "Ben" not in page
    assert "No comments on these days" in get(alpha, "/csat/comments/?to=2001-01-01").content.decode()
    assert get(alpha, "/csat/comments/?from=soon").status_code == 422
    assert get(alpha, "/csat/comments/", role="agent").status_code == 403


def test_the_list_takes_as_many_statements_for_three_comments_as_for_one(alpha: Any) -> None:
    browser = sign_in("alpha", "client_user")
    for more in (1, 2):
        with enter(alpha.ref()):
            for number in range(more):
                written(f"Words {number}", why=f"Reason {more} {number}")
        browser.get("/csat/comments/")
        assert statements(lambda: browser.get("/csat/comments/")) == 7


def test_the_csv_has_the_figures_of_the_page_and_nothing_it_hides(alpha: Any) -> None:
    with enter(alpha.ref()):
        for why, n in ((HOSTILE, 20), ("Payment", 6), ("Porting", 3)):
            for number in range(n):
                rated(5 if number % 2 else 1, why=why)
    answer = get(alpha, "/csat/figures.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    by_group = {(row["ratings"], row["grouped by"], row["group"]): row for row in rows}
    whole, hostile = by_group["imported", "all", ""], by_group["imported", "reason", f"'{HOSTILE}"]
    assert (whole["4 or 5"], whole["n"], float(whole["share"])) == ("14", "29", 14 / 29)
    assert (hostile["4 or 5"], hostile["n"], float(hostile["share"])) == ("10", "20", 0.5)
    for group, why in (("Payment", "subtraction"), ("Porting", "too_few")):
        row = by_group["imported", "reason", group]
        assert (row["4 or 5"], row["share"], row["low 95 %"], row["hidden because"]) == ("", "", "", why)
    assert get(alpha, "/csat/figures.csv", role="agent").status_code == 403
    assert get(alpha, "/csat/figures.csv?from=soon").status_code == 404
