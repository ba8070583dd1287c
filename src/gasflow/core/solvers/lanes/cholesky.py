"""Sparse Cholesky over lanes: ``A D A' = L E L'`` on the positions that `ordering.analyse` wrote down."""

from __future__ import annotations

from gasflow.core.compiled import inner
from gasflow.core.solvers.lanes.simd import LANES, fma, load, select, splat, store
from gasflow.core.tolerances import BLOCKING_PIVOT, NO_PIVOT


@inner
def factorise(topology, factor):  # type: ignore[no-untyped-def]
    """Overwrite ``A D A'`` by ``L`` below the diagonal and ``1 / E`` on it."""
    count = topology.row_order.size
    update = 0
    for column in range(count):
        pivot = load(factor, column * LANES)
        pivot = select(pivot > splat(NO_PIVOT), pivot, splat(BLOCKING_PIVOT))
        inverse = splat(1.0) / pivot
        store(factor, column * LANES, inverse)
        first, last = topology.factor_start[column], topology.factor_start[column + 1]
        for p in range(first, last):
            multiplier = -(load(factor, p * LANES) * inverse)
            for q in range(p, last):
                target = topology.update_target[update] * LANES
                update += 1
                store(factor, target, fma(load(factor, q * LANES), multiplier, load(factor, target)))
        for p in range(first, last):
            store(factor, p * LANES, load(factor, p * LANES) * inverse)


@inner
def substitute(topology, factor, right):  # type: ignore[no-untyped-def]
    """Overwrite a right-hand side by the solution of ``L E L' y = right``."""
    count = topology.row_order.size
    for column in range(count):
        value = -load(right, column * LANES)
        for p in range(topology.factor_start[column], topology.factor_start[column + 1]):
            row = topology.factor_row[p] * LANES
            store(right, row, fma(load(factor, p * LANES), value, load(right, row)))
    for step in range(count):
        column = count - 1 - step
        value = load(right, column * LANES) * load(factor, column * LANES)
        for p in range(topology.factor_start[column], topology.factor_start[column + 1]):
            value = value - load(factor, p * LANES) * load(right, topology.factor_row[p] * LANES)
        store(right, column * LANES, value)
