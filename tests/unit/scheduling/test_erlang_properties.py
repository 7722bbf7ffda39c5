"""What must hold of staffing for any load, and the same figures by slower and plainer ways."""

import math
import random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduling.domain.erlang import DEFINITIONS, erlang_b, erlang_c, evaluate, required_agents, required_by_blocking

TRAFFIC = st.floats(0.01, 300)
AGENTS = st.integers(1, 350)
LOADS = st.fixed_dictionaries(
    {
        "calls": st.floats(0.5, 400),
        "interval": st.sampled_from([900, 1800, 3600]),
        "aht": st.floats(20, 1200),
        "target": st.floats(0, 120),
    }
)
PATIENCE = st.one_of(st.none(), st.floats(5, 5000))


@given(TRAFFIC, AGENTS)
def test_blocking_is_a_share_that_falls_with_agents_and_grows_with_traffic(traffic: float, agents: int):
    b, fewer, busier = erlang_b(traffic, agents), erlang_b(traffic, agents - 1), erlang_b(traffic * 1.1, agents)
    assert 0 <= b <= fewer <= 1
    assert b <= busier
    assert b <= erlang_c(traffic, agents) <= 1


@given(TRAFFIC, st.floats(0.001, 0.9))
def test_the_lines_for_a_blocking_are_the_fewest(traffic: float, limit: float):
    lines = required_by_blocking(traffic, limit)
    assert erlang_b(traffic, lines) <= limit
    assert lines == 0 or erlang_b(traffic, lines - 1) > limit


@given(TRAFFIC, AGENTS, st.floats(5, 5000))
@example(206.0, 1, 353.0)  # one agent for 206 Erlangs: the few served are a difference of two numbers near 1
def test_patience_lies_between_blocking_and_endless_waiting(traffic: float, agents: int, patience: float):
    found = evaluate(calls=traffic, interval=180, aht=180, agents=agents, target=20, patience=patience)
    assert erlang_b(traffic, agents) - 1e-12 <= found.p_wait <= erlang_c(traffic, agents) + 1e-12
    assert 0 <= found.p_abandon <= found.p_wait
    assert found.occupancy <= 1
    assert found.p_abandon >= 1 - agents / traffic - 1e-9


@settings(max_examples=60)
@given(LOADS, AGENTS, PATIENCE, st.sampled_from(DEFINITIONS))
def test_service_grows_with_agents_and_time_and_falls_with_load(
    load: dict[str, float], agents: int, patience: float | None, definition: str
):
    def level(**more: float) -> float:
        found = evaluate(
            **{**load, "agents": agents, "patience": patience, "sl_definition": definition, **more},
            short=min(5, load["target"]),
        )
        return float(found.service_level)

    here = level()
    assert 0 <= here <= 1
    assert level(agents=agents + 1) >= here - 1e-9
    assert level(target=load["target"] + 10) >= here - 1e-12
    if definition == DEFINITIONS[0]:
        assert level(calls=load["calls"] * 1.1) <= here + 1e-9
        if patience is None:
            assert level(aht=load["aht"] * 1.1) <= here + 1e-9


@settings(max_examples=60)
@given(
    LOADS,
    PATIENCE,
    st.sampled_from(DEFINITIONS),
    st.floats(0.3, 0.97),
    st.one_of(st.none(), st.floats(0.5, 1)),
    st.one_of(st.none(), st.floats(1, 120)),
    st.integers(1, 3),
    st.integers(0, 5),
)
def test_the_requirement_is_the_fewest_that_keep_every_promise(
    load: dict[str, float],
    patience: float | None,
    definition: str,
    level: float,
    occupancy: float | None,
    asa: float | None,
    concurrency: int,
    minimum: int,
):
    found = required_agents(
        **load,
        patience=patience,
        sl_definition=definition,
        service_level=level,
        max_occupancy=occupancy,
        max_asa=asa,
        minimum=minimum,
        concurrency=concurrency,
    )
    traffic = load["calls"] * load["aht"] / load["interval"]

    def keeps(agents: int) -> bool:
        if agents < 0:
            return False
        at = evaluate(**load, patience=patience, sl_definition=definition, agents=agents * concurrency)
        return bool(
            at.service_level >= level
            and (asa is None or at.asa <= asa)
            and agents * concurrency >= (traffic / occupancy - 1e-6 if occupancy else 0)
            and agents >= minimum
        )

    assert keeps(found.agents)
    assert not keeps(found.agents - 1)


def chain(traffic: float, agents: int, aht: float, patience: float) -> tuple[float, float]:
    """Share that waits and mean wait, from the birth and death of each state in log space."""
    logs, state = [0.0], 0
    while state < agents or logs[-1] > max(logs) - 60:
        state += 1
        death = min(state, agents) / aht + max(state - agents, 0) / patience
        logs.append(logs[-1] + math.log(traffic / aht / death))
    top = max(logs)
    weights = [math.exp(one - top) for one in logs]
    whole = math.fsum(weights)
    queue = math.fsum((n - agents) * w for n, w in enumerate(weights) if n > agents)
    return math.fsum(weights[agents:]) / whole, queue / whole * aht / traffic


@settings(max_examples=60)
@given(st.floats(0.5, 120), st.integers(1, 130), st.floats(10, 900), st.floats(5, 2000))
def test_the_integrals_are_the_chain(traffic: float, agents: int, aht: float, patience: float):
    found = evaluate(calls=traffic, interval=aht, aht=aht, agents=agents, target=20, patience=patience)
    wait, asa = chain(traffic, agents, aht, patience)
    assert found.p_wait == pytest.approx(wait, rel=1e-9, abs=1e-14)
    assert found.asa == pytest.approx(asa, rel=1e-9, abs=1e-12)


def simulated(seed: int, agents: int, patience: float | None) -> list[tuple[float, ...]]:
    """Shares of offered that waited, were answered in 20 s, left, left within 10 s; for each of 40 batches."""
    chance, free, batches = random.Random(seed), [0.0] * agents, []  # noqa: S311 - a simulation
    now = 0.0
    for _batch in range(41):
        waited = served = left = early = 0
        for _call in range(3000):
            now += chance.expovariate(100 / 1800)
            soonest = min(range(agents), key=free.__getitem__)
            wait = max(free[soonest] - now, 0.0)
            waited += wait > 0
            willing = math.inf if patience is None else chance.expovariate(1 / patience)
            if wait > willing:
                left += 1
                early += willing <= 10
                continue
            served += wait <= 20
            free[soonest] = now + wait + chance.expovariate(1 / 180)
        batches.append((waited / 3000, served / 3000, left / 3000, early / 3000))
    return batches[1:]


@pytest.mark.parametrize(("agents", "patience"), [(12, None), (11, 120.0)])
def test_a_simulation_agrees(agents: int, patience: float | None):
    load = {"calls": 100, "interval": 1800, "aht": 180, "agents": agents, "target": 20, "patience": patience}
    found = evaluate(**load)
    of_the_rest = evaluate(**load, sl_definition="short_abandons_excluded", short=10).service_level
    early = 1 - found.service_level / of_the_rest
    expected = (found.p_wait, found.service_level, found.p_abandon or 0.0, early)
    seen = np.array(simulated(2026, agents, patience))
    for value, column in zip(expected, seen.T, strict=True):
        error = column.std(ddof=1) / math.sqrt(len(column))
        assert abs(value - column.mean()) <= 2.708 * error + 1e-12  # the 99 % quantile of t with 39 degrees
