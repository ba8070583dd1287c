"""The certificate of `gasflow.core.certificate` for many scenarios, in one walk through memory.

The same formulae, from problem and numbers alone and with nothing taken over from a solver; the tests hold it equal to
`certify` up to rounding. `certify` makes a dozen arrays of the size of the batch and takes longer than the batch takes
to solve; this reads each number once, eight scenarios at a time.
"""

from __future__ import annotations

import numpy as np

from gasflow.core.compiled import entry_point, inner
from gasflow.core.simd import LANES, fma, larger, load, magnitude, select, smaller, splat, store


@entry_point("the certificate")
def certify_blocks(structure, numbers, flows, prices, out, limits):  # type: ignore[no-untyped-def]
    """Certify scenarios `limits[0]` to `limits[1]`.

    `structure`: starts, rows and values of the columns of A; `numbers`: cost, curvature, lower, upper, balance; `out`:
    balance, gap, sign and worst column as ratios, (4, scenario).
    """
    rows = prices.shape[0]
    price, throughput, mismatch = np.zeros(rows * LANES), np.zeros(rows * LANES), np.zeros(rows * LANES)
    scratch = np.zeros(LANES)
    for first in range(limits[0], limits[1], LANES):
        left = min(LANES, limits[1] - first)
        for row in range(rows):
            store(price, row * LANES, _read(prices, row, first, left, scratch))
            store(mismatch, row * LANES, _read(numbers[4], row, first, left, scratch))
            store(throughput, row * LANES, splat(0.0))
        gap, sign, column, spoiled = _columns(
            structure, numbers, flows, (price, throughput, mismatch), (first, left), scratch
        )
        balance, value = splat(0.0), splat(0.0)
        for at in range(0, rows * LANES, LANES):
            missing, passed = magnitude(load(mismatch, at)), load(throughput, at)
            balance = larger(missing / (splat(1.0) + passed), balance)
            value = fma(magnitude(load(price, at)), passed, value)
            spoiled = spoiled + splat(0.0) * missing
        scale = fma(splat(0.5), value, splat(1.0))
        for place, ratio in ((0, balance), (1, gap / scale), (2, sign), (3, column)):
            store(scratch, 0, ratio + spoiled)
            for lane in range(left):
                out[place, first + lane] = scratch[lane]


@inner
def _columns(structure, numbers, flows, rows, block, scratch):  # type: ignore[no-untyped-def]
    """Walk through the columns: gap, wrong sign and worst column; throughput and mismatch grow on the way.

    The last result is zero, or NaN in a lane where any number was NaN, which the maxima would pass over.
    """
    zero, one, infinity = splat(0.0), splat(1.0), splat(np.inf)
    starts, places, values = structure
    price, throughput, mismatch = rows
    first, left = block
    gap, sign, column, spoiled = zero, zero, zero, zero
    for k in range(flows.shape[0]):
        cost = _read(numbers[0], k, first, left, scratch)
        lower, upper = _read(numbers[2], k, first, left, scratch), _read(numbers[3], k, first, left, scratch)
        x = _read(flows, k, first, left, scratch)
        spoiled = fma(zero, x, spoiled)
        x = smaller(larger(x, lower), upper)
        size = magnitude(x)
        reduced = fma(_read(numbers[1], k, first, left, scratch), x, cost)
        highest = zero
        for e in range(starts[k], starts[k + 1]):
            row, value = places[e] * LANES, splat(values[e])
            priced = load(price, row)
            reduced = reduced - value * priced
            highest = larger(magnitude(priced), highest)
            store(throughput, row, fma(magnitude(value), size, load(throughput, row)))
            store(mismatch, row, load(mismatch, row) - value * x)
        above, below = larger(reduced, zero), larger(-reduced, zero)
        has_lower, has_upper = -infinity < lower, upper < infinity
        slack = select(has_lower, above * (x - lower), zero) + select(has_upper, below * (upper - x), zero)
        wrong = select(has_lower, zero, above) + select(has_upper, zero, below)
        width = select(has_lower & has_upper, upper - lower, size)
        gap = gap + slack
        sign = larger(wrong / (one + magnitude(cost)), sign)
        column = larger(slack / ((one + width) * (one + highest)), column)
    return gap, sign, column, spoiled


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
