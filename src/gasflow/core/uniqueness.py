"""Which prices are determined, and how far the others may lie.

At an optimum the duals are any ``y`` for which the reduced costs have the right sign:

    r_k = 0 on columns strictly between their bounds,  r_k >= 0 at a lower,  r_k <= 0 at an upper bound.

Which optimal ``x`` is looked at does not matter: a convex programme pairs each with each, and the marginal costs
``c + q x`` are the same at all of them. So the set of prices is a matter of the programme alone, and so must be what is
said of it.

An interior column that touches a single row fixes its dual; one that touches two rows propagates a known dual to the
other. That settles nearly every row. What is left are rows that have a whole interval of prices (a hub behind a closed
pipe, a node between two full ones), and, where a column sits on its bound with a reduced cost of zero, rows that
inequalities pin from both sides: the same programme, solved to another of its optimal flows, would show an interior
column there. They are told apart by the interval itself, whose ends are propagated along the inequalities in the same
way: ``A_k' y <= c_k + q_k x_k`` bounds each dual in it by the ends of the others.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, vstack
from scipy.sparse.csgraph import connected_components

from gasflow.core.problem import Array, FlowProblem, Structure

# EUR/MWh by which a reduced cost may have the wrong sign, and as much again relative to 1,000 EUR/MWh.
_SLACK = 1e-6
# A column nearer to its bound than this share of 1 GWh and its flow is on it: solvers do not see any closer.
_INTERIOR = 1e-6
# Within so many times that distance, the reduced cost says whether a column is on its bound.
_DOUBTFUL = 1e3
# A reduced cost below this share of 1 EUR/MWh and the prices that it is made of is zero, and so is an interval's width.
_ZERO_COST = 1e-5
# EUR/MWh; an end of an interval that moves by less has come to rest.
_STAYS = 1e-9
_TOGETHER = 16
Bits = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Positions = NDArray[np.intp]


def determined_rows(problem: FlowProblem, x: Array, y: Array) -> Mask:
    """Whether each dual is unique, shape (row, scenario).

    Args:
        problem: the programme.
        x: its optimal columns, shape (column, scenario).
        y: any of its optimal duals, shape (row, scenario).

    Example:
        A node whose only supply is full has an interval of prices up to the value of lost load.

        >>> import numpy as np
        >>> from gasflow.core.problem import Structure
        >>> column = np.array([[20.0], [3000.0]])
        >>> problem = FlowProblem(Structure(np.ones((1, 2))), column, 0 * column, 0 * column,
        ...                       np.array([[3.0], [np.inf]]), np.array([[3.0]]))
        >>> determined_rows(problem, np.array([[3.0], [0.0]]), np.array([[20.0]])).tolist()
        [[False]]
        >>> price_interval(problem, np.array([[3.0], [0.0]]), np.array([[50.0]]), row=0)
        (20.0, 3000.0)
    """
    problem = _without_zeros(problem)
    interior = _interior(problem, x, y)
    a = problem.incidence
    known = np.zeros((problem.row_count, interior.shape[1]), dtype=np.uint8)
    sizes = np.diff(a.indptr)
    single = np.flatnonzero(sizes == 1)
    np.bitwise_or.at(known, a.indices[a.indptr[single]], interior[single])
    pairs = _Pairs.of(a, interior, np.flatnonzero(sizes == 2))
    links = [(int(k), a.indices[a.indptr[k] : a.indptr[k + 1]].astype(np.int32)) for k in np.flatnonzero(sizes > 2)]
    links = [(k, rows) for k, rows in links if interior[k].any()]
    while pairs.propagate(known) | _propagate(known, interior, links):
        links.reverse()
    unique = np.unpackbits(known, axis=1, count=x.shape[1]).astype(np.bool_)
    _pin_between_inequalities(problem, x, y, unique)
    return unique


def capacity_values(problem: FlowProblem, x: Array, y: Array, known: Mask, columns: Positions) -> Array:
    """Value of one more unit of some columns' upper bounds, shape (column, scenario).

    It is zero on a column with room to spare, ``-r`` on a full one, and NaN where that is not unique, since a dual that
    the full column touches is not.

    Args:
        problem: the programme.
        x: its optimal columns, shape (column, scenario).
        y: its optimal duals, shape (row, scenario).
        known: which of them are unique, as `determined_rows` says.
        columns: which columns.
    """
    every = np.arange(x.shape[1])
    activity = _Activity.of(problem, x, y, (columns, every))
    weights = problem.incidence[:, columns].T
    rent = np.maximum(weights @ y - activity.marginal, 0.0)
    unknown = abs(weights) @ (~known).astype(np.float64) > 0.0
    values: Array = np.where(activity.may_rise, 0.0, np.where(unknown, np.nan, rent))
    return np.where(np.isnan(x[columns]), np.nan, values)


def _without_zeros(problem: FlowProblem) -> FlowProblem:
    """Return the same programme without entries that are zero, through which no dual is propagated."""
    if problem.incidence.data.all():
        return problem
    incidence = problem.incidence.copy()
    incidence.eliminate_zeros()
    return replace(problem, structure=Structure(incidence, problem.structure.period))


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

    def propagate(self, known: Bits) -> bool:
        """Propagate known duals until nothing more becomes known; whether anything did."""
        changed = False
        while self.reached.size:
            propagated = np.bitwise_or.reduceat(known[self.origin] & self.interior, self.starts, axis=0)
            new = propagated & ~known[self.reached]
            if not new.any():
                break
            known[self.reached] |= new
            changed = True
        return changed


def _interior(problem: FlowProblem, x: Array, y: Array) -> Bits:
    """Which columns lie strictly between their bounds; eight scenarios share a byte, shape (column, byte).

    The passes over them are then bitwise operations on short arrays. A few columns at a time stay in the cache.
    """
    interior = np.empty((problem.column_count, -(-x.shape[1] // 8)), dtype=np.uint8)
    near = np.empty_like(interior)
    for start in range(0, problem.column_count, _TOGETHER):
        some = slice(start, start + _TOGETHER)
        part, lower, upper = x[some], problem.lower[some], problem.upper[some]
        margin = _INTERIOR * (1.0 + np.abs(part))
        inside = (part > lower + margin) & (part < upper - margin)
        margin *= _DOUBTFUL
        interior[some] = np.packbits(inside, axis=1)
        near[some] = np.packbits(inside & ((part < lower + margin) | (part > upper - margin)), axis=1)
    columns = np.flatnonzero(near.any(axis=1))
    scenarios = np.flatnonzero(np.unpackbits(np.bitwise_or.reduce(near, axis=0), count=x.shape[1]))
    if columns.size:
        activity = _Activity.of(problem, x, y, (columns, scenarios))
        pressed = np.zeros((columns.size, x.shape[1]), dtype=np.bool_)
        pressed[:, scenarios] = ~(activity.may_rise & activity.may_fall)
        interior[columns] &= ~np.packbits(pressed, axis=1)
    return interior


@dataclass(frozen=True)
class _Activity:
    """What some columns say about the duals of their rows in some scenarios, each of shape (column, scenario).

    Attributes:
        marginal: ``c + q x``.
        may_rise: below the upper bound, so that ``A_k' y <= marginal``.
        may_fall: above the lower bound, so that ``A_k' y >= marginal``.
        weak: on a bound, with a reduced cost of zero.
    """

    marginal: Array
    may_rise: Mask
    may_fall: Mask
    weak: Mask

    @classmethod
    def of(cls, problem: FlowProblem, x: Array, y: Array, some: tuple[Positions, Positions]) -> _Activity:
        """Of some columns in some scenarios.

        A column that its reduced cost presses against a bound has no room there, however far an unpolished answer
        has left it: the certificate allows some distance.
        """
        columns, scenarios = some
        x, y = x[np.ix_(columns, scenarios)], y[:, scenarios]
        cost, curvature, lower, upper = (
            array[columns] if array.shape[1] == 1 else array[np.ix_(columns, scenarios)]
            for array in (problem.cost, problem.curvature, problem.lower, problem.upper)
        )
        marginal = cost + curvature * x
        weights = problem.incidence[:, columns].T
        reduced = marginal - weights @ y
        zero = _ZERO_COST * (1.0 + abs(weights) @ np.abs(y))
        margin = _INTERIOR * (1.0 + np.abs(x))
        may_rise, may_fall = x < upper - margin, x > lower + margin
        weak = (may_rise != may_fall) & (np.abs(reduced) <= zero)
        inside = may_rise & may_fall
        return cls(marginal, may_rise & ~(inside & (reduced < -zero)), may_fall & ~(inside & (reduced > zero)), weak)


def _propagate(known: Bits, interior: Bits, links: list[tuple[int, NDArray[np.int32]]]) -> bool:
    """Propagate known duals along interior columns of several rows once; whether anything became known."""
    changed = False
    for column, rows in links:
        for position, row in enumerate(rows):
            others = np.bitwise_and.reduce(known[np.delete(rows, position)], axis=0)
            reached = others & interior[column] & ~known[row]
            if reached.any():
                known[row] |= reached
                changed = True
    return changed


def _pin_between_inequalities(problem: FlowProblem, x: Array, y: Array, unique: Mask) -> None:
    """Add the rows whose interval has no width although no interior column fixes them.

    Only a column on its bound with a reduced cost of zero can pin anything more: without one the duals at hand are
    strictly inside all inequalities, and can be moved.
    """
    doubtful = np.flatnonzero(~unique.all(axis=0) & np.isfinite(y).all(axis=0))
    if not doubtful.size:
        return
    known = unique[:, doubtful]
    a = problem.incidence
    columns = np.flatnonzero(abs(a).T @ np.where(known.all(axis=1), 0.0, 1.0))
    activity = _Activity.of(problem, x, y, (columns, doubtful))
    touches = abs(a[:, columns]).T @ (~known).astype(np.float64) > 0
    weak = np.flatnonzero((activity.weak & touches).any(axis=0))
    if not weak.size:
        return
    picked = _Activity(*(getattr(activity, one.name)[:, weak] for one in fields(activity)))
    y = y[:, doubtful[weak]]
    low, high = _intervals(a[:, columns], picked, y, known[:, weak])
    unique[:, doubtful[weak]] |= high - low <= _ZERO_COST * (1.0 + np.abs(y))


def _intervals(incidence: csc_array, activity: _Activity, y: Array, known: Mask) -> tuple[Array, Array]:
    """Propagate the ends of the interval of every dual, shape (row, scenario), along inequalities until they stay.

    Exact where columns touch one row, or two with opposite signs and no cycle of losses; elsewhere never too narrow.
    """
    low, high = np.where(known, y, -np.inf), np.where(known, y, np.inf)
    starts = incidence.indptr[:-1].astype(np.intp)
    column = np.repeat(np.arange(incidence.shape[1]), np.diff(incidence.indptr))
    row, weight = incidence.indices, incidence.data[:, None]
    order = np.argsort(row, kind="stable")
    reached, first = np.unique(row[order], return_index=True)
    upwards = weight > 0
    marginal = activity.marginal[column]
    rising, falling = activity.may_rise[column], activity.may_fall[column]
    for _ in range(incidence.shape[0] + 1):
        least = np.where(upwards, low[row], high[row]) * weight
        most = np.where(upwards, high[row], low[row]) * weight
        # What a column's inequality leaves to one of its rows when the others do the least, or the most, they can.
        above = np.where(rising, marginal - _others(least, column, starts, -np.inf), np.inf) / weight
        below = np.where(falling, marginal - _others(most, column, starts, np.inf), -np.inf) / weight
        new_high = np.minimum.reduceat(np.where(upwards, above, below)[order], first, axis=0)
        new_low = np.maximum.reduceat(np.where(upwards, below, above)[order], first, axis=0)
        # The dual itself fulfils every inequality, to rounding; a cycle of losses would multiply the rounding for ever.
        new_high, new_low = np.maximum(new_high, y[reached]), np.minimum(new_low, y[reached])
        moved = (new_high < high[reached] - _STAYS) | (new_low > low[reached] + _STAYS)
        if not (moved & ~known[reached]).any():
            break
        high[reached] = np.where(known[reached], high[reached], np.minimum(high[reached], new_high))
        low[reached] = np.where(known[reached], low[reached], np.maximum(low[reached], new_low))
    return low, high


def _others(values: Array, column: Positions, starts: Positions, unbounded: float) -> Array:
    """Sum over the other entries of each entry's column; `unbounded` where one of them is."""
    finite = np.where(np.isfinite(values), values, 0.0)
    endless = (~np.isfinite(values)).astype(np.int8)
    sums = np.add.reduceat(finite, starts, axis=0)[column] - finite
    ends = np.add.reduceat(endless, starts, axis=0)[column] - endless
    others: Array = np.where(ends > 0, unbounded, sums)
    return others


def price_interval(problem: FlowProblem, x: Array, y: Array, row: int) -> tuple[float, float]:
    """Lowest and highest optimal dual of a row.

    Determined duals are what they are; the others hang together in groups that share columns, of which only the group
    of the row matters.

    Args:
        problem: a problem of one scenario.
        x: its optimal columns, shape (column, 1).
        y: its duals, shape (row, 1).
        row: which dual.

    Example:
        See `determined_rows`.
    """
    determined = determined_rows(problem, x, y)[:, 0]
    if determined[row]:
        return (float(y[row, 0]),) * 2
    # Imported here: it takes 0.2 s, a tenth of what the command line may take, and few ask for an interval.
    from scipy.optimize import linprog

    group = _group(problem.incidence, ~determined, row)
    given = np.where(group[:, None], 0.0, y)
    marginal = problem.reduced_costs(x, given)[:, 0]
    x = x[:, 0]
    margin = _INTERIOR * (1.0 + np.abs(x))
    rows = problem.incidence.tocsr()[np.flatnonzero(group)].T.tocsr()
    touching = np.diff(rows.indptr) > 0
    may_fall = touching & (x < problem.upper[:, 0] - margin)  # r >= 0 is needed: more of the column must not pay
    may_rise = touching & (x > problem.lower[:, 0] + margin)
    goal = (np.flatnonzero(group) == row).astype(np.float64)
    slack = _SLACK * (1.0 + 1e-3 * float(np.abs(y).max()))
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
    """Return the undetermined rows that a row reaches through shared columns, itself included."""
    part = incidence.tocsr()[np.flatnonzero(undetermined)]
    _, labels = connected_components(part @ part.T, directed=False)
    group = undetermined.copy()
    group[undetermined] = labels == labels[int(undetermined[:row].sum())]
    return group
