"""Which prices are unique, and the ends of the interval where they are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.core.certificate import certify
from gasflow.core.solve import solve
from gasflow.core.uniqueness import determined_rows, price_interval
from tests.core.independent import price_interval_by_highs
from tests.core.torture import strange_problem
from tests.large_network import large_network
from tests.solving import answers, network_of


def between(supply_cost: float, middle: float) -> gf.Network:
    """A field, a node in the middle with full pipes on both sides if `middle` is 30, and a town with its own gas."""
    supplies = pd.DataFrame(
        {"name": ["field", "own"], "node": ["A", "C"], "volume": 100.0, "cost": [supply_cost, 50.0]}
    )
    demands = pd.DataFrame({"name": ["town"], "node": ["C"], "volume": [40.0]})
    return network_of([("A", "B", 30.0), ("B", "C", middle)], supplies, demands, tariff=1.0)


def interval(found, node: str) -> tuple[float, float]:
    row = found.assembler.frame.nodes.get_loc(node)
    return price_interval(found.problem, found.solution.flows, found.solution.prices, row)


def test_a_node_between_two_full_pipes_has_an_interval(solver):
    found = answers(between(20.0, 30.0), solver=solver)
    assert np.isnan(found.prices[:, 0, 0]).tolist() == [False, True, False]
    assert interval(found, "B") == pytest.approx((21.0, 49.0), abs=1e-4)


@pytest.mark.parametrize(("middle", "expected"), [(29.0, 21.0), (31.0, 49.0)])
def test_with_one_full_pipe_the_price_is_unique(solver, middle, expected):
    found = answers(between(20.0, middle), solver=solver)
    assert found.prices[1, 0, 0] == pytest.approx(expected, abs=1e-6)
    assert interval(found, "B") == pytest.approx((expected, expected), abs=1e-4)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_every_price_in_the_interval_is_optimal_and_none_beyond(solver, share):
    found = answers(between(20.0, 30.0), solver=solver)
    low, high = 21.0, 49.0
    prices = found.solution.prices.copy()
    prices[1] = low + share * (high - low)
    assert certify(found.problem, found.solution.flows, prices).accepted.all()
    for outside in (low - 0.01, high + 0.01):
        prices[1] = outside
        assert not certify(found.problem, found.solution.flows, prices).accepted.any()


def test_the_interval_behind_a_closed_hub_is_what_its_slack_allows(solver):
    found = answers(gf.toys.transit_hub(), gf.Closure("Sokhranivka"), solver=solver)
    assert np.isnan(found.prices[1, 0, 0])
    assert interval(found, "Sokhranivka") == pytest.approx((0.0, 3000.0), abs=1e-4)


def test_uniqueness_is_judged_scenario_by_scenario(solver):
    found = answers(between(20.0, 30.0), gf.CapacityChange("B->C", change=[0.0, -1.0, 1.0] * 4), solver=solver)
    assert np.isnan(found.prices[1, 0]).tolist() == [True, False, False] * 4


def test_nan_flows_determine_nothing():
    found = answers(gf.toys.two_nodes())
    assert not determined_rows(found.problem, np.full_like(found.solution.flows, np.nan)).any()


def test_revenue_at_a_price_that_is_not_unique_is_not_a_number(solver):
    contract = pd.DataFrame({"name": ["RU via B", "own"], "node": ["A", "C"], "kind": ["contract", "production"],
                             "exporter": ["RU", ""], "route": ["A->B", ""], "volume": [30.0, 100.0],
                             "cost": [0.0, 50.0]})  # fmt: skip
    town = pd.DataFrame({"name": ["town"], "node": ["C"], "volume": [40.0]})
    network = network_of([("A", "B", 30.0), ("B", "C", 30.0)], contract, town, tariff=1.0)
    assert np.isnan(answers(network, solver=solver).revenue[1, 0, 0])
    closed = answers(network, gf.Closure("B"), solver=solver)
    assert closed.revenue[1, 0, 0] == 0.0
    priced = network.with_supply("RU via B", delivery="C")
    assert answers(priced, solver=solver).revenue[1, 0, 0] == pytest.approx(30.0 * 50.0 / 1000, rel=1e-7)


@pytest.mark.parametrize("seed", range(6))
def test_intervals_are_those_of_a_programme_over_all_duals(seed):
    problem = strange_problem(np.random.default_rng(seed), 1)
    solution = solve(problem, "reference")
    for row in range(problem.row_count):
        low, high = price_interval(problem, solution.flows, solution.prices, row)
        assert (low, high) == pytest.approx(price_interval_by_highs(problem, solution.flows, row), abs=1e-3)
        assert low <= high


def test_a_closed_pipe_on_a_large_network_has_the_interval_of_a_programme_over_all_duals():
    found = answers(large_network(nodes=300, pipes=400), gf.Closure("p7"))
    unknown = np.flatnonzero(np.isnan(found.prices[:, 0, 0]))
    assert unknown.size > 20
    for row in unknown[::10]:
        ends = price_interval(found.problem, found.solution.flows, found.solution.prices, int(row))
        assert ends == pytest.approx(price_interval_by_highs(found.problem, found.solution.flows, row), abs=1e-3)
