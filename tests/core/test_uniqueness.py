"""Which prices are unique, and the ends of the interval where they are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csc_array

import gasflow as gf
from gasflow.core.certificate import certify
from gasflow.core.problem import FlowProblem, Structure
from gasflow.core.solve import solve
from gasflow.core.solvers.abstract import Hints
from gasflow.core.solvers.registry import SOLVERS
from gasflow.core.uniqueness import determined_rows, price_interval
from gasflow.simulation.layout import Kind
from tests.core.independent import price_interval_by_highs
from tests.core.test_periods_solver import odd_horizon
from tests.core.torture import strange_problem
from tests.large_network import large_network
from tests.simulation.random_networks import random_network
from tests.solving import answers, network_of


def between(supply_cost: float, middle: float) -> gf.Network:
    """A field, a node in the middle with full pipes on both sides if `middle` is 30, and a town with its own gas."""
    supplies = pd.DataFrame(
        {"name": ["field", "own"], "node": ["A", "C"], "volume": 100.0, "cost": [supply_cost, 50.0]}
    )
    demands = pd.DataFrame({"name": ["town"], "node": ["C"], "volume": [40.0]})
    return network_of([("A", "B", 30.0), ("B", "C", middle)], supplies, demands, tariff=1.0)


def interval(found, node: str) -> tuple[float, float]:
    row = found.assembler.index.nodes.get_loc(node)
    return price_interval(found.problem, found.solution.columns, found.solution.duals, row)


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
    prices = found.solution.duals.copy()
    prices[1] = low + share * (high - low)
    assert certify(found.problem, found.solution.columns, prices).accepted.all()
    for outside in (low - 0.01, high + 0.01):
        prices[1] = outside
        assert not certify(found.problem, found.solution.columns, prices).accepted.any()


def test_the_interval_behind_a_closed_hub_has_no_ends(solver):
    found = answers(gf.toys.transit_hub(), gf.Closure("Sokhranivka"), solver=solver)
    assert np.isnan(found.prices[1, 0, 0])
    assert interval(found, "Sokhranivka") == (-np.inf, np.inf)


def test_uniqueness_is_judged_scenario_by_scenario(solver):
    found = answers(between(20.0, 30.0), gf.CapacityChange("B->C", change=[0.0, -1.0, 1.0] * 4), solver=solver)
    assert np.isnan(found.prices[1, 0]).tolist() == [True, False, False] * 4


def test_nan_flows_determine_nothing():
    found = answers(gf.toys.two_nodes())
    assert not determined_rows(
        found.problem, np.full_like(found.solution.columns, np.nan), np.full_like(found.solution.duals, np.nan)
    ).any()


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
        low, high = price_interval(problem, solution.columns, solution.duals, row)
        assert (low, high) == pytest.approx(price_interval_by_highs(problem, solution.columns, row), abs=1e-3)
        assert low <= high


def test_a_closed_pipe_on_a_large_network_has_the_interval_of_a_programme_over_all_duals():
    found = answers(large_network(nodes=300, pipes=400), gf.Closure("p7"))
    unknown = np.flatnonzero(np.isnan(found.prices[:, 0, 0]))
    assert unknown.size > 20
    for row in unknown[::10]:
        ends = price_interval(found.problem, found.solution.columns, found.solution.duals, int(row))
        # Each pipe on the way may bend a price by its slack.
        assert ends == pytest.approx(price_interval_by_highs(found.problem, found.solution.columns, row), abs=5e-3)


# Those of the first 160 in which solvers end on different optimal flows and a rule that looks at flows alone disagrees.
TIED = (16, 33, 44, 64, 93)


def whole(problem: FlowProblem) -> FlowProblem:
    """The same in whole numbers, which make ties and columns that just reach their bound."""
    return replace(
        problem, **{name: np.round(getattr(problem, name)) for name in ("cost", "lower", "upper", "balance")}
    )


def patterns(problem: FlowProblem) -> list[np.ndarray]:
    """What each solver's answer says about which duals are unique; all must be certified."""
    found = []
    for solver in SOLVERS:
        solution = solve(problem, solver, Hints(threads=1))
        assert solution.certified.all()
        found.append(determined_rows(problem, solution.columns, solution.duals))
    return found


@pytest.mark.parametrize("seed", [*TIED, *range(160, 175)])
def test_no_solver_says_more_about_strange_networks_than_another(seed):
    problem = strange_problem(np.random.default_rng(seed), 3)
    one_period = Structure(problem.incidence, np.zeros(problem.row_count, dtype=np.intp))
    first, *others = patterns(replace(problem, structure=one_period))
    assert all((other == first).all() for other in others)


@pytest.mark.parametrize("seed", range(12))
def test_no_solver_says_more_about_horizons_than_another(seed):
    problem = odd_horizon(seed)
    first, *others = patterns(whole(problem) if seed % 2 else problem)
    assert all((other == first).all() for other in others)


@pytest.mark.parametrize("seed", TIED)
def test_what_is_called_unique_has_an_interval_without_width(seed):
    problem = strange_problem(np.random.default_rng(seed), 3).scenarios(slice(0, 1))
    solution = solve(problem, "reference")
    unique = determined_rows(problem, solution.columns, solution.duals)
    for row, is_unique in enumerate(unique[:, 0]):
        low, high = price_interval_by_highs(problem, solution.columns, row)
        assert (high - low <= 1e-4 * (1.0 + abs(low))) == is_unique


def test_inequalities_that_meet_pin_a_price():
    """Two pipes there and back, both empty, whose costs meet: the price beyond is pinned from both sides."""
    incidence = csc_array(np.array([[1.0, -1.0, 1.0, 0.0, 0.0], [0.0, 1.0, -1.0, 1.0, -1.0]]))
    problem = FlowProblem(
        Structure(incidence),
        np.array([[20.0], [3.0], [-3.0], [3000.0], [0.0]]), np.full((5, 1), 0.01), np.zeros((5, 1)),
        np.full((5, 1), 50.0), np.array([[10.0], [0.0]]),
    )  # fmt: skip
    flows, prices = np.array([[10.0], [0.0], [0.0], [0.0], [0.0]]), np.array([[20.1], [23.1]])
    assert certify(problem, flows, prices).accepted.all()
    assert determined_rows(problem, flows, prices).all()
    cheaper = replace(problem, cost=problem.cost + np.array([[0.0], [0.0], [1.0], [0.0], [0.0]]))
    assert determined_rows(cheaper, flows, prices)[:, 0].tolist() == [True, False]


def test_an_entry_that_is_zero_tells_nothing():
    incidence = csc_array(
        (np.array([1.0, 1.0, 0.0, 1.0]), np.array([0, 0, 1, 1]), np.array([0, 1, 3, 4])), shape=(2, 3)
    )
    problem = FlowProblem(
        Structure(incidence),
        np.full((3, 1), 20.0), np.zeros((3, 1)), np.zeros((3, 1)), np.array([[9.0], [9.0], [0.0]]),
        np.array([[8.0], [0.0]]),
    )  # fmt: skip
    flows, prices = np.array([[4.0], [4.0], [0.0]]), np.full((2, 1), 20.0)
    assert determined_rows(problem, flows, prices)[:, 0].tolist() == [True, False]


@pytest.mark.parametrize("seed", range(6))
def test_rents_are_those_of_the_unique_prices_and_the_same_from_every_solver(seed):
    network = random_network(seed, curved=seed % 2 == 0)
    pipe = str(network.pipes.index[seed % len(network.pipes)])
    found = [answers(network, gf.Closure(pipe, share=[0.0, 0.5, 1.0]), solver=one) for one in SOLVERS]
    for one in found:
        pipes, nodes = network.pipes, network.nodes.index
        origin, end = (one.prices[nodes.get_indexer(pipes[side])] for side in ("origin", "destination"))
        x, upper = (one.assembler.layout.take(a, Kind.PIPE) for a in (one.solution.columns, one.problem.upper))
        routed = pipes.index.isin(
            network.supplies["route"]
        )  # contract gas does not pass through the node of its exporter
        origin = np.where(routed[:, None, None], 0.0, origin)
        reduced = (1.0 - pipes["loss"].to_numpy()[:, None, None]) * end - origin
        cost, slope = (one.assembler.layout.take(a, Kind.PIPE) for a in (one.problem.cost, one.problem.curvature))
        rent = np.where(x < upper - 1e-6 * (1 + x), 0.0, np.maximum(reduced - cost - slope * x, 0.0))
        np.testing.assert_allclose(one.rents, rent, atol=1e-4)
        np.testing.assert_allclose(one.rents, found[0].rents, atol=1e-4)
        assert np.nanmax(one.rents, initial=0.0) <= 3000.0


def test_the_rent_behind_a_closed_hub_is_not_a_number_and_that_of_a_pipe_with_room_is_zero(solver):
    hub = gf.toys.transit_hub()
    found = answers(hub, gf.Closure("Sokhranivka"), solver=solver)
    rents = dict(zip(hub.pipes.index, found.rents[:, 0, 0], strict=True))
    assert np.isnan(rents["RU->Sokhranivka"])
    assert np.isnan(rents["Sokhranivka->UA transit"])
    assert rents["UA transit->Veľké Kapušany"] == 0.0


@pytest.mark.parametrize(
    ("lost_load", "wedge", "expected"),
    [([120.0, 5000.0], 1.0, [np.nan, 5000.0]), ([3000.0, 3000.0], -5.0, [np.nan, 3000.0]),
     ([3000.0, 3000.0], 1.0, [3000.0, 3000.0]), ([5000.0, 120.0], 1.0, [5000.0, 120.0])],
)  # fmt: skip
def test_where_all_goes_unserved_the_price_is_the_lower_end_of_its_interval(solver, lost_load, wedge, expected):
    nodes = pd.DataFrame({"name": ["A", "B"], "value_of_lost_load": lost_load})
    pipes = pd.DataFrame({"name": ["A->B"], "origin": "A", "destination": "B", "capacity": [50.0], "wedge": wedge})
    towns = pd.DataFrame({"name": ["a", "b"], "node": ["A", "B"], "volume": [10.0, 10.0]})
    found = answers(gf.Network(nodes, pipes, demands=towns), solver=solver)
    assert found.prices[:, 0, 0] == pytest.approx(expected, nan_ok=True)
    for node, value in zip("AB", found.prices[:, 0, 0], strict=True):
        if not np.isnan(value):
            assert interval(found, node)[0] == pytest.approx(value, abs=1e-3)


def test_where_all_is_spilled_the_price_is_the_upper_end_of_its_interval(solver):
    nodes = pd.DataFrame({"name": ["A", "B"]})
    pipes = pd.DataFrame({"name": ["A->B"], "origin": "A", "destination": "B", "capacity": [50.0], "wedge": [-3.0]})
    fields = pd.DataFrame({"name": ["a", "b"], "node": ["A", "B"], "volume": 10.0, "minimum": 10.0, "cost": 50.0})
    found = answers(gf.Network(nodes, pipes, fields, price_floor=5.0), solver=solver)
    for node, value in zip("AB", found.prices[:, 0, 0], strict=True):
        assert np.isnan(value) or interval(found, node)[1] == pytest.approx(value, abs=1e-3)
