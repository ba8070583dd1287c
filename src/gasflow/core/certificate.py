"""The certificate of optimality, recomputed from the problem and the numbers alone.

With ``x`` clipped into its bounds and ``r = c + q x - A' y``, a scenario is certified when

* **balance** of every row: ``|b - A x|_i <= t (1 GWh + sum_k |A_ik x_k|)``,
* **gap**: ``sum_k r+ (x - lower) + r- (upper - x) <= t (1,000 EUR + 1/2 sum_i |y_i| throughput_i)``, over finite
  bounds, where ``throughput_i = sum_k |A_ik x_k|`` (GWh times EUR/MWh is thousand EUR: the 1,000 EUR count as 1),
* **sign**: on an infinite bound the wrong sign of ``r`` is at most ``t (1 + |c|)``,

with ``t = 1e-8``. For a convex programme these three are sufficient: the gap bounds the distance of the objective
from the optimum. ``worst`` is the largest ratio of a left-hand side to its right-hand side, times ``t``.

A gap relative to the whole objective can hide a wrong price at a small node, so a second number reports the worst
single column: ``r+ (x - lower)`` or ``r- (upper - x)`` relative to ``(1 + width) (1 + price)``, with the width of
the column's interval (the flow where it is infinite) and the largest price it touches.

Every comparison is written so that NaN fails.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gasflow.core.problem import Array, FlowProblem

TOLERANCE = 1e-8
# A single column may be worse than the whole: at 1e-6 a price of 100 EUR/MWh is right to 0.0001 EUR/MWh on a
# column that is not at a kink.
COLUMN_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Certificate:
    """How optimal the numbers are, per scenario; every array has shape (scenario,)."""

    balance: Array
    gap: Array
    sign: Array
    worst_column: Array

    @property
    def worst(self) -> Array:
        """The largest of the three ratios, in units of the tolerance's own scale: certified at <= 1e-8."""
        worst: Array = np.maximum(np.maximum(self.balance, self.gap), self.sign)
        return worst

    @property
    def accepted(self) -> NDArray[np.bool_]:
        """Whether a scenario meets the tolerances; NaN never does."""
        accepted: NDArray[np.bool_] = (self.worst <= TOLERANCE) & (self.worst_column <= COLUMN_TOLERANCE)
        return accepted


def certify(problem: FlowProblem, flows: Array, prices: Array) -> Certificate:
    """Compute the certificate of every scenario.

    Args:
        problem: the programme.
        flows: ``x`` in GWh, shape (column, scenario).
        prices: ``y`` in EUR/MWh, shape (row, scenario).

    Example:
        >>> import numpy as np
        >>> from scipy.sparse import csc_array
        >>> one = np.ones((1, 1))
        >>> problem = FlowProblem(csc_array(one), 20 * one, 0 * one, 0 * one, 9 * one, 3 * one)
        >>> bool(certify(problem, 3 * one, 20 * one).accepted[0])
        True
        >>> bool(certify(problem, 3 * one, 19 * one).accepted[0])
        False
    """
    flows = np.clip(flows, problem.lower, problem.upper)
    magnitude = abs(problem.incidence)
    throughput = magnitude @ np.abs(flows)
    mismatch = np.abs(problem.balance - problem.incidence @ flows)
    reduced = problem.cost + problem.curvature * flows - problem.incidence.T @ prices
    above = np.maximum(reduced, 0.0)
    below = np.maximum(-reduced, 0.0)
    with np.errstate(invalid="ignore"):  # 0 * inf on an infinite bound is replaced on the next line
        slack_lower = np.where(np.isfinite(problem.lower), above * (flows - problem.lower), 0.0)
        slack_upper = np.where(np.isfinite(problem.upper), below * (problem.upper - flows), 0.0)
    wrong = np.where(np.isfinite(problem.lower), 0.0, above) + np.where(np.isfinite(problem.upper), 0.0, below)
    scale = 1.0 + 0.5 * np.einsum("is,is->s", np.abs(prices), throughput)
    return Certificate(
        balance=TOLERANCE * _largest(mismatch / (TOLERANCE * (1.0 + throughput))),
        gap=(slack_lower + slack_upper).sum(axis=0) / scale,
        sign=TOLERANCE * _largest(wrong / (TOLERANCE * (1.0 + np.abs(problem.cost)))),
        worst_column=_largest((slack_lower + slack_upper) / _column_scale(problem, flows, prices)),
    )


def _column_scale(problem: FlowProblem, flows: Array, prices: Array) -> Array:
    """``(1 + width) (1 + price)`` of every column, shape (column, scenario)."""
    with np.errstate(invalid="ignore"):
        width = problem.upper - problem.lower
    width = np.where(np.isfinite(width), width, np.abs(flows))
    a = problem.incidence
    starts = a.indptr[:-1][np.diff(a.indptr) > 0]
    price = np.zeros_like(flows)
    price[np.diff(a.indptr) > 0] = np.maximum.reduceat(np.abs(prices)[a.indices], starts, axis=0)
    scale: Array = (1.0 + width) * (1.0 + price)
    return scale


def _largest(values: Array) -> Array:
    """Largest value per scenario; NaN stays NaN, nothing at all is zero."""
    largest: Array = np.max(values, axis=0, initial=0.0)
    return largest
