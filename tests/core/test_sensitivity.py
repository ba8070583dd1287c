"""Sensitivities are finite differences, away from kinks; at a kink they say so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_array

from gasflow.core.problem import FlowProblem, Structure
from gasflow.core.sensitivity import Parameter, respond
from gasflow.core.solve import solve
from tests.core.networks import Shape, random_problem

STEP = 1e-4


@pytest.fixture(scope="module")
def solved():
    problem = random_problem(np.random.default_rng(11), 3, Shape(nodes=8, chords=4))
    return problem, solve(problem, "reference")


def _changed(problem, parameter, place, step):
    values = np.array(np.broadcast_to(getattr(problem, parameter), (len(getattr(problem, parameter)), 3)))
    values[place] += step
    return solve(replace(problem, **{str(parameter): values}), "reference")


@pytest.mark.slow
@pytest.mark.parametrize("parameter", [Parameter.BALANCE, Parameter.COST, Parameter.UPPER])
def test_equals_finite_differences(solved, parameter):
    problem, solution = solved
    compared = 0
    bounded = np.flatnonzero(np.isfinite(problem.upper).all(axis=1) & (problem.upper > problem.lower + 1).all(axis=1))
    for place in (0, 3) if parameter is Parameter.BALANCE else bounded[::6]:
        response = respond(problem, solution.columns, solution.duals, parameter, int(place))
        low, high = (_changed(problem, parameter, place, sign * STEP) for sign in (-1, 1))
        for name in ("columns", "duals"):
            right = (getattr(high, name) - getattr(solution, name)) / STEP
            left = (getattr(solution, name) - getattr(low, name)) / STEP
            wanted = getattr(response, name)
            smooth = np.isfinite(wanted) & (np.abs(left - right) < 1e-4)
            compared += int(smooth.sum())
            np.testing.assert_allclose(wanted[smooth], right[smooth], atol=2e-4)
    assert compared > 100


def test_a_kink_has_no_derivative():
    """Two suppliers, and demand that takes exactly the first: one more GWh costs more than one less saves."""
    incidence = csc_array(np.array([[1.0, 1.0, 1.0]]))
    problem = FlowProblem(
        Structure(incidence), np.array([[20.0], [20.0], [3000.0]]), np.array([[1.0], [4.0], [0.0]]), np.zeros((3, 1)),
        np.array([[5.0], [np.inf], [np.inf]]), np.array([[5.0]]),
    )  # fmt: skip
    flows, prices = np.array([[5.0], [0.0], [0.0]]), np.array([[20.0]])
    kinked = replace(problem, cost=np.array([[15.0], [20.0], [3000.0]]))
    response = respond(kinked, flows, prices, "balance", 0)
    assert np.isnan(response.duals[0, 0])


def test_a_price_behind_a_closed_pipe_has_no_derivative():
    incidence = csc_array(np.array([[1.0, 3.0]]))
    problem = FlowProblem(
        Structure(incidence),
        np.array([[20.0], [9000.0]]), np.zeros((2, 1)), np.zeros((2, 1)), np.array([[5.0], [np.inf]]),
        np.array([[5.0]]),
    )  # fmt: skip
    response = respond(problem, np.array([[5.0], [0.0]]), np.array([[100.0]]), "balance", 0)
    assert np.isnan(response.duals).all()


def test_a_price_elsewhere_that_is_any_number_does_not_blur_what_is_near():
    """A full supply with a rent of 0.004, beside a node of its own whose price is not unique."""
    incidence = csc_array(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    problem = FlowProblem(
        Structure(incidence), np.array([[20.0], [20.0], [0.0]]), np.array([[0.0], [0.004], [0.0]]), np.zeros((3, 1)),
        np.array([[5.0], [np.inf], [0.0]]), np.array([[6.0], [0.0]]),
    )  # fmt: skip
    flows = np.array([[5.0], [1.0], [0.0]])
    for elsewhere in (0.0, 1e5):
        response = respond(problem, flows, np.array([[20.004], [elsewhere]]), "balance", 0)
        assert response.duals[0, 0] == pytest.approx(0.004)
