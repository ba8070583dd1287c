"""The solver for long horizons against the reference solver, on random horizons with stores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gasflow.core.certificate import certify
from gasflow.core.problem import FlowProblem, Structure
from gasflow.core.solution import Status
from gasflow.core.solve import solve
from gasflow.core.solvers import reference
from gasflow.core.solvers.abstract import Candidate
from gasflow.core.solvers.automatic import SEVERAL
from gasflow.core.solvers.periods.cholesky import factorise
from gasflow.core.solvers.periods.cholesky import solve as solve_with
from gasflow.core.solvers.periods.structure import block_tridiagonal
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
    found, wanted = solve(problem, "periods"), solve(problem, "reference")
    assert found.solver.tolist() == ["periods"]
    assert found.status.tolist() == [Status.OPTIMAL]
    assert_optimal(problem, found)
    certificate = certify(problem, found.columns, found.duals)
    assert certificate.worst[0] <= 1e-9
    scale = 1.0 + np.abs(problem.cost * wanted.columns).sum()
    assert abs(problem.objective(found.columns) - problem.objective(wanted.columns))[0] <= 1e-8 * scale


def test_flows_that_are_unique_are_the_same():
    problem = random_horizon(np.random.default_rng(3), 20, CURVED, Stores(count=4))
    found, wanted = solve(problem, "periods"), solve(problem, "reference")
    bent = problem.curvature[:, 0] > 0
    assert found.columns[bent] == pytest.approx(wanted.columns[bent], abs=1e-6)


def test_rows_in_any_order_give_the_same_answer():
    draw = np.random.default_rng(4)
    problem = random_horizon(draw, 12, CURVED, Stores())
    # Within a period rows keep their order, which tells one place from another; periods may be mixed at will.
    order = np.argsort(problem.structure.period + 12 * draw.permutation(12)[problem.structure.period], kind="stable")
    structure = Structure(problem.incidence[order], problem.structure.period[order])
    mixed = replace(problem, structure=structure, balance=problem.balance[order])
    bent = problem.curvature[:, 0] > 0
    solution = solve(mixed, "periods")
    assert solution.solver.tolist() == ["periods"]
    assert solution.columns[bent] == pytest.approx(solve(problem, "periods").columns[bent], abs=1e-6)


def test_the_factorisation_solves_the_normal_equations():
    draw = np.random.default_rng(5)
    problem = random_horizon(draw, 9, CURVED, Stores(closed=0.0))
    blocks = block_tridiagonal(problem.structure)
    weights = 10 ** draw.uniform(-3, 3, problem.column_count)
    wanted = draw.normal(size=problem.row_count)
    a = problem.incidence
    right = a @ (weights * (a.T @ wanted))
    assert solve_with(blocks, factorise(blocks, weights), right) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("change", ["unknown", "one", "uneven", "leap"])
def test_without_the_structure_the_reference_solver_answers(change):
    problem = random_horizon(np.random.default_rng(6), 6, CURVED, Stores())
    period = problem.structure.period.copy()
    if change == "one":
        period[:] = 0
    elif change == "uneven":
        period[0] = 1
    elif change == "leap":  # levels now link periods that do not follow one another
        period = np.array([0, 2, 4, 1, 3, 5])[period]
    structure = Structure(problem.incidence, None if change == "unknown" else period)
    problem = replace(problem, structure=structure)
    solution = solve(problem, "periods")
    assert solution.solver.tolist() == ["reference"]
    assert_optimal(problem, solution)


def test_columns_without_a_lower_bound_are_left_to_the_reference_solver():
    problem = random_horizon(np.random.default_rng(7), 4, CURVED, Stores())
    lower = problem.lower.copy()
    lower[np.flatnonzero(np.isfinite(problem.upper))[:1]] = -np.inf
    curvature = problem.curvature + 0.01
    unbounded = replace(problem, lower=lower, curvature=curvature)
    assert solve(unbounded, "periods").solver.tolist() == ["reference"]


def test_it_is_chosen_for_few_scenarios_of_many_periods():
    long = random_horizon(np.random.default_rng(8), SEVERAL, CURVED, Stores())
    short = random_horizon(np.random.default_rng(8), SEVERAL - 1, CURVED, Stores())
    assert solve(long).solver.tolist() == ["periods"]
    assert solve(short).solver.tolist() == ["reference"]
    assert solve(replace(long, structure=Structure(long.incidence))).solver.tolist() == ["reference"]


def test_several_scenarios_are_solved_one_by_one():
    problem = random_horizon(np.random.default_rng(9), 10, CURVED, Stores())
    several = replace(problem, balance=problem.balance * np.array([1.0, 1.1, 0.9]))
    together = solve(several, "periods")
    assert_optimal(several, together)
    for scenario in range(3):
        alone = solve(several.scenarios(slice(scenario, scenario + 1)), "periods")
        assert (alone.columns[:, 0] == together.columns[:, scenario]).all()
        assert (alone.duals[:, 0] == together.duals[:, scenario]).all()


def test_periods_must_fit_the_rows():
    problem = random_horizon(np.random.default_rng(10), 3, CURVED, Stores())
    with pytest.raises(ValueError, match="period must give every one"):
        Structure(problem.incidence, problem.structure.period[:-1])
    with pytest.raises(ValueError, match="period must give every one"):
        Structure(problem.incidence, problem.structure.period - 1)


def test_it_takes_over_what_the_reference_solver_misses(monkeypatch):
    problem = random_horizon(np.random.default_rng(11), 4, CURVED, Stores())
    nothing = Candidate.empty
    monkeypatch.setattr(reference, "one_by_one", lambda problem, name, solve_one: nothing(problem, name))
    several = replace(problem, balance=problem.balance * np.array([1.0, 1.1]))
    solution = solve(several, "reference")
    assert solution.solver.tolist() == ["periods"] * 2
    assert_optimal(several, solution)
    lonely = solve(replace(several, structure=Structure(several.incidence)), "reference")
    assert lonely.status.tolist() == [Status.UNCERTIFIED] * 2
    assert np.isnan(lonely.columns).all()
