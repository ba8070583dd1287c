"""What gives way where a balance cannot hold, so that every scenario has an answer.

Both kinds are bounded by what the node must do and does not, so that no node buys gas from nowhere to pass it on, and
none buys gas to throw it away. With all columns at their lower bounds, deficit and spill at their upper ones balance
every node: a programme always has a point.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gasflow.core.problem import Array
from gasflow.scenarios.conditions import Conditions
from gasflow.simulation.components import Columns, Component, NetworkIndex, Production
from gasflow.simulation.curve_components import Demand
from gasflow.simulation.layout import Kind, Positions

# EUR/MWh; far above the tolerance of prices, far below any price that matters.
_SPILLING_CONTRACT_GAS = 0.01


@dataclass(frozen=True)
class GivingWay:
    """The nodes at which something may have to give way, as positions.

    Attributes:
        deficit: where something must be served.
        spill: where something must be taken.
    """

    deficit: tuple[int, ...]
    spill: tuple[int, ...]

    @classmethod
    def of(cls, conditions: Conditions) -> GivingWay:
        """Where some conditions ask for something that may not be had.

        Of what shocks have changed only the rows count, not by how much, so that all scenarios of a set share a layout.
        """
        index = NetworkIndex.of(conditions.network, conditions.periods)
        difference = conditions.value("nodes", "statistical_difference")
        changed = {*conditions.touched("nodes", "statistical_difference")}
        minimum = conditions.value("supplies", "minimum")
        forced = {*_where(minimum > 0.0), *conditions.touched("supplies", "minimum")}
        served = changed | {*_where(difference < 0.0), *index.node(index.demands["node"]).tolist()}
        taken = changed | {*_where(difference > 0.0), *index.node(index.supplies["node"])[sorted(forced)].tolist()}
        return cls(tuple(sorted(served)), tuple(sorted(taken)))

    def covers(self, other: GivingWay) -> bool:
        """Whether something may give way wherever it may there."""
        return {*other.deficit} <= {*self.deficit} and {*other.spill} <= {*self.spill}


def _where(marked: NDArray[np.bool_]) -> list[int]:
    """Rows that are marked in any period and scenario."""
    return list(np.flatnonzero(marked.any(axis=(1, 2))).tolist())


class Deficit(Component):
    """What must be served and is not: firm demand, and a negative statistical difference.

    It costs the value of lost load.
    """

    kind = Kind.DEFICIT

    def __init__(self, index: NetworkIndex, node: Positions, demand: Demand) -> None:
        self.index, self.node, self.demand = index, node, demand
        self.entries = (index.balance_entries(self.node, 1.0),)

    def columns(self, conditions: Conditions) -> Columns:
        """Return the value of lost load, up to what must be served."""
        return self.columns_of(conditions, self.demand.firm(self.demand.curves(conditions)))

    def columns_of(self, conditions: Conditions, firm: Array) -> Columns:
        """Return the same from firm demand already computed, in GWh/d, shape (node, period, scenario)."""
        most = firm[self.node] + np.maximum(-conditions.value("nodes", "statistical_difference")[self.node], 0.0)
        none = np.zeros((1, 1, 1))
        lost_load = conditions.value("nodes", "value_of_lost_load")[self.node]
        return Columns(lost_load, none, none, most * self.index.days)


class Spill(Component):
    """What must be taken and is not: minima of production, and a positive statistical difference.

    It is paid the price floor. Where contract gas is offered, at the floor itself, spilling pays a cent less: otherwise
    untaken gas could as well be called spilled.
    """

    kind = Kind.SPILL

    def __init__(self, index: NetworkIndex, node: Positions, production: Production) -> None:
        self.index, self.node, self.production = index, node, production
        contract = production.node[(index.supplies["kind"].iloc[production.rows] == "contract").to_numpy()]
        self.cost = np.where(np.isin(self.node, contract), _SPILLING_CONTRACT_GAS, 0.0) - index.price_floor
        self.entries = (index.balance_entries(self.node, -1.0),)

    def columns(self, conditions: Conditions) -> Columns:
        """Return the price floor, up to what must be taken."""
        minimum = self.production.minimum(conditions)
        forced = np.zeros((len(self.index.nodes), *minimum.shape[1:]))
        np.add.at(forced, self.production.node, minimum)
        most = (forced + np.maximum(conditions.value("nodes", "statistical_difference"), 0.0))[self.node]
        none = np.zeros((1, 1, 1))
        return Columns(self.cost[:, None, None], none, none, most * self.index.days)
