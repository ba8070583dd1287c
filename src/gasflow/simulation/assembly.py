"""From the conditions of a network to the programme of the core.

Only `simulation` turns tables into arrays: the components know what each kind of column means, this module puts them
side by side. The layout (incidence matrix, positions) is built once per network and set of periods and is shared by
every scenario; numbers that no scenario changes stay shared too.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from gasflow.core.curves import Curve
from gasflow.core.problem import Array, FlowProblem
from gasflow.scenarios.conditions import Conditions
from gasflow.scenarios.storage_policy import StoragePolicy
from gasflow.simulation.components import Columns, Component, NetworkIndex, Pipes, Production
from gasflow.simulation.conservation import Accounts
from gasflow.simulation.curve_components import Demand, Market
from gasflow.simulation.layout import lay_out
from gasflow.simulation.slack_components import Deficit, GivingWay, Spill
from gasflow.simulation.storage_components import (
    Headroom,
    Injection,
    Level,
    NetAction,
    Shortfall,
    StorageRows,
    Withdrawal,
)


class Assembler:
    """Turns conditions of one network and set of periods into problems that share a layout.

    Args:
        base: conditions whose network and periods fix the layout. Their curves fix the number of pieces, and over a
            horizon their first scenario fixes how withdrawal depends on the level.
        curve: how demand answers to the price.
        policy: what storage aims at over a horizon; none: a single period, in which storage acts on the value of
            stored gas.

    Example:
        >>> from datetime import date
        >>> from gasflow.network.toys import two_nodes
        >>> from gasflow.scenarios.periods import Periods
        >>> base = Conditions.of((two_nodes(),), Periods.single(date(2022, 5, 10)))
        >>> problem = Assembler(base).problem(base)
        >>> problem.row_count, problem.scenario_count
        (2, 1)
    """

    def __init__(
        self,
        base: Conditions,
        curve: Curve = Curve.CONSTANT,
        policy: StoragePolicy | None = None,
    ) -> None:
        index = NetworkIndex.of(base.network, base.periods)
        self.giving = giving = GivingWay.of(base)
        self.index = index
        self.storage_rows = StorageRows.of(index, base, policy) if policy else None
        self.demand = Demand(index, base, curve)
        self.market = Market(index, base)
        self.production = Production(index)
        self.deficit = Deficit(index, np.array(giving.deficit, dtype=np.intp), self.demand)
        self.components: tuple[Component, ...] = (
            Pipes(index, base), self.production, self.market, self.demand, *self._storage(policy),
            self.deficit, Spill(index, np.array(giving.spill, dtype=np.intp), self.production),
        )  # fmt: skip
        kinds = [(component.kind, component.node, component.entries) for component in self.components]
        further_rows = self.storage_rows.count if self.storage_rows else 0
        self.layout = lay_out((len(index.nodes), base.periods.count, further_rows), kinds)

    def holds(self, conditions: Conditions) -> bool:
        """Whether curves, what may have to give way, and limits of withdrawal of some conditions fit the layout."""
        return (
            self.giving.covers(GivingWay.of(conditions))
            and self.demand.holds(conditions)
            and (self.storage_rows is None or self.storage_rows.holds(conditions))
            and self.market.holds(conditions)
        )

    def _storage(self, policy: StoragePolicy | None) -> tuple[Component, ...]:
        """Return the columns of storage, within one period or over a horizon."""
        index, rows = self.index, self.storage_rows
        if policy is None or rows is None:
            return (NetAction(index),)
        level = Level(index, rows, policy)
        return (
            Injection(index, rows), Withdrawal(index, rows), level, Shortfall(index, level), Headroom(index, rows)
        )  # fmt: skip

    @cached_property
    def accounts(self) -> Accounts:
        """Where items stand in the accounts of the nodes."""
        return Accounts.of(self.index)

    def problem(self, conditions: Conditions) -> FlowProblem:
        """Return the programme of some conditions of this assembler's network."""
        curves = self.demand.curves(conditions)
        firm = self.demand.firm(curves)
        special = {
            self.demand.kind: self.demand.columns_of(curves),
            self.deficit.kind: self.deficit.columns_of(conditions, firm),
        }
        columns = [special.get(component.kind) or component.columns(conditions) for component in self.components]
        balance = self.index.days * (firm - conditions.value("nodes", "statistical_difference"))
        balances = [balance.reshape(-1, balance.shape[-1])]
        if self.storage_rows:
            balances.append(self.storage_rows.balance(self.index, conditions))
        # The balance always has the full number of scenarios, so that the problem does even where no number differs.
        balance = np.concatenate([np.broadcast_to(b, (b.shape[0], conditions.scenario_count)) for b in balances])
        return FlowProblem(
            self.layout.structure,
            self._stacked(columns, "cost"),
            self._stacked(columns, "curvature"),
            self._stacked(columns, "lower"),
            self._stacked(columns, "upper"),
            balance,
        )

    def _stacked(self, columns: list[Columns], name: str) -> Array:
        """One number of all columns, shape (column, scenario), or (column, 1) where no part varies it."""
        arrays = [getattr(part, name) for part in columns]
        scenarios = max(array.shape[-1] for array in arrays)
        stacked = np.empty((self.layout.structure.column_count, scenarios))
        for component, array in zip(self.components, arrays, strict=True):
            self.layout.take(stacked, component.kind)[...] = array
        return stacked
