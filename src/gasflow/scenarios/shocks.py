"""The shocks: each says what happens, none says how it is solved.

All work through one mechanism: they change numbers of `Conditions`, and everything downstream follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import ClassVar

import numpy as np
import pandas as pd

from gasflow.errors import ShockError
from gasflow.scenarios.conditions import Array, Conditions, Rows
from gasflow.scenarios.routes import contracts_on, other_routes, reach
from gasflow.scenarios.selection import Selection
from gasflow.scenarios.shock import Number, Shock, choice, number


class Limit(StrEnum):
    """Which capacity bounds a re-routed volume."""

    TECHNICAL = "technical"
    BOOKED = "booked"


@dataclass(frozen=True)
class Closure(Shock):
    """A place, or a share of it, closes; part of the contract volume it carried may take another route.

    The cargoes bound for a closed terminal (what its pipe from the world market has booked) are lost to the network
    as well, but for the share that is re-routed: it stays on offer to the other terminals.

    Attributes:
        place: an entry point, terminal, node or pipe, by any of its names. All pipes at a node close.
        share: the share that closes, 0 to 1. Capacity and nominations both fall by it.
        reroute: the share of the lost nominations that moves to another route, 0 ("technically impossible") to 1.
        via: the place that takes the re-routed volume; none: the other routes of the same exporter that lead to
            the same node behind the entry.
        limit: whether the other route takes gas up to its technical or its booked capacity.

    Raises:
        ShockError: for a share outside 0 to 1, an unknown place, an end before the start, or a volume to be
            re-routed where there is no other route.

    Example:
        >>> import gasflow as gf
        >>> gf.Closure("Sokhranivka", share=0.5, limit="booked")
        Closure(start=None, end=None, ramp_days=0.0, recovery_days=0.0, place='Sokhranivka', share=0.5, reroute=0.0,
        via=None, limit=<Limit.BOOKED: 'booked'>)
    """

    place: str = ""
    share: Number = number(1.0, 0.0, 1.0)
    reroute: Number = number(0.0, 0.0, 1.0)
    via: str | None = None
    limit: Limit = choice(Limit.TECHNICAL)

    needs: ClassVar[tuple[str, ...]] = ("place",)

    def apply(self, conditions: Conditions) -> Conditions:
        """Scale the pipes at the place, and later, when all closures are known, move what is re-routed."""
        closing = self.array("share") * self.coverage(conditions)
        found = reach(conditions, self.place)
        pipes, contracts, slots = found.pipes, found.contracts, found.slots
        if self.via is not None:
            reach(conditions, self.via)  # refuses an unknown place, also where nothing is re-routed
        moving = conditions.rows("supplies", "volume", contracts) * closing * self.array("reroute")
        if contracts.size + slots.size == 0 and (self.array("reroute") > 0).any():
            raise ShockError("Closure", f"no contract is nominated through {self.place!r}", "leave out reroute")
        for slot, market in zip(slots, found.markets, strict=True):
            lost = conditions.rows("pipes", "booked", np.array([slot])) * closing * (1.0 - self.array("reroute"))
            offered = conditions.rows("supplies", "volume", np.array([market]))
            conditions = conditions.shifted("supplies", "volume", np.array([market]), -np.minimum(lost, offered))
        for column in ("capacity", "nominated"):
            conditions = conditions.scaled("pipes", column, pipes, 1.0 - closing)
        conditions = conditions.scaled("supplies", "volume", contracts, 1.0 - closing)
        for contract, volume in zip(contracts, moving, strict=True):
            if (volume > 0).any():
                conditions = conditions.later(partial(self._rerouted, contract=int(contract), moving=volume))
        return conditions

    def _rerouted(self, conditions: Conditions, contract: int, moving: Array) -> Conditions:
        """Add a volume, shape (period, scenario), to other nominations, in proportion to the room on each route."""
        others = other_routes(conditions.network, contract, self.via)
        room = np.maximum(self._limits(conditions, others) - conditions.rows("supplies", "volume", others), 0.0)
        total = room.sum(axis=0, keepdims=True)
        share = np.divide(room, total, out=np.zeros_like(room), where=total > 0)
        return conditions.shifted("supplies", "volume", others, share * np.minimum(moving[None], total))

    def _limits(self, conditions: Conditions, contracts: Rows) -> Array:
        """Capacity of each contract's route under the chosen limit, shape (contract, period, scenario).

        Booked capacity on a route that is closed itself takes nothing.
        """
        names = conditions.network.supplies["route"].iloc[contracts]
        pipes = conditions.network.pipes.index.get_indexer(pd.Index(names))
        technical = conditions.rows("pipes", "capacity", pipes)
        if self.limit is Limit.TECHNICAL:
            return technical
        booked = conditions.rows("pipes", "booked", pipes)
        if np.isnan(booked).any():
            raise ShockError("Closure", f"no booked capacity is known for {', '.join(names)}", "use limit='technical'")
        return np.minimum(booked, technical)


@dataclass(frozen=True)
class CapacityChange(Shock):
    """Pipes at a place get more or less technical capacity: an outage, an expansion.

    Attributes:
        place: a node or pipe, by any of its names.
        factor: multiplies the technical capacity.
        change: GWh/d added afterwards; capacity never falls below zero.
    """

    place: str = ""
    factor: Number = number(1.0, 0.0)
    change: Number = number(0.0)

    stage: ClassVar[int] = 0
    needs: ClassVar[tuple[str, ...]] = ("place",)

    def apply(self, conditions: Conditions) -> Conditions:
        """Change the capacity of the pipes at the place."""
        pipes = reach(conditions, self.place).pipes
        cover = self.coverage(conditions)
        old = conditions.rows("pipes", "capacity", pipes)
        new = np.maximum(old * self.array("factor") + self.array("change"), 0.0)
        return conditions.shifted("pipes", "capacity", pipes, cover * (new - old))


@dataclass(frozen=True)
class SupplyCut(Shock):
    """Supplies deliver less: one of them, or all of a node, of a country or of an exporter.

    Attributes:
        supply: name of a supply.
        share: the share that is cut, 0 to 1.
        node: node at which the gas is supplied, by any of its names.
        country: code of the country in which it is supplied.
        exporter: code of the country that earns the revenue.

    Where several are given, supplies to which all apply are cut.

    Example:
        >>> import gasflow as gf
        >>> cut = gf.simulate(gf.toys.transit_hub(), gf.SupplyCut(exporter="RU", share=0.5))
        >>> cut.supply["RU via Sudzha"].tolist()
        [376.0]
    """

    supply: str | None = None
    share: Number = number(1.0, 0.0, 1.0)
    node: str | None = None
    country: str | None = None
    exporter: str | None = None

    stage: ClassVar[int] = 0
    needs: ClassVar[tuple[str, ...]] = ("supply", "node", "country", "exporter")

    def apply(self, conditions: Conditions) -> Conditions:
        """Scale the offered volumes."""
        chosen = Selection("supplies", self.supply, self.node, self.country, self.exporter)
        closing = self.array("share") * self.coverage(conditions)
        return conditions.scaled("supplies", "volume", chosen.rows(conditions, "SupplyCut"), 1.0 - closing)


@dataclass(frozen=True)
class ElasticityChange(Shock):
    """Demand answers more or less to the price; anchors stay.

    Attributes:
        factor: multiplies the elasticity of the chosen rows.
        country: country code; none: all countries.
        sector: sector name; none: all sectors.
        node: one node, by any of its names; none: all nodes.
    """

    factor: Number = number(1.0, 0.0)
    country: str | None = None
    sector: str | None = None
    node: str | None = None

    def apply(self, conditions: Conditions) -> Conditions:
        """Scale the elasticities."""
        chosen = Selection("demands", node=self.node, country=self.country, sector=self.sector)
        factor = 1.0 + (self.array("factor") - 1.0) * self.coverage(conditions)
        return conditions.scaled("demands", "elasticity", chosen.rows(conditions, "ElasticityChange"), factor)


@dataclass(frozen=True)
class LngPriceChange(Shock):
    """The world price of LNG moves: the same volume is offered at another price.

    Attributes:
        factor: multiplies the anchor price of market supplies, above 0.
        supply: name of one market supply; none: all of them.
    """

    factor: Number = number(1.0, 0.0)
    supply: str | None = None

    def apply(self, conditions: Conditions) -> Conditions:
        """Scale the anchor prices."""
        chosen = Selection("supplies", self.supply, kind="market").rows(conditions, "LngPriceChange")
        factor = 1.0 + (self.array("factor") - 1.0) * self.coverage(conditions)
        return conditions.scaled("supplies", "anchor_price", chosen, factor)


@dataclass(frozen=True)
class StorageResponse(Shock):
    """How storage values gas within one period.

    Attributes:
        slope_factor: multiplies the slope of the value of stored gas (EUR/MWh per GWh/d injected less).
        value_change: EUR/MWh added to the value of stored gas.
        persistence: share of today's change of price that storage expects to last. Its value of gas then follows
            the price, so its slope is divided by ``1 - persistence``.

    They act in single periods only: over a horizon the value of stored gas is a result, and the shock is refused.
    """

    slope_factor: Number = number(1.0, 0.0)
    value_change: Number = number(0.0)
    persistence: Number = number(0.0, 0.0, 0.99)

    def apply(self, conditions: Conditions) -> Conditions:
        """Scale slopes and shift values."""
        rows = np.arange(len(conditions.network.storages))
        cover = self.coverage(conditions)
        factor = 1.0 + (self.array("slope_factor") / (1.0 - self.array("persistence")) - 1.0) * cover
        conditions = conditions.scaled("storages", "slope", rows, factor)
        return conditions.shifted("storages", "value", rows, self.array("value_change") * cover)


@dataclass(frozen=True)
class Siphoning(Shock):
    """Gas disappears at a place: it enters, and does not arrive.

    Attributes:
        place: a node, usually an entry point, at which the route of a contract ends.
        volume: GWh/d taken, at most what contracts bring to the place.

    Raises:
        ShockError: for a pipe, or a node to which no contract is routed.
    """

    place: str = ""
    volume: Number = number(0.0, 0.0)

    stage: ClassVar[int] = 2
    needs: ClassVar[tuple[str, ...]] = ("place",)

    def apply(self, conditions: Conditions) -> Conditions:
        """Take the volume out of the node's balance."""
        network = conditions.network
        place = network.find(self.place)
        if place.table != "nodes":
            raise ShockError("Siphoning", f"{self.place!r} is a pipe", "name the node at one of its ends")
        inflow = np.flatnonzero((network.pipes["destination"] == place.name).to_numpy())
        contracts = contracts_on(network, inflow)
        if contracts.size == 0:
            raise ShockError("Siphoning", f"no contract brings gas to {self.place!r}", "name the end of a route")
        route = network.pipes.index.get_indexer(pd.Index(network.supplies["route"].iloc[contracts]))
        arriving = 1.0 - conditions.rows("pipes", "loss", route)
        sent = np.minimum(conditions.rows("supplies", "volume", contracts), conditions.rows("pipes", "capacity", route))
        brought = (arriving * sent).sum(axis=0, keepdims=True)
        taken = np.minimum(self.array("volume") * self.coverage(conditions), brought)
        row = np.flatnonzero(network.nodes.index == place.name)
        return conditions.shifted("nodes", "statistical_difference", row, -taken)
