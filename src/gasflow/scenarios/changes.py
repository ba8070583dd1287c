"""Changes of the numbers of a table: one shock per table, which names the column, the rows, and what is done to it.

Every number that counts in the programme can be changed but for losses and the shares that bound withdrawal from a
store. The answer is that of a network in which the column says the new number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from gasflow.errors import ShockError
from gasflow.scenarios.conditions import Conditions, Rows
from gasflow.scenarios.routes import reach
from gasflow.scenarios.selection import Selection
from gasflow.scenarios.shock import Number, Shock, column_of, number


@dataclass(frozen=True)
class NodeChange(Shock):
    """A number of nodes changes: the value of lost load of a country, a statistical difference.

    Attributes:
        column: "statistical_difference" (GWh/d) or "value_of_lost_load" (EUR/MWh).
        factor: multiplies it.
        change: is added afterwards, in the unit of the column.
        node: one node, by any of its names; none: all nodes.
        country: all nodes of a country, by its code; none: all countries.

    Example:
        >>> import gasflow as gf
        >>> short = gf.toys.two_nodes().with_supply("field", volume=30.0)
        >>> gf.simulate(short, gf.NodeChange("value_of_lost_load", 0.5, node="B")).price_at("B").tolist()
        [1500.0]
    """

    column: str = column_of("nodes")
    factor: Number = number(1.0)
    change: Number = number(0.0)
    node: str | None = None
    country: str | None = None

    stage: ClassVar[int] = 0

    def apply(self, conditions: Conditions) -> Conditions:
        """Change the column."""
        chosen = Selection("nodes", node=self.node, country=self.country)
        return _changed(self, conditions, "nodes", chosen.rows(conditions, "NodeChange"))


@dataclass(frozen=True)
class PipeChange(Shock):
    """A number of pipes changes: a tariff, a booking.

    Attributes:
        column: "capacity", "booked", "nominated" (GWh/d), "tariff", "wedge" (EUR/MWh) or "slope".
        factor: multiplies it.
        change: is added afterwards, in the unit of the column.
        place: a pipe, or a node with all pipes at it, by any of its names; none: all pipes.

    A pipe on which a contract is nominated carries what its supply says: its ``nominated`` cannot be changed, but the
    ``volume`` of the supply.

    Example:
        >>> import gasflow as gf
        >>> gf.simulate(gf.toys.two_nodes(), gf.PipeChange("tariff", change=[0.0, 1.5])).price_at("B").tolist()
        [22.0, 23.5]
    """

    column: str = column_of("pipes")
    factor: Number = number(1.0)
    change: Number = number(0.0)
    place: str | None = None

    stage: ClassVar[int] = 0

    def apply(self, conditions: Conditions) -> Conditions:
        """Change the column."""
        pipes = conditions.network.pipes
        rows = np.arange(len(pipes)) if self.place is None else reach(conditions, self.place).pipes
        if self.column == "nominated":
            routes = pipes.index.isin(conditions.network.supplies["route"])
            rows = _counting(self, rows, ~routes[rows], "pipes with a contract carry the volume of its supply")
        return _changed(self, conditions, "pipes", rows)


@dataclass(frozen=True)
class SupplyChange(Shock):
    """A number of supplies changes: a cost, a minimum.

    Attributes:
        column: "volume" (GWh/d), "minimum" (GWh/d, of production and contracts without a route; above the volume it
            counts as the volume), "cost" (EUR/MWh, of production and contracts), "elasticity" or "anchor_price"
            (EUR/MWh, of markets).
        factor: multiplies it.
        change: is added afterwards, in the unit of the column.
        supply: name of a supply; none: all of them.
        node: node at which the gas is supplied, by any of its names.
        country: code of the country in which it is supplied.
        exporter: code of the country that earns the revenue.

    Example:
        >>> import gasflow as gf
        >>> gf.simulate(gf.toys.two_nodes(), gf.SupplyChange("cost", change=5.0, supply="field")).price_at("A").tolist()
        [25.0]
    """

    column: str = column_of("supplies")
    factor: Number = number(1.0)
    change: Number = number(0.0)
    supply: str | None = None
    node: str | None = None
    country: str | None = None
    exporter: str | None = None

    stage: ClassVar[int] = 0

    def apply(self, conditions: Conditions) -> Conditions:
        """Change the column."""
        chosen = Selection("supplies", self.supply, self.node, self.country, self.exporter)
        supplies = conditions.network.supplies
        market = (supplies["kind"] == "market").to_numpy()
        counts, reason = {
            "minimum": (~market & (supplies["route"] == "").to_numpy(), "production, and contracts without a route"),
            "cost": (~market, "production and contracts"),
            "elasticity": (market, "markets"),
            "anchor_price": (market, "markets"),
        }.get(self.column, (np.ones(len(supplies), dtype=np.bool_), ""))
        rows = chosen.rows(conditions, "SupplyChange")
        rows = _counting(self, rows, counts[rows], f"only {reason} have one")
        return _changed(self, conditions, "supplies", rows)


@dataclass(frozen=True)
class DemandChange(Shock):
    """Demand at given prices rises or falls: weather, saving, industry leaving.

    Attributes:
        factor: multiplies the demand of the chosen rows.
        country: country code; none: all countries.
        sector: sector name; none: all sectors.
        node: one node, by any of its names; none: all nodes.
        change: is added afterwards to each row, in the unit of the column.
        column: "volume" (GWh/d), or what else of demand is changed: "elasticity", "anchor_price" (EUR/MWh).
    """

    factor: Number = number(1.0, 0.0)
    country: str | None = None
    sector: str | None = None
    node: str | None = None
    change: Number = number(0.0)
    column: str = column_of("demands", "volume")

    def apply(self, conditions: Conditions) -> Conditions:
        """Change the column."""
        chosen = Selection("demands", node=self.node, country=self.country, sector=self.sector)
        return _changed(self, conditions, "demands", chosen.rows(conditions, "DemandChange"))


@dataclass(frozen=True)
class StorageChange(Shock):
    """A number of stores changes: a rate, a working volume, a cost.

    Attributes:
        column: "volume", "level" (GWh), "injection", "withdrawal", "action" (GWh/d), "value", "injection_cost",
            "withdrawal_cost", "full_rate_cost" (EUR/MWh) or "slope". Costs count over a horizon only, ``slope`` and
            ``action`` within a single day only; ``level`` is that at the start.
        factor: multiplies it.
        change: is added afterwards to each store, in the unit of the column.
        storage: name of a store; none: all of them.
        node: node at which it is, by any of its names.
        country: code of the country in which it is.

    Example:
        >>> import gasflow as gf
        >>> drained = gf.StorageChange("level", factor=0.0, country="SK")
        >>> gf.simulate(gf.toys.transit_hub(), drained, gf.SupplyCut(exporter="RU")).storage["SK store"].tolist()
        [0.0]
    """

    column: str = column_of("storages")
    factor: Number = number(1.0)
    change: Number = number(0.0)
    storage: str | None = None
    node: str | None = None
    country: str | None = None

    stage: ClassVar[int] = 0

    def apply(self, conditions: Conditions) -> Conditions:
        """Change the column."""
        chosen = Selection("storages", self.storage, self.node, self.country)
        if self.column == "level" and not self.coverage(conditions)[0, 0, 0]:
            raise ShockError("StorageChange", "level is that at the start, when the shock does not hold yet",
                             "let it hold on the first day")  # fmt: skip
        return _changed(self, conditions, "storages", chosen.rows(conditions, "StorageChange"))


def _changed(shock: Any, conditions: Conditions, table: str, rows: Rows) -> Conditions:
    """Return the column of a shock multiplied by its factor, with its change added, for the days on which it holds."""
    empty = np.isnan(conditions.rows(table, shock.column, rows)).reshape(rows.size, -1).all(axis=1)
    rows = _counting(shock, rows, np.logical_not(empty), "it is empty there")
    old = conditions.rows(table, shock.column, rows)
    new = old * shock.array("factor") + shock.array("change")
    return conditions.shifted(table, shock.column, rows, shock.coverage(conditions) * (new - old))


def _counting(shock: Any, rows: Rows, counts: NDArray[np.bool_], reason: str) -> Rows:
    """Those of the rows for which the column of a shock counts."""
    kept: Rows = rows[counts]
    if kept.size == 0:
        raise ShockError(type(shock).__name__, f"{shock.column} of what it names does not count: {reason}",
                         "choose other rows or another column")  # fmt: skip
    return kept
