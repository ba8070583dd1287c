"""Which prices are determined, and how far the others may lie.

At an optimum the duals are any ``y`` for which the reduced costs have the right sign:

    r_k = 0 on columns strictly between their bounds,  r_k >= 0 at a lower,  r_k <= 0 at an upper bound.

An interior column that touches a single row fixes its dual; one that touches two rows hands a known dual on to the
other. Rows that are not reached this way (a hub behind a closed pipe, a node between two full ones) have a whole
interval of prices, and a solver's number is as good as any other in it. Weakly active columns count as bounds, so a
price is called undetermined rather than wrongly unique.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, vstack
from scipy.sparse.csgraph import connected_components

from gasflow.core.problem import Array, FlowProblem

_INTERIOR = 1e-7
# EUR/MWh by which a reduced cost may have the wrong sign, and as much again relative to 1,000 EUR/MWh.
_SLACK = 1e-6
_TOGETHER = 16
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
        >>> price_interval(problem, np.array([[3.0], [0.0]]), np.array([[50.0]]), row=0)
        (20.0, 3000.0)
    """
    interior = _interior(problem, flows)
    a = problem.incidence
    known = np.zeros((problem.row_count, interior.shape[1]), dtype=np.uint8)
    sizes = np.diff(a.indptr)
    single = np.flatnonzero(sizes == 1)
    np.bitwise_or.at(known, a.indices[a.indptr[single]], interior[single])
    pairs = _Pairs.of(a, interior, np.flatnonzero(sizes == 2))
    links = [(int(k), a.indices[a.indptr[k] : a.indptr[k + 1]].astype(np.int32)) for k in np.flatnonzero(sizes > 2)]
    links = [(k, rows) for k, rows in links if interior[k].any()]
    while pairs.hand_on(known) | _hand_on(known, interior, links):
        links.reverse()
    return np.unpackbits(known, axis=1, count=flows.shape[1]).astype(np.bool_)


@dataclass(frozen=True)
class _Pairs:
    """Interior columns that touch two rows, in both directions, sorted by the row that they reach.

    Attributes:
        origin: the row whose dual may be known, shape (link,).
        interior: the scenarios in which the column is interior, shape (link, byte).
        starts: where the links of the next reached row start, shape (reached row,).
        reached: the rows, shape (reached row,).
    """

    origin: NDArray[np.intp]
    interior: Bits
    starts: NDArray[np.intp]
    reached: NDArray[np.intp]

    @classmethod
    def of(cls, incidence: csc_array, interior: Bits, columns: NDArray[np.intp]) -> _Pairs:
        columns = columns[interior[columns].any(axis=1)]
        first, second = (incidence.indices[incidence.indptr[columns] + end].astype(np.intp) for end in (0, 1))
        target = np.concatenate([first, second])
        order = np.argsort(target, kind="stable")
        reached, starts = np.unique(target[order], return_index=True)
        bits = np.concatenate([interior[columns]] * 2)[order]
        return cls(np.concatenate([second, first])[order], bits, starts, reached)

    def hand_on(self, known: Bits) -> bool:
        """Hand known duals on until nothing more becomes known; whether anything did."""
        changed = False
        while self.reached.size:
            handed = np.bitwise_or.reduceat(known[self.origin] & self.interior, self.starts, axis=0)
            new = handed & ~known[self.reached]
            if not new.any():
                break
            known[self.reached] |= new
            changed = True
        return changed


def _interior(problem: FlowProblem, flows: Array) -> Bits:
    """Which columns lie strictly between their bounds; eight scenarios share a byte, shape (column, byte).

    The passes over them are then bitwise operations on short arrays. A few columns at a time stay in the cache.
    """
    interior = np.empty((problem.column_count, -(-flows.shape[1] // 8)), dtype=np.uint8)
    for start in range(0, problem.column_count, _TOGETHER):
        some = slice(start, start + _TOGETHER)
        x = flows[some]
        margin = _INTERIOR * (1.0 + np.abs(x))
        interior[some] = np.packbits((x > problem.lower[some] + margin) & (x < problem.upper[some] - margin), axis=1)
    return interior


def _hand_on(known: Bits, interior: Bits, links: list[tuple[int, NDArray[np.int32]]]) -> bool:
    """Hand known duals on along interior columns of several rows once; whether anything became known."""
    changed = False
    for column, rows in links:
        for position, row in enumerate(rows):
            others = np.bitwise_and.reduce(known[np.delete(rows, position)], axis=0)
            reached = others & interior[column] & ~known[row]
            if reached.any():
                known[row] |= reached
                changed = True
    return changed


def price_interval(problem: FlowProblem, flows: Array, prices: Array, row: int) -> tuple[float, float]:
    """Lowest and highest optimal dual of a row.

    Determined duals are what they are; the others hang together in groups that share columns, of which only the group
    of the row matters.

    Args:
        problem: a problem of one scenario.
        flows: its optimal columns, shape (column, 1).
        prices: its duals, shape (row, 1).
        row: which dual.

    Example:
        See `determined_rows`.
    """
    determined = determined_rows(problem, flows)[:, 0]
    if determined[row]:
        return (float(prices[row, 0]),) * 2
    # Imported here: it takes 0.2 s, a tenth of what the command line may take, and few ask for an interval.
    from scipy.optimize import linprog

    group = _group(problem.incidence, ~determined, row)
    x = flows[:, 0]
    given = np.where(group, 0.0, prices[:, 0])
    marginal = problem.cost[:, 0] + problem.curvature[:, 0] * x - problem.incidence.T @ given
    margin = _INTERIOR * (1.0 + np.abs(x))
    rows = problem.incidence.tocsr()[np.flatnonzero(group)].T.tocsr()
    touching = np.diff(rows.indptr) > 0
    may_fall = touching & (x < problem.upper[:, 0] - margin)  # r >= 0 is needed: more of the column must not pay
    may_rise = touching & (x > problem.lower[:, 0] + margin)
    goal = (np.flatnonzero(group) == row).astype(np.float64)
    slack = _SLACK * (1.0 + 1e-3 * float(np.abs(prices).max()))
    ends = []
    for sign in (1.0, -1.0):
        answer = linprog(
            sign * goal,
            A_ub=vstack([rows[may_fall], -rows[may_rise]], format="csc"),
            b_ub=np.concatenate([marginal[may_fall], -marginal[may_rise]]) + slack,
            bounds=(None, None),
        )
        ends.append(sign * float(answer.fun or 0.0) if answer.status == 0 else -sign * np.inf)
    return (round(ends[0], 5) + 0.0, round(ends[1], 5) + 0.0)


def _group(incidence: csc_array, undetermined: NDArray[np.bool_], row: int) -> NDArray[np.bool_]:
    """The undetermined rows that a row reaches through shared columns, itself included."""
    part = incidence.tocsr()[np.flatnonzero(undetermined)]
    _, labels = connected_components(part @ part.T, directed=False)
    group = undetermined.copy()
    group[undetermined] = labels == labels[int(undetermined[:row].sum())]
    return group
