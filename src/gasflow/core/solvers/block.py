"""Scenarios into lanes, through the interior-point method and the polish, and out again.

The arrays of a problem are read where they lie: one value per column when it is shared, eight neighbouring ones
otherwise. A last block that is not full is filled with copies of its last scenario, so that every block is the same
sequence of instructions.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gasflow.core.compiled import BUILD, entry_point, inner
from gasflow.core.problem import Array
from gasflow.core.solvers.face import FACE_X, guess, polish
from gasflow.core.solvers.kernel import COST, CURVATURE, STRIDE, WIDTH, X, interior_point
from gasflow.core.solvers.ordering import Topology
from gasflow.core.simd import LANES, any_lane, fma, load, select, splat, store


class Numbers(NamedTuple):
    """The numbers of a problem, each (column or row, scenario) or (column or row, 1)."""

    cost: Array
    curvature: Array
    lower: Array
    upper: Array
    balance: Array


class Answers(NamedTuple):
    """Where a block writes: columns, duals, whether the polish was accepted, iterations (-1: not converged)."""

    flows: Array
    prices: Array
    polished: NDArray[np.bool_]
    iterations: NDArray[np.int32]


class Work(NamedTuple):
    """The memory of one thread: fields of the columns, then vectors over the rows, always eight lanes wide."""

    columns: Array
    factor: Array
    price: Array
    face_price: Array
    balance: Array
    mismatch: Array
    right: Array
    step: Array
    second: Array
    centring: Array
    lane: Array


def workspace(topology: Topology) -> Work:
    """Allocate the memory of one thread, aligned to cache lines."""
    rows, columns = topology.row_order.size, topology.entry_start.size - 1
    return Work(
        columns=_aligned(columns * STRIDE),
        factor=_aligned(topology.factor_size * LANES),
        **{name: _aligned(rows * LANES) for name in Work._fields[2:-1]},
        lane=_aligned(2 * LANES),
    )


def _aligned(size: int) -> Array:
    memory = np.zeros(size + LANES)
    offset = (-memory.ctypes.data // memory.itemsize) % LANES
    return memory[offset : offset + size]


def _entry(build: int) -> Any:
    @entry_point
    def solve_blocks(topology, one_sided, numbers, chosen, work, answers, options):  # type: ignore[no-untyped-def]
        tolerance, limit, rounds = options
        for first in range(0, chosen.size, LANES):
            block = chosen[first : first + LANES]
            _fill(topology, one_sided, numbers, block, work)
            interior_point(topology, one_sided, work, tolerance, limit)
            guess(one_sided, work)
            polish(topology, one_sided, work, rounds)
            _empty(topology, one_sided, numbers, block, work, answers)
        return build

    return solve_blocks


# Solve the chosen scenarios, whose number is a multiple of eight; `options`: tolerance, iterations, rounds of polish.
solve_blocks = _entry(BUILD)


@inner
def _read(values, place, block, close, scratch):  # type: ignore[no-untyped-def]
    """One row of an array of a problem, for the scenarios of a block; `close` if they are neighbours."""
    width = values.shape[1]
    if width == 1:
        return splat(values[place, 0])
    if close:
        return load(values, place * width + block[0])
    for lane in range(LANES):
        scratch[lane] = values[place, block[lane]]
    return load(scratch, 0)


@inner
def _fill(topology, one_sided, numbers, block, work):  # type: ignore[no-untyped-def]
    """Load a block, with every column measured from its lower bound."""
    columns, balance, scratch = work.columns, work.balance, work.lane
    close = _are_neighbours(block)
    for row in range(topology.row_order.size):
        store(balance, row * LANES, _read(numbers.balance, topology.row_order[row], block, close, scratch))
    zero = splat(0.0)
    for k in range(one_sided.size):
        at = k * STRIDE
        lower = _read(numbers.lower, k, block, close, scratch)
        q = _read(numbers.curvature, k, block, close, scratch)
        store(columns, at + COST, fma(q, lower, _read(numbers.cost, k, block, close, scratch)))
        store(columns, at + CURVATURE, q)
        store(columns, at + WIDTH, _read(numbers.upper, k, block, close, scratch) - lower)
        if any_lane((lower < zero) | (zero < lower)):
            for e in range(topology.entry_start[k], topology.entry_start[k + 1]):
                row = topology.entry_row[e] * LANES
                store(balance, row, fma(splat(-topology.entry_value[e]), lower, load(balance, row)))


@inner
def _are_neighbours(block):  # type: ignore[no-untyped-def]
    close = True
    for lane in range(1, LANES):
        close = close and block[lane] == block[0] + lane
    return close


@inner
def _empty(topology, one_sided, numbers, block, work, answers):  # type: ignore[no-untyped-def]
    """Write a block's answers: the polished numbers where they were accepted, else the interior-point ones."""
    columns, scratch, zero = work.columns, work.lane, splat(0.0)
    close = _are_neighbours(block)
    accepted = zero < load(work.lane, LANES)
    for lane in range(LANES):
        answers.polished[block[lane]] = work.lane[LANES + lane] > 0.0
        answers.iterations[block[lane]] = np.int32(work.lane[lane])
    for k in range(one_sided.size):
        at = k * STRIDE
        x = select(accepted, load(columns, at + FACE_X), load(columns, at + X))
        shifted = x + _read(numbers.lower, k, block, close, scratch)
        x = select(x < load(columns, at + WIDTH), shifted, _read(numbers.upper, k, block, close, scratch))
        _write(answers.flows, k, block, close, x, scratch)
    for row in range(topology.row_order.size):
        at = row * LANES
        price = select(accepted, load(work.face_price, at), load(work.price, at))
        _write(answers.prices, topology.row_order[row], block, close, price, scratch)


@inner
def _write(values, place, block, close, numbers, scratch):  # type: ignore[no-untyped-def]
    """Write one row of an answer for the scenarios of a block."""
    if close:
        store(values, place * values.shape[1] + block[0], numbers)
    else:
        store(scratch, 0, numbers)
        for lane in range(LANES):
            values[place, block[lane]] = scratch[lane]
