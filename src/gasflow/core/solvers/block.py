"""Scenarios into lanes, through the interior-point method and the polish, and out again.

The arrays of a problem are read where they lie: one value per column when it is shared, eight neighbouring ones
otherwise. A last block that is not full is filled with copies of its last scenario, so that every block is the same
sequence of instructions.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from gasflow.core.problem import Array
from gasflow.core.solvers.face import FACE_X, guess, polish
from gasflow.core.solvers.kernel import COST, CURVATURE, STRIDE, WIDTH, X, interior_point
from gasflow.core.solvers.ordering import Topology
from gasflow.core.solvers.simd import LANES


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


@numba.njit(nogil=True, cache=True, error_model="numpy", boundscheck=False)  # type: ignore[misc]
def solve_blocks(topology, one_sided, numbers, chosen, work, answers, options):  # type: ignore[no-untyped-def]
    """Solve the chosen scenarios, whose number is a multiple of eight; `options`: tolerance, iterations, rounds."""
    tolerance, limit, rounds = options
    for first in range(0, chosen.size, LANES):
        block = chosen[first : first + LANES]
        _fill(topology, one_sided, numbers, block, work)
        interior_point(topology, one_sided, work, tolerance, limit)
        guess(one_sided, work)
        polish(topology, one_sided, work, rounds)
        _empty(topology, one_sided, numbers, block, work, answers)


@numba.njit(nogil=True, cache=True, error_model="numpy", boundscheck=False)  # type: ignore[misc]
def _fill(topology, one_sided, numbers, block, work):  # type: ignore[no-untyped-def]
    """Load a block, with every column measured from its lower bound."""
    columns, balance = work.columns, work.balance
    cost_shared, curvature_shared = numbers.cost.shape[1] == 1, numbers.curvature.shape[1] == 1
    lower_shared, upper_shared = numbers.lower.shape[1] == 1, numbers.upper.shape[1] == 1
    balance_shared = numbers.balance.shape[1] == 1
    for row in range(topology.row_order.size):
        source = topology.row_order[row]
        for lane in range(LANES):
            balance[row * LANES + lane] = numbers.balance[source, 0 if balance_shared else block[lane]]
    for k in range(one_sided.size):
        at = k * STRIDE
        for lane in range(LANES):
            scenario = block[lane]
            lower = numbers.lower[k, 0 if lower_shared else scenario]
            q = numbers.curvature[k, 0 if curvature_shared else scenario]
            columns[at + COST + lane] = numbers.cost[k, 0 if cost_shared else scenario] + q * lower
            columns[at + CURVATURE + lane] = q
            columns[at + WIDTH + lane] = numbers.upper[k, 0 if upper_shared else scenario] - lower
            if lower != 0.0:
                for e in range(topology.entry_start[k], topology.entry_start[k + 1]):
                    balance[topology.entry_row[e] * LANES + lane] -= topology.entry_value[e] * lower


@numba.njit(nogil=True, cache=True, error_model="numpy", boundscheck=False)  # type: ignore[misc]
def _empty(topology, one_sided, numbers, block, work, answers):  # type: ignore[no-untyped-def]
    """Write a block's answers: the polished numbers where they were accepted, else the interior-point ones."""
    columns = work.columns
    lower_shared, upper_shared = numbers.lower.shape[1] == 1, numbers.upper.shape[1] == 1
    for lane in range(LANES):
        polished = work.lane[LANES + lane] > 0.5
        answers.polished[block[lane]] = polished
        answers.iterations[block[lane]] = np.int32(work.lane[lane])
    for k in range(one_sided.size):
        at = k * STRIDE
        for lane in range(LANES):
            scenario = block[lane]
            slot = FACE_X if work.lane[LANES + lane] > 0.5 else X
            x = columns[at + slot + lane]
            if x >= columns[at + WIDTH + lane]:
                x = numbers.upper[k, 0 if upper_shared else scenario]
            else:
                x = x + numbers.lower[k, 0 if lower_shared else scenario]
            answers.flows[k, scenario] = x
    for row in range(topology.row_order.size):
        target = topology.row_order[row]
        for lane in range(LANES):
            vector = work.face_price if work.lane[LANES + lane] > 0.5 else work.price
            answers.prices[target, block[lane]] = vector[row * LANES + lane]
