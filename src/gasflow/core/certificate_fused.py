"""The certificate of `gasflow.core.certificate` for many scenarios, in one walk through memory.

The same formulae in the same order of operations, so that the tests hold every bit equal to those of numpy: products
are rounded before they are added, and sums run over rows or columns in their order. numpy makes a dozen arrays of the
size of the batch and takes longer than the batch takes to solve; this reads each number once, eight scenarios at once.
"""

from __future__ import annotations

import numpy as np

from gasflow.core.compiled import entry_point, inner
from gasflow.core.solvers.lanes.simd import LANES, larger, load, magnitude, select, smaller, splat, store


@entry_point("the certificate")
def certify_blocks(structure, numbers, flows, prices, out, limits):  # type: ignore[no-untyped-def]
    """Certify some scenarios.

    Args:
        structure: starts, rows and values of the columns of ``A``.
        numbers: cost, curvature, lower, upper, balance.
        flows: ``x``.
        prices: ``y``.
        out: the parts of `Certificate` in their order, shape (5, scenario).
        limits: the first scenario, and the one after the last.
    """
    rows = prices.shape[0]
    price, throughput, brought = np.zeros(rows * LANES), np.zeros(rows * LANES), np.zeros(rows * LANES)
    scratch = np.zeros(LANES)
    zero, one = splat(0.0), splat(1.0)
    for first in range(limits[0], limits[1], LANES):
        left = min(LANES, limits[1] - first)
        for row in range(rows):
            store(price, row * LANES, _read(prices, row, first, left, scratch))
            store(brought, row * LANES, zero)
            store(throughput, row * LANES, zero)
        bounds, gap, sign, column, spoiled = _columns(
            structure, numbers, flows, (price, throughput, brought), (first, left), scratch
        )
        balance, value = zero, zero
        for row in range(rows):
            at = row * LANES
            missing = magnitude(_read(numbers[4], row, first, left, scratch) - load(brought, at))
            passed = load(throughput, at)
            balance = larger(missing / (one + passed), balance)
            value = value + magnitude(load(price, at)) * passed
            spoiled = spoiled + zero * (missing + passed)
        scale = one + splat(0.5) * value
        spoiled = spoiled + zero * gap + zero * scale
        for place, ratio in ((0, balance), (1, bounds), (2, gap / scale), (3, sign), (4, column)):
            store(scratch, 0, ratio + spoiled)
            for lane in range(left):
                out[place, first + lane] = scratch[lane]


@inner
def _columns(structure, numbers, flows, rows, block, scratch):  # type: ignore[no-untyped-def]
    """Walk through the columns: bounds, gap, wrong sign and worst column; throughput and what is brought grow.

    The last result is zero, or NaN in a lane where any number was not finite, which the maxima may pass over.
    """
    zero, one, infinity = splat(0.0), splat(1.0), splat(np.inf)
    starts, places, values = structure
    price, throughput, brought = rows
    first, left = block
    bounds, gap, sign, column, spoiled = zero, zero, zero, zero, zero
    for k in range(flows.shape[0]):
        cost = _read(numbers[0], k, first, left, scratch)
        lower, upper = _read(numbers[2], k, first, left, scratch), _read(numbers[3], k, first, left, scratch)
        x = _read(flows, k, first, left, scratch)
        size = magnitude(x)
        reduced = _read(numbers[1], k, first, left, scratch) * x + cost
        highest = zero
        for e in range(starts[k], starts[k + 1]):
            row, value = places[e] * LANES, splat(values[e])
            priced = load(price, row)
            reduced = reduced - value * priced
            highest = larger(magnitude(priced), highest)
            store(throughput, row, load(throughput, row) + magnitude(value) * size)
            store(brought, row, load(brought, row) + value * x)
        above, below, pull = x - lower, upper - x, magnitude(reduced)
        room = magnitude(select(zero < reduced, above, below))
        bounded = room < infinity
        slack = select(bounded, pull * room, zero)
        wrong = select(bounded, zero, pull)
        width = upper - lower
        width = select(width < infinity, width, size)
        bounds = larger(-smaller(above, below) / (one + size), bounds)
        gap = gap + slack
        sign = larger(wrong / (one + magnitude(cost)), sign)
        column = larger(slack / ((one + width) * (one + highest)), column)
        spoiled = spoiled + zero * reduced
    return bounds, gap, sign, column, spoiled


@inner
def _read(values, place, first, left, scratch):  # type: ignore[no-untyped-def]
    """One row of an array for eight scenarios; past the last one, the last one again."""
    width = values.shape[1]
    if width == 1:
        return splat(values[place, 0])
    if left == LANES:
        return load(values, place * width + first)
    for lane in range(LANES):
        scratch[lane] = values[place, first + min(lane, left - 1)]
    return load(scratch, 0)
