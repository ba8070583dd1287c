"""Clean answers: put columns exactly on their bound and solve the rest on that face.

An interior-point answer leaves every column a little inside its bounds. Given the columns that are at a bound (the
*active* ones), the optimality conditions on the others are linear,

    q_F x_F - A_F' y = -c_F,        A_F x_F = b - A_N x_N,

and are solved here by one quasi-definite factorisation with iterative refinement: the small regularisation makes the
system solvable when prices or flows on the face are not unique, and refinement removes its effect on the residuals,
so the answer moves as little as it must. A wrong guess of the active set is mended a few times: where a row cannot
balance, one of its columns becomes free; a free column outside its bounds becomes active; an active column whose
reduced cost has the wrong sign becomes free.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csc_array, diags_array, eye_array
from scipy.sparse.linalg import splu

from gasflow.core.certificate import COLUMN_TOLERANCE, TOLERANCE, Certificate, certify
from gasflow.core.problem import Array, FlowProblem

_ROUNDS = 12
_REFINEMENTS = 12
_REGULARISATION = 1e-9
_NO_BOUND, _AT_LOWER, _AT_UPPER = 0, 1, 2


def polish(problem: FlowProblem, flows: Array, prices: Array) -> tuple[Array, Array, bool]:
    """Improve one scenario's numbers; hand back the originals where that fails.

    Args:
        problem: a problem of one scenario.
        flows: ``x``, shape (column,).
        prices: ``y``, shape (row,).

    Returns:
        flows, prices, and whether the polish was kept.
    """
    if not (np.isfinite(flows).all() and np.isfinite(prices).all()):
        return flows, prices, False
    best, best_score, kept = (flows, prices), certificate_score(problem, flows, prices), False
    lower, upper = problem.lower[:, 0], problem.upper[:, 0]
    active = _guess_active(problem, flows, prices)
    distance = np.abs(_reduced_cost(problem, flows, prices))
    x, y = flows, prices
    for _ in range(_ROUNDS):
        x, y = _solve_face(problem, active, x, y)
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            break
        clipped = np.clip(x, lower, upper)
        score = certificate_score(problem, clipped, y)
        if score < best_score or (not kept and score <= 0.1):
            best, best_score, kept = (clipped, y), score, True
        mended = _open_rows(problem, active, x, distance)
        if (mended != active).any():
            x, y = flows, prices
        else:
            mended = _mend(problem, active, x, y)
        if (mended == active).all():
            break
        active = mended
    return (*best, kept)


def certificate_score(problem: FlowProblem, flows: Array, prices: Array) -> float:
    """The certificate as one number: accepted at or below one, NaN as infinity."""
    certificate: Certificate = certify(problem, flows[:, None], prices[:, None])
    score = float(np.maximum(certificate.worst[0] / TOLERANCE, certificate.worst_column[0] / COLUMN_TOLERANCE))
    return score if score <= np.inf else np.inf


def _reduced_cost(problem: FlowProblem, flows: Array, prices: Array) -> Array:
    reduced: Array = problem.cost[:, 0] + problem.curvature[:, 0] * flows - problem.incidence.T @ prices
    return reduced


def _guess_active(problem: FlowProblem, flows: Array, prices: Array) -> NDArray[np.int8]:
    """A column is active where its reduced cost outweighs its distance to the bound (both tend to zero together)."""
    reduced = _reduced_cost(problem, flows, prices)
    lower, upper = problem.lower[:, 0], problem.upper[:, 0]
    active = np.full(flows.size, _NO_BOUND, dtype=np.int8)
    active[(flows - lower < reduced) & np.isfinite(lower)] = _AT_LOWER
    active[(upper - flows < -reduced) & np.isfinite(upper)] = _AT_UPPER
    active[lower == upper] = _AT_LOWER
    return active


def _solve_face(problem: FlowProblem, active: NDArray[np.int8], flows: Array, prices: Array) -> tuple[Array, Array]:
    """Solve the optimality conditions with the active columns on their bounds, starting from the given numbers."""
    x = np.where(active == _AT_LOWER, problem.lower[:, 0], np.where(active == _AT_UPPER, problem.upper[:, 0], flows))
    y = prices.copy()
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
        reduced = _reduced_cost(problem, x, y)[free]
        mismatch = problem.balance[:, 0] - problem.incidence @ x
        step = factor.solve(np.concatenate([-reduced, -mismatch]))
        x[free] += step[: free.size]
        y += step[free.size :]
        if np.abs(step).max(initial=0.0) <= 1e-15 * (1.0 + np.abs(x).max(initial=0.0) + np.abs(y).max(initial=0.0)):
            break
    return x, y


def _open_rows(problem: FlowProblem, active: NDArray[np.int8], flows: Array, distance: Array) -> NDArray[np.int8]:
    """Where a row cannot balance because all its columns are held, free one that can bring what is missing.

    Of several the one whose reduced cost was smallest, before: duals on such a face run away and say nothing.
    """
    a = problem.incidence.tocsr()
    missing = problem.balance[:, 0] - a @ flows
    stuck = np.flatnonzero(np.abs(missing) > 0.1 * TOLERANCE * (1.0 + abs(a) @ np.abs(flows)))
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


def _mend(problem: FlowProblem, active: NDArray[np.int8], flows: Array, prices: Array) -> NDArray[np.int8]:
    """Correct the guess where the solved face contradicts it."""
    lower, upper = problem.lower[:, 0], problem.upper[:, 0]
    reduced = _reduced_cost(problem, flows, prices)
    # Relative to what the column itself is paid: next to lost load at 1e8 others still trade at 60.
    margin = 1e-9 * (1.0 + np.abs(problem.cost[:, 0]) + abs(problem.incidence).T @ np.abs(prices))
    mended = active.copy()
    mended[(active == _NO_BOUND) & (flows < lower - 1e-9)] = _AT_LOWER
    mended[(active == _NO_BOUND) & (flows > upper + 1e-9)] = _AT_UPPER
    movable = lower < upper
    mended[(active == _AT_LOWER) & movable & (reduced < -margin)] = _NO_BOUND
    mended[(active == _AT_UPPER) & movable & (reduced > margin)] = _NO_BOUND
    return mended
