"""Mehrotra's predictor-corrector method for one scenario of many periods, in numpy.

The method is that of `lanes.interior_point`, whose docstring derives it; here a vector runs over the columns (see
`programme` for their order), and the normal equations are solved period by period (see `cholesky`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gasflow.core.problem import Array
from gasflow.core.solvers.periods.programme import Programme
from gasflow.core.tolerances import REACH, SMALLEST, UNBOUNDED

_EDGE = 1e-15  # least slack to an upper bound, in widths
_PATIENCE = 15  # iterations in which the error may fail to fall by a tenth


@dataclass
class Point:
    """Where the method stands: columns, multipliers of lower and upper bounds, duals, and iterations made."""

    x: Array
    z: Array
    v: Array
    y: Array
    iterations: int = 0


def start(programme: Programme) -> Point:
    """Start in the middle of the bounds, at prices for which the reduced costs are small."""
    bounded, width = programme.bounded, programme.width
    x = np.full(programme.cost.size, UNBOUNDED * max(float(width.mean()) if bounded else 0.0, SMALLEST))
    x[:bounded] = 0.5 * width
    weights = x * x
    pull = programme.curvature * x + programme.cost
    factor = programme.factorise(weights)
    y = programme.solve(factor, programme.incidence @ (weights * pull))
    reduced = programme.reduced_costs(x, y)
    shift = max(float(np.abs(reduced).mean()), SMALLEST)
    return Point(x, np.maximum(reduced, 0.0) + shift, np.maximum(-reduced[:bounded], 0.0) + shift, y)


class _State(NamedTuple):
    """What one iteration knows about its point."""

    reduced: Array
    mismatch: Array
    per_x: Array
    per_s: Array
    gap: float
    error: float


def interior_point(programme: Programme, point: Point, tolerance: float, limit: int) -> bool:
    """Go on from a point until it meets a tolerance; False if it does not within the iterations left.

    Complementarity, the value of the missing balance and the dual infeasibility all count, relative to what the
    columns cost.
    """
    least, since = np.inf, point.iterations
    while True:
        state = _look(programme, point)
        if state.error <= tolerance:
            return True
        if state.error < 0.9 * least:
            least, since = state.error, point.iterations
        if point.iterations >= min(limit, since + _PATIENCE) or not np.isfinite(state.gap):
            return False
        point.iterations += 1
        _move(programme, point, state)


def _look(programme: Programme, point: Point) -> _State:
    x, bounded = point.x, programme.bounded
    pull = programme.curvature * x + programme.cost
    reduced = pull - programme.transposed @ point.y
    mismatch = programme.balance - programme.incidence @ x
    slack = np.maximum(programme.width - x[:bounded], _EDGE * programme.width)
    gap = _inner(x, point.z) + _inner(slack, point.v)
    infeasible = reduced - point.z
    infeasible[:bounded] += point.v
    missing = max(_inner(np.abs(infeasible), x), _inner(np.abs(mismatch), np.abs(point.y)))
    scale = _inner(np.abs(pull), x)
    return _State(reduced, mismatch, 1.0 / x, 1.0 / slack, gap, max(gap, missing) / scale)


def _move(programme: Programme, point: Point, state: _State) -> None:
    """One iteration: the affine step, how far it could go, and the corrected step."""
    z, v, bounded = point.z, point.v, programme.bounded
    per_x, per_s, reduced = state.per_x, state.per_s, state.reduced
    weights = programme.curvature + z * per_x
    weights[:bounded] += v * per_s
    np.reciprocal(weights, out=weights)
    factor = programme.factorise(weights)

    def direction(push: Array) -> tuple[Array, Array]:
        """Return steps of columns and duals that make reduced costs equal `push` to first order."""
        rest = reduced - push
        dual = programme.solve(factor, state.mismatch + programme.incidence @ (weights * rest))
        return weights * (programme.transposed @ dual - rest), dual

    move, _ = direction(np.zeros(1))
    f, g = move * per_x, -move[:bounded] * per_s
    reach = 1.0 / max(1.0, -f.min(), 1.0 + f.max(), -g.min(initial=0.0), 1.0 + g.max(initial=0.0))
    bend, bend_s = z * f * (1.0 + f), v * g * (1.0 + g)
    second = _inner(z * move, 1.0 + f) - _inner(v * move[:bounded], 1.0 + g)
    ratio = max((1.0 - reach) - reach * reach * second / state.gap, 0.0)
    target = ratio**3 * state.gap / (z.size + v.size)
    wanted, wanted_s = target * per_x + bend, target * per_s + bend_s
    push = wanted.copy()
    push[:bounded] -= wanted_s
    move, dual = direction(push)
    f, g = move * per_x, -move[:bounded] * per_s
    z_step, v_step = wanted - z - z * f, wanted_s - v - v * g
    nearest = min((part.min(initial=0.0) for part in (f, g, z_step / z, v_step / v)), default=0.0)
    step = min(1.0, REACH / max(-nearest, 1e-300))
    point.x += step * move
    point.z += step * z_step
    point.v += step * v_step
    point.y += step * dual


def _inner(one: Array, other: Array) -> float:
    """Sum of products, without the threads that BLAS would start for vectors of this length and leave spinning."""
    return float(np.einsum("k,k->", one, other))
