"""The polish over lanes: put active columns exactly on their bound and solve for the others.

Given which columns are *active* (at a bound), optimality is linear in the others, the *free* ones:

    c + q x - A' y = 0  on the free columns,      A x = b.

Eliminating ``x`` gives the same ``A D A'`` as the interior-point method, with ``D = 1 / (q + delta)`` on free
columns and zero on active ones, so the same factorisation serves. The small ``delta``, and a small ``epsilon`` on the
diagonal, are those of a proximal step from the current numbers: where columns or duals are not unique the
answer stays next to them, and a second round, where it is needed, removes the effect on the residuals.

Where the solution contradicts the estimate (a free column outside its bounds, an active one whose reduced cost has the
wrong sign) the estimate is repaired and the others are solved for again. A lane is accepted only when nothing is left
to repair and the balance holds; it is then frozen. Letters are those of `interior_point`.
"""

from __future__ import annotations

import numpy as np

from gasflow.core.compiled import inner
from gasflow.core.solvers.lanes.cholesky import factorise, substitute
from gasflow.core.solvers.lanes.interior_point import (
    ACCEPTED,
    COST,
    CURVATURE,
    LOWER,
    STRIDE,
    WIDTH,
    D,
    V,
    X,
    Z,
    clear,
    copy,
)
from gasflow.core.solvers.lanes.simd import LANES, any_lane, fma, larger, load, magnitude, select, splat, store
from gasflow.core.tolerances import MARGIN, PRICE_MARGIN, PROXIMAL, PROXIMAL_PRICE, SMALLEST

# Slots of the interior-point method that are free by now.
STATE = 7 * LANES  # -1 at the lower bound, +1 at the upper bound, 0 free
REDUCED = 9 * LANES
SOLVED = 10 * LANES

_STRICT = 1e-10  # a hundredth of what the certificate allows
_SHARP = 1e-3  # largest reduced cost of a free column, in margins


@inner
def polish(topology, one_sided, work, rounds):  # type: ignore[no-untyped-def]
    """Polish the lanes of a block that have no accepted answer, and mark in ``work.lane`` those that now have."""
    zero, one = splat(0.0), splat(1.0)
    moving = load(work.lane, ACCEPTED) < one
    delta, margin = _scales(one_sided, work)
    epsilon = splat(PROXIMAL_PRICE) / delta * splat(PROXIMAL)
    for _ in range(rounds):
        _assemble(topology, one_sided, work, delta, epsilon)
        factorise(topology, work.factor)
        settled, sound = _check(topology, one_sided, work, moving, margin)
        moving = moving & ~settled
        rough = moving & sound
        if any_lane(rough):
            # Nothing to repair, only digits missing: a second step with the same factor.
            for at in range(0, work.right.size, LANES):
                store(work.right, at, load(work.right, at) + load(work.centring, at))
            settled, sound = _check(topology, one_sided, work, rough, margin)
            moving = moving & ~(rough & settled)
        if not any_lane(moving):
            break
    store(work.lane, ACCEPTED, select(moving, zero, one))


@inner
def estimate(one_sided, work):  # type: ignore[no-untyped-def]
    """Active where the multiplier outweighs the distance to the bound, each measured on the scale of its lane."""
    zero, one, infinity = splat(0.0), splat(1.0), splat(np.inf)
    price, flow = _usual(one_sided, work, work.price, X)
    weight = flow / price
    for k in range(one_sided.size):
        at = k * STRIDE
        x, z, width = load(work.columns, at + X), load(work.columns, at + Z), load(work.columns, at + WIDTH)
        state = select(x < weight * z, -one, zero)
        if not one_sided[k]:
            upper = (width < infinity) & (width - x < weight * load(work.columns, at + V))
            state = select(upper, one, state)
            state = select(zero < width, state, -one)
        place = select(state < zero, zero, select(zero < state, width, x))
        store(work.columns, at + STATE, state)
        store(work.columns, at + SOLVED, place)
    copy(work.price, work.solved_dual)


@inner
def keep(one_sided, work, first):  # type: ignore[no-untyped-def]
    """Keep the answers of the block gathered at `first`, with their active columns, for `warm_start`."""
    one = splat(1.0)
    lower, upper, wide = work.numbers.lower, work.numbers.upper, work.x.shape[1]
    for k in range(one_sided.size):
        x = load(work.x, k * wide + first)
        low = splat(lower[k, 0]) if lower.shape[1] == 1 else load(lower, k * wide + first)
        high = splat(upper[k, 0]) if upper.shape[1] == 1 else load(upper, k * wide + first)
        store(work.kept, (2 * k) * LANES, select(x <= low, -one, select(high <= x, one, splat(0.0))))
        store(work.kept, (2 * k + 1) * LANES, x)
    for row in range(work.y.shape[0]):
        store(work.kept_price, row * LANES, load(work.y, row * wide + first))


@inner
def warm_start(topology, one_sided, work):  # type: ignore[no-untyped-def]
    """Estimate that each lane has the active columns that were kept last."""
    zero, one = splat(0.0), splat(1.0)
    columns = work.columns
    for k in range(one_sided.size):
        at = k * STRIDE
        width = load(columns, at + WIDTH)
        state = select(zero < width, load(work.kept, (2 * k) * LANES), -one)
        inside = larger(load(work.kept, (2 * k + 1) * LANES) - load(columns, at + LOWER), zero)
        inside = select(width < inside, width, inside)
        store(columns, at + STATE, state)
        store(columns, at + SOLVED, select(state < zero, zero, select(zero < state, width, inside)))
    for row in range(topology.row_order.size):
        store(work.solved_dual, row * LANES, load(work.kept_price, np.int64(topology.row_order[row]) * LANES))


@inner
def _usual(one_sided, work, prices, slot):  # type: ignore[no-untyped-def]
    """Mean size of the prices and of the flows of each lane."""
    price, flow = splat(0.0), splat(0.0)
    for at in range(0, work.price.size, LANES):
        price = price + magnitude(load(prices, at))
    for k in range(one_sided.size):
        flow = flow + load(work.columns, k * STRIDE + slot)
    price = larger(price / splat(work.price.size / LANES), splat(SMALLEST))
    return price, larger(flow / splat(float(one_sided.size)), splat(SMALLEST))


@inner
def _scales(one_sided, work):  # type: ignore[no-untyped-def]
    """Proximal weight on the columns, and the margin for reduced costs."""
    price, flow = _usual(one_sided, work, work.solved_dual, SOLVED)
    highest = splat(1.0)
    for at in range(0, work.price.size, LANES):
        highest = larger(magnitude(load(work.solved_dual, at)), highest)
    return splat(PROXIMAL) * price / flow, splat(PRICE_MARGIN) * highest


@inner
def _assemble(topology, one_sided, work, delta, epsilon):  # type: ignore[no-untyped-def]
    """Assemble ``A D A'``, ``D`` being zero on active columns, and the right-hand side of a step."""
    zero, one = splat(0.0), splat(1.0)
    columns, right, factor = work.columns, work.right, work.factor
    clear(factor)
    for at in range(0, work.price.size, LANES):
        store(right, at, load(work.balance, at))
        store(factor, at, epsilon)
    for k in range(one_sided.size):
        at = k * STRIDE
        x, q = load(columns, at + SOLVED), load(columns, at + CURVATURE)
        free = magnitude(load(columns, at + STATE)) < one
        d = select(free, one / (q + delta), zero)
        reduced = fma(q, x, load(columns, at + COST))
        first, last = topology.entry_start[k], topology.entry_start[k + 1]
        for e in range(first, last):
            reduced = reduced - splat(topology.entry_value[e]) * load(work.solved_dual, topology.entry_row[e] * LANES)
        store(columns, at + D, d)
        store(columns, at + REDUCED, reduced)
        weight = fma(d, reduced, -x)
        for e in range(first, last):
            row = topology.entry_row[e] * LANES
            store(right, row, fma(splat(topology.entry_value[e]), weight, load(right, row)))
        for p in range(topology.product_start[k], topology.product_start[k + 1]):
            place = topology.product_target[p] * LANES
            store(factor, place, fma(splat(topology.product_value[p]), d, load(factor, place)))


@inner
def _step_prices(topology, work, moving):  # type: ignore[no-untyped-def]
    """Solve for the step of the prices, take it, and make the right-hand side ready for the next one."""
    copy(work.right, work.step)
    substitute(topology, work.factor, work.step)
    for at in range(0, work.price.size, LANES):
        store(work.solved_dual, at, load(work.solved_dual, at) + select(moving, load(work.step, at), splat(0.0)))
        store(work.right, at, load(work.balance, at))
        store(work.second, at, splat(1.0))
        store(work.centring, at, splat(0.0))


@inner
def _moved(topology, work, moving, k):  # type: ignore[no-untyped-def]
    """Return the column after the step, and its reduced cost there."""
    columns, at = work.columns, k * STRIDE
    pull = -load(columns, at + REDUCED)
    priced = splat(0.0)
    for e in range(topology.entry_start[k], topology.entry_start[k + 1]):
        row, value = topology.entry_row[e] * LANES, splat(topology.entry_value[e])
        pull = fma(value, load(work.step, row), pull)
        priced = fma(value, load(work.solved_dual, row), priced)
    x = fma(load(columns, at + D), select(moving, pull, splat(0.0)), load(columns, at + SOLVED))
    return x, fma(load(columns, at + CURVATURE), x, load(columns, at + COST)) - priced


@inner
def _check(topology, one_sided, work, moving, margin):  # type: ignore[no-untyped-def]
    """Take the step and repair the estimate where the solution contradicts it.

    Returns which lanes are accepted and which had nothing to repair, and leaves behind what a further step needs.
    """
    zero, one, infinity = splat(0.0), splat(1.0), splat(np.inf)
    columns, right = work.columns, work.right
    outside = splat(MARGIN)
    _step_prices(topology, work, moving)
    repaired, gap, sign, value, largest = zero, zero, zero, zero, zero
    for k in range(one_sided.size):
        at = k * STRIDE
        x, reduced = _moved(topology, work, moving, k)
        state, width = load(columns, at + STATE), load(columns, at + WIDTH)
        free = magnitude(state) < one
        low = moving & free & (x < -outside)
        high = moving & free & (width + outside < x)
        wrong = ((state < zero) & (reduced < -margin)) | ((zero < state) & (margin < reduced))
        wrong = moving & wrong & (zero < width)
        settled = select(wrong, zero, select(low, -one, select(high, one, state)))
        x = larger(x, zero)
        x = select(width < x, width, x)
        store(columns, at + SOLVED, x)
        store(columns, at + STATE, settled)
        repaired = repaired + select(low | high | wrong, one, zero)
        store(columns, at + REDUCED, reduced)
        weight = load(columns, at + D) * reduced
        size = magnitude(x + load(columns, at + LOWER))
        largest = larger(select(free, magnitude(reduced), zero), largest)
        negative = reduced < zero
        room = select(negative, width - x, x)
        # Towards an infinite bound it is the sign that counts, relative to the cost.
        gap = gap + select(room < infinity, magnitude(reduced) * room, zero)
        tilt = select(room < infinity, zero, magnitude(reduced) / (one + magnitude(load(columns, at + COST))))
        sign = larger(tilt, sign)
        for e in range(topology.entry_start[k], topology.entry_start[k + 1]):
            row, value = topology.entry_row[e] * LANES, splat(topology.entry_value[e])
            store(right, row, load(right, row) - value * x)
            store(work.centring, row, fma(value, weight, load(work.centring, row)))
            store(work.second, row, fma(magnitude(value), size, load(work.second, row)))
    unbalanced = zero
    for at in range(0, work.price.size, LANES):
        throughput = load(work.second, at)
        unbalanced = larger(magnitude(load(right, at)) / throughput, unbalanced)
        value = fma(magnitude(load(work.solved_dual, at)), throughput - one, value)
        gap = gap + load(right, at) * zero  # NaN anywhere makes the lane fail
    sound = repaired < one
    good = (unbalanced <= splat(_STRICT)) & (sign <= splat(_STRICT)) & (largest <= splat(_SHARP) * margin)
    return sound & good & (gap <= splat(_STRICT) * (one + splat(0.5) * value)), sound
