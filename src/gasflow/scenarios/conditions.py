"""What holds in every period and scenario: the numbers of the network, ready to be changed by shocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from gasflow.network.network import Network
from gasflow.scenarios.periods import Periods

Array = NDArray[np.float64]
Rows = NDArray[np.intp]
Change = Callable[["Conditions"], "Conditions"]

# The numbers that a scenario may change. Losses and prices that fix breakpoints are not among them: they are part
# of the structure that all scenarios share.
COLUMNS = {
    "nodes": ("statistical_difference",),
    "pipes": ("capacity", "booked", "nominated", "tariff", "wedge", "slope"),
    "supplies": ("volume", "minimum", "cost", "elasticity", "anchor_price"),
    "demands": ("volume", "elasticity", "anchor_price"),
    "storages": (
        "volume", "injection", "withdrawal", "level", "action", "value", "slope", "injection_cost", "withdrawal_cost"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Conditions:
    """Numbers of the network per row, period and scenario.

    Attributes:
        network: gives the names and everything that no scenario changes.
        periods: the time axis.
        values: one array per (table, column), shape (row, period, scenario); an axis of length one is shared.
        scenario_count: how many scenarios there are.
        deferred: changes that wait until every shock of the same stage has been applied.

    Shocks change a copy: arrays are never written to.
    """

    network: Network
    periods: Periods
    values: Mapping[tuple[str, str], Array]
    scenario_count: int = 1
    deferred: tuple[Change, ...] = ()

    @classmethod
    def of(cls, networks: tuple[Network, ...], periods: Periods) -> Conditions:
        """The conditions of networks that share their rows, one per period."""
        values = {}
        for table, columns in COLUMNS.items():
            for column in columns:
                arrays = [getattr(n, table)[column].to_numpy(dtype=np.float64) for n in networks]
                values[table, column] = np.stack(arrays, axis=1)[:, :, None]
        return cls(networks[0], periods, MappingProxyType(values))

    def value(self, table: str, column: str) -> Array:
        """One column of one table, shape (row, period, scenario)."""
        return self.values[table, column]

    def scaled(self, table: str, column: str, rows: Rows, factor: Array) -> Conditions:
        """A copy in which some rows of a column are multiplied; the factor broadcasts to (row, period, scenario)."""
        return self._changed(table, column, rows, lambda old: old * factor)

    def shifted(self, table: str, column: str, rows: Rows, change: Array) -> Conditions:
        """A copy in which a change is added to some rows of a column."""
        return self._changed(table, column, rows, lambda old: old + change)

    def later(self, change: Change) -> Conditions:
        """A copy that will be changed when it is settled."""
        return replace(self, deferred=(*self.deferred, change))

    def settled(self) -> Conditions:
        """A copy with all deferred changes made, in the order given."""
        settled = replace(self, deferred=())
        for change in self.deferred:
            settled = change(settled)
        return settled

    def during(self, start: int, stop: int) -> Conditions:
        """The conditions of some periods only."""
        periods = self.periods.during(start, stop)
        values = {key: array if array.shape[1] == 1 else array[:, start:stop] for key, array in self.values.items()}
        return replace(self, periods=periods, values=MappingProxyType(values))

    def with_start_level(self, level: Array) -> Conditions:
        """A copy in which storages start from a level in GWh, shape (storage, scenario)."""
        old = self.values["storages", "level"]
        array = np.broadcast_to(old, (*old.shape[:2], level.shape[-1])).copy()
        array[:, 0] = level
        return replace(self, values=MappingProxyType({**self.values, ("storages", "level"): array}))

    def _changed(self, table: str, column: str, rows: Rows, edit: Callable[[Array], Array]) -> Conditions:
        old = self.values[table, column]
        new = edit(old[rows])
        shape = np.broadcast_shapes(old.shape, (1, *new.shape[1:]))
        array = np.broadcast_to(old, shape).copy()
        array[rows] = new
        array.flags.writeable = False
        return replace(self, values=MappingProxyType({**self.values, (table, column): array}))
