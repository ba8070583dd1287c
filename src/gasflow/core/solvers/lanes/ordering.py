"""What depends on the topology alone: elimination order, sparsity of the factor, and the assembly of ``A D A'``.

Each interior-point iteration factorises ``A D A' = L E L'`` with ``D`` and ``E`` diagonal and positive. Only the
numbers change from scenario to scenario and from iteration to iteration, so which products are added where is worked
out once and written down as flat lists of positions that the compiled kernel walks through.

Rows are renumbered in elimination order; the factor is stored as its diagonal (positions ``0 .. row - 1``) followed by
the entries below it, column after column.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from gasflow.core.problem import Array

Positions = NDArray[np.uint64]


class Topology(NamedTuple):
    """The lists of positions that a compiled kernel needs, all read-only and contiguous.

    Attributes:
        row_order: original row of each row of the kernel, shape (row,).
        entry_start: first entry of each column in the two lists below, shape (column + 1,).
        entry_row: row, in elimination order, of each non-zero of ``A``.
        entry_value: the non-zeros of ``A``, column after column.
        product_start: first product of each column in the two lists below, shape (column + 1,).
        product_target: position in the factor to which ``A_ik A_jk D_k`` is added.
        product_value: ``A_ik A_jk``.
        factor_start: first entry below the diagonal of each factor column, as a position in the factor, (row + 1,).
        factor_row: row of each position of the factor; for the diagonal, the row itself.
        update_target: for each factor column and each pair of its entries, the position that the pair updates.
    """

    row_order: Positions
    entry_start: Positions
    entry_row: Positions
    entry_value: Array
    product_start: Positions
    product_target: Positions
    product_value: Array
    factor_start: Positions
    factor_row: Positions
    update_target: Positions

    @property
    def factor_size(self) -> int:
        """Number of stored entries of the factor, diagonal included."""
        return int(self.factor_row.size)


def analyse(incidence: csc_array) -> Topology:
    """Order the rows of ``A``, find the sparsity of the factor, and list every product and update.

    Example:
        A chain of three nodes fills nothing in: three diagonal entries and two below.

        >>> import numpy as np
        >>> chain = csc_array(np.array([[-1.0, 0.0], [1.0, -1.0], [0.0, 1.0]]))
        >>> analyse(chain).factor_size
        5
    """
    a = csc_array(incidence)
    a.sum_duplicates()
    order, below = _eliminate(_neighbours(a))
    position_of_row = np.empty(a.shape[0], dtype=np.int64)
    position_of_row[order] = np.arange(a.shape[0])
    columns = [sorted(int(position_of_row[row]) for row in rows) for rows in below]
    place, factor_start, factor_row = _layout(columns)
    product_start, product_target, product_value = _products(a, position_of_row, place)
    return Topology(
        row_order=_positions(order),
        entry_start=_positions(a.indptr),
        entry_row=_positions(position_of_row[a.indices]),
        entry_value=_frozen(np.array(a.data, dtype=np.float64)),
        product_start=product_start,
        product_target=product_target,
        product_value=product_value,
        factor_start=factor_start,
        factor_row=factor_row,
        update_target=_updates(columns, place),
    )


def _neighbours(a: csc_array) -> list[set[int]]:
    """Rows that share a column with each row."""
    rows: list[set[int]] = [set() for _ in range(a.shape[0])]
    for start, stop in zip(a.indptr[:-1], a.indptr[1:], strict=True):
        touched = a.indices[start:stop].tolist()
        for row in touched:
            rows[row].update(touched)
    for row, others in enumerate(rows):
        others.discard(row)
    return rows


def _eliminate(neighbours: list[set[int]]) -> tuple[list[int], list[set[int]]]:
    """Minimum degree: eliminate the row with the fewest neighbours left, and join its neighbours to one another.

    Returns the order, and for each eliminated row the rows below it in its factor column.
    """
    buckets: dict[int, set[int]] = {}
    for row, others in enumerate(neighbours):
        buckets.setdefault(len(others), set()).add(row)
    order: list[int] = []
    below: list[set[int]] = []
    while len(order) < len(neighbours):
        degree = min(size for size, rows in buckets.items() if rows)
        row = min(buckets[degree])  # the smallest number, so that the order does not hang on a hash
        buckets[degree].discard(row)
        others = neighbours[row]
        for other in others:
            joined = neighbours[other]
            buckets[len(joined)].discard(other)
            joined |= others
            joined -= {row, other}
            buckets.setdefault(len(joined), set()).add(other)
        order.append(row)
        below.append(others)
    return order, below


def _layout(columns: list[list[int]]) -> tuple[dict[tuple[int, int], int], Positions, Positions]:
    """Where each entry (row, column) of the factor is stored."""
    count = len(columns)
    place = {(row, row): row for row in range(count)}
    starts, rows = [count], list(range(count))
    for column, entries in enumerate(columns):
        for row in entries:
            place[row, column] = len(rows)
            rows.append(row)
        starts.append(len(rows))
    return place, _positions(starts), _positions(rows)


def _products(
    a: csc_array, position_of_row: NDArray[np.int64], place: dict[tuple[int, int], int]
) -> tuple[Positions, Positions, Array]:
    """For each column of ``A``, the products of its entries and where in the factor they belong."""
    starts, targets, values = [0], list[int](), list[float]()
    for start, stop in zip(a.indptr[:-1], a.indptr[1:], strict=True):
        rows = position_of_row[a.indices[start:stop]].tolist()
        entries = a.data[start:stop].tolist()
        for i, (row, value) in enumerate(zip(rows, entries, strict=True)):
            for other, other_value in zip(rows[: i + 1], entries[: i + 1], strict=True):
                targets.append(place[max(row, other), min(row, other)])
                values.append(value * other_value)
        starts.append(len(targets))
    return _positions(starts), _positions(targets), _frozen(np.array(values, dtype=np.float64))


def _updates(columns: list[list[int]], place: dict[tuple[int, int], int]) -> Positions:
    """For each factor column, the target of entry p times entry q, for q = p, p + 1, ..."""
    return _positions(
        [place[lower, upper] for entries in columns for p, upper in enumerate(entries) for lower in entries[p:]]
    )


def _positions(values: object) -> Positions:
    positions = np.array(values, dtype=np.uint64)
    positions.flags.writeable = False
    return positions


def _frozen(values: Array) -> Array:
    values.flags.writeable = False
    return values
