"""Demand and market supply: curves in pieces, one column per piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gasflow.core.curves import SHARED, SHORTEST, Curve, breakpoints, far_pieces, ladder, relative_quantity
from gasflow.core.problem import Array
from gasflow.scenarios.conditions import Conditions
from gasflow.simulation.components import Columns, Component, NetworkIndex
from gasflow.simulation.layout import Kind

# A piece narrower than this (GWh/d) is closed: its curvature would be astronomical, and it moves nothing.
_NARROWEST = 1e-9
# Where the curve of a node without elastic demand ends, as a multiple of its anchor price.
_FIRM_END = 10.0
# Spare pieces of a market's curve, so that the layout stays the same down to a hundredth of its price.
_ROOM = 7


@dataclass(frozen=True)
class DemandCurves:
    """The demand curves of some conditions.

    Attributes:
        conditions: which ones.
        multiples: breakpoints as multiples of the anchor price, shape (breakpoint, node with demand, period, scenario).
        prices: the same in EUR/MWh.
        node: demand at the breakpoints in GWh/d, the same shape.
    """

    conditions: Conditions
    multiples: Array
    prices: Array
    node: Array


class Demand(Component):
    """One curve per node with demand, the sum of its sectors, served from the highest value down.

    Piece ``j`` of a node lies between two breakpoints: the marginal value falls linearly across it from the upper
    to the lower price. What is demanded even at the value of lost load is firm and belongs to the balance.
    Items are ordered by node, then by piece from the highest price down. Anchors and ends may differ between scenarios,
    the number of pieces may not: a curve with fewer pieces than the longest has empty ones at its end.
    """

    kind = Kind.DEMAND

    def __init__(self, index: NetworkIndex, base: Conditions, curve: Curve) -> None:
        self.index, self.curve = index, curve
        row_node = index.node(index.demands["node"])
        self.order = np.argsort(row_node, kind="stable")
        self.demand_nodes, self.first = np.unique(row_node[self.order], return_index=True)
        self.item_of_row = np.searchsorted(self.demand_nodes, row_node)
        self.far = self._far_pieces(base)
        self.pieces = SHARED + self.far - 1
        self.node = np.repeat(self.demand_nodes, self.pieces)
        self.entries = (index.balance_entries(self.node, -1.0),)
        self._latest: DemandCurves | None = None

    def holds(self, conditions: Conditions) -> bool:
        """Whether there are pieces enough for the curves of some conditions."""
        moved = {("demands", "anchor_price"), ("nodes", "value_of_lost_load")} & conditions.changes.keys()
        return not moved or self._far_pieces(conditions) <= self.far

    def _far_pieces(self, conditions: Conditions) -> int:
        anchor, lost_load = self._anchor_and_end(conditions)
        return far_pieces(lost_load / anchor)

    def _anchor_and_end(self, conditions: Conditions) -> tuple[Array, Array]:
        """Anchor price of each node with demand and where its curve ends, shape (node with demand, period, scenario).

        The anchor is that of the elastic sectors; without any, the curve is a vertical line and any will do.
        """
        elasticity, price = (conditions.value("demands", column) for column in ("elasticity", "anchor_price"))
        elastic = elasticity < 0
        if (elastic == elastic[..., :1]).all():  # the same in every scenario, so that anchors may be shared by all
            elastic = elastic[..., :1]
        anchor = np.fmax.reduceat(np.where(elastic, price, np.nan)[self.order], self.first, axis=0)
        lost_load = conditions.value("nodes", "value_of_lost_load")[self.demand_nodes]
        return np.where(anchor > 0, anchor, lost_load / _FIRM_END), lost_load

    def curves(self, conditions: Conditions) -> DemandCurves:
        """Quantities at the breakpoints; kept for whoever asks next, since a programme and its answers both do."""
        latest = self._latest
        if latest is None or latest.conditions is not conditions:
            latest = self._latest = self._curves_of(conditions)
        return latest

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the curves that are kept for the next question."""
        return {**self.__dict__, "_latest": None}

    def _curves_of(self, conditions: Conditions) -> DemandCurves:
        anchor, lost_load = self._anchor_and_end(conditions)
        multiples = breakpoints(lost_load / anchor, self.far)
        prices = np.where(multiples < multiples[-1], multiples * anchor, lost_load)
        elasticity, volume = (conditions.value("demands", column) for column in ("elasticity", "volume"))
        shape = np.broadcast_shapes(multiples.shape[2:], elasticity.shape[1:], volume.shape[1:])
        node = np.zeros((self.pieces + 1, self.demand_nodes.size, *shape))
        for item, sector in zip(self.item_of_row, self._sectors(conditions, multiples), strict=True):
            node[:, item] += sector
        return DemandCurves(conditions, multiples, prices, node)

    def _sectors(self, conditions: Conditions, multiples: Array) -> Iterator[Array]:
        """Demand of each row of the table at the breakpoints in GWh/d, shape (breakpoint, period, scenario).

        Row by row, since a row of thousands of scenarios fits into the cache and all rows do not. Near the anchor
        breakpoints are the same everywhere, so that rows with one elasticity share the exponentials.
        """
        near: dict[bytes, Array] = {}
        rows = (conditions.value("demands", column) for column in ("elasticity", "volume"))
        for elasticity, volume, item in zip(*rows, self.item_of_row, strict=True):
            key = elasticity.tobytes()
            if key not in near:
                near[key] = relative_quantity(multiples[:SHARED, item], elasticity, self.curve)
            far = relative_quantity(multiples[SHARED:, item], elasticity, self.curve, first=SHARED)
            quantities = (np.broadcast_to(part, (len(part), *far.shape[1:])) for part in (near[key], far))
            yield np.concatenate([*quantities]) * volume

    def columns(self, conditions: Conditions) -> Columns:
        """Negative marginal value at the start of each piece, its fall per GWh, and its width."""
        return self.columns_of(self.curves(conditions))

    def columns_of(self, curves: DemandCurves) -> Columns:
        """Return the same from curves already computed."""
        width = _by_item(-np.diff(curves.node, axis=0)[::-1])
        fall = _by_item(np.diff(curves.prices, axis=0)[::-1])
        return _pieces(-_by_item(curves.prices[:0:-1]), fall, width, self.index.days)

    def firm(self, curves: DemandCurves) -> Array:
        """Demand at the value of lost load in GWh/d, shape (node, period, scenario)."""
        firm = np.zeros((len(self.index.nodes), *curves.node.shape[2:]))
        firm[self.demand_nodes] = curves.node[-1]
        return firm

    def served(self, curves: DemandCurves, flows: Array, unserved: Array) -> Array:
        """Return what each sector gets, in GWh/d.

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
        taken = flows.reshape(self.demand_nodes.size, self.pieces, *flows.shape[1:]).swapaxes(0, 1) / self.index.days
        filled = np.divide(
            taken, width, out=np.zeros(np.broadcast_shapes(taken.shape, width.shape)), where=width > _NARROWEST
        )
        firm = curves.node[-1]
        short = np.minimum(unserved[self.demand_nodes], firm)
        missing = np.divide(short, firm, out=np.zeros_like(short), where=firm > 0)
        sectors = self._sectors(curves.conditions, curves.multiples)
        served = np.empty((self.item_of_row.size, *filled.shape[2:]))
        for row, (item, sector) in enumerate(zip(self.item_of_row, sectors, strict=True)):
            own_width = -np.diff(sector, axis=0)[::-1]
            served[row] = (own_width * filled[:, item]).sum(axis=0) + sector[-1] * (1.0 - missing[item])
        return served


class Market(Component):
    """World supply of LNG: a curve around its anchor; the first piece is flat at a tenth of the anchor price.

    It ends at the highest value of lost load, beyond which nobody buys.
    """

    kind = Kind.MARKET

    def __init__(self, index: NetworkIndex, base: Conditions) -> None:
        self.index = index
        self.rows = np.flatnonzero((index.supplies["kind"] == "market").to_numpy())
        self.far = self._far_pieces(base) + _ROOM
        self.pieces = SHARED + self.far
        self.node = np.repeat(index.node(index.supplies["node"].iloc[self.rows]), self.pieces)
        self.entries = (index.balance_entries(self.node, 1.0),)

    def holds(self, conditions: Conditions) -> bool:
        """Whether there are pieces enough for the curves of some conditions."""
        moved = {("supplies", "anchor_price"), ("nodes", "value_of_lost_load")} & conditions.changes.keys()
        return not moved or self._far_pieces(conditions) <= self.far

    def _far_pieces(self, conditions: Conditions) -> int:
        return far_pieces(np.maximum(self._highest(conditions), SHORTEST))

    def _highest(self, conditions: Conditions) -> Array:
        """Where each curve ends, as a multiple of its anchor price, shape (row, period, scenario)."""
        lost_load = conditions.value("nodes", "value_of_lost_load").max(axis=0, keepdims=True, initial=0.0)
        highest: Array = lost_load / conditions.value("supplies", "anchor_price")[self.rows]
        return highest

    def columns(self, conditions: Conditions) -> Columns:
        """Marginal cost at the start of each piece, its rise per GWh, and its width."""
        volume, elasticity, anchor = (
            conditions.value("supplies", column)[self.rows] for column in ("volume", "elasticity", "anchor_price")
        )
        multiples = ladder(self._highest(conditions), self.far)
        prices = multiples * anchor
        width = np.diff(relative_quantity(multiples, elasticity) * volume, axis=0, prepend=0.0)
        start = np.concatenate([prices[:1], prices[:-1]])
        return _pieces(_by_item(start), _by_item(prices - start), _by_item(width), self.index.days)

    def supplied(self, flows: Array) -> Array:
        """Supply of each market row in GWh/d, shape (row, period, scenario)."""
        total: Array = flows.reshape(self.rows.size, self.pieces, *flows.shape[1:]).sum(axis=1) / self.index.days
        return total


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
