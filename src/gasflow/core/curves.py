"""Demand and supply curves as linear pieces with shared breakpoints.

A quantity that answers to the price with a constant elasticity ``e = d ln Q / d ln P`` around its anchor
``(P0, Q0)`` is replaced by a curve that is linear between breakpoints ``m_0 < m_1 < ...``, multiples of ``P0``.
The breakpoints depend on the node's anchor price only, never on sector or scenario, so that

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

# So many breakpoints have the same multiples for every anchor.
SHARED = len(_NEAR)


class Curve(StrEnum):
    """How demand answers to the price: with a constant elasticity, or linearly."""

    CONSTANT = "constant"
    LINEAR = "linear"


def breakpoints(highest: Array) -> Array:
    """Multiples of the anchor price from a tenth up to `highest`.

    Args:
        highest: where each curve ends, the value of lost load over the anchor price; at least 3.5, so that the
            anchor lies well inside the curve. Any shape.

    Returns:
        Shape (breakpoint, *highest.shape); the number of breakpoints is that of the longest curve.

    Raises:
        ValueError: if a curve ends below 3.5 or its end is not a number.

    Example:
        >>> import numpy as np
        >>> breakpoints(np.array(10.0)).round(2).tolist()
        [0.1, 0.19, 0.34, 0.46, 0.61, 0.86, 1.15, 1.66, 2.23, 3.0, 5.48, 10.0]
    """
    highest = np.asarray(highest, dtype=np.float64)
    if not (highest >= 3.5).all():
        raise ValueError(f"a curve must end at 3.5 times its anchor price or above, not at {highest.min()}")
    span = np.log(highest / _NEAR[-1])
    pieces = int(np.ceil(span.max(initial=0.1) / np.log(_FAR_RATIO)))
    steps = (np.arange(pieces) + 1.0).reshape((-1,) + (1,) * highest.ndim) / pieces
    near = np.broadcast_to(np.reshape(_NEAR, (-1,) + (1,) * highest.ndim), (len(_NEAR), *highest.shape))
    return np.concatenate([near, _NEAR[-1] * np.exp(span * steps)])


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
