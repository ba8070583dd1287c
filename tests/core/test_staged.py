"""The solver for long horizons against the reference solver, on random horizons with stores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_array

from gasflow.core.certificate import certify
from gasflow.core.problem import FlowProblem
from gasflow.core.solution import SolverName, Status
from gasflow.core.solve import SEVERAL, solve
from gasflow.core.solvers.chain import factorise
from gasflow.core.solvers.chain import solve as solve_with
from gasflow.core.solvers.staged import StagedSolver
from gasflow.core.solvers.stages import stages_of
from tests.core.networks import Shape
from tests.core.random_horizons import Stores, random_horizon
from tests.solving import assert_optimal

CURVED = Shape(nodes=8, chords=4)


def odd_horizon(seed: int) -> FlowProblem:
    """Between two and thirty periods of a random network, with or without slopes, losses, closed stores, targets."""
    draw = np.random.default_rng([2022, 11, seed])
    nodes = int(draw.integers(2, 16))
    shape = Shape(nodes=nodes, chords=int(draw.integers(0, nodes)), curved=bool(draw.random() < 0.5),
                  losses=float(draw.choice([0.0, 0.01, 0.2])), supplies=float(draw.random()),
                  demands=float(draw.random()), storages=float(draw.choice([0.0, 0.3])))  # fmt: skip
    stores = Stores(count=int(draw.integers(1, 6)), curved=bool(draw.random() < 0.5),
                    closed=float(draw.choice([0.0, 0.4])))  # fmt: skip
    return random_horizon(draw, int(draw.integers(2, 31)), shape, stores)


@pytest.mark.parametrize("seed", range(40))
def test_it_finds_the_optimum_of_the_reference_solver(seed):
    problem = odd_horizon(seed)
    staged, reference = solve(problem, "staged"), solve(problem, "reference")
    assert staged.solver.tolist() == [SolverName.STAGED]
    assert staged.status.tolist() == [Status.OPTIMAL]
    assert_optimal(problem, staged)
    certificate = certify(problem, staged.flows, staged.prices)
    assert certificate.worst[0] <= 1e-9
    scale = 1.0 + np.abs(problem.cost * reference.flows).sum()
    assert abs(problem.objective(staged.flows) - problem.objective(reference.flows))[0] <= 1e-8 * scale


def test_flows_that_are_unique_are_the_same():
    problem = random_horizon(np.random.default_rng(3), 20, CURVED, Stores(count=4))
    staged, reference = solve(problem, "staged"), solve(problem, "reference")
    bent = problem.curvature[:, 0] > 0
    assert staged.flows[bent] == pytest.approx(reference.flows[bent], abs=1e-6)


def test_rows_in_any_order_give_the_same_answer():
    draw = np.random.default_rng(4)
    problem = random_horizon(draw, 12, CURVED, Stores())
    # Within a period rows keep their order, which tells one place from another; periods may be mixed at will.
    order = np.argsort(problem.period + 12 * draw.permutation(12)[problem.period], kind="stable")
    mixed = replace(problem, incidence=csc_array(problem.incidence[order]), balance=problem.balance[order],
                    period=problem.period[order])  # fmt: skip
    bent = problem.curvature[:, 0] > 0
    solution = solve(mixed, "staged")
    assert solution.solver.tolist() == [SolverName.STAGED]
    assert solution.flows[bent] == pytest.approx(solve(problem, "staged").flows[bent], abs=1e-6)


def test_the_factorisation_solves_the_normal_equations():
    draw = np.random.default_rng(5)
    problem = random_horizon(draw, 9, CURVED, Stores(closed=0.0))
    stages = stages_of(problem.incidence, problem.period)
    weights = 10 ** draw.uniform(-3, 3, problem.column_count)
    wanted = draw.normal(size=problem.row_count)
    a = problem.incidence
    right = a @ (weights * (a.T @ wanted))
    assert solve_with(stages, factorise(stages, weights), right) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("change", ["unknown", "one", "uneven", "leap"])
def test_without_the_structure_the_reference_solver_answers(change):
    problem = random_horizon(np.random.default_rng(6), 6, CURVED, Stores())
    period = problem.period.copy()
    if change == "one":
        period[:] = 0
    elif change == "uneven":
        period[0] = 1
    elif change == "leap":  # levels now link periods that do not follow one another
        period = np.array([0, 2, 4, 1, 3, 5])[period]
    problem = replace(problem, period=None if change == "unknown" else period)
    solution = solve(problem, "staged")
    assert solution.solver.tolist() == [SolverName.REFERENCE]
    assert_optimal(problem, solution)


def test_columns_without_a_lower_bound_are_left_to_the_reference_solver():
    problem = random_horizon(np.random.default_rng(7), 4, CURVED, Stores())
    lower = problem.lower.copy()
    lower[np.flatnonzero(np.isfinite(problem.upper))[:1]] = -np.inf
    curvature = problem.curvature + 0.01
    unbounded = replace(problem, lower=lower, curvature=curvature)
    assert solve(unbounded, "staged").solver.tolist() == [SolverName.REFERENCE]


def test_it_is_chosen_for_few_scenarios_of_many_periods():
    long = random_horizon(np.random.default_rng(8), SEVERAL, CURVED, Stores())
    short = random_horizon(np.random.default_rng(8), SEVERAL - 1, CURVED, Stores())
    assert solve(long).solver.tolist() == [SolverName.STAGED]
    assert solve(short).solver.tolist() == [SolverName.REFERENCE]
    assert solve(replace(long, period=None)).solver.tolist() == [SolverName.REFERENCE]


def test_several_scenarios_are_solved_one_by_one():
    problem = random_horizon(np.random.default_rng(9), 10, CURVED, Stores())
    several = replace(problem, balance=problem.balance * np.array([1.0, 1.1, 0.9]))
    together = solve(several, "staged")
    assert_optimal(several, together)
    for scenario in range(3):
        alone = solve(several.scenarios(slice(scenario, scenario + 1)), "staged")
        assert (alone.flows[:, 0] == together.flows[:, scenario]).all()
        assert (alone.prices[:, 0] == together.prices[:, scenario]).all()


def test_periods_must_fit_the_rows():
    problem = random_horizon(np.random.default_rng(10), 3, CURVED, Stores())
    with pytest.raises(ValueError, match="period must give every one"):
        replace(problem, period=problem.period[:-1])
    with pytest.raises(ValueError, match="period must give every one"):
        replace(problem, period=problem.period - 1)


def test_it_takes_over_what_the_reference_solver_misses(monkeypatch):
    problem = random_horizon(np.random.default_rng(11), 4, CURVED, Stores())
    monkeypatch.setattr("gasflow.core.solve.ReferenceSolver", lambda: StagedSolver(period=None))  # NaN for everything
    several = replace(problem, balance=problem.balance * np.array([1.0, 1.1]))
    solution = solve(several, "reference")
    assert solution.solver.tolist() == [SolverName.STAGED] * 2
    assert_optimal(several, solution)
    lonely = solve(replace(several, period=None), "reference")
    assert lonely.status.tolist() == [Status.UNCERTIFIED] * 2
    assert np.isnan(lonely.flows).all()
