"""The certificate of optimality, recomputed from the problem and the numbers alone.

With ``x`` and ``y`` exactly as they are returned and ``r = c + q x - A' y``, a scenario is certified when every number
is finite and

* **primal residual** of every row: ``|b - A x|_i <= t (1 GWh + throughput_i)``, ``throughput_i = sum_k |A_ik x_k|``,
* **bound violation** of every column: ``max(lower - x, x - upper)_k <= t (1 GWh + |x_k|)``,
* **complementarity gap**: ``sum_k r+ |x - lower| + r- |upper - x| <= t (1,000 EUR + 1/2 sum_i |y_i| throughput_i)``,
  over finite bounds (GWh times EUR/MWh is thousand EUR: the 1,000 EUR count as 1),
* **dual infeasibility**: on an infinite bound the wrong sign of ``r`` is at most ``t (1 + |c|)``,

with ``t = 1e-8``. For a convex programme these are sufficient: the gap bounds the distance of the objective
from the optimum. ``worst`` is the largest ratio of a left-hand side to its right-hand side, times ``t``.

A gap relative to the whole objective can hide a wrong price at a small node, so a second number reports the worst
single column: ``r+ |x - lower|`` or ``r- |upper - x|`` relative to ``(1 + width) (1 + price)``, with the width of
the column's interval (the flow where it is infinite) and the largest price it touches.

Every comparison is written so that NaN fails, and where anything is not finite every part is NaN.

The parts have the same bits however many scenarios are judged together: every sum runs over rows or columns in their
order, and nothing is rounded that another path does not round. So a handful can be judged by numpy, and many by the
compiled code of `certificate_fused`, which reads each number once instead of thirty times.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from gasflow.core.kernels import kernels
from gasflow.core.problem import Array, FlowProblem, frozen
from gasflow.core.tolerances import COLUMN_TOLERANCE, TOLERANCE

_FEW = 64  # up to here numpy is quick enough, and numba need not be loaded
_TASK = 256  # scenarios per task of a thread; a multiple of the lanes


@dataclass(frozen=True)
class Certificate:
    """How optimal the numbers are, per scenario; every array has shape (scenario,)."""

    primal_residual: Array
    bound_violation: Array
    complementarity_gap: Array
    dual_infeasibility: Array
    worst_column: Array

    @property
    def worst(self) -> Array:
        """The largest of the first four ratios, in units of the tolerance's own scale: certified at <= 1e-8."""
        primal = np.maximum(self.primal_residual, self.bound_violation)
        worst: Array = np.maximum(primal, np.maximum(self.complementarity_gap, self.dual_infeasibility))
        return worst

    @property
    def accepted(self) -> NDArray[np.bool_]:
        """Whether a scenario meets the tolerances; NaN never does."""
        accepted: NDArray[np.bool_] = (self.worst <= TOLERANCE) & (self.worst_column <= COLUMN_TOLERANCE)
        return accepted

    @property
    def score(self) -> Array:
        """The certificate as one number: accepted at or below one, infinite where it is NaN."""
        score: Array = np.maximum(self.worst / TOLERANCE, self.worst_column / COLUMN_TOLERANCE)
        return np.where(score <= np.inf, score, np.inf)


def certify(problem: FlowProblem, x: Array, y: Array, threads: int | None = None) -> Certificate:
    """Compute the certificate of every scenario.

    Args:
        problem: the programme.
        x: columns in GWh, shape (column, scenario).
        y: duals in EUR/MWh, shape (row, scenario).
        threads: how many threads share the work on many scenarios; None takes one per processor.

    Example:
        >>> import numpy as np
        >>> from gasflow.core.problem import Structure
        >>> one = np.ones((1, 1))
        >>> problem = FlowProblem(Structure(one), 20 * one, 0 * one, 0 * one, 9 * one, 3 * one)
        >>> bool(certify(problem, 3 * one, 20 * one).accepted[0])
        True
        >>> bool(certify(problem, 3 * one, 19 * one).accepted[0])
        False
    """
    count = x.shape[1]
    fused = kernels("gasflow.core.certificate_fused") if count > _FEW else None
    a = problem.incidence
    numbers = (problem.cost, problem.curvature, problem.lower, problem.upper, problem.balance)
    out = np.empty((5, count))

    def in_numpy(first: int) -> None:
        chosen = slice(first, min(first + _FEW, count))
        here = [values if values.shape[1] == 1 else values[:, chosen] for values in numbers]
        out[:, chosen] = _parts(a, here, x[:, chosen], y[:, chosen])

    if fused is None:
        for first in range(0, count, _FEW):
            in_numpy(first)
        return Certificate(*(out + 0.0))  # no -0.0
    structure = (a.indptr.astype(np.int64), a.indices.astype(np.int64), a.data)
    given = [frozen(values) for values in (x, y)]  # the kernel is compiled for read-only arrays

    def compiled(first: int) -> None:
        fused.certify_blocks(structure, numbers, *given, out, (first, min(first + _TASK, count)))

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        list(pool.map(compiled, range(0, count, _TASK)))
    return Certificate(*(out + 0.0))


def _parts(a: csc_array, numbers: list[Array], x: Array, y: Array) -> Array:
    """Return the five parts of some scenarios, shape (5, scenario); the formulae above, operation by operation."""
    cost, curvature, lower, upper, balance = numbers
    with np.errstate(all="ignore"):  # what overflows, or is not finite, ends as NaN
        size, price = np.abs(x), np.abs(y)
        throughput = _summed(a, np.abs(a.data), size)
        missing = np.abs(balance - _summed(a, a.data, x))
        reduced = curvature * x + cost
        highest = np.zeros_like(x)
        for columns, entries in _entries(a):
            rows = a.indices[entries]
            reduced[columns] -= a.data[entries, None] * y[rows]
            highest[columns] = np.maximum(highest[columns], price[rows])
        above, below, pull = x - lower, upper - x, np.abs(reduced)
        room = np.abs(np.where(reduced > 0.0, above, below))
        bounded = room < np.inf
        slack = np.where(bounded, pull * room, 0.0)
        wrong = np.where(bounded, 0.0, pull)
        width = upper - lower
        width = np.where(width < np.inf, width, size)
        gap, scale = _sum(slack), 1.0 + 0.5 * _sum(price * throughput)
        found = np.stack([
            _largest(missing / (1.0 + throughput)),
            _largest(-np.minimum(above, below) / (1.0 + size)),
            gap / scale,
            _largest(wrong / (1.0 + np.abs(cost))),
            _largest(slack / ((1.0 + width) * (1.0 + highest))),
        ])  # fmt: skip
        sound = np.isfinite(reduced).all(axis=0) & np.isfinite(missing + throughput).all(axis=0)
        return np.where(sound & np.isfinite(gap) & np.isfinite(scale), found, np.nan)


def _entries(a: csc_array) -> list[tuple[NDArray[np.integer], NDArray[np.integer]]]:
    """First entries of all columns, second entries, and so on: the columns that have one, and where it is."""
    count = np.diff(a.indptr)
    having = [np.flatnonzero(count > entry) for entry in range(int(count.max(initial=0)))]
    return [(columns, a.indptr[columns] + entry) for entry, columns in enumerate(having)]


def _summed(a: csc_array, entries: Array, x: Array) -> Array:
    """Return ``A x`` with the given entries, summed in the order of the columns and without fused products."""
    terms = entries[:, None] * np.repeat(x, np.diff(a.indptr), axis=0)
    each = [np.bincount(a.indices, weights=column, minlength=a.shape[0]) for column in terms.T]
    return np.stack(each, axis=1) if each else np.zeros((a.shape[0], 0))


def _sum(values: Array) -> Array:
    """Sum per scenario in the order of the first axis; numpy's own order depends on the shape."""
    total: Array = np.add.accumulate(values, axis=0)[-1] if len(values) else np.zeros(values.shape[1])
    return total


def _largest(values: Array) -> Array:
    """Largest value per scenario, at least zero."""
    largest: Array = np.max(values, axis=0, initial=0.0)
    return largest
