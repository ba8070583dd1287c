"""The certificate: accepts optima, rejects everything else, and never lets NaN pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_array

from gasflow.core.certificate import certify
from gasflow.core.problem import FlowProblem, Structure
from gasflow.core.solution import Status
from gasflow.core.solve import solve
from gasflow.core.solvers.polish import polish
from gasflow.core.tolerances import TOLERANCE
from tests.core.networks import Shape, random_problem

PROBLEM = random_problem(np.random.default_rng(3), 1, Shape(nodes=12, chords=6))
SOLUTION = solve(PROBLEM)
FEW = 12


def test_an_optimum_is_accepted():
    assert SOLUTION.status.tolist() == [Status.OPTIMAL]
    assert certify(PROBLEM, SOLUTION.columns, SOLUTION.duals).accepted.all()


def test_it_says_what_the_docstring_says():
    x = np.clip(SOLUTION.columns + 0.01, PROBLEM.lower, PROBLEM.upper)
    y = SOLUTION.duals + 0.1
    a = PROBLEM.incidence.toarray()
    r = (PROBLEM.cost + PROBLEM.curvature * x - a.T @ y)[:, 0]
    low, high, x, y = PROBLEM.lower[:, 0], PROBLEM.upper[:, 0], x[:, 0], y[:, 0]
    throughput = np.abs(a) @ np.abs(x)
    balance = (np.abs(PROBLEM.balance[:, 0] - a @ x) / (1 + throughput)).max()
    gap = np.maximum(r, 0) @ (x - low)
    finite = np.isfinite(high)
    gap += np.maximum(-r, 0)[finite] @ (high - x)[finite]
    sign = (np.maximum(-r, 0) / (1 + np.abs(PROBLEM.cost[:, 0])))[~finite].max()
    found = certify(PROBLEM, x[:, None], y[:, None])
    assert found.primal_residual[0] == pytest.approx(balance)
    assert found.complementarity_gap[0] == pytest.approx(gap / (1 + 0.5 * np.abs(y) @ throughput))
    assert found.dual_infeasibility[0] == pytest.approx(sign)
    assert found.worst[0] == max(found.primal_residual[0], found.complementarity_gap[0], found.dual_infeasibility[0])


@pytest.mark.parametrize("size", [1e-3, 1.0, 100.0])
def test_perturbed_prices_are_rejected(size):
    generator = np.random.default_rng(1)
    for _ in range(FEW):
        prices = SOLUTION.duals + size * generator.standard_normal(SOLUTION.duals.shape)
        assert not certify(PROBLEM, SOLUTION.columns, prices).accepted.any()


@pytest.mark.parametrize("size", [1e-4, 1e-2, 1.0])
def test_perturbed_flows_are_rejected(size):
    generator = np.random.default_rng(2)
    for _ in range(FEW):
        flows = SOLUTION.columns + size * generator.standard_normal(SOLUTION.columns.shape)
        assert not certify(PROBLEM, flows, SOLUTION.duals).accepted.any()


def test_the_optimum_of_another_problem_is_rejected():
    other = replace(PROBLEM, balance=PROBLEM.balance * 1.0001)
    assert not certify(other, SOLUTION.columns, SOLUTION.duals).accepted.any()
    dearer = replace(PROBLEM, cost=PROBLEM.cost * 1.0001)
    assert not certify(dearer, SOLUTION.columns, SOLUTION.duals).accepted.any()


def test_a_wrong_price_at_a_tiny_node_is_rejected_beside_a_huge_one():
    # A million GWh/d at one node, a thousandth at the other: the gap alone would hide 2 EUR/MWh.
    a = csc_array(np.eye(2))
    cost, none = np.array([[20.0], [30.0]]), np.zeros((2, 1))
    need = np.array([[1e6], [1e-3]])
    problem = FlowProblem(Structure(a), cost, none, none, 2 * need, need)
    assert certify(problem, need, cost).accepted.all()
    wrong = certify(problem, need, cost + np.array([[0.0], [2.0]]))
    assert wrong.worst[0] <= TOLERANCE
    assert not wrong.accepted.any()


@pytest.mark.parametrize("place", range(PROBLEM.column_count))
def test_nan_in_any_flow_is_rejected(place):
    flows = SOLUTION.columns.copy()
    flows[place] = np.nan
    assert not certify(PROBLEM, flows, SOLUTION.duals).accepted.any()


@pytest.mark.parametrize("place", range(PROBLEM.row_count))
def test_nan_in_any_price_is_rejected(place):
    prices = SOLUTION.duals.copy()
    prices[place] = np.nan
    assert not certify(PROBLEM, SOLUTION.columns, prices).accepted.any()


def test_one_bad_scenario_spoils_no_other():
    many = random_problem(np.random.default_rng(4), 5, Shape(nodes=8, chords=3))
    good = solve(many)
    flows, prices = good.columns.copy(), good.duals.copy()
    flows[0, 1] = np.nan
    prices[:, 3] += 1.0
    assert certify(many, flows, prices).accepted.tolist() == [True, False, True, False, True]


def test_the_polish_hands_nan_back():
    flows = SOLUTION.columns[:, 0].copy()
    flows[0] = np.nan
    back, _, kept = polish(PROBLEM, flows, SOLUTION.duals[:, 0])
    assert not kept
    assert np.isnan(back[0])


def test_the_polish_never_makes_it_worse():
    generator = np.random.default_rng(6)
    for _ in range(FEW):
        flows = np.clip(
            SOLUTION.columns[:, 0] + 10 ** generator.uniform(-9, 1) * generator.standard_normal(PROBLEM.column_count),
            PROBLEM.lower[:, 0],
            PROBLEM.upper[:, 0],
        )
        before = certify(PROBLEM, flows[:, None], SOLUTION.duals)
        x, y, _ = polish(PROBLEM, flows, SOLUTION.duals[:, 0])
        after = certify(PROBLEM, x[:, None], y[:, None])
        assert after.worst[0] <= max(before.worst[0], TOLERANCE)


def test_a_polished_column_sits_exactly_on_its_bound():
    reduced = PROBLEM.cost + PROBLEM.curvature * SOLUTION.columns - PROBLEM.incidence.T @ SOLUTION.duals
    assert (SOLUTION.columns == PROBLEM.lower)[reduced > 1e-6].all()
    assert (SOLUTION.columns == PROBLEM.upper)[reduced < -1e-6].all()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cost", np.nan), ("cost", np.inf), ("curvature", -1.0), ("curvature", np.nan), ("lower", np.inf),
        ("lower", np.nan), ("upper", np.nan), ("upper", -np.inf), ("upper", -1.0), ("balance", np.nan),
        ("balance", np.inf),
    ],
)  # fmt: skip
def test_numbers_without_meaning_are_refused(name, value):
    array = getattr(PROBLEM, name).copy()
    array[0] = value
    with pytest.raises(ValueError, match=r"finite|negative|bound"):
        replace(PROBLEM, **{name: array})
