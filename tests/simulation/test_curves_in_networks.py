"""Elastic demand and the world market, against their closed forms."""

from __future__ import annotations

import pandas as pd
import pytest

import gasflow as gf
from gasflow.core.curves import Curve
from tests.solving import demand_network, network_of, price, simulated

ANCHOR = 80.0
SECTORS = (
    {"sector": "households", "volume": 300.0, "elasticity": -0.05, "anchor_price": ANCHOR},
    {"sector": "industry", "volume": 500.0, "elasticity": -0.15, "anchor_price": ANCHOR},
    {"sector": "power", "volume": 200.0, "elasticity": -0.3, "anchor_price": ANCHOR},
)


def closed_form(at: float, rows=SECTORS) -> list[float]:
    return [row["volume"] * (at / ANCHOR) ** row["elasticity"] for row in rows]


def test_the_anchor_is_exact(solver):
    results = simulated(demand_network(ANCHOR, 5000.0, *SECTORS), solver=solver)
    assert price(results, "A") == pytest.approx(ANCHOR, abs=1e-6)
    assert results.demand.iloc[0].tolist() == pytest.approx([300.0, 500.0, 200.0], rel=1e-9)


@pytest.mark.parametrize("cost", [9.0, 30.0, 60.0, 75.0, 100.0, 200.0, 700.0, 2500.0])
def test_quantities_follow_the_price(solver, cost):
    results = simulated(demand_network(cost, 5000.0, *SECTORS), solver=solver)
    assert price(results, "A") == pytest.approx(cost, abs=1e-5)
    error = 0.02 if ANCHOR / 3 <= cost <= ANCHOR * 3 else 0.10
    for served, row in zip(results.demand.iloc[0], SECTORS, strict=True):
        low, high = (closed_form(cost * (1 + sign * error), [row])[0] for sign in (1, -1))
        assert low <= served <= high
    assert results.demand.sum(axis=1).item() == pytest.approx(results.supply["field"].item(), rel=1e-9)


@pytest.mark.parametrize("available", [500.0, 900.0, 1100.0, 1300.0])
def test_the_price_follows_the_quantity(solver, available):
    row = {"volume": 1000.0, "elasticity": -0.3, "anchor_price": ANCHOR}
    results = simulated(demand_network(0.0, available, row), solver=solver)
    exact = ANCHOR * (available / 1000.0) ** (1 / -0.3)
    error = 0.02 if ANCHOR / 3 <= exact <= ANCHOR * 3 else 0.10
    assert price(results, "A") == pytest.approx(exact, rel=error)


@pytest.mark.parametrize("available", [650.0, 950.0, 1100.0])
def test_sectors_add_up_to_the_node_and_share_one_price(solver, available):
    results = simulated(demand_network(0.0, available, *SECTORS), solver=solver)
    assert results.demand.sum(axis=1).item() == pytest.approx(available, rel=1e-8)
    found = price(results, "A")
    for served, row in zip(results.demand.iloc[0], SECTORS, strict=True):
        alone = simulated(demand_network(found, 5000.0, row), solver=solver)
        assert served == pytest.approx(alone.demand.iloc[0].item(), rel=1e-6)


def test_splitting_a_sector_changes_nothing(solver):
    row = {"volume": 1000.0, "elasticity": -0.2, "anchor_price": ANCHOR}
    one = simulated(demand_network(0.0, 800.0, row), solver=solver)
    two = simulated(demand_network(0.0, 800.0, row | {"volume": 250.0}, row | {"volume": 750.0}), solver=solver)
    assert price(two, "A") == pytest.approx(price(one, "A"), abs=1e-6)
    assert two.demand.iloc[0].tolist() == pytest.approx([200.0, 600.0], rel=1e-8)


@pytest.mark.parametrize("firm_first", [True, False])
def test_firm_demand_beside_elastic_demand_keeps_its_anchor(solver, firm_first):
    rows = [{"volume": 10.0}, {"volume": 50.0, "elasticity": -0.2, "anchor_price": 20.0}]
    results = simulated(demand_network(20.0, 100.0, *(rows if firm_first else rows[::-1])), solver=solver)
    assert sorted(results.demand.iloc[0]) == pytest.approx([10.0, 50.0], rel=1e-9)


def test_rationing_is_shared_in_proportion(solver):
    results = simulated(demand_network(0.0, 100.0, *SECTORS), solver=solver)
    firm = closed_form(3000.0)
    assert price(results, "A") == pytest.approx(3000.0, abs=1e-5)
    assert results.demand.iloc[0].tolist() == pytest.approx([100.0 * f / sum(firm) for f in firm], rel=1e-8)
    assert results.unserved["A"].item() == pytest.approx(sum(firm) - 100.0, rel=1e-8)


def test_a_deficit_of_the_statistical_difference_takes_nothing_from_demand(solver):
    network = demand_network(20.0, 1.0, {"volume": 3.0}).with_node("A", statistical_difference=-5.0)
    results = simulated(network, solver=solver)
    assert results.unserved["A"].item() == pytest.approx(3.0, abs=1e-9)
    assert results.unsettled["A"].item() == pytest.approx(4.0, abs=1e-9)
    assert results.demand.iloc[0].item() == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("cost", [40.0, 80.0, 120.0, 200.0])
def test_linear_demand_is_a_line_through_the_anchor(solver, cost):
    row = {"volume": 1000.0, "elasticity": -0.3, "anchor_price": ANCHOR}
    results = simulated(demand_network(cost, 5000.0, row), solver=solver, curve=Curve.LINEAR)
    assert results.demand.iloc[0].item() == pytest.approx(1000.0 * (1 - 0.3 * (cost / ANCHOR - 1)), rel=1e-7)


def test_linear_demand_ends(solver):
    row = {"volume": 1000.0, "elasticity": -0.3, "anchor_price": ANCHOR}
    results = simulated(demand_network(700.0, 5000.0, row), solver=solver, curve=Curve.LINEAR)
    assert results.demand.iloc[0].item() == 0.0


@pytest.mark.parametrize("bought", [400.0, 700.0, 900.0, 1000.0, 1200.0])
def test_the_world_market_answers_with_its_elasticity(solver, bought):
    market = pd.DataFrame({"name": ["LNG"], "node": "LNG", "kind": "market", "volume": 900.0, "elasticity": 0.4,
                           "anchor_price": 80.0})  # fmt: skip
    town = pd.DataFrame({"name": ["town"], "node": ["B"], "volume": [bought]})
    network = network_of([("LNG", "Gate", 2000.0), ("Gate", "B", 2000.0)], market, town)
    results = simulated(network, solver=solver)
    exact = 80.0 * (bought / 900.0) ** (1 / 0.4)
    within = 1e-7 if bought == 900.0 else 0.02 if 80 / 3 <= exact <= 240 else 0.10
    assert price(results, "LNG") == pytest.approx(exact, rel=within)
    assert results.supply["LNG"].item() == pytest.approx(bought, rel=1e-9)
    doubled = simulated(network, gf.LngPriceChange(2.0), solver=solver)
    assert price(doubled, "LNG") == pytest.approx(2 * price(results, "LNG"), rel=1e-6)
