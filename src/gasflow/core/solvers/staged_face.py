"""The polish for one scenario of many periods: the method of `face`, in numpy, with the factorisation of `chain`.

Active columns are put on their bound, and the optimality conditions of the others are solved with
``D = 1 / (q + delta)`` on free columns and zero on active ones. Each solve is repeated with the same factor while it
still gains digits, which removes what ``delta`` and rounding leave behind. Where the solved face contradicts the guess
of the active columns, the guess is mended and the face solved again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gasflow.core.problem import Array
from gasflow.core.solvers.chain import Factor
from gasflow.core.solvers.staged_programme import Programme
from gasflow.core.solvers.staged_steps import Point

_MARGIN = 1e-9  # GWh outside a bound that still count as none
_PRICE_MARGIN = 1e-10  # the same for a reduced cost, relative to the largest price
_PROXIMAL = 1e-8
_PROXIMAL_PRICE = 1e-9
_REFINEMENTS = 4  # solves with one factor
_GAIN = 0.25  # a further one is worth it if the last left less than this of the error
_LOST = 4  # a round that has to mend so many times more columns than an earlier one leads nowhere
_AT_LOWER, _FREE, _AT_UPPER = -1, 0, 1


@dataclass
class Face:
    """Which columns are active, and the columns and duals on that face.

    Attributes:
        state: at the lower bound, free, or at the upper bound, shape (column,).
        x: columns, within their bounds.
        price: duals.
        settled: whether nothing contradicts the guess.
    """

    state: NDArray[np.int8]
    x: Array
    price: Array
    settled: bool = False


def guess(programme: Programme, point: Point) -> Face:
    """Active where the multiplier outweighs the distance to the bound, each measured on the scale of the scenario."""
    x, bounded, width = point.x, programme.bounded, programme.width
    weight = max(float(x.mean()), 1e-3) / max(float(np.abs(point.price).mean()), 1e-3)
    state = np.full(x.size, _FREE, dtype=np.int8)
    state[x < weight * point.z] = _AT_LOWER
    state[:bounded][width - x[:bounded] < weight * point.v] = _AT_UPPER
    placed = np.where(state == _AT_LOWER, 0.0, x)
    placed[:bounded] = np.where(state[:bounded] == _AT_UPPER, width, np.minimum(placed[:bounded], width))
    return Face(state, placed, point.price.copy())


def polish(programme: Programme, face: Face, rounds: int) -> None:
    """Solve and mend a face until nothing contradicts it, or the rounds are used up."""
    delta = _PROXIMAL * max(float(np.abs(face.price).mean()), 1e-3) / max(float(face.x.mean()), 1e-3)
    margin = _PRICE_MARGIN * max(float(np.abs(face.price).max(initial=0.0)), 1.0)
    fewest = face.x.size
    for _ in range(rounds):
        free = face.state == _FREE
        weights = np.where(free, 1.0 / (programme.curvature + delta), 0.0)
        factor = programme.factorise(weights, _PROXIMAL_PRICE * _PROXIMAL / delta)
        _solve(programme, face, factor, weights)
        if not (np.isfinite(face.x).all() and np.isfinite(face.price).all()):
            return
        mended = _mend(programme, face, margin)
        np.maximum(face.x, 0.0, out=face.x)
        head = face.x[: programme.bounded]
        np.minimum(head, programme.width, out=head)
        changed = int((mended != face.state).sum())
        face.settled = changed == 0
        if face.settled or changed > _LOST * fewest:
            return
        fewest = min(fewest, changed)
        face.state = mended
        face.x[mended == _AT_LOWER] = 0.0
        head[mended[: programme.bounded] == _AT_UPPER] = programme.width[mended[: programme.bounded] == _AT_UPPER]


def _solve(programme: Programme, face: Face, factor: Factor, weights: Array) -> None:
    """Take steps towards the solution of the face while they gain digits."""
    free = weights > 0.0
    last = np.inf
    for _ in range(_REFINEMENTS):
        reduced = programme.reduced(face.x, face.price)
        mismatch = programme.balance - programme.incidence @ face.x
        error = max(float(np.abs(mismatch).max(initial=0.0)), float(np.abs(reduced[free]).max(initial=0.0)))
        if not error <= _GAIN * last:
            return
        last = error
        step = programme.solve(factor, mismatch + programme.incidence @ (weights * reduced))
        face.price += step
        face.x += weights * (programme.transposed @ step - reduced)


def _mend(programme: Programme, face: Face, margin: float) -> NDArray[np.int8]:
    """The active columns, corrected where the face oversteps a bound or a reduced cost has the wrong sign."""
    state, x, bounded = face.state, face.x, programme.bounded
    reduced = programme.reduced(x, face.price)
    mended = state.copy()
    mended[(state == _FREE) & (x < -_MARGIN)] = _AT_LOWER
    mended[:bounded][(state[:bounded] == _FREE) & (x[:bounded] > programme.width + _MARGIN)] = _AT_UPPER
    mended[(state == _AT_LOWER) & (reduced < -margin)] = _FREE
    mended[(state == _AT_UPPER) & (reduced > margin)] = _FREE
    return mended
