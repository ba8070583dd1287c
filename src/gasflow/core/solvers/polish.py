"""Clean answers: put active columns exactly on their bound and solve for the others.

An interior-point answer leaves every column a little inside its bounds. Given the columns that are at a bound (the
*active* ones), the optimality conditions on the others are linear,

    q_F x_F - A_F' y = -c_F,        A_F x_F = b - A_N x_N,

and are solved here by one quasi-definite factorisation with iterative refinement: the small regularisation makes the
system solvable when prices or flows on the face are not unique, and refinement removes its effect on the residuals,
so the answer moves as little as it must. A wrong estimate of the active set is repaired a few times: where a row cannot
balance, one of its columns becomes free; a free column outside its bounds becomes active; an active column whose
reduced cost has the wrong sign becomes free.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csc_array, diags_array, eye_array
from scipy.sparse.linalg import splu

from gasflow.core.certificate import certify
from gasflow.core.problem import Array, FlowProblem
from gasflow.core.tolerances import GOOD, MARGIN, TOLERANCE

_ROUNDS = 12
_REFINEMENTS = 12
_REGULARISATION = 1e-9
_NO_BOUND, _AT_LOWER, _AT_UPPER = 0, 1, 2


def polish(problem: FlowProblem, columns: Array, duals: Array) -> tuple[Array, Array, bool]:
    """Improve one scenario's numbers; hand back the originals where that fails.

    Args:
        problem: a problem of one scenario.
        columns: shape (column,).
        duals: shape (row,).

    Returns:
        columns, duals, and whether the polish was kept.
    """
    if not (np.isfinite(columns).all() and np.isfinite(duals).all()):
        return columns, duals, False
    best, best_score, kept = (columns, duals), _score(problem, columns, duals), False
    lower, upper = problem.lower[:, 0], problem.upper[:, 0]
    active = _estimate(problem, columns, duals)
    distance = np.abs(_reduced_costs(problem, columns, duals))
    x, y = columns, duals
    for _ in range(_ROUNDS):
        x, y = _solve_active(problem, active, x, y)
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            break
        clipped = np.clip(x, lower, upper)
        score = _score(problem, clipped, y)
        if score < best_score or (not kept and score <= GOOD):
            best, best_score, kept = (clipped, y), score, True
        repaired = _open_rows(problem, active, x, distance)
        if (repaired != active).any():
            x, y = columns, duals
        else:
            repaired = _repair(problem, active, x, y)
        if (repaired == active).all():
            break
        active = repaired
    return (*best, kept)


def _score(problem: FlowProblem, x: Array, y: Array) -> float:
    return float(certify(problem, x[:, None], y[:, None]).score[0])


def _reduced_costs(problem: FlowProblem, x: Array, y: Array) -> Array:
    return problem.reduced_costs(x[:, None], y[:, None])[:, 0]


def _estimate(problem: FlowProblem, x: Array, y: Array) -> NDArray[np.int8]:
    """Take a column as active where its reduced cost outweighs its distance to the bound: both tend to zero."""
    reduced = _reduced_costs(problem, x, y)
    lower, upper = problem.lower[:, 0], problem.upper[:, 0]
    active = np.full(x.size, _NO_BOUND, dtype=np.int8)
    active[(x - lower < reduced) & np.isfinite(lower)] = _AT_LOWER
    active[(upper - x < -reduced) & np.isfinite(upper)] = _AT_UPPER
    active[lower == upper] = _AT_LOWER
    return active


def _solve_active(problem: FlowProblem, active: NDArray[np.int8], x: Array, y: Array) -> tuple[Array, Array]:
    """Solve the optimality conditions with the active columns on their bounds, from the given numbers on."""
    x = np.where(active == _AT_LOWER, problem.lower[:, 0], np.where(active == _AT_UPPER, problem.upper[:, 0], x))
    y = y.copy()
    free = np.flatnonzero(active == _NO_BOUND)
    a = csc_array(problem.incidence[:, free])
    curvature = problem.curvature[free, 0]
    saddle = block_array(
        [
            [diags_array(curvature + _REGULARISATION), -a.T],
            [-a, -_REGULARISATION * eye_array(problem.row_count)],
        ],
        format="csc",
    )
    factor = splu(saddle)
    for _ in range(_REFINEMENTS):
        reduced = _reduced_costs(problem, x, y)[free]
        mismatch = problem.balance[:, 0] - problem.incidence @ x
        step = factor.solve(np.concatenate([-reduced, -mismatch]))
        x[free] += step[: free.size]
        y += step[free.size :]
        if np.abs(step).max(initial=0.0) <= 1e-15 * (1.0 + np.abs(x).max(initial=0.0) + np.abs(y).max(initial=0.0)):
            break
    return x, y


def _open_rows(problem: FlowProblem, active: NDArray[np.int8], x: Array, distance: Array) -> NDArray[np.int8]:
    """Where a row cannot balance because all its columns are held, free one that can bring what is missing.

    Of several the one whose reduced cost was smallest, before: duals then run away and say nothing.
    """
    a = problem.incidence.tocsr()
    missing = problem.balance[:, 0] - a @ x
    stuck = np.flatnonzero(np.abs(missing) > 0.1 * TOLERANCE * (1.0 + abs(a) @ np.abs(x)))
    movable = (active != _NO_BOUND) & (problem.lower[:, 0] < problem.upper[:, 0])
    inwards = np.where(active == _AT_LOWER, 1.0, -1.0)
    opened = active.copy()
    for row in stuck:
        entries = slice(a.indptr[row], a.indptr[row + 1])
        columns = a.indices[entries]
        columns = columns[movable[columns] & (a.data[entries] * inwards[columns] * missing[row] > 0)]
        if columns.size:
            opened[columns[np.argmin(distance[columns])]] = _NO_BOUND
    return opened


def _repair(problem: FlowProblem, active: NDArray[np.int8], x: Array, y: Array) -> NDArray[np.int8]:
    """Correct the estimate where the solution contradicts it."""
    lower, upper = problem.lower[:, 0], problem.upper[:, 0]
    reduced = _reduced_costs(problem, x, y)
    # Relative to what the column itself is paid: next to lost load at 1e8 others still trade at 60.
    margin = 1e-9 * (1.0 + np.abs(problem.cost[:, 0]) + abs(problem.incidence).T @ np.abs(y))
    repaired = active.copy()
    repaired[(active == _NO_BOUND) & (x < lower - MARGIN)] = _AT_LOWER
    repaired[(active == _NO_BOUND) & (x > upper + MARGIN)] = _AT_UPPER
    movable = lower < upper
    repaired[(active == _AT_LOWER) & movable & (reduced < -margin)] = _NO_BOUND
    repaired[(active == _AT_UPPER) & movable & (reduced > margin)] = _NO_BOUND
    return repaired
