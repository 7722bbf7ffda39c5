"""The analysis: the spec's examples counted by the database, whose work a lead sees, and in how many statements."""

from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Membership
from bpo.tenancy.context import as_owner, enter
from interactions.models import Actor
from qa.analysis import COLUMNS, Analysis, trend
from qa.domain.means import mean_of
from qa.models import EvaluationRevision
from qa.periods import Period
from qa.selectors.measures import by_agent, by_week, mean_score
from qa.services import publish_scorecard
from tests.integration.qa.build import NOW, card, question
from tests.integration.qa.many import many, released_rows
from tests.integration.qa.writing import BY
from tests.people import sign_in
from tests.statements import statements


def whole(picked: str = "random", reach: Any = None) -> Analysis:
    today = timezone.localdate()
    return Analysis(Period(today - timedelta(days=100), today + timedelta(days=1)), picked, reach)


def classes(others: int) -> Any:
    """Two customer-critical questions, one of compliance that may be N/A, and `others` without a class."""
    asked = [question(key, error_class="customer") for key in ("c1", "c2")]
    asked += [question("law", error_class="compliance", allow_na=True)]
    asked += [question(f"o{number}", allow_na=True) for number in range(others)]
    content = {
        "mode": "flat",
        "pass_mark": 50,
        "sections": [{"key": "all", "title": "All", "weight": 1, "questions": asked}],
    }
    return publish_scorecard(key="classes", name="Classes", content=content, by=BY, now=NOW)


def test_accuracy_counts_the_evaluation_for_critical_and_the_answer_for_other_errors(alpha: Any) -> None:
    """40 evaluations, 3 with a customer-critical error, one of them with two: 92.5 %. 300 opportunities, 15 errors: 95 %."""
    with enter(alpha.ref()):
        version = classes(10)
        good = {"c1": "yes", "c2": "yes", "law": None} | {f"o{number}": "yes" for number in range(10)}
        given = [dict(good) for _ in range(40)]
        given[0] |= {"c1": "no"}
        given[1] |= {"c2": "no"}
        given[2] |= {"c1": "no", "c2": "no"}
        for place in range(15):
            given[place]["o0"] = "no"
        for one in given[:10]:  # 400 answers less 100 N/A are 300 opportunities
            one |= {f"o{number}": None for number in range(1, 10)}
        for one in given[10:20]:
            one["o9"] = None
        for one in given[:6]:
            one["law"] = "yes"
        released_rows(version, given, today=timezone.localdate())
        found = {row["kind"]: row["cells"] for row in whole().errors()}
    assert found["customer"][1:5] == ["evaluation", 37, 40, pytest.approx(0.925)]
    assert [round(100 * limit, 1) for limit in found["customer"][5:]] == [80.1, 97.4]
    assert found["other"][1:5] == ["answer", 285, 300, pytest.approx(0.95)]
    assert found["compliance"][2:4] == [6, 6]
    assert found["business"][2:] == [0, 0, None, None, None]


def test_the_mean_of_the_spec_is_counted_by_the_database(alpha: Any) -> None:
    with enter(alpha.ref()):
        weights = {92: 92, 85: 85, 78: 78, 96: 96, 88: 88}
        ranges = [{"from": low, "to": low, "points": low} for low in range(101)]
        asked = {"key": "n", "type": "number", "weight": 1, "text": "Points", "ranges": ranges}
        content = {
            "mode": "flat",
            "pass_mark": 50,
            "sections": [{"key": "all", "title": "All", "weight": 1, "questions": [asked]}],
        }
        version = publish_scorecard(key="points", name="Points", content=content, by=BY, now=NOW)
        released_rows(version, [{"n": value} for value in weights], today=timezone.localdate())
        [row] = whole().agents()
    assert (row["mean"].n, round(row["mean"].value, 1)) == (5, 87.8)
    assert [round(limit, 1) for limit in (row["mean"].low, row["mean"].high)] == [79.3, 96.3]
    assert (row["rank"], row["cells"][1:4]) == ("1", [1, 1, 5])


def test_random_and_targeted_are_never_in_one_figure(alpha: Any) -> None:
    with enter(alpha.ref()):
        version, today = card(), timezone.localdate()
        released_rows(version, [{"q1": "yes", "law": "yes"}] * 6, today=today)
        released_rows(version, [{"q1": "no", "law": "no"}] * 7, today=today, picked="targeted")
        kinds = whole().kinds()
        assert {key: (mean.n, mean.value) for key, mean in kinds.items()} == {
            "random": (6, 100.0),
            "targeted": (7, 0.0),
        }
        for table in ("teams", "agents", "evaluators"):
            for picked, n, value in (("random", 6, 100.0), ("targeted", 7, 0.0)):
                [row] = getattr(whole(picked), table)()
                assert (row["measure"].n, row["measure"].value) == (n, value), (table, picked)
        assert next(row["mean"].value for row in whole().weeks()) == 100.0


def test_figures_agree_with_a_plain_loop(alpha: Any) -> None:
    """The database's sums and the ones that Python makes of every row say the same."""
    with enter(alpha.ref()):
        many(120)
        found, today = whole(), timezone.localdate()
        agents = by_agent(found.period.start, found.period.end)
        for row in found.agents():
            expected = agents[row["agent"]]
            assert (row["mean"].n, row["mean"].value) == (expected.n, pytest.approx(expected.value))
            assert (row["mean"].low, row["mean"].high) == (pytest.approx(expected.low), pytest.approx(expected.high))
        weeks = by_week(found.period.start, found.period.end)
        assert {row["monday"]: row["mean"].n for row in found.weeks()} == {day: mean.n for day, mean in weeks.items()}
        rows = list(EvaluationRevision.objects.filter(picked="random").select_related("evaluator"))
        for row in found.sections():
            key = {"Talk": "talk", "Rules": "rules"}[row["one"].title]
            values = [float(value) for one in rows for name, value, _weight in one.sections if name == key and value]
            assert row["measure"].value == pytest.approx(mean_of(values).value)
        for row in found.questions():
            key = row["one"].short
            answers = [one.answers[key] for one in rows if key in one.answers]
            assert (row["one"].asked, row["one"].na, row["one"].best) == (
                len(answers), answers.count(None), answers.count("yes"),
            ), key  # fmt: skip
        for row in found.evaluators():
            own = [one for one in rows if one.evaluator.display_name == row["one"].name]
            assert row["one"].seconds == pytest.approx(median(one.active_seconds for one in own))
            assert row["one"].heard == pytest.approx(0.8)
            may = [one.answers["q1"] for one in own]
            assert (row["one"].na.num, row["one"].na.den) == (may.count(None), len(may))
        assert mean_score(found.period.start, found.period.end).n == len(rows)
        assert trend(found.weeks(), found.period) is not None
        assert today


def test_the_page_takes_as_many_statements_for_many_agents_as_for_one(alpha: Any) -> None:
    lead = sign_in("alpha", "qa_analyst")
    assert "Nothing released in this period" in lead.get("/analysis/").content.decode()
    with enter(alpha.ref()):
        many(8, agents=1, teams=1)
    lead.get("/analysis/")
    one = statements(lambda: lead.get("/analysis/"))
    with enter(alpha.ref()):
        many(60, agents=3)
    assert statements(lambda: lead.get("/analysis/")) == one == 16


def test_five_thousand_evaluations_take_no_more_statements_than_eight(alpha: Any) -> None:
    lead = sign_in("alpha", "qa_analyst")
    with enter(alpha.ref()):
        many(5000, agents=120)
    with as_owner(alpha.schema_name), connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the server would by itself a minute later
    path = f"/analysis/?from={timezone.localdate() - timedelta(days=60)}"
    page = lead.get(path)
    assert page.status_code == 200
    assert "1–25 of 120 agents" in page.content.decode()
    assert statements(lambda: lead.get(path)) == 16


def test_a_lead_sees_their_reach_alone(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        many(60, agents=6)
        version = card(questions=3)
        me = Actor.objects.get(display_name="Team Lead")
        released_rows(version, [{"q1": "yes", "q2": "yes", "law": "yes"}] * 4, today=timezone.localdate(), agents=[me])
    everybody = lead.get("/analysis/").content.decode()
    assert "Agent 001" in everybody
    Membership.objects.filter(role="team_lead").update(scope="teams")
    narrowed = lead.get("/analysis/").content.decode()
    assert "Agent 001" not in narrowed
    assert "Team Lead" in narrowed
    assert "n = 4" in narrowed
    for table in COLUMNS:
        text = lead.get(f"/analysis/{table}.csv").content.decode("utf-8-sig")
        assert "Agent" not in text.split("\n", 1)[1], table
    assert ",4,100," in lead.get("/analysis/agents.csv").content.decode("utf-8-sig")


def test_tables_come_as_files_and_bad_addresses_don_t(alpha: Any) -> None:
    lead = sign_in("alpha", "qa_analyst")
    with enter(alpha.ref()):
        many(60)
        Actor.objects.filter(display_name="Agent 000").update(display_name="=cmd()")
    for table, columns in COLUMNS.items():
        lines = lead.get(f"/analysis/{table}.csv").content.decode("utf-8-sig").splitlines()
        assert lines[0] == ",".join(columns)
        assert len(lines) > 1, table
    assert "'=cmd()" in lead.get("/analysis/agents.csv").content.decode("utf-8-sig")
    for path in ("/analysis/none.csv", "/analysis/agents.csv?from=x", "/analysis/figures/none/"):
        assert lead.get(path).status_code == 404
    assert lead.get("/analysis/?from=2026-02-01&to=2026-01-01").status_code == 422
    assert "None was picked in this way" in lead.get("/analysis/?picked=manual").content.decode()
    assert lead.get("/analysis/?picked=x").status_code == 422
    for key in ("mean", "rank", "section", "best", "na", "critical", "other", "evaluator"):
        assert "95" in lead.get(f"/analysis/figures/{key}/").content.decode() or key == "rank"
