"""How flows and prices answer to a small change of a balance, a cost or a bound.

Between kinks the optimum is a smooth function of the data: the same columns stay on their bounds, and on the others

    q_F dx_F - A_F' dy = -dc_F,        A_F dx_F = db - A_N dx_N,

where ``dx_N`` is the change of the bound that is moved, if the column sits on it, and zero otherwise. This is one more
solve with the matrix of the final active set, and exact.

A column on its bound with a reduced cost of zero is a *kink*: to one side it stays, to the other it leaves. There the
answer is computed both ways, with all such columns held and with all of them let go, and what differs is NaN, as is
every price that is not determined by the optimum itself, and everything where the moved quantity cannot be balanced.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csc_array, diags_array, eye_array
from scipy.sparse.linalg import splu

from gasflow.core.problem import Array, FlowProblem
from gasflow.core.uniqueness import determined_rows

_REGULARISATION = 1e-9
_REFINEMENTS = 8
# A reduced cost that is smaller, relative to the prices that it is made of, counts as zero; so does a distance to a
# bound. A price elsewhere that is not unique may be any number, and must not blur what is near.
_WEAK = 1e-7
_AGREE = 1e-6
Mask = NDArray[np.bool_]


class Parameter(StrEnum):
    """What is changed: the right-hand side of a row, or the cost or a bound of a column."""

    BALANCE = "balance"
    COST = "cost"
    LOWER = "lower"
    UPPER = "upper"


@dataclass(frozen=True)
class Response:
    """Derivatives with respect to one number; NaN where there is none.

    Attributes:
        columns: shape (column, scenario); per GWh, or per EUR/MWh of cost.
        duals: shape (row, scenario).
    """

    columns: Array
    duals: Array


def respond(problem: FlowProblem, x: Array, y: Array, to: Parameter | str, place: int) -> Response:
    """Return derivatives of all columns and duals with respect to one number of the problem, per scenario.

    Args:
        problem: the programme.
        x: its optimal columns, shape (column, scenario), as the polish leaves them.
        y: its duals, shape (row, scenario).
        to: which kind of number is moved.
        place: its row for a balance, else its column.

    Example:
        Supply costs ``20 + 0.5 x``: one more GWh of demand makes gas dearer by 0.5 EUR/MWh.

        >>> import numpy as np
        >>> from gasflow.core.problem import Structure
        >>> one = np.ones((1, 1))
        >>> problem = FlowProblem(Structure(one), 20 * one, 0.5 * one, 0 * one, 9 * one, 3 * one)
        >>> answer = respond(problem, 3 * one, 21.5 * one, "balance", 0)
        >>> round(float(answer.duals[0, 0]), 6), round(float(answer.columns[0, 0]), 6)
        (0.5, 1.0)
    """
    parameter = Parameter(to)
    answer = Response(np.full(x.shape, np.nan), np.full(y.shape, np.nan))
    known = determined_rows(problem, x, y)
    for scenario in np.flatnonzero(np.isfinite(x).all(axis=0)):
        one = problem.scenario(scenario)
        dx, dy = _respond_once(one, x[:, scenario], y[:, scenario], parameter, place)
        answer.columns[:, scenario] = dx
        answer.duals[:, scenario] = np.where(known[:, scenario], dy, np.nan)
    return answer


def _respond_once(problem: FlowProblem, x: Array, y: Array, to: Parameter, place: int) -> tuple[Array, Array]:
    lower, upper = problem.lower[:, 0], problem.upper[:, 0]
    reduced = problem.reduced_costs(x[:, None], y[:, None])[:, 0]
    near = _WEAK * (1.0 + np.abs(x))
    at_lower, at_upper = x <= lower + near, x >= upper - near
    active = at_lower | at_upper
    touched = 1.0 + abs(problem.incidence).T @ np.abs(y)
    weak = active & (lower < upper) & (np.abs(reduced) <= _WEAK * touched)
    moved = np.zeros(x.size)
    if to in (Parameter.LOWER, Parameter.UPPER):
        moved[place] = (at_lower if to is Parameter.LOWER else at_upper)[place]
    held = _solve(problem, active, to, place, moved)
    if not weak.any():
        return held
    loose = _solve(problem, active & ~weak, to, place, moved * ~weak)
    return _agreed(held[0], loose[0]), _agreed(held[1], loose[1])


def _solve(problem: FlowProblem, fixed: Mask, to: Parameter, place: int, moved: Array) -> tuple[Array, Array]:
    """One solve on a face; NaN where its residual does not vanish."""
    free = np.flatnonzero(~fixed)
    a, q = csc_array(problem.incidence[:, free]), problem.curvature[free, 0]
    small = _REGULARISATION * eye_array(problem.row_count)
    factor = splu(block_array([[diags_array(q + _REGULARISATION), -a.T], [-a, -small]], format="csc"))
    dc, db = np.zeros(problem.column_count), np.zeros(problem.row_count)
    if to is Parameter.COST:
        dc[place] = 1.0
    elif to is Parameter.BALANCE:
        db[place] = 1.0
    dx, dy = np.where(fixed, moved, 0.0), np.zeros(problem.row_count)
    for _ in range(_REFINEMENTS):
        tilt = dc[free] + q * dx[free] - a.T @ dy
        missing = db - problem.incidence @ dx
        step = factor.solve(np.concatenate([-tilt, -missing]))
        dx[free] += step[: free.size]
        dy += step[free.size :]
    left = np.abs(dc[free] + q * dx[free] - a.T @ dy).max(initial=0.0)
    left = max(left, np.abs(db - problem.incidence @ dx).max(initial=0.0))
    size = 1.0 + max(np.abs(dx).max(initial=0.0), np.abs(dy).max(initial=0.0))
    if not left <= _AGREE * min(size, 1e3):
        return np.full(dx.size, np.nan), np.full(dy.size, np.nan)
    return dx, dy


def _agreed(one: Array, other: Array) -> Array:
    agreed: Array = np.where(np.abs(one - other) <= _AGREE * (1.0 + np.abs(one)), one, np.nan)
    return agreed
