"""Which rows are about a person: ways followed from model to model, without a database."""

import pytest

from bpo.data_classes import models_of
from bpo.privacy.declared import KINDS, declared, own, steps, text_fields
from bpo.privacy.domain.plan import Declared, NoWay, Way, join, plan, unreachable

PERSON = Declared("a.Person", "anonymise", is_subject=True)
CASE = Declared("a.Case", "anonymise", ("person",), {"person": "a.Person"})
CALL = Declared("a.Call", "anonymise", ("person", "case"), {"person": "a.Person", "case": "a.Case"})
SOUND = Declared("a.Sound", "delete", ("call",), {"call": "a.Call"})
FLOOR = Declared("a.Queue", "keep")
NOTED = Declared("a.Notice", "delete", by_words=True)


def test_ways_are_followed_and_the_nearest_comes_first() -> None:
    found = {step.label: step for step in plan([PERSON, CASE, CALL, SOUND, FLOOR, NOTED])}
    assert found["a.Person"].ways == (Way("pk"),)
    assert found["a.Call"].ways == (Way("person"), Way("case__person", ("person",)))
    assert found["a.Sound"].ways == (Way("call__person"), Way("call__case__person", ("call__person",)))
    assert found["a.Notice"].ways == ()
    assert "a.Queue" not in found
    assert join("case", "pk") == "case"


def test_what_is_deleted_is_told_first() -> None:
    assert [step.action for step in plan([PERSON, CASE, CALL, SOUND, NOTED])] == ["delete"] * 2 + ["anonymise"] * 3


def test_a_way_that_leads_nowhere_is_refused_by_name() -> None:
    with pytest.raises(NoWay, match="has no reference 'persom'"):
        plan([PERSON, Declared("a.Bad", "delete", ("persom",), {})])
    with pytest.raises(NoWay, match=r"a\.One → a\.Two → a\.One does not end"):
        plan(
            [
                Declared("a.One", "keep", ("two",), {"two": "a.Two"}),
                Declared("a.Two", "keep", ("one",), {"one": "a.One"}),
            ]
        )
    with pytest.raises(NoWay, match="does not end at a subject"):
        plan([Declared("a.Odd", "keep", ("queue",), {"queue": "gone.Queue"})])


def test_a_personal_model_without_a_way_is_told() -> None:
    lost = Declared("a.Lost", "keep")
    [told] = unreachable([PERSON, lost, NOTED], frozenset({"a.Lost", "a.Notice", "a.Person"}))
    assert told.startswith("a.Lost holds facts about a person")
    assert "by_words" in told


def test_every_personal_model_of_a_client_has_a_rule_and_a_way() -> None:
    personal = frozenset(model._meta.label for model in models_of("client") if own(model).personal)
    assert len(personal) > 20
    found = {kind: {line.split()[0] for line in unreachable(declared(kind), personal)} for kind in KINDS}
    assert found["customer"] & found["person"] == set(), "say in its data class how its rows are found"


def test_every_personal_model_of_public_has_a_rule_and_a_way() -> None:
    personal = frozenset(model._meta.label for model in models_of("public") if own(model).personal)
    assert len(personal) > 25
    people = {line.split()[0] for line in unreachable(declared("person", "public"), personal)}
    logins = {line.split()[0] for line in unreachable(declared("login", "public"), personal)}
    assert people & logins == set(), "say in its data class how its rows are found"


def test_what_is_anonymised_says_of_every_text_what_becomes_of_it() -> None:
    typed = {"TypedChar", "TypedText", "TypedJSON", "EmailField"}
    forgotten = [
        f"{model._meta.label}.{field.name}"
        for model in (*models_of("client"), *models_of("public"))
        if own(model).erasure == "anonymise"
        for field in text_fields(model)
        if type(field).__name__ in typed
        and field.name
        not in {
            *own(model).clears,
            *own(model).marks,
            *own(model).stays,
            *own(model).renames,
            *dict(own(model).becomes),
        }
    ]
    assert forgotten == []


def test_personal_rows_that_are_kept_hold_no_words() -> None:
    """What is kept for its figures may say nothing about anybody: a text field in it needs a rule."""
    words = {"TypedChar", "TypedText", "EmailField"}
    kept = {step.label for kind in KINDS for step in steps(kind) if step.action == "keep"}
    texts = [
        f"{model._meta.label}.{field.name}"
        for model in models_of("client")
        if model._meta.label in kept
        for field in text_fields(model)
        if type(field).__name__ in words
    ]
    assert texts == ["scheduling.DraftShift.template_name", "scheduling.PublishedShift.template_name"]
