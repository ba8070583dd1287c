"""The kinds of columns, each knowing where it stands in the balances and what its numbers are.

A column is the energy moved in one period: bounds are rates times days, curvatures are divided by days, costs stay
per MWh. `NetworkIndex` holds the positions that all of them look up once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from gasflow.core.problem import Array
from gasflow.network.network import Network
from gasflow.scenarios.conditions import Conditions
from gasflow.scenarios.periods import Periods
from gasflow.simulation.layout import Entries, Kind, Positions

# Row of an entry that stands in no balance.
ELSEWHERE = -1


@dataclass(frozen=True)
class Columns:
    """Numbers of the columns of one kind, each broadcasting to (item, period, scenario)."""

    cost: Array
    curvature: Array
    lower: Array
    upper: Array


@dataclass(frozen=True)
class NetworkIndex:
    """A network and its periods, with the tables read once and names turned into positions.

    Attributes:
        nodes: names of the nodes.
        pipes: the table of pipes.
        supplies: the table of supplies.
        demands: the table of demands.
        storages: the table of storages.
        days: lengths of the periods, shape (1, period, 1).
    """

    nodes: pd.Index
    pipes: pd.DataFrame
    supplies: pd.DataFrame
    demands: pd.DataFrame
    storages: pd.DataFrame
    days: Array
    price_floor: float

    @classmethod
    def of(cls, network: Network, periods: Periods) -> NetworkIndex:
        """Read the tables of a network."""
        return cls(
            network.nodes.index, network.pipes, network.supplies, network.demands, network.storages,
            periods.days[None, :, None], network.price_floor,
        )  # fmt: skip

    def node(self, names: pd.Series) -> Positions:
        """Positions of nodes by name."""
        return np.asarray(self.nodes.get_indexer(pd.Index(names)), dtype=np.intp)

    def balance_entries(self, node: Positions, coefficient: Array | float) -> Entries:
        """Items that touch the balance of their node in each period.

        Args:
            node: of each item.
            coefficient: one for all, or shape (item, period).
        """
        period_count = self.days.shape[1]
        rows = node[:, None] * period_count + np.arange(period_count)
        return Entries(rows, np.broadcast_to(coefficient, rows.shape))

    @cached_property
    def routed(self) -> Positions:
        """Rows of the contracts that ship along a route."""
        supplies = self.supplies
        return np.flatnonzero(((supplies["kind"] == "contract") & (supplies["route"] != "")).to_numpy())

    @cached_property
    def route(self) -> Positions:
        """Pipe of each such contract."""
        return np.asarray(
            self.pipes.index.get_indexer(pd.Index(self.supplies["route"].iloc[self.routed])), dtype=np.intp
        )


class Component(ABC):
    """One kind of columns.

    Attributes:
        kind: which one.
        node: node to which the welfare of each item belongs, shape (item,).
        entries: where the items stand in the rows.
    """

    kind: Kind
    node: Positions
    entries: tuple[Entries, ...]

    @abstractmethod
    def columns(self, conditions: Conditions) -> Columns:
        """Return the numbers of the columns under some conditions."""


class Pipes(Component):
    """Flow from origin to destination, of which ``1 - loss`` arrives.

    At most the technical capacity; where a contract uses the pipe, at most what it nominates; where none does, at
    most what is stated as nominated. Welfare belongs to the destination.

    A pipe on which a contract is nominated carries it and nothing else: its gas enters the pipe directly, at the price
    floor plus its own cost, and does not pass through the balance of the node where it begins. What it does not ship
    along its route is therefore not there for any other pipe, demand or store.
    """

    kind = Kind.PIPE

    def __init__(self, index: NetworkIndex, base: Conditions) -> None:
        self.index = index
        origin = index.balance_entries(index.node(index.pipes["origin"]), -1.0)
        origin.rows[index.route] = ELSEWHERE
        self.node = index.node(index.pipes["destination"])
        arriving = 1.0 - base.value("pipes", "loss")[:, :, 0]
        self.entries = (origin, index.balance_entries(self.node, arriving))

    def columns(self, conditions: Conditions) -> Columns:
        """Tariff plus wedge plus what a contract asks for, slope, and the tightest of capacity and nomination."""
        index, days = self.index, self.index.days
        asked = conditions.value("supplies", "cost")
        bid = np.zeros((len(index.pipes), *asked.shape[1:]))
        bid[index.route] = index.price_floor + asked[index.routed]
        cost = conditions.value("pipes", "tariff") + conditions.value("pipes", "wedge")
        capacity = np.minimum(conditions.value("pipes", "capacity"), self._nominated(conditions))
        slope = conditions.value("pipes", "slope")
        return Columns(cost + bid, slope / days, np.zeros((1, 1, 1)), capacity * days)

    def _nominated(self, conditions: Conditions) -> Array:
        """Return what shippers ask for on each pipe, infinite where nothing says so."""
        index = self.index
        volume, stated = conditions.value("supplies", "volume"), conditions.value("pipes", "nominated")
        shape = np.broadcast_shapes(stated.shape[1:], volume.shape[1:])
        nominated = np.broadcast_to(np.where(np.isnan(stated), np.inf, stated), (len(index.pipes), *shape)).copy()
        nominated[index.route] = volume[index.routed]
        return nominated


class Production(Component):
    """Production, offered at its cost, and contracts without a route, at the price floor plus theirs.

    Both give at least their minimum and at most their volume.
    """

    kind = Kind.PRODUCTION

    def __init__(self, index: NetworkIndex) -> None:
        self.index = index
        offered = np.flatnonzero((index.supplies["kind"] != "market").to_numpy())
        self.rows = np.setdiff1d(offered, index.routed)
        contract = (index.supplies["kind"].iloc[self.rows] == "contract").to_numpy()
        self.bid = np.where(contract, index.price_floor, 0.0)[:, None, None]
        self.node = index.node(index.supplies["node"].iloc[self.rows])
        self.entries = (index.balance_entries(self.node, 1.0),)

    def columns(self, conditions: Conditions) -> Columns:
        """Cost, minimum (never above what a shock leaves of the volume) and volume."""
        volume, cost = (conditions.value("supplies", name)[self.rows] for name in ("volume", "cost"))
        days = self.index.days
        return Columns(cost + self.bid, np.zeros((1, 1, 1)), self.minimum(conditions) * days, volume * days)

    def minimum(self, conditions: Conditions) -> Array:
        """Return what each must give, in GWh/d: its minimum, but never more than a shock leaves of its volume."""
        volume, minimum = (conditions.value("supplies", name)[self.rows] for name in ("volume", "minimum"))
        return np.minimum(minimum, volume)
