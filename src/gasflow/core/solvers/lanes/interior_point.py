"""Mehrotra's predictor-corrector method, eight scenarios at a time.

With ``x`` measured from its lower bound, slack ``s = width - x`` and multipliers ``z >= 0`` of the lower and
``v >= 0`` of the upper bound, each iteration solves Newton's equations of

    c + q x - A' y - z + v = 0,     A x = b,     x z = mu,     s v = mu.

Eliminating ``z``, ``v`` and then ``x`` leaves ``A D A' dy = ...`` with ``D = 1 / (q + z/x + v/s)``. A column
without an upper bound has no ``s`` and ``v``; a fixed column has ``D = 0`` and never moves.

One iteration walks three times through the columns, because memory is what limits it: `_renew` moves to the new
point and assembles, `_predict` finds the affine step and what the corrector needs, `_correct` the final direction.
With ``f = dx/x`` and ``g = -dx/s`` of the affine step, its multipliers obey ``dz/z = -1 - f`` and ``dv/v = -1 - g``
exactly, so that neither needs a division, nor does Mehrotra's second-order term ``z f (1+f) - v g (1+g)``.

Letters in the kernels: ``x`` column, ``q`` curvature, ``z`` and ``v`` multipliers, ``s`` slack to the upper bound,
``d`` entry of ``D``, ``f`` and ``g`` relative steps of ``x`` and ``s``, ``r`` reciprocal, ``k`` number of a column,
``e`` of an entry of ``A``, ``p`` of a product, ``at`` where the fields of a column or a row begin.

Everything about a lane (start, scaling, step, stop) comes from that lane. A lane that has stopped is frozen; a lane
with NaN never stops and is reported as not converged.
"""

from __future__ import annotations

import numpy as np

from gasflow.core.compiled import inner
from gasflow.core.solvers.lanes.cholesky import factorise, substitute
from gasflow.core.solvers.lanes.simd import LANES, any_lane, fma, larger, load, magnitude, select, smaller, splat, store
from gasflow.core.tolerances import REACH, SMALLEST, UNBOUNDED

# Fields of a column in the work array, in doubles from the column's first; slots that are used twice have two names.
COST = 0 * LANES
CURVATURE = 1 * LANES
WIDTH = 2 * LANES
X = 3 * LANES
Z = 4 * LANES  # multiplier of the lower bound
V = 5 * LANES  # multiplier of the upper bound
D = 6 * LANES
PER_X = 7 * LANES  # 1 / x
PER_S = 8 * LANES  # 1 / s
V_STEP = 8 * LANES
REDUCED = 9 * LANES  # c + q x - A' y
Z_STEP = 9 * LANES
X_STEP = 10 * LANES
LOWER = 11 * LANES  # where x is measured from; only the polish reads it
STRIDE = 12 * LANES

# What a block reports about its lanes.
ITERATIONS = 0 * LANES
ACCEPTED = 1 * LANES
REPORT = 2 * LANES

_HOLD = 1e-6  # of the mean flow by the mean price


@inner
def interior_point(topology, one_sided, work, tolerance, limit):  # type: ignore[no-untyped-def]
    """Go on from the point in `work` until every lane without an accepted answer has stopped.

    A lane stops when its complementarity, the value of its missing balance and its dual infeasibility are all within
    the relative tolerance, when it has made `limit` iterations, or when it holds a NaN.
    """
    zero, one = splat(0.0), splat(1.0)
    used, most = load(work.lane, ITERATIONS), splat(float(limit))
    moving = (load(work.lane, ACCEPTED) < one) & (used < most)
    # No step has been found yet, and a rejected polish may have left NaN where steps are kept.
    step, stepping = zero, zero < zero
    hold = _hold(one_sided, work)
    while True:
        gap, infeasible, scale, pairs = _renew(topology, one_sided, work, step, stepping)
        for row in range(topology.row_order.size):
            store(work.factor, row * LANES, load(work.factor, row * LANES) + hold)
        wanted = splat(tolerance) * scale
        done = (gap <= wanted) & (infeasible <= wanted) & (_shortfall(work) <= wanted)
        moving = moving & ~done & (gap < splat(np.inf)) & (used < most)
        stepping = moving
        if not any_lane(moving):
            break
        used = used + select(moving, one, zero)
        factorise(topology, work.factor)
        copy(work.right, work.step)
        substitute(topology, work.factor, work.step)
        primal, dual, first, second = _predict(topology, one_sided, work)
        a = one / larger(primal, dual)
        predicted = (one - a) * gap - a * a * (first + second)
        ratio = larger(predicted / gap, zero)
        target = ratio * ratio * ratio * gap / pairs
        for at in range(0, work.right.size, LANES):
            centred = fma(target, load(work.centring, at), load(work.second, at))
            store(work.step, at, load(work.right, at) - centred)
        substitute(topology, work.factor, work.step)
        primal, dual = _correct(topology, one_sided, work, target)
        step = smaller(one, splat(REACH) / larger(primal, dual))
    store(work.lane, ITERATIONS, used)


@inner
def start(topology, one_sided, work):  # type: ignore[no-untyped-def]
    """Start in the middle of the bounds, at prices for which the reduced costs are small."""
    zero, one, half = splat(0.0), splat(1.0), splat(0.5)
    infinity = splat(np.inf)
    count = one_sided.size
    widths, bounded = zero, zero
    for k in range(count):
        width = load(work.columns, k * STRIDE + WIDTH)
        usual = (zero < width) & (width < infinity)
        widths = widths + select(usual, width, zero)
        bounded = bounded + select(usual, one, zero)
    unbounded = splat(UNBOUNDED) * larger(widths / larger(bounded, one), splat(SMALLEST))
    clear(work.factor)
    clear(work.right)
    for k in range(count):
        at = k * STRIDE
        width = load(work.columns, at + WIDTH)
        live = zero < width
        x = select(width < infinity, half * width, unbounded)
        x = select(live, x, zero)
        store(work.columns, at + X, x)
        d = x * x
        pull = fma(load(work.columns, at + CURVATURE), x, load(work.columns, at + COST))
        for e in range(topology.entry_start[k], topology.entry_start[k + 1]):
            row = topology.entry_row[e] * LANES
            store(work.right, row, fma(splat(topology.entry_value[e]), d * pull, load(work.right, row)))
        for p in range(topology.product_start[k], topology.product_start[k + 1]):
            place = topology.product_target[p] * LANES
            store(work.factor, place, fma(splat(topology.product_value[p]), d, load(work.factor, place)))
    factorise(topology, work.factor)
    substitute(topology, work.factor, work.right)
    copy(work.right, work.price)
    size = zero
    for k in range(count):
        at = k * STRIDE
        reduced = _reduced(topology, work, k, load(work.columns, at + X))
        store(work.columns, at + REDUCED, reduced)
        size = size + select(zero < load(work.columns, at + WIDTH), magnitude(reduced), zero)
    shift = larger(size / splat(float(count)), splat(SMALLEST))
    for k in range(count):
        at = k * STRIDE
        width = load(work.columns, at + WIDTH)
        live, capped = zero < width, width < infinity
        reduced = load(work.columns, at + REDUCED)
        store(work.columns, at + Z, select(live, larger(reduced, zero) + shift, zero))
        store(work.columns, at + V, select(live & capped, larger(-reduced, zero) + shift, zero))
        store(work.columns, at + V_STEP, zero)
        store(work.columns, at + Z_STEP, zero)
        store(work.columns, at + X_STEP, zero)


@inner
def _hold(one_sided, work):  # type: ignore[no-untyped-def]
    """Return what is added to the diagonal of ``A D A'``, so that a row through which no gas can go keeps its price.

    The columns of such a row are all zero, and no point lies strictly within their bounds: its price could be anything,
    and without a hold would grow by orders of magnitude. It is far below what any row with gas has on its diagonal.
    """
    price, flow = splat(0.0), splat(0.0)
    for at in range(0, work.price.size, LANES):
        price = price + magnitude(load(work.price, at))
    for k in range(one_sided.size):
        flow = flow + load(work.columns, k * STRIDE + X)
    price = larger(price / splat(work.price.size / LANES), splat(SMALLEST))
    return splat(_HOLD) * larger(flow / splat(float(one_sided.size)), splat(SMALLEST)) / price


@inner
def clear(vector):  # type: ignore[no-untyped-def]
    """Zero in every place of every lane."""
    for at in range(0, vector.size, LANES):
        store(vector, at, splat(0.0))


@inner
def copy(source, target):  # type: ignore[no-untyped-def]
    """Copy a vector over lanes."""
    for at in range(0, source.size, LANES):
        store(target, at, load(source, at))


@inner
def _reduced(topology, work, k, x):  # type: ignore[no-untyped-def]
    """Reduced cost of column `k` at `x`."""
    value = fma(load(work.columns, k * STRIDE + CURVATURE), x, load(work.columns, k * STRIDE + COST))
    for e in range(topology.entry_start[k], topology.entry_start[k + 1]):
        value = value - splat(topology.entry_value[e]) * load(work.price, topology.entry_row[e] * LANES)
    return value


@inner
def _shortfall(work):  # type: ignore[no-untyped-def]
    """Value of the balance that is still missing, at current prices."""
    total = splat(0.0)
    for at in range(0, work.price.size, LANES):
        total = fma(magnitude(load(work.mismatch, at)), magnitude(load(work.price, at)), total)
    return total


@inner
def _renew(topology, one_sided, work, step, moving):  # type: ignore[no-untyped-def]
    """First walk: go to the new point, and assemble ``A D A'`` and the right-hand side of the affine step there.

    Returns the complementarity, the dual infeasibility and the scale that both are held against, and the number of
    pairs of a column and a bound.
    """
    zero, one, infinity = splat(0.0), splat(1.0), splat(np.inf)
    columns, right, mismatch, factor = work.columns, work.right, work.mismatch, work.factor
    for at in range(0, work.price.size, LANES):
        change = select(moving, load(work.step, at), zero)
        store(work.price, at, fma(step, change, load(work.price, at)))
        balance = load(work.balance, at)
        store(mismatch, at, balance)
        store(right, at, zero)
    clear(factor)
    gap, infeasible, scale, pairs = zero, zero, zero, zero
    for k in range(one_sided.size):
        at = k * STRIDE
        x, z = load(columns, at + X), load(columns, at + Z)
        # Freezing by a step of zero, not by a choice of what to store: masked stores are slow.
        x = fma(step, select(moving, load(columns, at + X_STEP), zero), x)
        z = fma(step, select(moving, load(columns, at + Z_STEP), zero), z)
        store(columns, at + X, x)
        store(columns, at + Z, z)
        q = load(columns, at + CURVATURE)
        pull = fma(q, x, load(columns, at + COST))
        reduced = pull
        first, last = topology.entry_start[k], topology.entry_start[k + 1]
        for e in range(first, last):
            reduced = reduced - splat(topology.entry_value[e]) * load(work.price, topology.entry_row[e] * LANES)
        store(columns, at + REDUCED, reduced)
        gap = fma(x, z, gap)
        if one_sided[k]:
            e_ = fma(q, x, z)
            r = one / (x * e_)
            d = x * x * r
            store(columns, at + PER_X, e_ * r)
            pairs = pairs + one
            infeasible = fma(magnitude(reduced - z), x, infeasible)
        else:
            v = load(columns, at + V)
            v = fma(step, select(moving, load(columns, at + V_STEP), zero), v)
            store(columns, at + V, v)
            width = load(columns, at + WIDTH)
            live = zero < width
            capped = live & (width < infinity)
            s = select(capped, larger(width - x, splat(1e-15) * width), one)
            filled = select(live, x, one)
            t = filled * s
            e_ = fma(q, t, z * s) + v * filled
            r = one / (t * e_)
            d = select(live, t * t * r, zero)
            per = e_ * r
            store(columns, at + PER_X, select(live, s * per, zero))
            store(columns, at + PER_S, select(capped, filled * per, zero))
            gap = fma(s, v, gap)
            pairs = pairs + select(live, one, zero) + select(capped, one, zero)
            infeasible = fma(magnitude(reduced - z + v), x, infeasible)
        scale = fma(magnitude(pull), x, scale)
        store(columns, at + D, d)
        weight = d * reduced
        for e in range(first, last):
            row = topology.entry_row[e] * LANES
            value = splat(topology.entry_value[e])
            store(mismatch, row, load(mismatch, row) - value * x)
            store(right, row, fma(value, weight, load(right, row)))
        for p in range(topology.product_start[k], topology.product_start[k + 1]):
            place = topology.product_target[p] * LANES
            store(factor, place, fma(splat(topology.product_value[p]), d, load(factor, place)))
    for at in range(0, work.price.size, LANES):
        store(right, at, load(right, at) + load(mismatch, at))
        store(work.second, at, zero)
        store(work.centring, at, zero)
    return gap, infeasible, scale, pairs


@inner
def _predict(topology, one_sided, work):  # type: ignore[no-untyped-def]
    """Second walk: the affine step of the columns, and what the corrector adds to the right-hand side.

    Returns how far the step overshoots the bounds, and zero multipliers (1: just reaches them), and the sums by which
    the complementarity changes with the step and with its square.
    """
    zero, one = splat(0.0), splat(1.0)
    columns = work.columns
    primal, dual, first_sum, second_sum = one, one, zero, zero
    for k in range(one_sided.size):
        at = k * STRIDE
        d = load(columns, at + D)
        move = -load(columns, at + REDUCED)
        first, last = topology.entry_start[k], topology.entry_start[k + 1]
        for e in range(first, last):
            move = fma(splat(topology.entry_value[e]), load(work.step, topology.entry_row[e] * LANES), move)
        move = d * move
        store(columns, at + X_STEP, move)
        per_x, z = load(columns, at + PER_X), load(columns, at + Z)
        f = move * per_x
        zf = z * f
        primal = larger(-f, primal)
        dual = larger(one + f, dual)
        if one_sided[k]:
            first_sum = fma(z, move, first_sum)
            second_sum = fma(zf, move, second_sum)
            bend = d * fma(zf, f, zf)
            centre = d * per_x
        else:
            per_s, v = load(columns, at + PER_S), load(columns, at + V)
            g = -(move * per_s)
            vg = v * g
            primal = larger(-g, primal)
            dual = larger(one + g, dual)
            first_sum = fma(z - v, move, first_sum)
            second_sum = fma(zf - vg, move, second_sum)
            bend = d * (fma(zf, f, zf) - fma(vg, g, vg))
            centre = d * (per_x - per_s)
        for e in range(first, last):
            row = topology.entry_row[e] * LANES
            value = splat(topology.entry_value[e])
            store(work.second, row, fma(value, bend, load(work.second, row)))
            store(work.centring, row, fma(value, centre, load(work.centring, row)))
    return primal, dual, first_sum, second_sum


@inner
def _correct(topology, one_sided, work, target):  # type: ignore[no-untyped-def]
    """Third walk: the corrected step of columns and multipliers, and how far it overshoots them."""
    zero, one = splat(0.0), splat(1.0)
    columns = work.columns
    primal, dual = one, one
    for k in range(one_sided.size):
        at = k * STRIDE
        per_x, z = load(columns, at + PER_X), load(columns, at + Z)
        move = load(columns, at + X_STEP)
        f = move * per_x
        bend = fma(f, f, f)
        pull = -load(columns, at + REDUCED)
        for e in range(topology.entry_start[k], topology.entry_start[k + 1]):
            pull = fma(splat(topology.entry_value[e]), load(work.step, topology.entry_row[e] * LANES), pull)
        if one_sided[k]:
            pull = pull + fma(z, bend, target * per_x)
            move = load(columns, at + D) * pull
            ratio = move * per_x
            shrink = one + ratio - bend
            wanted = target * per_x
            primal = larger(-ratio, primal)
            dual = larger(shrink - wanted / z, dual)
            store(columns, at + Z_STEP, wanted - z * shrink)
        else:
            per_s, v = load(columns, at + PER_S), load(columns, at + V)
            g = -(load(columns, at + X_STEP) * per_s)
            bend_s = fma(g, g, g)
            pull = pull + (fma(z, bend, target * per_x) - fma(v, bend_s, target * per_s))
            move = load(columns, at + D) * pull
            ratio, ratio_s = move * per_x, -(move * per_s)
            shrink, shrink_s = one + ratio - bend, one + ratio_s - bend_s
            wanted, wanted_s = target * per_x, target * per_s
            primal = larger(-ratio, larger(-ratio_s, primal))
            divisor = select(zero < per_x, z, one)
            divisor_s = select(zero < per_s, v, one)
            r = one / (divisor * divisor_s)
            dual = larger(shrink - wanted * (divisor_s * r), dual)
            dual = larger(shrink_s - wanted_s * (divisor * r), dual)
            store(columns, at + Z_STEP, wanted - z * shrink)
            store(columns, at + V_STEP, wanted_s - v * shrink_s)
        store(columns, at + X_STEP, move)
    return primal, dual
