"""Storage in the programme: within one period by the value of stored gas, over a horizon by its level.

Over a horizon every storage and period has a level equation, in GWh with ``L_t`` the level at the end of period t:

    (L_t) - (L_{t-1}) - (1 - loss) injection_t + withdrawal_t = level at the start, in the first period, else 0.

Its dual is minus the value of gas in store, so that a store that neither fills nor empties completely links the
prices of two periods by arbitrage: ``p2 = (p1 + injection cost) / (1 - loss) + withdrawal cost``.

Filling targets are soft: the level column is written ``L_t = M_t - S_t`` with a shortfall ``S_t`` between zero and the
target, at the target's penalty, and ``M_t`` between target and volume. Withdrawal falls with the level: with ``e`` the
share of the rate left when empty and ``f`` the level share from which the whole rate is there,

    withdrawal_t + headroom_t = days * rate * (e + (1 - e) / f * mean of L_{t-1} and L_t over the volume)

next to the rate itself as a bound: two linear pieces. The mean of two levels stands for all days between them: a store
that empties at this limit for 30 days gives up 1.5 % more in one period than day by day, 0.4 % in two, 0.04 % in six.
On the European horizon from May 2022 weeks instead of months change TTF by at most 0.003 EUR/MWh.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.core.problem import Array
from gasflow.scenarios.conditions import Conditions
from gasflow.scenarios.storage_policy import StoragePolicy
from gasflow.simulation.components import Columns, Component, NetworkIndex
from gasflow.simulation.layout import Entries, Kind, Positions


class NetAction(Component):
    """Storage within a single period: one column per storage, its net withdrawal (negative: injection).

    Stored gas has a marginal value that rises with the net withdrawal: ``value`` at the anchor ``action``, and
    ``slope`` EUR/MWh more for every GWh/d more. Injection and withdrawal bound it, and so do the room left and the
    level.
    """

    kind = Kind.STORAGE

    def __init__(self, index: NetworkIndex) -> None:
        self.index = index
        self.node = index.node(index.storages["node"])
        self.entries = (index.balance_entries(self.node, 1.0),)

    def columns(self, conditions: Conditions) -> Columns:
        """Value of gas, its slope, and the bounds of injection and withdrawal."""
        days = self.index.days
        value, slope, action, injection, withdrawal, level, volume = (
            conditions.value("storages", column)
            for column in ("value", "slope", "action", "injection", "withdrawal", "level", "volume")
        )
        return Columns(
            cost=value - slope * action,
            curvature=slope / days,
            lower=-np.minimum(injection * days, np.maximum(volume - level, 0.0)),
            upper=np.minimum(withdrawal * days, np.maximum(level, 0.0)),
        )


@dataclass(frozen=True)
class StorageRows:
    """Rows that storage adds over a horizon, and the numbers of its structure.

    Attributes:
        level: row of each level equation, shape (storage, period).
        limit: row of each level-dependent withdrawal limit, shape (storage, period); -1 where there is none.
        count: how many rows are added.
        slope: fall of the withdrawal limit, GWh per period for each GWh of mean level, shape (storage, period). It
            stands in the incidence, so that only scenarios that share it can be solved together.
        target: level wanted at the end of each period as a share of the volume, shape (storage, period).
        penalty: cost of a missing MWh, EUR/MWh, shape (storage, period).
    """

    level: Positions
    limit: Positions
    count: int
    slope: Array
    target: Array
    penalty: Array

    @classmethod
    def of(cls, index: NetworkIndex, base: Conditions, policy: StoragePolicy) -> StorageRows:
        """Place the rows behind the balances of the nodes; the slope is that of the first scenario."""
        storages, periods = len(index.storages), base.periods.count
        first = len(index.nodes) * periods
        level = first + np.arange(storages * periods).reshape(storages, periods)
        limited = _limited(index.storages)
        limit = np.full((storages, periods), -1)
        limit[limited] = first + level.size + np.arange(int(limited.sum()) * periods).reshape(-1, periods)
        slope = np.broadcast_to(limit_slope(base)[:, :, 0], level.shape)
        target, penalty = _targets(base, policy)
        return cls(level, limit, level.size + int(limited.sum()) * periods, slope, target, penalty)

    def holds(self, conditions: Conditions) -> bool:
        """Whether withdrawal falls with the level in some conditions as it does in the rows."""
        return bool((limit_slope(conditions) == self.slope[:, :, None]).all())

    def wanted(self, conditions: Conditions) -> Array:
        """Level wanted at the end of each period in GWh, shape (storage, period, scenario)."""
        return self.target[:, :, None] * conditions.value("storages", "volume")

    def level_entries(self, sign: float) -> tuple[Entries, ...]:
        """Where a level (+1) or a shortfall (-1) stands: its own equation, the next one, and two withdrawal limits."""
        following = np.full_like(self.level, -1)
        following[:, :-1] = self.level[:, 1:]
        next_limit = np.full_like(self.limit, -1)
        next_limit[:, :-1] = self.limit[:, 1:]
        next_slope = np.zeros_like(self.slope)
        next_slope[:, :-1] = self.slope[:, 1:]
        return (
            Entries(self.level, np.full(self.level.shape, sign)),
            Entries(following, np.full(self.level.shape, -sign)),
            Entries(self.limit, -sign * self.slope / 2),
            Entries(next_limit, -sign * next_slope / 2),
        )

    def balance(self, index: NetworkIndex, conditions: Conditions) -> Array:
        """Right-hand sides of the added rows, shape (row, scenario)."""
        start = conditions.value("storages", "level")[:, 0]
        limited = self.limit >= 0
        balance = np.zeros((self.count, max(start.shape[-1], conditions.value("storages", "withdrawal").shape[-1])))
        offset = len(index.nodes) * self.level.shape[1]
        balance[self.level[:, 0] - offset] = start
        if limited.any():
            empty = index.storages["withdrawal_when_empty"].to_numpy(dtype=np.float64)[:, None, None]
            left = index.days * conditions.value("storages", "withdrawal") * empty
            left = np.broadcast_to(left, (*limited.shape, balance.shape[1])).copy()
            left[:, 0] += self.slope[:, 0, None] / 2 * start
            balance[self.limit[limited] - offset] = left[limited]
        return balance

    def worth_later(self, prices: Array, period: int) -> Array:
        """Return what one GWh in store at the end of a period earns in the equations after it, thousand EUR.

        Args:
            prices: duals of all rows, shape (row, scenario).
            period: not the last.

        Returns:
            Shape (storage, scenario).
        """
        limit = self.limit[:, period + 1]
        freed = np.where(limit[:, None] >= 0, prices[limit], 0.0) * self.slope[:, period + 1, None] / 2
        worth: Array = -prices[self.level[:, period + 1]] - freed
        return worth


class Injection(Component):
    """Gas put into store; a share is lost on the way."""

    kind = Kind.INJECTION

    def __init__(self, index: NetworkIndex, rows: StorageRows) -> None:
        self.index = index
        self.node = index.node(index.storages["node"])
        self.kept = 1.0 - index.storages["loss"].to_numpy(dtype=np.float64)[:, None, None]
        self.entries = (
            index.balance_entries(self.node, -1.0),
            Entries(rows.level, np.broadcast_to(-self.kept[:, :, 0], rows.level.shape)),
        )

    def columns(self, conditions: Conditions) -> Columns:
        """Cost of injection, its rise with the rate, and the rate."""
        rate = conditions.value("storages", "injection") * self.index.days
        return _moving(conditions, conditions.value("storages", "injection_cost"), rate, self.kept)


class Withdrawal(Component):
    """Gas taken from store."""

    kind = Kind.WITHDRAWAL

    def __init__(self, index: NetworkIndex, rows: StorageRows) -> None:
        self.index = index
        self.node = index.node(index.storages["node"])
        one = np.ones(rows.level.shape)
        self.entries = (index.balance_entries(self.node, 1.0), Entries(rows.level, one), Entries(rows.limit, one))

    def columns(self, conditions: Conditions) -> Columns:
        """Cost of withdrawal, its rise with the rate, and the rate."""
        rate = conditions.value("storages", "withdrawal") * self.index.days
        return _moving(conditions, conditions.value("storages", "withdrawal_cost"), rate)


class Level(Component):
    """Gas in store at the end of a period, counting the shortfall against a target as if it were there."""

    kind = Kind.LEVEL

    def __init__(self, index: NetworkIndex, rows: StorageRows, policy: StoragePolicy) -> None:
        self.index, self.rows, self.policy = index, rows, policy
        self.node = index.node(index.storages["node"])
        self.entries = rows.level_entries(1.0)

    def columns(self, conditions: Conditions) -> Columns:
        """Nothing but the worth of what is left at the end; bounds from target to volume, or to the start level."""
        worth, fall = self.end_worth(conditions)
        return Columns(-worth, fall, self.target(conditions), _room(conditions))

    def end_worth(self, conditions: Conditions) -> tuple[Array, Array]:
        """Return the value of the first GWh left at the end, and its fall with each further one; nil before."""
        policy, volume = self.policy, conditions.value("storages", "volume")
        value = conditions.value("storages", "value")
        worth = value[:, -1:] if policy.end_value is None else np.full((1, 1, 1), policy.end_value)
        worth = worth + policy.end_slope * policy.end_level
        last = (np.arange(self.rows.level.shape[1]) == self.rows.level.shape[1] - 1)[None, :, None]
        fall = np.divide(policy.end_slope, volume, out=np.zeros(volume.shape), where=last & (volume > 0))
        return np.where(last, worth, 0.0), fall

    def target(self, conditions: Conditions) -> Array:
        """Return the level wanted at the end of each period, GWh."""
        return np.minimum(self.rows.wanted(conditions), _room(conditions))


class Shortfall(Component):
    """What is missing to a filling target; closed where there is none.

    Missing gas is in the level column as if it were there. So in the last period it costs, beside the penalty, what the
    level column is paid for it: with the level at the target, the worth of what is left is that of what is there.
    """

    kind = Kind.SHORTFALL

    def __init__(self, index: NetworkIndex, level: Level) -> None:
        self.rows, self.level = level.rows, level
        rows = level.rows
        self.node = index.node(index.storages["node"])
        self.entries = rows.level_entries(-1.0)

    def columns(self, conditions: Conditions) -> Columns:
        """Return the penalty, up to the target itself."""
        worth, fall = self.level.end_worth(conditions)
        target = self.level.target(conditions)
        cost = self.rows.penalty[:, :, None] + worth - fall * target
        return Columns(cost, fall, np.zeros((1, 1, 1)), target)


class Headroom(Component):
    """What a level-dependent limit leaves unused of the withdrawal."""

    kind = Kind.HEADROOM

    def __init__(self, index: NetworkIndex, rows: StorageRows) -> None:
        limited = rows.limit[:, 0] >= 0
        self.node = index.node(index.storages["node"])[limited]
        self.entries = (Entries(rows.limit[limited], np.ones(rows.limit[limited].shape)),)

    def columns(self, conditions: Conditions) -> Columns:
        """Free and unlimited."""
        none = np.zeros((1, 1, 1))
        return Columns(none, none, none, np.full((1, 1, 1), np.inf))


def _moving(conditions: Conditions, cost: Array, rate: Array, kept: Array | float = 1.0) -> Columns:
    """Columns that put gas in or take it out at a cost that rises with the rate.

    No more can be put in, or taken out, in one period than the store holds: a rate that stands for no limit would
    leave solvers with bounds many orders of magnitude beyond anything that flows.
    """
    rise = conditions.value("storages", "full_rate_cost")
    shape = np.broadcast_shapes(rise.shape, rate.shape)
    none = np.zeros((1, 1, 1))
    room = np.maximum(conditions.value("storages", "volume"), conditions.value("storages", "level")[:, :1])
    slope = np.divide(rise, rate, out=np.zeros(shape), where=rate > 0)
    return Columns(cost, slope, none, np.minimum(rate, room / kept))


def limit_slope(conditions: Conditions) -> Array:
    """By how much the level-dependent limit of withdrawal rises with the mean level, GWh per period for each GWh.

    Returns:
        Shape (storage, period, scenario); zero where withdrawal does not depend on the level.
    """
    storages = conditions.network.storages
    empty, full = (storages[name].to_numpy(dtype=np.float64) for name in ("withdrawal_when_empty", "full_rate_level"))
    per_level = np.divide(1.0 - empty, full, out=np.zeros(len(storages)), where=_limited(storages))[:, None, None]
    rate, volume = (conditions.value("storages", name) for name in ("withdrawal", "volume"))
    numerator = conditions.periods.days[:, None] * rate * per_level
    shape = np.broadcast_shapes(numerator.shape, volume.shape)
    slope: Array = np.divide(numerator, volume, out=np.zeros(shape), where=volume > 0)
    return slope


def _limited(storages: pd.DataFrame) -> NDArray[np.bool_]:
    """Which stores withdraw less when they are low, shape (storage,)."""
    empty, full = (storages[name].to_numpy(dtype=np.float64) for name in ("withdrawal_when_empty", "full_rate_level"))
    limited: NDArray[np.bool_] = (empty < 1.0) & (full > 0.0)
    return limited


def _room(conditions: Conditions) -> Array:
    """Return the highest level that a store may have, GWh."""
    return np.maximum(conditions.value("storages", "volume"), conditions.value("storages", "level")[:, :1])


def _targets(base: Conditions, policy: StoragePolicy) -> tuple[Array, Array]:
    """Share of the volume wanted at the end of each period and the penalty for a missing MWh, (storage, period)."""
    groups = base.network.nodes["group"].reindex(base.network.storages["node"]).to_numpy(dtype=str)
    target, penalty = np.zeros((2, groups.size, base.periods.count))
    ends = [*base.periods.starts[1:], base.periods.end]
    for wanted in policy.targets:
        for period, (start, end) in enumerate(zip(base.periods.starts, ends, strict=True)):
            if start < wanted.day <= end:
                _want(target, penalty, period, groups == wanted.group.value, (wanted.share, wanted.penalty))
    _want(target, penalty, -1, np.ones(groups.size, dtype=np.bool_), (policy.end_share, policy.end_penalty))
    return target, penalty


def _want(target: Array, penalty: Array, period: int, rows: NDArray[np.bool_], wanted: tuple[float, float]) -> None:
    """Write down a share and its penalty where none is higher; of the same share the higher penalty counts."""
    share, price = wanted
    higher = rows & ((share > target[:, period]) | ((share == target[:, period]) & (price > penalty[:, period])))
    target[higher, period], penalty[higher, period] = share, price
