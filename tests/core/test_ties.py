"""Ties: the same flows from both solvers, still optimal, and no larger than any other optimum."""

from __future__ import annotations

import numpy as np
import pytest

from gasflow.core.certificate import certify
from gasflow.core.solve import solve
from gasflow.core.ties import break_ties
from tests.core.networks import Shape, random_problem
from tests.core.torture import strange_problem


def _tied(seed):
    """A linear network without losses in which every pipe costs the same."""
    problem = random_problem(np.random.default_rng(seed), 6, Shape(nodes=10, chords=10, curved=False, losses=0.0))
    cost = problem.cost.copy()
    cost[np.diff(problem.incidence.indptr) == 2] = 1.0
    return type(problem)(
        problem.incidence, cost, problem.curvature, problem.lower, problem.upper, problem.balance
    )  # fmt: skip


@pytest.mark.parametrize("problem", [_tied(1), _tied(2), strange_problem(np.random.default_rng(61), 10)])
def test_both_solvers_return_the_same_flows(problem):
    answers = []
    for solver in ("reference", "batched"):
        solution = solve(problem, solver)
        answers.append((solution, break_ties(problem, solution, solver)))
    (raw, one), (_, other) = answers
    np.testing.assert_allclose(one.flows, other.flows, atol=1e-6)
    np.testing.assert_array_equal(one.prices, raw.prices)
    assert certify(problem, one.flows, one.prices).accepted.all()


def test_flows_do_not_grow():
    problem = _tied(3)
    solution = solve(problem, "batched")
    least = break_ties(problem, solution, "batched")
    width = np.where(np.isfinite(problem.upper) & (problem.upper > problem.lower), problem.upper - problem.lower, 1.0)
    assert ((least.flows**2 / width).sum(axis=0) <= (solution.flows**2 / width).sum(axis=0) + 1e-9).all()
    assert np.abs(least.flows - solution.flows).max() > 1e-3
