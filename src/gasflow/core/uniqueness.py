"""Which prices are determined, and how far the others may lie.

At an optimum the duals are any ``y`` for which the reduced costs have the right sign:

    r_k = 0 on columns strictly between their bounds,  r_k >= 0 at a lower,  r_k <= 0 at an upper bound.

An interior column that touches a single row fixes its dual; one that touches two rows hands a known dual on to the
other. Rows that are not reached this way (a hub behind a closed pipe, a node between two full ones) have a whole
interval of prices, and a solver's number is as good as any other in it. Weakly active columns count as bounds, so a
price is called undetermined rather than wrongly unique.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gasflow.core.problem import Array, FlowProblem

_INTERIOR = 1e-7
Bits = NDArray[np.uint8]


def determined_rows(problem: FlowProblem, flows: Array) -> NDArray[np.bool_]:
    """Whether each dual is unique, shape (row, scenario).

    Args:
        problem: the programme.
        flows: its optimal columns, shape (column, scenario).

    Example:
        A node whose only supply is full has an interval of prices up to the value of lost load.

        >>> import numpy as np
        >>> from scipy.sparse import csc_array
        >>> column = np.array([[20.0], [3000.0]])
        >>> problem = FlowProblem(csc_array(np.ones((1, 2))), column, 0 * column, 0 * column,
        ...                       np.array([[3.0], [np.inf]]), np.array([[3.0]]))
        >>> determined_rows(problem, np.array([[3.0], [0.0]])).tolist()
        [[False]]
        >>> price_interval(problem, np.array([[3.0], [0.0]]), row=0)
        (20.0, 3000.0)
    """
    margin = _INTERIOR * (1.0 + np.abs(flows))
    # Eight scenarios share a byte: the passes below are bitwise operations on short arrays.
    interior = np.packbits((flows > problem.lower + margin) & (flows < problem.upper - margin), axis=1)
    a = problem.incidence
    known = np.zeros((problem.row_count, interior.shape[1]), dtype=np.uint8)
    sizes = np.diff(a.indptr)
    single = np.flatnonzero(sizes == 1)
    np.bitwise_or.at(known, a.indices[a.indptr[single]], interior[single])
    links = [(int(k), a.indices[a.indptr[k] : a.indptr[k + 1]].astype(np.int32)) for k in np.flatnonzero(sizes > 1)]
    links = [(k, rows) for k, rows in links if interior[k].any()]
    while _hand_on(known, interior, links):
        links.reverse()
    return np.unpackbits(known, axis=1, count=flows.shape[1]).astype(np.bool_)


def _hand_on(known: Bits, interior: Bits, links: list[tuple[int, NDArray[np.int32]]]) -> bool:
    """Hand known duals on along all interior columns once; whether anything became known."""
    changed = False
    for column, rows in links:
        for position, row in enumerate(rows):
            others = np.bitwise_and.reduce(known[np.delete(rows, position)], axis=0)
            reached = others & interior[column] & ~known[row]
            if reached.any():
                known[row] |= reached
                changed = True
    return changed


def price_interval(problem: FlowProblem, flows: Array, row: int) -> tuple[float, float]:
    """Lowest and highest optimal dual of a row; `problem` has one scenario, `flows` has shape (column, 1)."""
    # Imported here: it takes 0.2 s, a tenth of what the command line may take, and few ask for an interval.
    from scipy.optimize import linprog

    x = flows[:, 0]
    lower, upper = problem.lower[:, 0], problem.upper[:, 0]
    margin = _INTERIOR * (1.0 + np.abs(x))
    marginal = problem.cost[:, 0] + problem.curvature[:, 0] * x
    a = problem.incidence.T.tocsr()
    may_fall = x < upper - margin  # r >= 0 is needed: more of the column must not pay
    may_rise = x > lower + margin
    goal = np.zeros(problem.row_count)
    ends = []
    for sign in (1.0, -1.0):
        goal[row] = sign
        answer = linprog(
            goal,
            A_ub=np.vstack([a[may_fall].toarray(), -a[may_rise].toarray()]),
            b_ub=np.concatenate([marginal[may_fall], -marginal[may_rise]]) + 1e-6,
            bounds=(None, None),
        )
        ends.append(sign * float(answer.fun or 0.0) if answer.status == 0 else -sign * np.inf)
    return (round(ends[0], 5), round(ends[1], 5))
