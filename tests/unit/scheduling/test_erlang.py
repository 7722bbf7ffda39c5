"""Published and own vectors of Erlang B, C and A through the functions that the planner uses."""

import numpy as np
import pytest

from reports.domain import DEFINITIONS as CONTRACTS
from scheduling.domain.erlang import (
    DEFINITIONS,
    Staffing,
    erlang_b,
    erlang_c,
    evaluate,
    required_agents,
    required_by_blocking,
)

CLASSIC = {"calls": 100, "interval": 1800, "aht": 180, "target": 20}


def near(value: float, digits: int) -> object:
    return pytest.approx(value, abs=0.5 * 10**-digits)


def test_the_classic_hundred_calls():
    found = evaluate(**CLASSIC, agents=14)
    assert found.p_wait == near(0.1741319336, 10)
    assert found.service_level == near(0.8883500192, 10)
    assert found.asa == near(7.835937012, 9)
    assert found.occupancy == near(0.7142857, 7)
    assert found.p_abandon is None
    needed = required_agents(**CLASSIC, service_level=0.8, shrinkage=0.3)
    assert (needed.agents, needed.scheduled) == (14, 20)


def test_fewer_agents_on_the_classic():
    found = evaluate(**CLASSIC, agents=[13, 12, 11])
    assert found.service_level == pytest.approx([0.7955948, 0.6401580, 0.3896138], abs=5e-8)
    assert erlang_c(10, 11) == near(0.6821182, 7)


def test_the_call_center_school_table():
    found = evaluate(calls=400, interval=3600, aht=180, agents=np.arange(21, 29), target=20)
    # Where 27 agents leave 9.6 % waiting, the table prints 9.
    assert np.round(found.p_wait * 100).tolist() == [76, 57, 42, 30, 21, 14, 10, 6]
    assert found.p_wait[6] == near(0.096, 3)
    assert np.round(found.asa).tolist() == [137, 51, 25, 13, 8, 4, 2, 1]
    assert np.round(found.service_level * 100).tolist() == [32, 55, 70, 81, 88, 93, 96, 97]


def test_the_step_by_step_page():
    found = evaluate(calls=360, interval=1800, aht=240, agents=55, target=15)
    assert (found.occupancy, found.p_wait) == (near(0.8727273, 7), near(0.2387009, 7))
    assert (found.service_level, found.asa) == (near(0.8458831, 7), near(8.184032, 6))


def test_250_an_hour_need_28():
    load = {"calls": 250, "interval": 3600, "aht": 330, "target": 30}
    assert required_agents(**load, service_level=0.8).agents == 28
    assert evaluate(**load, agents=[27, 28]).service_level == pytest.approx([0.7822, 0.8569], abs=5e-5)
    uplift = 28 / (250 * 330 / 3600) - 1
    assert uplift == near(0.22, 2)


def test_two_call_takers():
    short, long = (evaluate(calls=30, interval=3600, aht=aht, agents=2, target=10) for aht in (60, 80))
    assert 1 - short.service_level == near(0.0779, 4)
    assert 1 - long.service_level == near(0.1411, 4)


def test_the_shrinkage_essay_needs_one_more_than_it_prints():
    load = {"calls": 400, "interval": 3600, "aht": 180, "target": 30}
    assert evaluate(**load, agents=[23, 24]).service_level == pytest.approx([0.7478, 0.8470], abs=5e-5)
    assert required_agents(**load, service_level=0.8).agents == 24


def test_the_classic_with_patience():
    found = required_agents(**CLASSIC, service_level=0.8, patience=300, shrinkage=0.3)
    assert (found.agents, found.scheduled) == (13, 19)
    assert (found.p_wait, found.p_abandon) == (near(0.2257971, 7), near(0.0249633, 7))
    assert (found.occupancy, found.service_level) == (near(0.7500282, 7), near(0.8581777, 7))
    assert found.asa / 60 == near(0.1248165, 7)
    of_served = evaluate(**CLASSIC, agents=13, patience=300, sl_definition="served_of_not_abandoned")
    assert of_served.service_level == near(0.8801491, 7)
    assert of_served.p_abandon == pytest.approx(of_served.asa / 300, rel=1e-12)


def test_fifty_agents_with_and_without_patience():
    load = {"calls": 48, "interval": 60, "aht": 60, "agents": 50, "target": 20}
    endless, patient = evaluate(**load), evaluate(**load, patience=120)
    assert (endless.asa, endless.occupancy) == (near(20.83, 2), near(0.96, 2))
    assert (patient.p_abandon, patient.asa, patient.occupancy) == (near(0.03091, 5), near(3.709, 3), near(0.9303, 4))


def test_blocking():
    assert erlang_b(1, np.array([1, 2])).tolist() == [0.5, 0.2]
    assert required_by_blocking(10, 0.02) == 17
    assert erlang_b(10, 17) == near(0.0129489, 7)
    assert 10 * (1 - erlang_b(10, 17)) / 17 == near(0.5806183, 7)


@pytest.mark.parametrize(
    ("calls", "shrinkage", "scheduled"), [(17, 0.25, 23), (17, 0.3, 25), (100, 0.4, 167), (1, 0.9, 10)]
)
def test_shrinkage_divides(calls: int, shrinkage: float, scheduled: int):
    assert (
        required_agents(
            calls=0, interval=900, aht=0, service_level=0.8, target=20, minimum=calls, shrinkage=shrinkage
        ).scheduled
        == scheduled
    )


def test_chats_two_at_a_time():
    found = required_agents(calls=120, interval=3600, aht=600, service_level=0.8, target=60, concurrency=2)
    assert found.agents == 12
    assert found.service_level == near(0.8002, 4)


def test_endless_patience_is_erlang_c():
    assert evaluate(**CLASSIC, agents=14, patience=1e10).p_wait == near(0.1741319, 7)
    assert evaluate(**CLASSIC, agents=14, patience=1e7).p_wait == near(0.17413, 5)


def test_more_traffic_than_agents():
    swamped = evaluate(**CLASSIC, agents=[10, 3, 0])
    assert swamped.p_wait.tolist() == [1, 1, 1]
    assert swamped.service_level.tolist() == [0, 0, 0]
    assert swamped.asa.tolist() == [np.inf] * 3
    assert swamped.occupancy.tolist() == [1, 1, 1]
    leaving = evaluate(**CLASSIC, agents=[10, 3, 0], patience=300)
    assert np.isfinite(leaving.asa).all()
    assert leaving.p_abandon.tolist() == sorted(leaving.p_abandon)
    assert leaving.p_abandon[2] == 1


@pytest.mark.parametrize("patience", [None, 120])
def test_no_calls(patience: float | None):
    quiet = {**CLASSIC, "calls": 0, "service_level": 0.8, "patience": patience}
    none = None if patience is None else 0
    assert required_agents(**quiet) == Staffing(0, 0, 0, 1, 0, 0, none)
    assert required_agents(**quiet, minimum=2, shrinkage=0.5) == Staffing(2, 4, 0, 1, 0, 0, none)


def test_each_cap_can_be_what_decides():
    load = {**CLASSIC, "service_level": 0.8}
    assert required_agents(**load, max_occupancy=0.5).agents == 20
    assert required_agents(**load, max_asa=1).agents == 17
    assert evaluate(**CLASSIC, agents=[16, 17]).asa.tolist()[0] > 1 > evaluate(**CLASSIC, agents=17).asa
    assert required_agents(**load, minimum=30).agents == 30
    assert required_agents(**load, max_occupancy=0.8, patience=300).agents == 13
    assert required_agents(**load, max_occupancy=0.7, patience=300).agents == 15


def test_stays_accurate_at_five_thousand_erlangs():
    big = {"calls": 5000, "interval": 1800, "aht": 1800, "target": 20}
    found = required_agents(**big, service_level=0.8)
    assert evaluate(**big, agents=found.agents - 1).service_level < 0.8 <= found.service_level
    assert evaluate(**big, agents=5100).p_wait == pytest.approx(0.10288141360093435, rel=1e-10)
    assert 0 < evaluate(**big, agents=4500, patience=1e7).p_abandon == pytest.approx(0.1, abs=1e-9)


def test_grids_broadcast_and_scalars_stay_scalars():
    grid = required_agents(
        calls=np.array([[100], [0]]), interval=1800, aht=[180, 240, 300], service_level=0.8, target=20, patience=300
    )
    assert grid.agents.shape == (2, 3)
    assert grid.agents[0, 0] == 13
    assert grid.agents.dtype == np.int64
    alone = evaluate(**CLASSIC, agents=14)
    assert (type(alone.agents), type(alone.asa)) == (int, float)
    assert type(erlang_b(1, 2)) is float
    assert type(required_by_blocking(10, 0.02)) is int
    assert erlang_b(np.zeros((0,)), 3).shape == (0,)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"calls": -1}, "calls must be at least 0, not -1"),
        ({"calls": float("nan")}, "calls must be a finite number, not nan"),
        ({"calls": "many"}, "calls must be a number, not 'many'"),
        ({"interval": 0}, "interval must be above 0, not 0"),
        ({"aht": 0}, "aht must be above 0, not 0"),
        ({"service_level": 1}, "service_level must be below 1, not 1"),
        ({"service_level": 80}, "service_level must be below 1, not 80"),
        ({"target": -1}, "target must be at least 0, not -1"),
        ({"patience": 0}, "patience must be above 0, not 0"),
        ({"sl_definition": "served"}, "sl_definition must be one of served_of_offered, "),
        ({"short": -5}, "short must be at least 0, not -5"),
        ({"max_occupancy": 1.1}, "max_occupancy must be at most 1, not 1.1"),
        ({"max_asa": 0}, "max_asa must be above 0, not 0"),
        ({"shrinkage": 1}, "shrinkage must be below 1, not 1"),
        ({"minimum": 1.5}, "minimum must be a whole number, not 1.5"),
        ({"concurrency": 0}, "concurrency must be at least 1, not 0"),
    ],
)
def test_a_bad_value_is_named(wrong: dict[str, object], words: str):
    with pytest.raises(ValueError, match=words):
        required_agents(**{**CLASSIC, "service_level": 0.8, **wrong})


def test_bad_values_of_the_rest_are_named():
    for call, name in (
        (lambda: erlang_b(-1, 2), "traffic"),
        (lambda: erlang_c(1, 2.5), "agents"),
        (lambda: required_by_blocking(1, 0), "max_blocking"),
        (lambda: evaluate(**CLASSIC, agents=-1), "agents"),
        (lambda: evaluate(**CLASSIC, agents=1, patience=9, sl_definition=DEFINITIONS[5], short=21), "short"),
    ):
        with pytest.raises(ValueError, match=name):
            call()


def test_the_definitions_differ_by_who_left():
    def level(which: str, short: float = 10) -> float:
        return float(evaluate(**CLASSIC, agents=12, patience=60, sl_definition=which, short=short).service_level)

    offered, answered, long_only, or_left, late_only, short_too = (level(which) for which in DEFINITIONS)
    assert offered < long_only < late_only < answered
    assert offered < short_too < or_left
    assert level(DEFINITIONS[2], 1e6) == pytest.approx(answered, rel=1e-12)
    assert level(DEFINITIONS[2], 20) == pytest.approx(late_only, rel=1e-12)
    assert level(DEFINITIONS[5], 20) == pytest.approx(or_left, rel=1e-12)
    assert level(DEFINITIONS[5], 0) == pytest.approx(offered, rel=1e-12)


def test_every_definition_of_a_contract_can_be_staffed():
    assert set(DEFINITIONS) == set(CONTRACTS)
    promise = {**CLASSIC, "service_level": 0.9, "patience": 60, "short": 10}
    needed = {which: required_agents(**promise, sl_definition=which).agents for which in DEFINITIONS}
    for which, agents in needed.items():
        there, fewer = (
            evaluate(**CLASSIC, agents=many, patience=60, short=10, sl_definition=which).service_level
            for many in (agents, agents - 1)
        )
        assert fewer < 0.9 <= there, which
    assert needed["served_of_offered"] > needed["served_and_abandoned_in_target"]
    endless = {**promise, "patience": None}
    assert {required_agents(**endless, sl_definition=which).agents for which in DEFINITIONS} == {15}
