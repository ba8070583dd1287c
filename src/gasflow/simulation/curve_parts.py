"""Demand and market supply: curves in pieces, one column per piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gasflow.core.curves import SHARED, Curve, breakpoints, relative_quantity
from gasflow.core.problem import Array
from gasflow.scenarios.conditions import Conditions
from gasflow.simulation.layout import Kind
from gasflow.simulation.parts import Columns, Frame, Part

# A piece narrower than this (GWh/d) is closed: its curvature would be astronomical, and it moves nothing.
_NARROWEST = 1e-9


@dataclass(frozen=True)
class DemandCurves:
    """The demand curves of some conditions.

    Attributes:
        conditions: which ones.
        node: demand at the breakpoints in GWh/d, shape (breakpoint, node with demand, period, scenario).
    """

    conditions: Conditions
    node: Array


class Demand(Part):
    """One curve per node with demand, the sum of its sectors, served from the highest value down.

    Piece ``j`` of a node lies between two breakpoints: the marginal value falls linearly across it from the upper
    to the lower price. What is demanded even at the value of lost load is firm and belongs to the balance.
    Items are ordered by node, then by piece from the highest price down.
    """

    kind = Kind.DEMAND

    def __init__(self, frame: Frame, base: Conditions, curve: Curve) -> None:
        self.frame, self.curve = frame, curve
        row_node = frame.node(frame.demands["node"])
        self.order = np.argsort(row_node, kind="stable")
        self.demand_nodes, self.first = np.unique(row_node[self.order], return_index=True)
        self.item_of_row = np.searchsorted(self.demand_nodes, row_node)
        self.anchor = _anchors(self._node_anchors(base), frame)
        self.multiples = breakpoints(frame.value_of_lost_load / self.anchor)
        self.pieces = self.multiples.shape[0] - 1
        self.node = np.repeat(self.demand_nodes, self.pieces)
        self.entries = (frame.balance_entries(self.node, -1.0),)

    def _node_anchors(self, base: Conditions) -> Array:
        """Anchor price of the elastic sectors of each node, shape (node with demand, period); NaN where none is."""
        prices, elasticity = (base.value("demands", column)[..., 0] for column in ("anchor_price", "elasticity"))
        elastic = np.where(elasticity < 0, prices, np.nan)
        return np.fmax.reduceat(elastic[self.order], self.first, axis=0)

    def curves(self, conditions: Conditions) -> DemandCurves:
        """Quantities at the breakpoints."""
        elasticity, volume = (conditions.value("demands", column) for column in ("elasticity", "volume"))
        shape = np.broadcast_shapes((self.multiples.shape[2], 1), elasticity.shape[1:], volume.shape[1:])
        node = np.zeros((self.pieces + 1, self.demand_nodes.size, *shape))
        for item, sector in zip(self.item_of_row, self._sectors(conditions), strict=True):
            node[:, item] += sector
        return DemandCurves(conditions, node)

    def _sectors(self, conditions: Conditions) -> Iterator[Array]:
        """Demand of each row of the table at the breakpoints in GWh/d, shape (breakpoint, period, scenario).

        Row by row, since a row of thousands of scenarios fits into the cache and all rows do not. Near the anchor
        breakpoints are the same everywhere, so that rows with one elasticity share the exponentials.
        """
        near: dict[bytes, Array] = {}
        rows = (conditions.value("demands", column) for column in ("elasticity", "volume"))
        for elasticity, volume, item in zip(*rows, self.item_of_row, strict=True):
            multiples = self.multiples[:, item, :, None]
            key = elasticity.tobytes()
            if key not in near:
                near[key] = relative_quantity(multiples[:SHARED], elasticity, self.curve)
            far = relative_quantity(multiples[SHARED:], elasticity, self.curve, first=SHARED)
            yield np.concatenate([near[key], far]) * volume

    def columns(self, conditions: Conditions) -> Columns:
        """Negative marginal value at the start of each piece, its fall per GWh, and its width."""
        return self.columns_of(self.curves(conditions))

    def columns_of(self, curves: DemandCurves) -> Columns:
        """The same from curves already computed."""
        prices = self.multiples[..., None] * self.anchor[:, :, None]
        width = _by_item(-np.diff(curves.node, axis=0)[::-1])
        fall = _by_item(np.diff(prices, axis=0)[::-1])
        return _pieces(-_by_item(prices[:0:-1]), fall, width, self.frame.days)

    def firm(self, curves: DemandCurves) -> Array:
        """Demand at the value of lost load in GWh/d, shape (node, period, scenario)."""
        firm = np.zeros((len(self.frame.nodes), *curves.node.shape[2:]))
        firm[self.demand_nodes] = curves.node[-1]
        return firm

    def served(self, curves: DemandCurves, flows: Array, unserved: Array) -> Array:
        """What each sector gets, in GWh/d.

        At one price all sectors of a node stand at the same point of the same piece, so each gets the same share of
        its own width. Firm demand that goes unserved is shared among the sectors in proportion. A deficit beyond it
        is owed to the fixed statistical difference of the node, and takes nothing from demand.

        Args:
            curves: of the conditions solved.
            flows: of the demand columns in GWh, shape (item, period, scenario).
            unserved: deficit per node in GWh/d, shape (node, period, scenario).

        Returns:
            Shape (row, period, scenario).
        """
        width = -np.diff(curves.node, axis=0)[::-1]
        taken = flows.reshape(self.demand_nodes.size, self.pieces, *flows.shape[1:]).swapaxes(0, 1) / self.frame.days
        filled = np.divide(
            taken, width, out=np.zeros(np.broadcast_shapes(taken.shape, width.shape)), where=width > _NARROWEST
        )
        firm = curves.node[-1]
        short = np.minimum(unserved[self.demand_nodes], firm)
        missing = np.divide(short, firm, out=np.zeros_like(short), where=firm > 0)
        served = np.empty((self.item_of_row.size, *filled.shape[2:]))
        for row, (item, sector) in enumerate(zip(self.item_of_row, self._sectors(curves.conditions), strict=True)):
            own_width = -np.diff(sector, axis=0)[::-1]
            served[row] = (own_width * filled[:, item]).sum(axis=0) + sector[-1] * (1.0 - missing[item])
        return served


class Market(Part):
    """World supply of LNG: a curve around its anchor; the first piece is flat at a tenth of the anchor price."""

    kind = Kind.MARKET

    def __init__(self, frame: Frame, base: Conditions) -> None:
        self.frame = frame
        self.rows = np.flatnonzero((frame.supplies["kind"] == "market").to_numpy())
        anchor = _anchors(base.value("supplies", "anchor_price")[self.rows, :, 0], frame)
        self.multiples = breakpoints(frame.value_of_lost_load / anchor)
        self.pieces = self.multiples.shape[0]
        self.node = np.repeat(frame.node(frame.supplies["node"].iloc[self.rows]), self.pieces)
        self.entries = (frame.balance_entries(self.node, 1.0),)

    def columns(self, conditions: Conditions) -> Columns:
        """Marginal cost at the start of each piece, its rise per GWh, and its width."""
        volume, elasticity, anchor = (
            conditions.value("supplies", column)[self.rows] for column in ("volume", "elasticity", "anchor_price")
        )
        prices = self.multiples[..., None] * anchor
        relative = relative_quantity(self.multiples[..., None], elasticity)
        width = np.diff(relative * volume, axis=0, prepend=0.0)
        start = np.concatenate([prices[:1], prices[:-1]])
        return _pieces(_by_item(start), _by_item(prices - start), _by_item(width), self.frame.days)

    def supplied(self, flows: Array) -> Array:
        """Supply of each market row in GWh/d, shape (row, period, scenario)."""
        total: Array = flows.reshape(self.rows.size, self.pieces, *flows.shape[1:]).sum(axis=1) / self.frame.days
        return total


def _anchors(prices: Array, frame: Frame) -> Array:
    """Anchor prices; demand without elasticity needs none, and any will do for it."""
    return np.where(prices > 0, prices, frame.value_of_lost_load / 10)


def _by_item(values: Array) -> Array:
    """From (piece, item, period, scenario) to (item and piece, period, scenario)."""
    return values.swapaxes(0, 1).reshape(-1, *values.shape[2:])


def _pieces(cost: Array, rise: Array, width: Array, days: Array) -> Columns:
    """Columns whose marginal cost moves linearly by `rise` across `width`."""
    open_piece = width > _NARROWEST
    curvature = np.divide(
        rise, width * days, out=np.zeros(np.broadcast_shapes(rise.shape, (width * days).shape)), where=open_piece
    )
    return Columns(cost, curvature, np.zeros((1, 1, 1)), np.where(open_piece, width, 0.0) * days)
