"""What holds in every period and scenario: the numbers of the network, ready to be changed by shocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gasflow.errors import ShockError
from gasflow.network.network import Network
from gasflow.scenarios.periods import Periods
from gasflow.scenarios.storage_policy import StoragePolicy

Array = NDArray[np.float64]
Rows = NDArray[np.intp]
Key = tuple[str, str]  # table and column
Change = Callable[["Conditions"], "Conditions"]

# The numbers that a scenario may change. Losses and the shares that bound withdrawal from a store are not among them:
# they are part of the structure that all scenarios share. Losses of pipes may differ from period to period.
COLUMNS = {
    "nodes": ("statistical_difference", "value_of_lost_load"),
    "pipes": ("capacity", "booked", "nominated", "tariff", "wedge", "slope"),
    "supplies": ("volume", "minimum", "cost", "elasticity", "anchor_price"),
    "demands": ("volume", "elasticity", "anchor_price"),
    "storages": (
        "volume", "injection", "withdrawal", "level", "action", "value", "slope", "injection_cost", "withdrawal_cost",
        "full_rate_cost",
    ),
}  # fmt: skip
_BY_PERIOD = {"pipes": ("loss",)}
# What counts over a horizon only, and what within a single period only.
_OVER_TIME = {("storages", name) for name in ("injection_cost", "withdrawal_cost", "full_rate_cost")}
_WITHIN_A_DAY = {("storages", name) for name in ("action", "slope")}


@dataclass(frozen=True)
class Conditions:
    """Numbers of the network per row, period and scenario.

    Attributes:
        network: gives the names and everything that no scenario changes.
        periods: the time axis.
        values: one array per (table, column), shape (row, period, scenario); an axis of length one is shared.
        scenario_count: how many scenarios there are.
        deferred: changes that wait until every shock of the same stage has been applied.
        changes: rows that differ from `values`, each of shape (period, scenario). With a hundred shocks on thousands
            of scenarios, copying whole columns for each shock would take most of the time; only rows are replaced.
        lookups: what shocks have looked up in the network; all copies share it.
        without_effect: the numbers that the programme does not read, and why; no shock may change them.

    Shocks change a copy: arrays are never written to.
    """

    network: Network
    periods: Periods
    values: Mapping[Key, Array]
    scenario_count: int = 1
    deferred: tuple[Change, ...] = ()
    changes: Mapping[Key, Mapping[int, Array]] = field(default_factory=dict)
    lookups: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    without_effect: Mapping[Key, str] = field(default_factory=dict)
    _whole: dict[Key, Array] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, networks: tuple[Network, ...], periods: Periods, policy: StoragePolicy | None = None) -> Conditions:
        """Return the conditions of networks that share their rows, one per period.

        Args:
            networks: one per period.
            periods: the time axis.
            policy: what storage aims at over a horizon; none: a single period.
        """
        values = {}
        for table, columns in COLUMNS.items():
            frames = [getattr(network, table) for network in networks]
            for column in (*columns, *_BY_PERIOD.get(table, ())):
                arrays = [frame[column].to_numpy(dtype=np.float64) for frame in frames]
                if column == "value_of_lost_load":
                    general = [network.value_of_lost_load for network in networks]
                    arrays = [np.where(np.isnan(a), price, a) for a, price in zip(arrays, general, strict=True)]
                values[table, column] = np.stack(arrays, axis=1)[:, :, None]
        return cls(networks[0], periods, MappingProxyType(values), without_effect=_without_effect(policy))

    def value(self, table: str, column: str) -> Array:
        """One column of one table, shape (row, period, scenario)."""
        key = table, column
        if key not in self.changes:
            return self.values[key]
        if key not in self._whole:
            self._whole[key] = self._put_together(key)
        return self._whole[key]

    def rows(self, table: str, column: str, rows: Rows) -> Array:
        """Return some rows of a column, shape (row, period, scenario), without putting the whole column together."""
        changed = self.changes.get((table, column), {})
        numbers = rows.tolist()
        old = self.values[table, column][rows]
        if not any(row in changed for row in numbers):
            return old
        return np.stack(np.broadcast_arrays(*(changed.get(row, kept) for row, kept in zip(numbers, old, strict=True))))

    def touched(self, table: str, column: str) -> tuple[int, ...]:
        """Return the rows of a column that shocks have changed, be it by nothing."""
        return tuple(sorted(self.changes.get((table, column), ())))

    def scaled(self, table: str, column: str, rows: Rows, factor: Array) -> Conditions:
        """Multiply some rows of a column, in a copy; the factor broadcasts to (row, period, scenario)."""
        return self._changed(table, column, rows, lambda old: old * factor)

    def shifted(self, table: str, column: str, rows: Rows, change: Array) -> Conditions:
        """Return a copy in which a change is added to some rows of a column."""
        return self._changed(table, column, rows, lambda old: old + change)

    def later(self, change: Change) -> Conditions:
        """Return a copy that will be changed when it is settled."""
        return replace(self, deferred=(*self.deferred, change))

    def settled(self) -> Conditions:
        """Return a copy with all deferred changes made, in the order given."""
        settled = replace(self, deferred=())
        for change in self.deferred:
            settled = change(settled)
        return settled

    def during(self, start: int, stop: int) -> Conditions:
        """Return the conditions of some periods only."""
        periods = self.periods.during(start, stop)
        arrays = {key: self.value(*key) for key in self.values}
        values = {key: array if array.shape[1] == 1 else array[:, start:stop] for key, array in arrays.items()}
        changes = {key: MappingProxyType({row: values[key][row] for row in rows}) for key, rows in self.changes.items()}
        return replace(self, periods=periods, values=MappingProxyType(values), changes=MappingProxyType(changes))

    def with_start_level(self, level: Array) -> Conditions:
        """Return a copy in which storages start from a level in GWh, shape (storage, scenario)."""
        old = self.value("storages", "level")
        array = np.broadcast_to(old, (*old.shape[:2], level.shape[-1])).copy()
        array[:, 0] = level
        changes = {key: rows for key, rows in self.changes.items() if key != ("storages", "level")}
        values = MappingProxyType({**self.values, ("storages", "level"): array})
        return replace(self, values=values, changes=MappingProxyType(changes))

    def _changed(self, table: str, column: str, rows: Rows, edit: Callable[[Array], Array]) -> Conditions:
        key = table, column
        old = self.rows(table, column, rows)
        new = edit(old)
        if rows.size == 0:
            return self
        if key in self.without_effect and (new != old).any():
            raise ShockError(f"A change of {table}.{column}", f"it counts {self.without_effect[key]}", "leave it out")
        new.flags.writeable = False
        changed = {**self.changes.get(key, {}), **dict(zip(rows.tolist(), new, strict=True))}
        return replace(self, changes=MappingProxyType({**self.changes, key: changed}))

    def _put_together(self, key: Key) -> Array:
        """Return a column with its changed rows."""
        old, changed = self.values[key], self.changes[key]
        shape = np.broadcast_shapes(old.shape[1:], *{row.shape for row in changed.values()})
        whole = np.empty((old.shape[0], *shape))
        whole[...] = old
        for row, numbers in changed.items():
            whole[row] = numbers
        whole.flags.writeable = False
        return whole


def _without_effect(policy: StoragePolicy | None) -> dict[Key, str]:
    """Return what a programme does not read, and where it would count."""
    if policy is None:
        return dict.fromkeys(_OVER_TIME, "over a horizon only")
    unread = dict.fromkeys(_WITHIN_A_DAY, "within a single day only, and over a horizon the value of gas is a result")
    if policy.end_value is not None:
        unread["storages", "value"] = "within a single day, or at the end of a horizon without an end_value"
    return unread
