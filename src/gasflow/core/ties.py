"""Break ties on purpose: among all optimal flows, the least ``sum_k x_k**2 / capacity_k``.

Without slopes a programme has many optimal flows, and which of them a solver returns is an accident. All of them lie on
one face: with any optimal duals ``y``, a column with a reduced cost other than zero is at its bound in every
optimum. A column with a curvature has the same value in every optimum, too. The others are free to move as long as the
balances hold and their bounds are kept, and among those a strictly convex programme picks one:

    minimise  sum_k x_k**2 / capacity_k     subject to   A x = b,  the bounds,  and everything else as it is.

It is solved by the same solvers, which therefore agree. Prices are kept.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, diags_array, eye_array
from scipy.sparse.linalg import splu

from gasflow.core.certificate import certify
from gasflow.core.problem import Array, FlowProblem
from gasflow.core.solution import Solution, Status
from gasflow.core.solve import Engine
from gasflow.core.solvers.abstract import NO_HINTS, Hints


class Ties(StrEnum):
    """Which of several optimal flows is returned: any, or the least ``sum of flow**2 / capacity``."""

    ANY = "any"
    LEAST = "least"


_MARGIN = 1e-9  # a reduced cost smaller than this, relative to the prices and the cost that it is made of, is zero
_LOOSE = 1e-7  # EUR/MWh per GWh; reduced costs are known to some 1e-11, hence flows to some 0.0001 GWh above it
_ON_CYCLE = 1e-9
_ADDED = 1e-12  # to the squares of the singular values; what is much smaller than its root counts as a cycle
_POINTS = 3
_PROJECTIONS = 8


def break_ties(
    problem: FlowProblem,
    solution: Solution,
    engine: Engine | None = None,
    hints: Hints = NO_HINTS,
    capacity: Array | None = None,
) -> Solution:
    """Replace the columns of a solution by the least optimal ones.

    Args:
        problem: the programme that was solved.
        solution: any optimal answer; scenarios without one stay NaN.
        engine: solves the second programme, of the same structure; None: one of its own.
        hints: what its solver may know besides.
        capacity: weights in GWh, shape (column, scenario) or (column, 1); the width between the bounds if not
            given, and 1 where that is infinite or zero.

    Returns:
        The same duals with the least columns. Where those miss the certificate, the old ones stay and the status
        becomes ``UNPOLISHED``.

    Example:
        Two equal pipes share the load in proportion to their capacities.

        >>> import numpy as np
        >>> from gasflow.core.problem import Structure
        >>> from gasflow.core.solve import solve
        >>> problem = FlowProblem(Structure(np.ones((1, 2))), np.ones((2, 1)), np.zeros((2, 1)), np.zeros((2, 1)),
        ...                       np.array([[2.0], [6.0]]), np.array([[4.0]]))
        >>> break_ties(problem, solve(problem)).columns[:, 0].round(9).tolist()
        [1.0, 3.0]
    """
    known = solution.certified
    if not known.any():
        return solution
    x = np.where(known, solution.columns, 0.0)
    second = _second_programme(problem, x, np.where(known, solution.duals, 0.0), capacity)
    found = (engine or Engine(problem.structure)).solve(second, hints)
    x = np.where(found.certified & known, found.columns, solution.columns)
    broken = known & found.certified & certify(problem, x, solution.duals).accepted
    kept = np.where(broken, x, solution.columns)
    return replace(
        solution,
        columns=kept,
        status=np.where(known & ~broken, Status.UNPOLISHED, solution.status).astype(np.int8),
        iterations=solution.iterations + found.iterations,
        certificate=certify(problem, kept, solution.duals),
    )


def _second_programme(problem: FlowProblem, x: Array, y: Array, capacity: Array | None) -> FlowProblem:
    tied = _tied(problem, x, y)
    with np.errstate(invalid="ignore"):
        width = problem.upper - problem.lower if capacity is None else capacity
    weight = np.where(np.isfinite(width) & (width > 0.0), width, 1.0)
    return replace(
        problem,
        cost=np.zeros((problem.column_count, 1)),
        curvature=2.0 / weight,
        lower=np.where(tied, problem.lower, x),
        upper=np.where(tied, problem.upper, x),
    )


def _tied(problem: FlowProblem, x: Array, y: Array) -> NDArray[np.bool_]:
    """Columns that may differ between optima: no curvature to speak of, and no reduced cost that holds them at a bound.

    By how much a flow may be wrong is what the reduced costs leave open over the curvature; with a curvature below
    `_LOOSE` rounding decides, and the flow is named as one of several.
    """
    reduced = problem.reduced_costs(x, y)
    size = 1.0 + np.abs(problem.cost) + abs(problem.incidence).T @ np.abs(y)
    tied: NDArray[np.bool_] = (problem.curvature <= _LOOSE) & (np.abs(reduced) <= _MARGIN * size)
    return tied & (problem.lower < problem.upper)


def ambiguous_columns(problem: FlowProblem, solution: Solution) -> NDArray[np.bool_]:
    """Columns whose flow may differ between optima, shape (column, scenario): those on a cycle of tied columns.

    A cycle is a combination of tied columns that leaves every balance as it is. Bounds that would stop it at once are
    not looked at, so a flow is called ambiguous rather than wrongly unique. Scenarios without an answer have none.

    Example:
        >>> import numpy as np
        >>> from gasflow.core.problem import Structure
        >>> from gasflow.core.solve import solve
        >>> problem = FlowProblem(Structure(np.ones((1, 2))), np.ones((2, 1)), np.zeros((2, 1)), np.zeros((2, 1)),
        ...                       np.array([[2.0], [6.0]]), np.array([[4.0]]))
        >>> ambiguous_columns(problem, solve(problem))[:, 0].tolist()
        [True, True]
    """
    ambiguous = np.zeros(solution.columns.shape, dtype=np.bool_)
    for scenario in np.flatnonzero(solution.certified):
        one = problem.scenario(scenario)
        tied = np.flatnonzero(_tied(one, solution.columns[:, [scenario]], solution.duals[:, [scenario]]))
        ambiguous[tied, scenario] = _on_cycles(csc_array(problem.incidence[:, tied]))
    return ambiguous


def _on_cycles(a: csc_array) -> NDArray[np.bool_]:
    """Whether each column has a part in some ``z`` with ``A z = 0``, shape (column,).

    A random point projected on all such ``z`` is not zero, with probability one, exactly where some ``z`` is not. Its
    remainder, ``A' (A A')^-1 A z``, is taken off again and again: a factor with a small addition to the diagonal, as
    rows that no cycle leaves need it, leaves less than a thousandth of it each time.
    """
    kept = _without_ends(a)
    on_cycle = np.zeros(a.shape[1], dtype=np.bool_)
    if not kept.size:
        return on_cycle
    part = csc_array(a[:, kept])
    size = np.sqrt(part.multiply(part).sum(axis=0))
    part = part @ diags_array(1.0 / size)
    square = csc_array(part @ part.T + _ADDED * eye_array(part.shape[0]))
    factor = splu(square, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    point = np.random.default_rng(0).normal(size=(kept.size, _POINTS))
    for _ in range(_PROJECTIONS):
        point -= part.T @ factor.solve(part @ point)
    on_cycle[kept] = (np.abs(point) > _ON_CYCLE).any(axis=1)
    return on_cycle


def _without_ends(a: csc_array) -> NDArray[np.intp]:
    """Return the columns that are left when those that are alone in a row are taken away, time and again."""
    columns = np.arange(a.shape[1])
    while True:
        part = a[:, columns].tocsr()
        part.eliminate_zeros()
        lonely = np.diff(part.indptr) == 1
        if not lonely.any():
            return columns
        columns = np.delete(columns, part.indices[part.indptr[:-1][lonely]])
