"""One scenario of many periods, made ready for an interior-point method and its polish.

Columns are measured from their lower bound; those that cannot move are left out; those with an upper bound come first,
so that what belongs to upper bounds is the head of a vector.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from gasflow.core.problem import Array, FlowProblem
from gasflow.core.solvers.periods.cholesky import Factor, factorise, solve
from gasflow.core.solvers.periods.structure import BlockTridiagonal, Positions


class Programme(NamedTuple):
    """One scenario, made ready.

    Attributes:
        origin: where columns are measured from, shape (all columns,): the lower bound, or where a column is pinned.
        pins: rows that pin a column, and those columns, in the order in which they were found.
        columns: the columns that can move, bounded ones first, as positions in the problem, shape (column,).
        bounded: how many have an upper bound.
        incidence: ``A`` of these columns.
        transposed: its transpose.
        cost, curvature: of these columns, cost at the origin.
        width: upper less lower bound, shape (bounded,).
        balance: what the columns have to add to all columns at their origins, shape (row,).
        blocks: the structure, with the assembly of these columns.
    """

    origin: Array
    pins: tuple[tuple[Positions, Positions], ...]
    columns: Positions
    bounded: int
    incidence: csr_array
    transposed: csr_array
    cost: Array
    curvature: Array
    width: Array
    balance: Array
    blocks: BlockTridiagonal

    @classmethod
    def of(cls, problem: FlowProblem, blocks: BlockTridiagonal) -> Programme:
        """Of a problem of one scenario with finite lower bounds."""
        upper = problem.upper[:, 0]
        origin, moving, pins = _pin(problem)
        open_ended = np.isinf(upper)
        columns = np.concatenate([np.flatnonzero(moving & ~open_ended), np.flatnonzero(moving & open_ended)])
        bounded = int((moving & ~open_ended).sum())
        part = csc_array(problem.incidence[:, columns])
        curvature = problem.curvature[columns, 0]
        return cls(
            origin=origin,
            pins=pins,
            columns=columns,
            bounded=bounded,
            incidence=part.tocsr(),
            transposed=part.T.tocsr(),
            cost=problem.cost[columns, 0] + curvature * origin[columns],
            curvature=curvature,
            width=(upper - origin)[columns[:bounded]],
            balance=problem.balance[:, 0] - problem.incidence @ origin,
            blocks=blocks._replace(assembly=blocks.assembly[:, columns]),
        )

    def reduced_costs(self, x: Array, y: Array) -> Array:
        """``c + q x - A' y``, shape (column,)."""
        reduced: Array = self.curvature * x + self.cost - self.transposed @ y
        return reduced

    def complete(self, problem: FlowProblem, x: Array, y: Array) -> tuple[Array, Array]:
        """Columns and duals of the problem; the dual of a row that pins a column makes its reduced cost zero."""
        columns, duals = self.origin.copy(), y.copy()
        columns[self.columns] += x
        columns = np.clip(columns, problem.lower[:, 0], problem.upper[:, 0])
        a = problem.incidence
        for rows, pinned in reversed(self.pins):
            duals[rows] = 0.0
            wanted = problem.cost[pinned, 0] + problem.curvature[pinned, 0] * columns[pinned]
            part = a[:, pinned]
            duals[rows] = (wanted - part.T @ duals) / part[rows, np.arange(rows.size)]
        return columns, duals

    def factorise(self, weights: Array, added: float = 0.0) -> Factor:
        """Factorise ``A D A'``."""
        return factorise(self.blocks, weights, added)

    def solve(self, factor: Factor, right: Array) -> Array:
        """Solve with a factorisation."""
        return solve(self.blocks, factor, right)


def _pin(problem: FlowProblem) -> tuple[Array, NDArray[np.bool_], tuple[tuple[Positions, Positions], ...]]:
    """Where columns start, which of them can move, and which a row pins because no other of its columns can move.

    A pinned column at its bound, like the headroom of a store that is closed, has no interior, and its row a dual
    without limit: the method would run after it.
    """
    lower, upper = problem.lower[:, 0], problem.upper[:, 0]
    origin, moving = lower.copy(), lower < upper
    pins: list[tuple[Positions, Positions]] = []
    rows = problem.incidence.tocsr()
    rows.eliminate_zeros()
    nonzero = rows.copy()
    nonzero.data = np.ones_like(rows.data)
    while True:
        lonely = np.flatnonzero(nonzero @ moving.astype(np.float64) == 1.0)
        if not lonely.size:
            return origin, moving, tuple(pins)
        part = rows[lonely].tocoo()
        kept = moving[part.col]
        column, first = np.unique(part.col[kept], return_index=True)
        row, value = part.row[kept][first], part.data[kept][first]
        missing = problem.balance[lonely[row], 0] - (rows[lonely[row]] @ np.where(moving, 0.0, origin))
        origin[column] = np.clip(missing / value, lower[column], upper[column])
        moving[column] = False
        pins.append((lonely[row], column.astype(np.intp)))
