"""Sample paths: months drawn together, so that a cold one is likely to follow a cold one and an outage lasts.

The logarithms of demand and of the world price of LNG are mean-reverting, month by month,

    x_m = persistence x_{m-1} + sqrt(1 - persistence**2) e_m,      e_m standard normal,  x_0 standard normal,
    factor_m = exp(deviation_m x_m - deviation_m**2 / 2),          so that the mean factor is one.

An outage happens with a probability over the whole horizon, begins on a day that is uniform over it, and lasts
an exponential time. What a month has of it is the exact share of its days; within the month it is spread evenly.

Months, not periods, are drawn: the same seed gives the same paths in steps of days, weeks or months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from scipy.special import ndtri

from gasflow.arguments import MOST, finite, instance, number, whole
from gasflow.errors import ArgumentError, ShockError
from gasflow.network.schema import SupplyKind
from gasflow.scenarios.changes import DemandChange
from gasflow.scenarios.conditions import Array
from gasflow.scenarios.draws import RandomUniforms
from gasflow.scenarios.horizon import Horizon
from gasflow.scenarios.levers import Lever
from gasflow.scenarios.sets import Design, ScenarioSet
from gasflow.scenarios.shock import Shock
from gasflow.scenarios.shocks import Closure, LngPriceChange

_HEATING = (10, 11, 12, 1, 2, 3, 4)


@dataclass(frozen=True)
class AR1:
    """A mean-reverting factor, autoregressive of order one from month to month.

    Attributes:
        deviation: standard deviation of its logarithm.
        persistence: correlation with the month before, 0 to 1.
        summer_deviation: deviation from May to September; none: as in winter.

    Raises:
        ShockError: if a number lies outside its limits.

    Example:
        >>> AR1(0.07, 0.5, 0.03)
        AR1(deviation=0.07, persistence=0.5, summer_deviation=0.03)
    """

    deviation: float
    persistence: float
    summer_deviation: float | None = None

    def __post_init__(self) -> None:
        for name in ("deviation", "persistence", *(["summer_deviation"] if self.summer_deviation is not None else [])):
            finite(getattr(self, name), "AR1", name)
        fine = 0.0 <= self.persistence <= 1.0 and self.deviation >= 0.0 and (self.summer_deviation or 0.0) >= 0.0
        if not fine:
            raise ShockError("AR1", f"{self} is out of range", "give deviations from 0 and a persistence of 0 to 1")

    def factors(self, normal: Array, months: Sequence[date]) -> Array:
        """Return the factor of each month from independent standard normal numbers, both of shape (month, scenario)."""
        summer = self.deviation if self.summer_deviation is None else self.summer_deviation
        state = normal.copy()
        for month in range(1, len(state)):
            state[month] = self.persistence * state[month - 1] + np.sqrt(1.0 - self.persistence**2) * normal[month]
        spread = np.array([self.deviation if day.month in _HEATING else summer for day in months])[:, None]
        factors: Array = np.exp(spread * state - spread**2 / 2.0)
        return factors


@dataclass(frozen=True)
class Outage:
    """A place that may close for a while, at an unknown day for an unknown time.

    Attributes:
        place: a node or pipe, by any of its names.
        probability: of one outage within the horizon.
        mean_days: how long it lasts on average (exponential); infinite: for good.
        reroute: the share of lost contract gas that takes another route.

    Example:
        >>> Outage("Sokhranivka", probability=0.5, mean_days=float("inf")).place
        'Sokhranivka'
    """

    place: str
    probability: float
    mean_days: float = 60.0
    reroute: float = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.place, str) or not self.place:
            raise ArgumentError("Outage", "place", self.place, "give the name of a node or pipe")
        for name in ("probability", "mean_days", "reroute"):
            number(getattr(self, name), "Outage", name)
        number(self.reroute, "Outage", "reroute", 0.0, 1.0)
        if not (0.0 <= self.probability <= 1.0 and self.mean_days > 0.0):
            raise ShockError("Outage", f"{self} is out of range", "give a probability of 0 to 1 and some days")

    def shares(self, uniform: Array, bounds: Array) -> Array:
        """Share of each month that it takes, shape (month, scenario).

        Args:
            uniform: whether, when, how long; shape (3, scenario).
            bounds: days since the start of the horizon at which months begin, and its end, shape (month + 1,).
        """
        begin = np.where(uniform[0] < self.probability, uniform[1] * bounds[-1], np.inf)
        end = begin - self.mean_days * np.log(uniform[2])
        over = np.clip(bounds[:, None], begin, np.maximum(begin, end))
        shares: Array = np.diff(np.where(np.isfinite(over), over, 0.0), axis=0) / np.diff(bounds)[:, None]
        return shares


# Assumptions, each to be replaced by the user's own: demand per month from weather (5 to 8 % in the heating season)
# and saving, which lasts; the world LNG price at a given volume, whose 20 % are 6 % of volume at an elasticity of 0.3.
DEMAND = AR1(deviation=0.07, persistence=0.5, summer_deviation=0.03)
LNG_PRICE = AR1(deviation=0.2, persistence=0.7)


@dataclass(frozen=True)
class PathDraws(Design):
    """Months of demand, LNG price and outages.

    Attributes:
        size: how many paths.
        seed: names the draws.
        months: first day of each month within the horizon.
        end: the day after the horizon.
        demand: factor of demand.
        lng_price: factor of the world price of LNG; none: there is no market to buy from.
        outages: what may close.
    """

    size: int
    seed: int
    months: tuple[date, ...]
    end: date
    demand: AR1
    lng_price: AR1 | None
    outages: tuple[Outage, ...] = field(default=())

    @property
    def count(self) -> int:
        """How many paths."""
        return self.size

    @property
    def lengths(self) -> tuple[int, ...]:
        """No grid."""
        return ()

    def numbers(self, start: int, stop: int) -> Array:
        """Demand, LNG price and the share of each outage, all months of one after another."""
        uniform = self._uniform.draw(start, stop)
        count = len(self.months)
        normal = ndtri(uniform[: 2 * count])
        parts = [self.demand.factors(normal[:count], self.months)]
        if self.lng_price is not None:
            parts.append(self.lng_price.factors(normal[count:], self.months))
        bounds = np.array([float((day - self.months[0]).days) for day in (*self.months, self.end)])
        for position, one in enumerate(self.outages):
            first = 2 * count + 3 * position
            parts.append(one.shares(uniform[first : first + 3], bounds))
        return np.concatenate(parts)

    @cached_property
    def _uniform(self) -> RandomUniforms:
        """One stream of uniform numbers per month of each factor, three per outage."""
        names = [f"{what} {day:%Y-%m}" for what in ("demand", "lng price") for day in self.months]
        names += [f"{word} {one.place}" for one in self.outages for word in ("whether", "when", "how long")]
        return RandomUniforms(self.seed, tuple(names))

    def __str__(self) -> str:
        drawn = ", ".join(map(repr, (self.demand, self.lng_price, *self.outages)))
        return f"{self.size} paths from {self.months[0]} to {self.end} with seed {self.seed}: {drawn}"


def sample_paths(
    count: int,
    seed: int,
    horizon: Horizon,
    *,
    demand: AR1 = DEMAND,
    lng_price: AR1 = LNG_PRICE,
    outages: Sequence[Outage] = (),
) -> ScenarioSet:
    """Draw paths of demand, LNG price and outages over a horizon; each depends on the seed and its own number only.

    Args:
        count: how many.
        seed: names the draws, 0 or more.
        horizon: gives the months.
        demand: factor of demand at given prices, about the horizon's own.
        lng_price: factor of the price at which the world offers the same volume of LNG.
        outages: what may close, such as the route in question, a terminal, an import pipeline.

    Raises:
        ShockError: if there is nothing to draw.

    Example:
        >>> from datetime import date
        >>> import gasflow as gf
        >>> from gasflow.scenarios.periods import Periods
        >>> periods = Periods((date(2022, 5, 10), date(2022, 6, 1)), date(2022, 7, 1))
        >>> summer = gf.Horizon((gf.toys.transit_hub(),) * 2, periods)
        >>> drawn = gf.sample_paths(1000, 7, summer, outages=[gf.Outage("Sokhranivka", 0.5)])
        >>> drawn.names[0], drawn.names[-1], len(drawn.names)
        ('demand_2022-05', 'Sokhranivka_2022-06', 6)
        >>> gf.simulate(summer, drawn, keep=["levels"]).levels.shape
        (2000, 1)
    """
    where = "sample_paths"
    whole(count, where, "count", 1, MOST)
    whole(seed, where, "seed", 0, MOST)
    instance(Horizon, horizon, where, "horizon", "give a horizon, such as gasflow.horizon()")
    for name, factor in (("demand", demand), ("lng_price", lng_price)):
        instance(AR1, factor, where, name, "give a gasflow.AR1")
    for one in instance((list, tuple), outages, where, "outages", "give a list of gasflow.Outage"):
        instance(Outage, one, where, "outages", "give a list of gasflow.Outage")
    periods = horizon.periods
    months = _months(periods.starts[0], periods.end)
    spans = list(zip(months, (*months[1:], None), strict=True))
    shocks: list[Shock] = [DemandChange(start=first, end=last) for first, last in spans]
    levers = [Lever(f"demand_{day:%Y-%m}", 0, "factor") for day in months]
    markets = bool((horizon.networks[0].supplies["kind"] == SupplyKind.MARKET).any())
    if markets:
        shocks += [LngPriceChange(start=first, end=last) for first, last in spans]
        levers += [Lever(f"lng_price_{day:%Y-%m}", 0, "factor") for day in months]
    for one in outages:
        place = horizon.networks[0].find(one.place).name
        shocks += [Closure(place, 0.0, one.reroute, start=first, end=last) for first, last in spans]
        levers += [Lever(f"{one.place}_{day:%Y-%m}", 0, "share") for day in months]
    numbered = tuple(Lever(lever.name, position, lever.field) for position, lever in enumerate(levers))
    draws = PathDraws(count, seed, months, periods.end, demand, lng_price if markets else None, tuple(outages))
    return ScenarioSet(tuple(shocks), numbered, draws)


def _months(start: date, end: date) -> tuple[date, ...]:
    """Return the first day, and the first of every later month before the end."""
    days = [start]
    while (following := (days[-1].replace(day=1) + timedelta(days=32)).replace(day=1)) < end:
        days.append(following)
    return tuple(days)
