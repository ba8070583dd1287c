"""The batched solver: right, alone in its lane, and honest about what it cannot do."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csc_array

from gasflow.core.certificate import certify
from gasflow.core.problem import FlowProblem, Structure
from gasflow.core.solution import Status
from gasflow.core.solve import solve
from gasflow.core.solvers.abstract import Hints
from gasflow.core.solvers.lanes.solver import LanesSolver
from gasflow.core.uniqueness import determined_rows
from tests.core.grids import grid_problem
from tests.core.independent import clarabel_by_hand, price_interval_by_highs
from tests.core.networks import Shape, random_problem
from tests.core.torture import strange_problem


@pytest.fixture(scope="module")
def network():
    return random_problem(np.random.default_rng(3), 100, Shape(nodes=12, chords=6))


@pytest.fixture(scope="module")
def candidate(network):
    return LanesSolver().prepare(network.structure).solve(network, Hints(threads=1))


@pytest.mark.parametrize("curved", [True, False])
def test_agrees_with_clarabel(curved):
    problem = random_problem(np.random.default_rng(5), 16, Shape(nodes=15, chords=8, curved=curved))
    solution = solve(problem, "lanes")
    assert (solution.status == Status.OPTIMAL).all()
    assert (solution.solver == "lanes").all()
    determined = determined_rows(problem, solution.columns, solution.duals)
    for scenario, objective in enumerate(problem.objective(solution.columns)):
        wanted, prices = clarabel_by_hand(problem, scenario)
        assert objective == pytest.approx(wanted, rel=1e-8)
        known = determined[:, scenario]
        np.testing.assert_allclose(solution.duals[known, scenario], prices[known], atol=1e-3)


def test_every_order_gives_the_same_bits(network, candidate):
    order = np.random.default_rng(1).permutation(network.scenario_count)
    shuffled = LanesSolver().prepare(network.structure).solve(network.scenarios(order), Hints(threads=1))
    np.testing.assert_array_equal(shuffled.columns, candidate.columns[:, order])
    np.testing.assert_array_equal(shuffled.duals, candidate.duals[:, order])
    np.testing.assert_array_equal(shuffled.iterations, candidate.iterations[order])


@pytest.mark.parametrize("size", [1, 3, 8, 33])
def test_every_chunk_gives_the_same_bits(network, candidate, size):
    prepared = LanesSolver().prepare(network.structure)
    for first in range(0, 40, size):
        part = slice(first, min(first + size, 40))
        alone = prepared.solve(network.scenarios(part))
        np.testing.assert_array_equal(alone.columns, candidate.columns[:, part])
        np.testing.assert_array_equal(alone.duals, candidate.duals[:, part])


def test_two_threads_give_the_same_bits(network, candidate):
    both = LanesSolver().prepare(network.structure).solve(network, Hints(threads=2))
    np.testing.assert_array_equal(both.columns, candidate.columns)
    np.testing.assert_array_equal(both.duals, candidate.duals)


def test_neighbours_do_not_matter(network, candidate):
    """A scenario among strange ones, and among ones that bound columns which it does not, has the same bits."""
    count = 8
    cost, upper = network.cost[:, :count].copy(), network.upper[:, :count].copy()
    cost[:, 1:] *= 7.0
    upper[:, 3] = 1e3 + network.lower[:, 3]
    mixed = FlowProblem(
        network.structure, cost, network.curvature[:, :count], network.lower[:, :count], upper,
        network.balance[:, :count],
    )  # fmt: skip
    answer = LanesSolver().prepare(network.structure).solve(mixed, Hints(threads=1))
    np.testing.assert_array_equal(answer.columns[:, 0], candidate.columns[:, 0])
    np.testing.assert_array_equal(answer.duals[:, 0], candidate.duals[:, 0])


def test_shared_arrays_equal_copied_ones(network):
    one = network.scenarios(slice(0, 1))
    balance = np.linspace(0.5, 1.5, 20) * one.balance
    shared = FlowProblem(one.structure, one.cost, one.curvature, one.lower, one.upper, balance)
    copied = FlowProblem(
        one.structure, *(np.repeat(values, 20, axis=1) for values in
                         (one.cost, one.curvature, one.lower, one.upper)), balance,
    )  # fmt: skip
    prepared = LanesSolver().prepare(one.structure)
    np.testing.assert_array_equal(prepared.solve(shared).columns, prepared.solve(copied).columns)


def test_columns_at_a_bound_sit_exactly_on_it(network, candidate):
    reduced = network.cost + network.curvature * candidate.columns - network.incidence.T @ candidate.duals
    assert candidate.polished.all()
    margin = 1e-5
    assert (
        candidate.columns[reduced > margin] == np.broadcast_to(network.lower, reduced.shape)[reduced > margin]
    ).all()
    assert (
        candidate.columns[reduced < -margin] == np.broadcast_to(network.upper, reduced.shape)[reduced < -margin]
    ).all()


def test_certificate_is_met_with_room(network, candidate):
    certificate = certify(network, candidate.columns, candidate.duals)
    assert certificate.accepted.all()
    assert (certificate.worst < 1e-10).all()


@pytest.mark.parametrize("seed", range(12))
def test_strange_networks_are_never_wrong_and_certified(seed):
    problem = strange_problem(np.random.default_rng(seed), 8)
    solution = solve(problem, "lanes", Hints(threads=1))
    assert solution.certified.all()
    determined = determined_rows(problem, solution.columns, solution.duals)
    terms = np.abs((problem.cost + 0.5 * problem.curvature * solution.columns) * solution.columns).sum(axis=0)
    for scenario, objective in enumerate(problem.objective(solution.columns)):
        wanted, prices = clarabel_by_hand(problem, scenario)
        assert abs(objective - wanted) <= 1e-7 * max(1.0, terms[scenario])
        one = problem.scenarios(slice(scenario, scenario + 1))
        off = determined[:, scenario] & (np.abs(solution.duals[:, scenario] - prices) > 0.01)
        # Where inequalities alone pin a price, an answer that was not polished is a little off: the interval decides.
        for row in np.flatnonzero(off):
            ends = price_interval_by_highs(one, solution.columns[:, [scenario]], int(row))
            assert ends == pytest.approx((solution.duals[row, scenario],) * 2, abs=0.01)


def test_unbounded_below_goes_to_the_reference_solver():
    """Storage without a lower bound: the batch leaves it alone, and an answer still comes out."""
    incidence = csc_array(np.array([[1.0, 1.0, -1.0]]))
    columns = np.array([[50.0], [3000.0], [0.0]])
    problem = FlowProblem(
        Structure(incidence), columns, np.array([[1.0], [0.0], [0.0]]), np.array([[-np.inf], [0.0], [0.0]]),
        np.full((3, 1), np.inf), np.array([[10.0, -5.0]]),
    )  # fmt: skip
    solution = solve(problem, "lanes")
    np.testing.assert_allclose(solution.duals, [[60.0, 45.0]], atol=1e-6)
    assert (solution.solver == "reference").all()


def test_hopeless_numbers_become_nan_not_answers():
    """Numbers beyond what doubles can balance: no certificate, so no numbers; the neighbour is not disturbed."""
    incidence = csc_array(np.array([[1.0, 1.0, -1.0], [-1.0, 0.0, 0.0]]))
    cost = np.array([[1.0, 1.0], [3000.0, 3000.0], [0.0, 0.0]])
    upper = np.array([[5.0, 5.0], [np.inf, np.inf], [np.inf, np.inf]])
    balance = np.array([[3.0, 3.0], [-2.0, 1e9]])  # the second row has no deficit column: unsolvable
    problem = FlowProblem(Structure(incidence), cost, np.zeros((3, 1)), np.zeros((3, 1)), upper, balance)
    solution = solve(problem, "lanes")
    assert solution.status.tolist() == [Status.OPTIMAL, Status.UNCERTIFIED]
    assert np.isnan(solution.columns[:, 1]).all()
    assert np.isfinite(solution.columns[:, 0]).all()


def test_auto_takes_the_reference_for_a_handful(network):
    assert (solve(network.scenarios(slice(0, 2))).solver == "reference").all()


def test_unknown_solver_is_refused(network):
    with pytest.raises(ValueError, match="no solver"):
        solve(network, "magic")


def test_a_grid_reuses_active_columns_and_gives_the_same_answers():
    base = random_problem(np.random.default_rng(7), 1, Shape(nodes=15, chords=8))
    pipe = int(np.flatnonzero(np.diff(base.incidence.indptr) == 2)[0])
    grid = grid_problem(base, 21, pipe)
    afresh, reused = solve(grid, "lanes", Hints(threads=1)), solve(grid, "lanes", Hints(threads=2, row=21))
    assert (reused.solver == "warm start").mean() > 0.9
    assert (reused.status == Status.OPTIMAL).all()
    np.testing.assert_allclose(reused.columns, afresh.columns, atol=1e-7)
    np.testing.assert_allclose(grid.objective(reused.columns), grid.objective(afresh.columns), rtol=1e-12)
    again = solve(grid, "lanes", Hints(threads=1, row=21))
    np.testing.assert_array_equal(again.columns, reused.columns)


def test_reuse_takes_any_number_of_scenarios():
    """A last row that is not full, rows shorter than a block, and scenarios that have nothing in common."""
    problem = random_problem(np.random.default_rng(8), 50, Shape(nodes=8, chords=4))
    for row in (3, 8, 12):
        solution = solve(problem, "lanes", Hints(threads=2, row=row))
        # The certificate leaves a nearly flat column free by some 1e-7 GWh; ties are held to 1e-6 elsewhere, too.
        np.testing.assert_allclose(solution.columns, solve(problem, "lanes").columns, atol=1e-6)
