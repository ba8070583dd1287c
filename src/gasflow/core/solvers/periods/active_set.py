"""The polish for one scenario of many periods: the method of `lanes.active_set`, in numpy.

Active columns are put on their bound, and the optimality conditions of the others are solved with
``D = 1 / (q + delta)`` on free columns and zero on active ones. Each solve is repeated with the same factor while it
still gains digits, which removes what ``delta`` and rounding leave behind. Where the solution contradicts the estimate
of the active columns, the estimate is repaired and the others are solved for again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gasflow.core.problem import Array
from gasflow.core.solvers.periods.cholesky import Factor
from gasflow.core.solvers.periods.interior_point import Point
from gasflow.core.solvers.periods.programme import Programme
from gasflow.core.tolerances import MARGIN, PRICE_MARGIN, PROXIMAL, PROXIMAL_PRICE, SMALLEST

_REFINEMENTS = 4  # solves with one factor
_GAIN = 0.25  # a further one is worth it if the last left less than this of the error
_LOST = 4  # a round that has to repair so many times more columns than an earlier one leads nowhere
_AT_LOWER, _FREE, _AT_UPPER = -1, 0, 1


@dataclass
class ActiveSet:
    """Which columns are active, and the columns and duals that follow from it.

    Attributes:
        state: at the lower bound, free, or at the upper bound, shape (column,).
        x: columns, within their bounds.
        y: duals.
        settled: whether nothing contradicts the estimate.
    """

    state: NDArray[np.int8]
    x: Array
    y: Array
    settled: bool = False


def estimate(programme: Programme, point: Point) -> ActiveSet:
    """Active where the multiplier outweighs the distance to the bound, each measured on the scale of the scenario."""
    x, bounded, width = point.x, programme.bounded, programme.width
    weight = max(float(x.mean()), SMALLEST) / max(float(np.abs(point.y).mean()), SMALLEST)
    state = np.full(x.size, _FREE, dtype=np.int8)
    state[x < weight * point.z] = _AT_LOWER
    state[:bounded][width - x[:bounded] < weight * point.v] = _AT_UPPER
    placed = np.where(state == _AT_LOWER, 0.0, x)
    placed[:bounded] = np.where(state[:bounded] == _AT_UPPER, width, np.minimum(placed[:bounded], width))
    return ActiveSet(state, placed, point.y.copy())


def polish(programme: Programme, active: ActiveSet, rounds: int) -> None:
    """Solve and repair until nothing contradicts it, or the rounds are used up."""
    delta = PROXIMAL * max(float(np.abs(active.y).mean()), SMALLEST) / max(float(active.x.mean()), SMALLEST)
    margin = PRICE_MARGIN * max(float(np.abs(active.y).max(initial=0.0)), 1.0)
    fewest = active.x.size
    for _ in range(rounds):
        free = active.state == _FREE
        weights = np.where(free, 1.0 / (programme.curvature + delta), 0.0)
        factor = programme.factorise(weights, PROXIMAL_PRICE * PROXIMAL / delta)
        _solve(programme, active, factor, weights)
        if not (np.isfinite(active.x).all() and np.isfinite(active.y).all()):
            return
        repaired = _repair(programme, active, margin)
        np.maximum(active.x, 0.0, out=active.x)
        head = active.x[: programme.bounded]
        np.minimum(head, programme.width, out=head)
        changed = int((repaired != active.state).sum())
        active.settled = changed == 0
        if active.settled or changed > _LOST * fewest:
            return
        fewest = min(fewest, changed)
        active.state = repaired
        active.x[repaired == _AT_LOWER] = 0.0
        head[repaired[: programme.bounded] == _AT_UPPER] = programme.width[repaired[: programme.bounded] == _AT_UPPER]


def _solve(programme: Programme, active: ActiveSet, factor: Factor, weights: Array) -> None:
    """Take steps towards the solution while they gain digits."""
    free = weights > 0.0
    last = np.inf
    for _ in range(_REFINEMENTS):
        reduced = programme.reduced_costs(active.x, active.y)
        mismatch = programme.balance - programme.incidence @ active.x
        error = max(float(np.abs(mismatch).max(initial=0.0)), float(np.abs(reduced[free]).max(initial=0.0)))
        if not error <= _GAIN * last:
            return
        last = error
        step = programme.solve(factor, mismatch + programme.incidence @ (weights * reduced))
        active.y += step
        active.x += weights * (programme.transposed @ step - reduced)


def _repair(programme: Programme, active: ActiveSet, margin: float) -> NDArray[np.int8]:
    """Correct the active columns where the solution oversteps a bound or a reduced cost has the wrong sign."""
    state, x, bounded = active.state, active.x, programme.bounded
    reduced = programme.reduced_costs(x, active.y)
    repaired = state.copy()
    repaired[(state == _FREE) & (x < -MARGIN)] = _AT_LOWER
    repaired[:bounded][(state[:bounded] == _FREE) & (x[:bounded] > programme.width + MARGIN)] = _AT_UPPER
    repaired[(state == _AT_LOWER) & (reduced < -margin)] = _FREE
    repaired[(state == _AT_UPPER) & (reduced > margin)] = _FREE
    return repaired
