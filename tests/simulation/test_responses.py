"""What results are asked afterwards: sensitivities and ambiguous flows, on days, sets and horizons with one plan."""

from __future__ import annotations

import numpy as np
import pytest

import gasflow as gf
from gasflow.errors import GasflowError
from tests.horizons import FIRST, horizon_of, one_node

DEMANDS = (100.0, 150.0, 80.0)
LENGTHS = (10, 20, 31)


def winter(demand: float = 0.0, cost: float = 0.0, capacity: float = 50.0) -> gf.Horizon:
    """Three periods; the second one with other numbers."""
    networks = [one_node(volume, level=3_000.0, volume=6_000.0) for volume in DEMANDS]
    networks[1] = (
        networks[1].with_node("A", statistical_difference=-demand).with_supply("field", cost=20.0 + cost)
        .with_pipe("F->A", capacity=60.0 + capacity)
    )  # fmt: skip
    return horizon_of(networks, LENGTHS)


@pytest.mark.slow
@pytest.mark.parametrize(("cause", "place"), [("demand", "A"), ("cost", "field"), ("capacity", "F->A")])
def test_sensitivities_over_a_horizon_are_finite_differences(cause: str, place: str) -> None:
    step = 1e-3
    base, low, high = (gf.simulate(winter(**{cause: sign * step})) for sign in (0, -1, 1))
    for effect in ("prices", "flows"):
        table = base.sensitivity(of=effect, to=cause, at=place, period=1).to_numpy()
        difference = (high.table(effect).to_numpy() - low.table(effect).to_numpy()) / (2 * step)
        np.testing.assert_allclose(table, difference, atol=1e-4)
        assert np.abs(table).max() > 1e-3


@pytest.mark.parametrize(
    "foresight", [None, gf.Foresight(), gf.Foresight(notice_days=0.0), gf.Foresight(lookahead=3)], ids=repr
)
def test_a_horizon_with_one_plan_answers(foresight: gf.Foresight | None) -> None:
    shocks = gf.DemandChange(factor=[1.0, 1.1])
    results = gf.simulate(gf.Model(winter(), foresight=foresight), shocks)
    assert results.ambiguous_flows().shape == (6, 1)
    alone = gf.simulate(winter(), gf.DemandChange(factor=1.1)).sensitivity("prices", "demand", "A")
    np.testing.assert_allclose(results.sensitivity("prices", "demand", "A").to_numpy()[3:], alone.to_numpy(), atol=1e-8)
    np.testing.assert_allclose(results.scenario(1).sensitivity("prices", "demand", "A"), alone, atol=1e-8)


@pytest.mark.parametrize(
    ("foresight", "news"),
    [(gf.Foresight(notice_days=0.0), True), (gf.Foresight(rolling=True), False),
     (gf.Foresight(rolling=True, lookahead=1), False)],
    ids=repr,
)  # fmt: skip
def test_a_horizon_that_is_planned_anew_says_so(foresight: gf.Foresight, news: bool) -> None:
    surprise = [gf.DemandChange(1.1, start=str(FIRST.replace(day=12)))] if news else []
    results = gf.simulate(gf.Model(winter(), foresight=foresight), *surprise)
    with pytest.raises(GasflowError, match="planned anew"):
        results.ambiguous_flows()
    with pytest.raises(GasflowError, match="planned anew"):
        results.sensitivity("prices", "demand", "A")


def test_a_small_grid_answers_and_so_does_each_of_its_scenarios() -> None:
    grid = gf.grid(gf.Closure("Sudzha", share=[0.0, 0.5]), gf.ElasticityChange(factor=[0.5, 1.0, 2.0]))
    results = gf.simulate(gf.toys.transit_hub(), grid)
    table = results.sensitivity("prices", "demand", "SK")
    assert table.shape == (6, 9)
    for scenario in range(6):
        one = results.scenario(scenario).sensitivity("prices", "demand", "SK")
        np.testing.assert_array_equal(one.to_numpy()[0], table.to_numpy()[scenario])
        assert results.scenario(scenario).price_interval("SK")[0] > 0.0
