"""Block Cholesky of ``A D A'`` of a programme over many periods, and solving with it (see `structure`).

First the places that only their own period knows, in all periods at once: ``L E L'`` without pivoting. Then the dense
matrices ``S_t`` that remain, one per period, coupled by ``B_t`` from the links of one period to those of the next:
block Cholesky in the order of time,

    L_t L_t' = S_t - Y_{t-1} Y_{t-1}',        Y_t = B_t L_t^{-T},

where ``Y_t`` acts on the links, which come last in ``S_t``, so that only the trailing triangle of ``L_t`` enters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.linalg.blas import dgemm, dtrsv
from scipy.linalg.lapack import dpotrf, dtrtri

from gasflow.core.problem import Array
from gasflow.core.solvers.periods.structure import BlockTridiagonal
from gasflow.core.tolerances import BLOCKING_PIVOT, NO_PIVOT

# What a pivot may lose by cancellation before it counts as none, relative to the diagonal it started from.
_LOST = 1e-15


class Factor(NamedTuple):
    """A factorisation.

    Attributes:
        values: multipliers of the eliminated places below their diagonals, shape (position, period).
        pivots: their pivots, shape (place, period).
        triangles: ``L_t``, shape (period, kept, kept), row by row.
        couplings: ``Y_t``, shape (period - 1, link, link).
    """

    values: Array
    pivots: Array
    triangles: Array
    couplings: Array


def factorise(blocks: BlockTridiagonal, weights: Array, added: float = 0.0) -> Factor:
    """Factorise ``A D A' + added I`` for the weights ``D`` of the columns, shape (column,)."""
    periods, kept, links = blocks.period_count, blocks.kept, blocks.links
    values = (blocks.assembly @ weights).reshape(-1, periods)
    count = len(blocks.pivots)
    values[:count] += added
    for pivot in blocks.pivots:
        head, entries = values[pivot.diagonal], values[pivot.entries]
        np.copyto(head, BLOCKING_PIVOT, where=~(head > NO_PIVOT))
        multipliers = entries / head
        values[pivot.targets] -= multipliers[pivot.lower] * entries[pivot.upper]
        entries[...] = multipliers
    square = np.zeros((periods, kept * kept))
    square[:, blocks.dense] = values[blocks.dense_from : blocks.across_from].T
    square[:, :: kept + 1] += added
    across = np.zeros((periods, links * links))
    across[:, blocks.across] = values[blocks.across_from :].T
    triangles = square.reshape(periods, kept, kept)
    couplings = across.reshape(periods, links, links)[:-1]
    _factorise_blocks(triangles, couplings)
    return Factor(values[: blocks.dense_from], values[:count], triangles, couplings)


def _factorise_blocks(triangles: Array, couplings: Array) -> None:
    """Overwrite ``S_t`` by ``L_t`` and ``B_t`` by ``Y_t``.

    LAPACK reads columns first, and so sees the transpose of every matrix here: an upper triangle. Triangles are
    inverted rather than solved with, because OpenBLAS spreads `dtrsm` over threads even where it is this small: on two
    cores 3,000 microseconds instead of 10.
    """
    first = triangles.shape[1] - couplings.shape[1]
    for t, block in enumerate(triangles):
        if t:
            coupling = couplings[t - 1]
            block[first:, first:] -= dgemm(1.0, coupling.T, coupling.T, trans_a=1)
        block[...] = _cholesky(block).T
        if t < len(couplings):
            inverse = dtrtri(block[first:, first:].T, lower=0)[0]
            couplings[t] = dgemm(1.0, inverse, couplings[t].T, trans_a=1).T


def _cholesky(block: Array) -> Array:
    """Return the upper triangle ``L'`` of a matrix given by its lower one; lost pivots are blocked."""
    diagonal = block.diagonal().copy()
    block.flat[:: block.shape[0] + 1] = np.where(diagonal > NO_PIVOT, diagonal * (1.0 + _LOST), BLOCKING_PIVOT)
    while True:
        upper: Array
        upper, failed = dpotrf(block.T, lower=0, clean=1)
        if failed <= 0 or not np.isfinite(diagonal).all():
            return upper
        block[failed - 1, failed - 1] = BLOCKING_PIVOT


def solve(blocks: BlockTridiagonal, factor: Factor, right: Array) -> Array:
    """Solve for one right-hand side, shape (row,)."""
    lanes = right[blocks.rows]
    for pivot in blocks.pivots:
        lanes[pivot.rows] -= factor.values[pivot.entries] * lanes[pivot.diagonal]
    count = len(blocks.pivots)
    lanes[count:] = _solve_blocks(factor, np.ascontiguousarray(lanes[count:].T)).T
    lanes[:count] /= factor.pivots
    for pivot in reversed(blocks.pivots):
        lanes[pivot.diagonal] -= np.einsum("et,et->t", factor.values[pivot.entries], lanes[pivot.rows])
    solution = np.empty_like(right)
    solution[blocks.rows] = lanes
    return solution


def _solve_blocks(factor: Factor, right: Array) -> Array:
    """Solve with the blocks; `right`, shape (period, kept), is overwritten."""
    triangles, couplings = factor.triangles, factor.couplings
    first = right.shape[1] - couplings.shape[1]
    for t, vector in enumerate(right):
        if t:
            vector[first:] -= couplings[t - 1] @ right[t - 1, first:]
        vector[...] = dtrsv(triangles[t].T, vector, lower=0, trans=1)
    for t in range(len(right) - 1, -1, -1):
        vector = right[t]
        if t < len(couplings):
            vector[first:] -= couplings[t].T @ right[t + 1, first:]
        vector[...] = dtrsv(triangles[t].T, vector, lower=0, trans=0)
    return right
