"""manage.py publish_scorecard, as it is called from a shell, on real databases."""

import io
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bpo.audit.models import Entry
from bpo.tenancy.context import enter
from qa.models import Scorecard, ScorecardVersion
from tests.integration.qa.build import content
from tests.people import sign_in

GIVEN: dict[str, Any] = {"key": "voice", "name": "Billing calls", "channel": "voice", "content": content()}


def run(tmp_path: Path, given: Any, client: str = "alpha") -> str:
    """What the command says. `given` is text as it stands, or made JSON of."""
    file = tmp_path / "card.json"
    file.write_text(given if isinstance(given, str) else json.dumps(given), encoding="utf-8")
    out = io.StringIO()
    call_command("publish_scorecard", str(file), client=client, stdout=out)
    return out.getvalue().strip()


def refused(tmp_path: Path, given: Any, client: str = "alpha") -> str:
    with pytest.raises(CommandError) as caught:
        run(tmp_path, given, client)
    assert caught.value.returncode == 2
    return str(caught.value)


def changed(*path: str | int, value: Any) -> dict[str, Any]:
    """The scorecard with another value at one place of its content; None takes the place away."""
    found = deepcopy(GIVEN)
    place: Any = found["content"]
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return found


def test_a_scorecard_is_published_recorded_and_seen_and_the_same_again_is_no_version(
    alpha: Any, beta: Any, tmp_path: Path
) -> None:
    assert run(tmp_path, GIVEN) == "voice version 1 is published."
    assert run(tmp_path, GIVEN) == "voice version 1 is published."
    assert run(tmp_path, changed("pass_mark", value=75)) == "voice version 2 is published."
    with enter(alpha.ref()):
        card = Scorecard.objects.get()
        assert (card.key, card.name, card.channel) == ("voice", "Billing calls", "voice")
        versions = list(card.versions.order_by("number"))
        assert [(one.number, int(one.pass_mark)) for one in versions] == [(1, 80), (2, 75)]
        assert versions[0].content == GIVEN["content"]
        entries = Entry.objects.filter(action="qa.scorecard_published")
        assert list(entries.order_by("seq").values_list("actor_name", flat=True)) == ["publish_scorecard"] * 2
    with enter(beta.ref()):
        assert not Scorecard.objects.exists()
    page = sign_in("alpha", "qa_analyst").get(f"/scorecards/{versions[1].pk}/").content.decode()
    assert "Billing calls" in page
    assert "Is q1 right?" in page


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        (
            changed("sections", 0, "questions", 0, "text", value=None),
            "sections.0.questions.0.text",
            "is missing. Give it.",
        ),
        (changed("sections", 1, "questions", 0, "key", value="q1"), "sections.1.questions.0.key", "stands twice. Give"),
        (changed("sections", value=[]), "sections", "Give at least one section"),
        (changed("mode", value="by feeling"), "mode", "nested"),
        (changed("sections", 0, "weight", value=-1), "sections[0].weight", "Put it right in the file"),
        (
            changed("sections", 0, "questions", 0, "options", value=[]),
            "sections[0].questions[0].options",
            "Put it right in the file",
        ),
    ],
)
def test_content_that_cannot_be_used_is_refused_by_its_place_and_nothing_is_kept(
    alpha: Any, tmp_path: Path, given: dict[str, Any], field: str, says: str
) -> None:
    told = refused(tmp_path, given)
    assert told.startswith(f"{field}: ")
    assert says in told
    with enter(alpha.ref()):
        assert not Scorecard.objects.exists()
        assert not Entry.objects.filter(action="qa.scorecard_published").exists()


def test_another_mode_is_refused_with_what_to_do_and_the_version_stays(alpha: Any, tmp_path: Path) -> None:
    run(tmp_path, GIVEN)
    told = refused(tmp_path, changed("mode", value="points"))
    assert "mode" in told
    assert "Keep the mode, or begin a new scorecard." in told
    with enter(alpha.ref()):
        assert ScorecardVersion.objects.get().mode == "nested"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("{not json", "Give a JSON file that can be read."),
        ("[]", "give an object with key, name, content"),
        ({"key": "voice", "name": "Voice"}, "give an object with key, name, content"),
        (GIVEN | {"colour": "red"}, "give an object with key, name, content"),
        (GIVEN | {"content": []}, "content"),
        (GIVEN | {"content": {"mode": "nested", "sections": "none"}}, "sections"),
        (GIVEN | {"content": {"mode": "nested", "sections": ["x"]}}, "sections.0"),
        (GIVEN | {"key": 7}, "key"),
        (GIVEN | {"key": "Two words"}, "key"),
        (GIVEN | {"name": ""}, "name"),
        (GIVEN | {"name": "n" * 500}, "name"),
        (GIVEN | {"channel": "pigeon"}, "channel"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_what_it_takes(
    alpha: Any, tmp_path: Path, given: Any, says: str
) -> None:
    told = refused(tmp_path, given)
    assert says in told
    with enter(alpha.ref()):
        assert not Scorecard.objects.exists()


def test_a_missing_file_and_an_unknown_client_are_named(alpha: Any, beta: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.json.*Give a JSON file") as caught:
        call_command("publish_scorecard", str(tmp_path / "nowhere.json"), client="alpha")
    assert caught.value.returncode == 2
    assert "there is no client 'gamma'. Known: alpha, beta." in refused(tmp_path, GIVEN, client="gamma")
