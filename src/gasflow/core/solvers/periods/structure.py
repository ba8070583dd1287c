"""The structure of a programme over many periods: what is alike in every period, and what links one to the next.

In ``M = A D A'`` the rows of different periods touch only where a column spans two periods: the level of a store. Such
rows are *links*. All other rows form one matrix per period with the same sparsity, so that they are eliminated in
all periods at once, the period being the last, contiguous axis. What remains per period is a small dense matrix on the
links and the rows next to them (the *border*), and together they are block-tridiagonal in time (see `cholesky`).

Rows are told apart by their *place* within their period: the n-th row of one period corresponds to the n-th of another.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from gasflow.core.problem import Structure

Positions = NDArray[np.intp]

# The factorisation costs the cube of its block in each period; with larger blocks a sparse solver is quicker: with 466
# rows in a block and 12 periods, a factorisation takes half as long as a whole solve by the reference solver.
_LARGEST_BLOCK = 160


class Pivot(NamedTuple):
    """The elimination of one place in all periods.

    Attributes:
        diagonal: place that is eliminated, and position of its diagonal.
        entries: positions of the entries below the diagonal.
        rows: places of these entries, shape (entry,).
        lower, upper: the pairs of entries whose products are subtracted, shape (pair,).
        targets: positions from which, shape (pair,).
    """

    diagonal: int
    entries: slice
    rows: Positions
    lower: Positions
    upper: Positions
    targets: Positions


class BlockTridiagonal(NamedTuple):
    """What is prepared once for an incidence matrix; places are numbered in the order of elimination.

    Attributes:
        rows: row of each place and period, shape (place, period).
        pivots: the places eliminated in all periods at once, in order.
        kept: number of places that remain, the last ones.
        links: number of those that are links, again the last ones.
        dense: for each position of the remaining matrix of a period, its place in it: row * kept + column.
        dense_from: the first of these positions.
        across: the same for the positions that couple links of a period (column) to the next one's (row).
        across_from: the first of these positions.
        assembly: sums the products ``A_ik A_jk D_k`` into positions, shape (position * period, column).
    """

    rows: Positions
    pivots: tuple[Pivot, ...]
    kept: int
    links: int
    dense: Positions
    dense_from: int
    across: Positions
    across_from: int
    assembly: csr_array

    @property
    def period_count(self) -> int:
        """Number of periods."""
        return int(self.rows.shape[1])


def block_tridiagonal(structure: Structure) -> BlockTridiagonal | None:
    """Find the structure; None where there is none that helps.

    Example:
        Two periods of one node, with a store whose level links them:

        >>> import numpy as np
        >>> a = np.array([[1.0, 0, -1, 0, 0], [0, 1, 0, -1, 0], [0, 0, -1, 0, 1], [0, 0, 0, -1, -1]])
        >>> found = block_tridiagonal(Structure(a, np.array([0, 1, 0, 1])))
        >>> found.rows.tolist(), found.kept, found.links
        ([[0, 1], [2, 3]], 2, 1)
        >>> block_tridiagonal(Structure(a, np.array([0, 0, 0, 1]))), block_tridiagonal(Structure(a))
        (None, None)
    """
    incidence, period = structure.incidence, structure.period
    if period is None:
        return None
    labels, when = np.unique(period, return_inverse=True)
    count = np.bincount(when, minlength=labels.size)
    if labels.size < 2 or (count != count[0]).any() or not incidence.data.any():
        return None
    rows = np.argsort(when, kind="stable").reshape(labels.size, -1)
    place = np.empty(period.size, dtype=np.intp)
    place[rows] = np.arange(rows.shape[1])
    pairs = _pairs(incidence)
    late, early = _ordered(pairs, when)
    gap = when[late] - when[early]
    if (gap > 1).any():
        return None
    same = gap == 0
    size = rows.shape[1]
    linking = np.zeros(size, dtype=np.bool_)
    linking[place[late[~same]]] = linking[place[early[~same]]] = True
    neighbours = [set[int]() for _ in range(size)]
    for key in _distinct(place[late[same]] * size + place[early[same]], size * size).tolist():
        one, other = divmod(key, size)
        if one != other:
            neighbours[one].add(other)
            neighbours[other].add(one)
    border = {other for one in np.flatnonzero(linking).tolist() for other in neighbours[one] if not linking[other]}
    if not linking.any() or len(border) + int(linking.sum()) > _LARGEST_BLOCK:
        return None
    order, below = _eliminate(neighbours, set(range(size)) - border - set(np.flatnonzero(linking).tolist()))
    order += sorted(border) + np.flatnonzero(linking).tolist()
    number = np.empty(size, dtype=np.intp)
    number[order] = np.arange(size)
    return _laid_out(
        rows.T[order],
        [np.sort(number[list(others)]) for others in below],
        int(linking.sum()),
        (number[place[late]], number[place[early]], when[early], same, pairs),
        incidence.shape[1],
    )


class _Pairs(NamedTuple):
    """Every pair of entries of a column of ``A``: its rows, product and column."""

    one: Positions
    other: Positions
    product: NDArray[np.float64]
    column: Positions


def _pairs(a: csc_array) -> _Pairs:
    """All pairs of entries that share a column, each once, explicit zeros apart."""
    size = np.diff(a.indptr)
    parts = []
    for entries in np.unique(size[size > 0]).tolist():  # columns with as many entries are treated together
        columns = np.flatnonzero(size == entries)
        at = a.indptr[columns][:, None] + np.arange(entries)
        first, second = np.tril_indices(entries)
        parts.append(
            _Pairs(
                a.indices[at[:, first]].ravel().astype(np.intp),
                a.indices[at[:, second]].ravel().astype(np.intp),
                (a.data[at[:, first]] * a.data[at[:, second]]).ravel(),
                np.repeat(columns, first.size),
            )
        )
    pairs = _Pairs(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    kept = pairs.product != 0.0
    return _Pairs(*(part[kept] for part in pairs))


def _ordered(pairs: _Pairs, when: Positions) -> tuple[Positions, Positions]:
    """Return the rows of each pair, that of the later period first."""
    swap = when[pairs.one] < when[pairs.other]
    return np.where(swap, pairs.other, pairs.one), np.where(swap, pairs.one, pairs.other)


def _eliminate(neighbours: list[set[int]], chosen: set[int]) -> tuple[list[int], list[set[int]]]:
    """Minimum degree among the chosen places: the order, and the neighbours that each leaves behind."""
    order, below = [], []
    while chosen:
        place = min(chosen, key=lambda candidate: (len(neighbours[candidate]), candidate))
        chosen.discard(place)
        others = neighbours[place]
        for other in others:
            neighbours[other] |= others
            neighbours[other] -= {place, other}
        order.append(place)
        below.append(others)
    return order, below


def _laid_out(
    rows: Positions,
    below: list[Positions],
    links: int,
    pairs: tuple[Positions, Positions, Positions, NDArray[np.bool_], _Pairs],
    columns: int,
) -> BlockTridiagonal:
    """Lay out the positions: diagonals and entries of the eliminated places, the remaining matrix, and the coupling.

    A position is known by its key, row * size + column, in places; those that couple periods come after all others.
    """
    late, early, when, same, products = pairs
    size, periods = rows.shape
    gone = len(below)
    key = np.where(same, np.maximum(late, early) * size + np.minimum(late, early), size * size + late * size + early)
    eliminated = [np.arange(gone) * (size + 1), *(others * size + place for place, others in enumerate(below))]
    keys = np.concatenate(eliminated)
    filled = [_pair_keys(others, size) for others in below]
    rest = _distinct(np.concatenate([np.arange(gone, size) * (size + 1), key, *filled]), 2 * size * size)
    rest = rest[(rest >= size * size) | (rest % size >= gone)]
    dense_from, across_from = keys.size, keys.size + int(np.searchsorted(rest, size * size))
    keys = np.concatenate([keys, rest])
    sorter = np.argsort(keys)

    def position(wanted: Positions) -> Positions:
        return sorter[np.searchsorted(keys, wanted, sorter=sorter)]

    pivots, start = [], gone
    for place, others in enumerate(below):
        lower, upper = np.tril_indices(others.size)
        targets = position(_pair_keys(others, size))
        pivots.append(Pivot(place, slice(start, start + others.size), others, lower, upper, targets))
        start += others.size
    assembly = csr_array(
        (products.product, (position(key) * periods + when, products.column)), shape=(keys.size * periods, columns)
    )
    kept, first_link = size - gone, size - links
    dense, across = keys[dense_from:across_from], keys[across_from:] - size * size
    return BlockTridiagonal(
        rows=rows,
        pivots=tuple(pivots),
        kept=kept,
        links=links,
        dense=(dense // size - gone) * kept + dense % size - gone,
        dense_from=dense_from,
        across=(across // size - first_link) * links + across % size - first_link,
        across_from=across_from,
        assembly=assembly,
    )


def _distinct(keys: Positions, limit: int) -> Positions:
    """Return the keys that occur, in order; quicker than sorting because there are few different ones."""
    seen = np.zeros(limit, dtype=np.bool_)
    seen[keys] = True
    return np.flatnonzero(seen)


def _pair_keys(places: Positions, size: int) -> Positions:
    """Keys of all pairs of the places, which are sorted."""
    lower, upper = np.tril_indices(places.size)
    keys: Positions = places[lower] * size + places[upper]
    return keys
