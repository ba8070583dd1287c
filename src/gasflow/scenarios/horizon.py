"""A horizon: networks that follow one another in time, what storage aims at, and who knows what when."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import numpy as np

from gasflow.arguments import instance, number, texts, whole
from gasflow.errors import GasflowError
from gasflow.network.network import Network
from gasflow.scenarios.periods import Periods
from gasflow.scenarios.shock import Shock
from gasflow.scenarios.storage_policy import StoragePolicy

# What all periods share; everything else may differ from one to the next.
_STRUCTURE = {
    "nodes": ("kind", "country", "group"),
    "pipes": ("origin", "destination"),
    "supplies": ("node", "kind", "exporter", "route", "delivery"),
    "demands": ("node", "sector"),
    "storages": ("node", "loss", "withdrawal_when_empty", "full_rate_level"),
}


@dataclass(frozen=True)
class Horizon:
    """One network per period; all have the same rows, numbers differ.

    Attributes:
        networks: one per period.
        periods: the time axis.
        policy: filling targets and what gas is worth at the end.
        notes: what a reader should know, such as a season that repeats another.

    Raises:
        GasflowError: if the networks do not match the periods or one another, or a filling target lies outside.

    Example:
        >>> from datetime import date
        >>> from gasflow.network.toys import two_nodes
        >>> periods = Periods((date(2022, 5, 1), date(2022, 6, 1)), date(2022, 7, 1))
        >>> Horizon((two_nodes(), two_nodes()), periods).periods.count
        2
    """

    networks: tuple[Network, ...]
    periods: Periods
    policy: StoragePolicy = field(default_factory=StoragePolicy)
    notes: tuple[str, ...] = ()

    @classmethod
    def steady(cls, network: Network, periods: Periods) -> Horizon:
        """Return a horizon with the same network in every period."""
        return cls((network,) * periods.count, periods)

    def with_policy(self, **changes: Any) -> Horizon:
        """Return a copy with another storage policy, such as ``targets=()`` or ``end_value=130.0``."""
        return replace(self, policy=replace(self.policy, **changes))

    def __post_init__(self) -> None:
        networks = instance((tuple, list), self.networks, "Horizon", "networks", "give one network per period")
        for network in networks:
            instance(Network, network, "Horizon", "networks", "give one network per period")
        instance(Periods, self.periods, "Horizon", "periods", "give the periods of the networks")
        instance(StoragePolicy, self.policy, "Horizon", "policy", "give a gasflow.StoragePolicy")
        object.__setattr__(self, "networks", tuple(networks))
        object.__setattr__(self, "notes", texts(self.notes, "Horizon", "notes", "text"))
        for target in self.policy.targets:
            if not self.periods.starts[0] < target.day <= self.periods.end:
                raise GasflowError(
                    f"The filling target of {target.day} lies outside the horizon",
                    f"give it a day after {self.periods.starts[0]}, {self.periods.end} at the latest, or leave it out",
                )
        if len(self.networks) != self.periods.count:
            raise GasflowError(
                f"A horizon needs one network per period, not {len(self.networks)} networks for {self.periods.count} "
                "periods",
                "give as many",
            )
        first = {name: table.index for name, table in self.networks[0].tables.items() if name != "network"}
        for network, label in zip(self.networks, self.periods.labels, strict=True):
            odd = [name for name, index in first.items() if not network.tables[name].index.equals(index)]
            if odd:
                raise GasflowError(
                    f"the network of {label} has other rows in {', '.join(odd)} than the first one",
                    "give every network all rows, with capacity 0 where something is not in service",
                )
            if differing := _differing(self.networks[0], network):
                raise GasflowError(
                    f"the network of {label} differs from the first one in {', '.join(differing)}, which must be "
                    "the same all the time",
                    "give every network the values of the first",
                )


def _differing(first: Network, other: Network) -> list[str]:
    """Structure in which two networks with the same rows differ, as table.column of a row."""
    found = ["price_floor"] if first.price_floor != other.price_floor else []
    for table, columns in _STRUCTURE.items():
        one, two = getattr(first, table), getattr(other, table)
        for column in columns:
            rows = one.index[(one[column] != two[column]).to_numpy()]
            found += [f"{table}.{column} of {rows[0]}"] if len(rows) else []
    return found


@dataclass(frozen=True)
class Foresight:
    """What those who plan storage know.

    Attributes:
        notice_days: how long before its start a shock is known: infinity (known from the beginning), 0 (a surprise),
            60 (announced two months ahead). It is known at the beginning of the period that contains that day.
        rolling: plan anew in every period, not only when news arrive.
        lookahead: periods that a plan sees, its own included; none: to the end of the horizon. What is left in store
            at the end of a shortened view is worth the `value` of the network's storages then.

    Example:
        >>> Foresight(notice_days=0.0)
        Foresight(notice_days=0.0, rolling=False, lookahead=None)
    """

    notice_days: float = float("inf")
    rolling: bool = False
    lookahead: int | None = None

    def __post_init__(self) -> None:
        number(self.notice_days, "Foresight", "notice_days", 0.0)
        instance((bool, np.bool_), self.rolling, "Foresight", "rolling", "give True or False")
        if self.lookahead is not None:
            whole(self.lookahead, "Foresight", "lookahead", 1)

    def known_in(self, shock: Shock, periods: Periods) -> int:
        """Return the number of the first period in which plans take a shock into account."""
        day = shock.first_day
        # A notice from before the first day is one from the start; a day that far back may be none of the calendar.
        if day is None or self.notice_days >= (day - periods.starts[0]).days:
            return 0
        return periods.containing(day - timedelta(days=self.notice_days))
