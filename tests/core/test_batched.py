"""The batched solver: right, alone in its lane, and honest about what it cannot do."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csc_array

from gasflow.core.certificate import certify
from gasflow.core.problem import FlowProblem
from gasflow.core.solution import SolverName, Status
from gasflow.core.solve import solve
from gasflow.core.solvers.batched import BatchedSolver
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
    return BatchedSolver(threads=1).prepare(network.incidence).solve(network)


@pytest.mark.parametrize("curved", [True, False])
def test_agrees_with_clarabel(curved):
    problem = random_problem(np.random.default_rng(5), 16, Shape(nodes=15, chords=8, curved=curved))
    solution = solve(problem, "batched")
    assert (solution.status == Status.OPTIMAL).all()
    assert (solution.solver == SolverName.BATCHED).all()
    determined = determined_rows(problem, solution.flows, solution.prices)
    for scenario, objective in enumerate(problem.objective(solution.flows)):
        wanted, prices = clarabel_by_hand(problem, scenario)
        assert objective == pytest.approx(wanted, rel=1e-8)
        known = determined[:, scenario]
        np.testing.assert_allclose(solution.prices[known, scenario], prices[known], atol=1e-3)


def test_every_order_gives_the_same_bits(network, candidate):
    order = np.random.default_rng(1).permutation(network.scenario_count)
    shuffled = BatchedSolver(threads=1).prepare(network.incidence).solve(network.scenarios(order))
    np.testing.assert_array_equal(shuffled.flows, candidate.flows[:, order])
    np.testing.assert_array_equal(shuffled.prices, candidate.prices[:, order])
    np.testing.assert_array_equal(shuffled.iterations, candidate.iterations[order])


@pytest.mark.parametrize("size", [1, 3, 8, 33])
def test_every_chunk_gives_the_same_bits(network, candidate, size):
    prepared = BatchedSolver(threads=1).prepare(network.incidence)
    for first in range(0, 40, size):
        part = slice(first, min(first + size, 40))
        alone = prepared.solve(network.scenarios(part))
        np.testing.assert_array_equal(alone.flows, candidate.flows[:, part])
        np.testing.assert_array_equal(alone.prices, candidate.prices[:, part])


def test_two_threads_give_the_same_bits(network, candidate):
    both = BatchedSolver(threads=2).prepare(network.incidence).solve(network)
    np.testing.assert_array_equal(both.flows, candidate.flows)
    np.testing.assert_array_equal(both.prices, candidate.prices)


def test_neighbours_do_not_matter(network, candidate):
    """A scenario among strange ones, and among ones that bound columns which it does not, has the same bits."""
    count = 8
    cost, upper = network.cost[:, :count].copy(), network.upper[:, :count].copy()
    cost[:, 1:] *= 7.0
    upper[:, 3] = 1e3 + network.lower[:, 3]
    mixed = FlowProblem(
        network.incidence, cost, network.curvature[:, :count], network.lower[:, :count], upper,
        network.balance[:, :count],
    )  # fmt: skip
    answer = BatchedSolver(threads=1).prepare(network.incidence).solve(mixed)
    np.testing.assert_array_equal(answer.flows[:, 0], candidate.flows[:, 0])
    np.testing.assert_array_equal(answer.prices[:, 0], candidate.prices[:, 0])


def test_shared_arrays_equal_copied_ones(network):
    one = network.scenarios(slice(0, 1))
    balance = np.linspace(0.5, 1.5, 20) * one.balance
    shared = FlowProblem(one.incidence, one.cost, one.curvature, one.lower, one.upper, balance)
    copied = FlowProblem(
        one.incidence, *(np.repeat(values, 20, axis=1) for values in
                         (one.cost, one.curvature, one.lower, one.upper)), balance,
    )  # fmt: skip
    prepared = BatchedSolver(threads=1).prepare(one.incidence)
    np.testing.assert_array_equal(prepared.solve(shared).flows, prepared.solve(copied).flows)


def test_columns_at_a_bound_sit_exactly_on_it(network, candidate):
    reduced = network.cost + network.curvature * candidate.flows - network.incidence.T @ candidate.prices
    assert candidate.polished.all()
    margin = 1e-5
    assert (candidate.flows[reduced > margin] == np.broadcast_to(network.lower, reduced.shape)[reduced > margin]).all()
    assert (
        candidate.flows[reduced < -margin] == np.broadcast_to(network.upper, reduced.shape)[reduced < -margin]
    ).all()


def test_certificate_is_met_with_room(network, candidate):
    certificate = certify(network, candidate.flows, candidate.prices)
    assert certificate.accepted.all()
    assert (certificate.worst < 1e-10).all()


@pytest.mark.parametrize("seed", range(12))
def test_strange_networks_are_never_wrong_and_certified(seed):
    problem = strange_problem(np.random.default_rng(seed), 8)
    solution = solve(problem, "batched", threads=1)
    assert solution.certified.all()
    determined = determined_rows(problem, solution.flows, solution.prices)
    terms = np.abs((problem.cost + 0.5 * problem.curvature * solution.flows) * solution.flows).sum(axis=0)
    for scenario, objective in enumerate(problem.objective(solution.flows)):
        wanted, prices = clarabel_by_hand(problem, scenario)
        assert abs(objective - wanted) <= 1e-7 * max(1.0, terms[scenario])
        one = problem.scenarios(slice(scenario, scenario + 1))
        off = determined[:, scenario] & (np.abs(solution.prices[:, scenario] - prices) > 0.01)
        # Where inequalities alone pin a price, an answer that was not polished is a little off: the interval decides.
        for row in np.flatnonzero(off):
            ends = price_interval_by_highs(one, solution.flows[:, [scenario]], int(row))
            assert ends == pytest.approx((solution.prices[row, scenario],) * 2, abs=0.01)


def test_unbounded_below_goes_to_the_reference_solver():
    """Storage without a lower bound: the batch leaves it alone, and an answer still comes out."""
    incidence = csc_array(np.array([[1.0, 1.0, -1.0]]))
    columns = np.array([[50.0], [3000.0], [0.0]])
    problem = FlowProblem(
        incidence, columns, np.array([[1.0], [0.0], [0.0]]), np.array([[-np.inf], [0.0], [0.0]]),
        np.full((3, 1), np.inf), np.array([[10.0, -5.0]]),
    )  # fmt: skip
    solution = solve(problem, "batched")
    np.testing.assert_allclose(solution.prices, [[60.0, 45.0]], atol=1e-6)
    assert (solution.solver == SolverName.REFERENCE).all()


def test_hopeless_numbers_become_nan_not_answers():
    """Numbers beyond what doubles can balance: no certificate, so no numbers; the neighbour is not disturbed."""
    incidence = csc_array(np.array([[1.0, 1.0, -1.0], [-1.0, 0.0, 0.0]]))
    cost = np.array([[1.0, 1.0], [3000.0, 3000.0], [0.0, 0.0]])
    upper = np.array([[5.0, 5.0], [np.inf, np.inf], [np.inf, np.inf]])
    balance = np.array([[3.0, 3.0], [-2.0, 1e9]])  # the second row has no deficit column: unsolvable
    problem = FlowProblem(incidence, cost, np.zeros((3, 1)), np.zeros((3, 1)), upper, balance)
    solution = solve(problem, "batched")
    assert solution.status.tolist() == [Status.OPTIMAL, Status.UNCERTIFIED]
    assert np.isnan(solution.flows[:, 1]).all()
    assert np.isfinite(solution.flows[:, 0]).all()


def test_auto_takes_the_reference_for_a_handful(network):
    assert (solve(network.scenarios(slice(0, 2))).solver == SolverName.REFERENCE).all()


def test_unknown_solver_is_refused(network):
    with pytest.raises(ValueError, match="SolverChoice"):
        solve(network, "magic")


def test_a_grid_reuses_active_columns_and_gives_the_same_answers():
    base = random_problem(np.random.default_rng(7), 1, Shape(nodes=15, chords=8))
    pipe = int(np.flatnonzero(np.diff(base.incidence.indptr) == 2)[0])
    grid = grid_problem(base, 21, pipe)
    afresh, reused = solve(grid, "batched", threads=1), solve(grid, "batched", threads=2, reuse=21)
    assert (reused.solver == SolverName.REUSED).mean() > 0.9
    assert (reused.status == Status.OPTIMAL).all()
    np.testing.assert_allclose(reused.flows, afresh.flows, atol=1e-7)
    np.testing.assert_allclose(grid.objective(reused.flows), grid.objective(afresh.flows), rtol=1e-12)
    again = solve(grid, "batched", threads=1, reuse=21)
    np.testing.assert_array_equal(again.flows, reused.flows)


def test_reuse_takes_any_number_of_scenarios():
    """A last row that is not full, rows shorter than a block, and scenarios that have nothing in common."""
    problem = random_problem(np.random.default_rng(8), 50, Shape(nodes=8, chords=4))
    for row in (3, 8, 12):
        solution = solve(problem, "batched", threads=2, reuse=row)
        # The certificate leaves a nearly flat column free by some 1e-7 GWh; ties are held to 1e-6 elsewhere, too.
        np.testing.assert_allclose(solution.flows, solve(problem, "batched").flows, atol=1e-6)
