"""Where everything sits in the arrays: kinds of columns, their items, and the incidence matrix.

Built once per network and set of periods; scenarios change numbers only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array

from gasflow.core.problem import Array, Structure

Positions = NDArray[np.intp]


class Kind(StrEnum):
    """Kinds of columns, in the order in which they are laid out."""

    PIPE = "pipe"
    PRODUCTION = "production"
    MARKET = "market"
    DEMAND = "demand"
    STORAGE = "storage"
    INJECTION = "injection"
    WITHDRAWAL = "withdrawal"
    LEVEL = "level"
    SHORTFALL = "shortfall"
    HEADROOM = "headroom"
    DEFICIT = "deficit"
    SPILL = "spill"


@dataclass(frozen=True)
class Entries:
    """Non-zeros of the incidence matrix for one kind: where each item touches one row per period.

    Attributes:
        rows: shape (item, period); a negative row is left out.
        coefficients: shape (item, period).
    """

    rows: Positions
    coefficients: Array


@dataclass(frozen=True)
class Block:
    """The columns of one kind: item ``i`` in period ``t`` sits at ``start + i * period_count + t``.

    Attributes:
        start: position of the first column.
        node: position of the node to which the welfare of each item belongs, shape (item,).
    """

    start: int
    node: Positions


@dataclass(frozen=True)
class Layout:
    """Rows, columns and incidence of the programme of a network.

    Attributes:
        node_count: number of nodes; their balances are the first rows, ``node * period_count + period``.
        period_count: number of periods.
        blocks: the columns by kind.
        structure: the incidence matrix ``A``, shape (row, column), and the period of each row.
    """

    node_count: int
    period_count: int
    blocks: Mapping[Kind, Block]
    structure: Structure

    def columns(self, kind: Kind) -> slice:
        """Where the columns of a kind are."""
        block = self.blocks[kind]
        return slice(block.start, block.start + block.node.size * self.period_count)

    def take(self, values: Array, kind: Kind) -> Array:
        """Return the values of one kind, from shape (column, scenario) to (item, period, scenario)."""
        return values[self.columns(kind)].reshape(-1, self.period_count, values.shape[1])

    def balances(self, values: Array) -> Array:
        """Return the values of the node balances, from shape (row, scenario) to (node, period, scenario)."""
        count = self.node_count * self.period_count
        return values[:count].reshape(self.node_count, self.period_count, values.shape[1])


def lay_out(shape: tuple[int, int, int], kinds: Iterable[tuple[Kind, Positions, tuple[Entries, ...]]]) -> Layout:
    """Give every kind its columns and build the incidence matrix.

    Args:
        shape: numbers of nodes, periods and further rows, which also run through all periods for one item after the
            other.
        kinds: per kind its name, the node of each item, and its entries.
    """
    node_count, period_count, further_rows = shape
    blocks: dict[Kind, Block] = {}
    rows, columns, coefficients = [], [], []
    start = 0
    for kind, node, entries in kinds:
        blocks[kind] = Block(start, node)
        block_columns = start + np.arange(node.size * period_count).reshape(node.size, period_count)
        for entry in entries:
            kept = entry.rows >= 0
            rows.append(entry.rows[kept])
            columns.append(block_columns[kept])
            coefficients.append(np.broadcast_to(entry.coefficients, entry.rows.shape)[kept])
        start += node.size * period_count
    row_count = node_count * period_count + further_rows
    incidence = coo_array(
        (np.concatenate(coefficients), (np.concatenate(rows), np.concatenate(columns))), shape=(row_count, start)
    )
    period = np.arange(row_count) % period_count
    return Layout(node_count, period_count, blocks, Structure(csc_array(incidence), period))
