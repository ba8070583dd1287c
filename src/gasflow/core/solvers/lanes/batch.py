"""Scenarios into lanes, through the interior-point method and the polish, and out again.

The numbers of up to `TOGETHER` scenarios are copied together first; one value per column stays one value. A last block
that is not full is filled with copies of its last scenario, so that every block is the same sequence of instructions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gasflow.core.compiled import entry_point, inner
from gasflow.core.problem import Array
from gasflow.core.solvers.lanes.active_set import SOLVED, estimate, keep, polish, warm_start
from gasflow.core.solvers.lanes.interior_point import (
    ACCEPTED,
    COST,
    CURVATURE,
    ITERATIONS,
    LOWER,
    REPORT,
    STRIDE,
    WIDTH,
    X,
    clear,
    interior_point,
    start,
)
from gasflow.core.solvers.lanes.ordering import Topology
from gasflow.core.solvers.lanes.simd import LANES, any_lane, fma, load, select, splat, store

TOGETHER = 64  # scenarios gathered: neighbours are read a few cache lines at a time


class Numbers(NamedTuple):
    """The numbers of a problem, each (column or row, scenario) or (column or row, 1)."""

    cost: Array
    curvature: Array
    lower: Array
    upper: Array
    balance: Array


class Answers(NamedTuple):
    """Where a block writes: columns, duals, whether the polish was accepted, and iterations."""

    columns: Array
    duals: Array
    polished: NDArray[np.bool_]
    iterations: NDArray[np.int32]


class Work(NamedTuple):
    """The memory of one thread.

    Attributes:
        columns: the fields of all columns, see `interior_point`.
        factor: ``A D A'`` and its factor.
        price, solved_dual, balance, mismatch, right, step, second, centring: vectors over the rows.
        lane: what a block reports about its lanes.
        numbers: the numbers of the scenarios at hand, copied together from arrays where neighbours lie far apart.
        x, y: their answers, before they are scattered.
        kept, kept_price: the last block's active columns, columns and duals, from which the next block may start.
    """

    columns: Array
    factor: Array
    price: Array
    solved_dual: Array
    balance: Array
    mismatch: Array
    right: Array
    step: Array
    second: Array
    centring: Array
    lane: Array
    numbers: Numbers
    x: Array
    y: Array
    kept: Array
    kept_price: Array


def workspace(topology: Topology, numbers: Numbers) -> Work:
    """Allocate the memory of one thread, aligned to cache lines; shared arrays stay where they are."""
    rows, columns = topology.row_order.size, topology.entry_start.size - 1
    vectors = {name: _aligned(rows * LANES) for name in Work._fields[2:10]}
    return Work(
        columns=_aligned(columns * STRIDE),
        factor=_aligned(topology.factor_size * LANES),
        **vectors,
        lane=_aligned(REPORT),
        numbers=Numbers(*(_room(values.shape[0], values.shape[1]) for values in numbers)),
        x=_room(columns, TOGETHER),
        y=_room(rows, TOGETHER),
        kept=_aligned(2 * columns * LANES),
        kept_price=_aligned(rows * LANES),
    )


def _aligned(size: int) -> Array:
    memory = np.zeros(size + LANES)
    offset = (-memory.ctypes.data // memory.itemsize) % LANES
    return memory[offset : offset + size]


def _room(size: int, width: int) -> Array:
    """Room for one value per column, or for those of as many scenarios as are gathered."""
    width = 1 if width == 1 else TOGETHER
    return _aligned(size * width).reshape(size, width)


@entry_point("the batched solver")
def solve_blocks(topology, one_sided, numbers, chosen, work, answers, options):  # type: ignore[no-untyped-def]
    """Solve the chosen scenarios: a multiple of eight, at most `TOGETHER`.

    `options` are: tolerances at which the polish is tried, one after the other until it is accepted; most iterations;
    rounds of each polish; rounds of a warm start from the active columns of the block before, or 0; whether there was a
    block before the first one.
    """
    tolerances, limit, rounds, warm_rounds, walking = options
    gathered = work.numbers
    _gather(numbers.cost, chosen, gathered.cost)
    _gather(numbers.curvature, chosen, gathered.curvature)
    _gather(numbers.lower, chosen, gathered.lower)
    _gather(numbers.upper, chosen, gathered.upper)
    _gather(numbers.balance, chosen, gathered.balance)
    for first in range(0, chosen.size, LANES):
        _fill(topology, one_sided, gathered, first, work)
        clear(work.lane)
        nothing = load(work.lane, ACCEPTED)
        if warm_rounds > 0 and (first > 0 or walking):
            warm_start(topology, one_sided, work)
            polish(topology, one_sided, work, warm_rounds)
            _empty(topology, one_sided, gathered, first, work, nothing)
        fresh = True
        for tolerance, repairs in zip(tolerances, rounds):  # noqa: B905  numba has no strict zip
            before = load(work.lane, ACCEPTED)
            if not any_lane(before < splat(1.0)):
                break
            if fresh:
                start(topology, one_sided, work)
                fresh = False
            interior_point(topology, one_sided, work, tolerance, limit)
            estimate(one_sided, work)
            polish(topology, one_sided, work, repairs)
            _empty(topology, one_sided, gathered, first, work, before)
        if warm_rounds > 0:
            keep(one_sided, work, first)
        for lane in range(LANES):
            answers.iterations[chosen[first + lane]] = np.int32(work.lane[ITERATIONS + lane])
            answers.polished[chosen[first + lane]] = work.lane[ACCEPTED + lane] > 0.0
    _scatter(work.x, chosen, answers.columns)
    _scatter(work.y, chosen, answers.duals)


@inner
def _gather(values, chosen, gathered):  # type: ignore[no-untyped-def]
    """Copy the chosen scenarios together, eight neighbours at once where they are neighbours."""
    wide = values.shape[1]
    if wide == 1:
        for place in range(values.shape[0]):
            gathered[place, 0] = values[place, 0]
        return
    close = _neighbours(chosen)
    for place in range(values.shape[0]):
        for first in range(0, chosen.size, LANES):
            if close[first // LANES]:
                store(gathered, place * TOGETHER + first, load(values, place * wide + chosen[first]))
            else:
                for lane in range(first, first + LANES):
                    gathered[place, lane] = values[place, chosen[lane]]


@inner
def _scatter(gathered, chosen, values):  # type: ignore[no-untyped-def]
    """Copy answers to where they belong."""
    wide = values.shape[1]
    close = _neighbours(chosen)
    for place in range(values.shape[0]):
        for first in range(0, chosen.size, LANES):
            if close[first // LANES]:
                store(values, place * wide + chosen[first], load(gathered, place * TOGETHER + first))
            else:
                for lane in range(first, first + LANES):
                    values[place, chosen[lane]] = gathered[place, lane]


@inner
def _neighbours(chosen):  # type: ignore[no-untyped-def]
    """For each eight of the chosen scenarios, whether they lie side by side."""
    close = np.ones(chosen.size // LANES, dtype=np.bool_)
    for lane in range(chosen.size):
        if chosen[lane] != chosen[lane - lane % LANES] + lane % LANES:
            close[lane // LANES] = False
    return close


@inner
def _read(values, place, first):  # type: ignore[no-untyped-def]
    """One row of a gathered array for the eight scenarios from `first`."""
    if values.shape[1] == 1:
        return splat(values[place, 0])
    return load(values, place * TOGETHER + first)


@inner
def _fill(topology, one_sided, numbers, first, work):  # type: ignore[no-untyped-def]
    """Load a block, with every column measured from its lower bound."""
    columns, balance, zero = work.columns, work.balance, splat(0.0)
    for row in range(topology.row_order.size):
        store(balance, row * LANES, _read(numbers.balance, np.int64(topology.row_order[row]), first))
    for k in range(one_sided.size):
        at = k * STRIDE
        lower, q = _read(numbers.lower, k, first), _read(numbers.curvature, k, first)
        store(columns, at + COST, fma(q, lower, _read(numbers.cost, k, first)))
        store(columns, at + CURVATURE, q)
        store(columns, at + LOWER, lower)
        store(columns, at + WIDTH, _read(numbers.upper, k, first) - lower)
        if any_lane((lower < zero) | (zero < lower)):
            for e in range(topology.entry_start[k], topology.entry_start[k + 1]):
                row_at = topology.entry_row[e] * LANES
                store(balance, row_at, fma(splat(-topology.entry_value[e]), lower, load(balance, row_at)))


@inner
def _empty(topology, one_sided, numbers, first, work, before):  # type: ignore[no-untyped-def]
    """Put the polished numbers where accepted, else the interior point, but not over what was there `before`."""
    columns = work.columns
    kept = splat(0.0) < before
    accepted = splat(0.0) < load(work.lane, ACCEPTED)
    for k in range(one_sided.size):
        at = k * STRIDE
        x = select(accepted, load(columns, at + SOLVED), load(columns, at + X))
        upper, shifted = _read(numbers.upper, k, first), x + load(columns, at + LOWER)
        # Exactly on the bound, and never beyond it where the sum or the width was rounded up; NaN stays.
        x = select((load(columns, at + WIDTH) <= x) | (upper < shifted), upper, shifted)
        place = k * TOGETHER + first
        store(work.x, place, select(kept, load(work.x, place), x))
    for row in range(topology.row_order.size):
        at = row * LANES
        price = select(accepted, load(work.solved_dual, at), load(work.price, at))
        place = np.int64(topology.row_order[row]) * TOGETHER + first
        store(work.y, place, select(kept, load(work.y, place), price))
