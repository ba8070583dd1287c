"""Demand and supply curves as linear pieces with shared breakpoints.

A quantity that answers to the price with a constant elasticity ``e = d ln Q / d ln P`` around its anchor
``(P0, Q0)`` is replaced by a curve that is linear between breakpoints ``m_0 < m_1 < ...``, multiples of ``P0``.
The breakpoints depend on the node's anchor price and on where its curve ends, never on the sector, so that

* the sectors of a node add up exactly to *one* curve (widths add, prices stay), and
* the quantity of every sector follows exactly from the price.

On the piece around the anchor the curve is the tangent: the anchor itself and the elasticity there are exact, and
the anchor is no kink. All other breakpoints lie on the true curve. Between breakpoints a ratio ``rho`` apart the
price is off by at most about ``(1 - e) ln(rho)**2 / 8`` (the error of a chord), which fixes the spacing: at most 2 %
within a factor of three of the anchor for elasticities from -0.7 to 1; beyond, 10 % down to -0.4 and 12 % at -0.7.

Source of the method: textbook piecewise linearisation; the tangent at the anchor is ours.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from gasflow.core.problem import Array

# Around the anchor the breakpoints spread the error evenly: at most 1.9 % for elasticities from -0.7 to 1 (measured in
# the tests; found by minimising it). Below a third of the anchor two pieces reach down to a tenth.
_NEAR = (0.1, 0.192, 0.343, 0.456, 0.612, 0.856, 1.152, 1.66, 2.232, 3.0)
_CENTRE = 5
_FAR_RATIO = 2.1
# A steeper tangent would pass the next breakpoint of the true curve, and the curve would turn back (from 6.2 on).
_STEEPEST = 6.0

# A curve needs so many times its anchor price to bend.
SHORTEST = 3.5
# So many breakpoints have the same multiples for every anchor.
SHARED = len(_NEAR)


class Curve(StrEnum):
    """How demand answers to the price: with a constant elasticity, or linearly."""

    CONSTANT = "constant"
    LINEAR = "linear"


def far_pieces(highest: Array) -> int:
    """How many pieces the longest of some curves has beyond three times its anchor price.

    Args:
        highest: where each curve ends, as a multiple of its anchor price, at least 3.5.

    Example:
        >>> import numpy as np
        >>> far_pieces(np.array([3.5, 10.0, 37.5]))
        4
    """
    return int(_pieces_of(highest).max(initial=1.0))


def breakpoints(highest: Array, far: int | None = None) -> Array:
    """Multiples of the anchor price from a tenth up to `highest`.

    A curve depends on its own end only: where it has fewer breakpoints than the longest, its last one is repeated.

    Args:
        highest: where each curve ends, the value of lost load over the anchor price; at least 3.5, so that the
            anchor lies well inside the curve. Any shape.
        far: pieces beyond three times the anchor price; none: as many as the longest curve needs.

    Returns:
        Shape (breakpoint, *highest.shape).

    Raises:
        ValueError: if a curve ends below 3.5 or its end is not a number.

    Example:
        >>> import numpy as np
        >>> breakpoints(np.array(10.0)).round(2).tolist()
        [0.1, 0.19, 0.34, 0.46, 0.61, 0.86, 1.15, 1.66, 2.23, 3.0, 5.48, 10.0]
    """
    highest = np.asarray(highest, dtype=np.float64)
    if not (highest >= SHORTEST).all():
        raise ValueError(f"a curve must end at {SHORTEST} times its anchor price or above, not at {highest.min()}")
    count = far_pieces(highest) if far is None else far
    column = (-1,) + (1,) * highest.ndim
    steps = np.minimum((np.arange(count) + 1.0).reshape(column) / _pieces_of(highest), 1.0)
    beyond = np.where(steps < 1.0, _NEAR[-1] * (highest / _NEAR[-1]) ** steps, highest)
    return np.concatenate([np.broadcast_to(np.reshape(_NEAR, column), (len(_NEAR), *highest.shape)), beyond])


def ladder(highest: Array, far: int) -> Array:
    """Multiples of the anchor price in steps that do not depend on where a curve is cut off, at `highest`.

    Args:
        highest: where each curve may end, as a multiple of its anchor price; below 3, it ends there. Any shape.
        far: pieces beyond three times the anchor price; those beyond `highest` are empty.

    Returns:
        Shape (breakpoint, *highest.shape).

    Example:
        >>> import numpy as np
        >>> ladder(np.array(10.0), 3).round(2).tolist()
        [0.1, 0.19, 0.34, 0.46, 0.61, 0.86, 1.15, 1.66, 2.23, 3.0, 6.3, 10.0, 10.0]
    """
    column = (-1,) + (1,) * highest.ndim
    steps = _NEAR[-1] * np.reshape(_FAR_RATIO ** (1.0 + np.arange(far)), column)
    beyond = np.minimum(steps, np.maximum(highest, _NEAR[-1]))
    return np.concatenate([np.broadcast_to(np.reshape(_NEAR, column), (len(_NEAR), *highest.shape)), beyond])


def _pieces_of(highest: Array) -> Array:
    """Pieces that each curve needs beyond three times its anchor price, in ratios of at most `_FAR_RATIO`."""
    pieces: Array = np.maximum(np.ceil(np.log(highest / _NEAR[-1]) / np.log(_FAR_RATIO)), 1.0)
    return pieces


def relative_quantity(multiples: Array, elasticity: Array, curve: Curve = Curve.CONSTANT, first: int = 0) -> Array:
    """Quantity at the breakpoints relative to the anchor quantity.

    Args:
        multiples: from `breakpoints`, all of them or those from number `first` on, shape (breakpoint, ...).
        elasticity: ``d ln Q / d ln P`` at the anchor, negative for demand, positive for supply; broadcasts
            against one breakpoint of `multiples`. Beyond 6 the tangent at the anchor keeps the slope of 6.
        curve: constant elasticity, or a straight line through the anchor that ends at zero; the line is exact up
            to the breakpoint before its end, from where it reaches zero at the next one.
        first: number of the first breakpoint given; 0, or beyond the anchor.

    Returns:
        Shape (breakpoint, ...), monotone along the first axis.

    Example:
        >>> import numpy as np
        >>> relative_quantity(breakpoints(np.array(10.0)), np.array(-0.2))[[0, 5, 6, 9]].round(3).tolist()
        [1.585, 1.029, 0.97, 0.803]
    """
    m = multiples
    if curve is Curve.LINEAR:
        line: Array = np.maximum(0.0, 1.0 + elasticity * (m - 1.0))
        return line
    quantity: Array = np.exp(elasticity * np.log(m))
    around = slice(_CENTRE, _CENTRE + 2) if first == 0 else slice(0)
    quantity[around] = 1.0 + np.clip(elasticity, -_STEEPEST, _STEEPEST) * (m[around] - 1.0)
    return quantity
