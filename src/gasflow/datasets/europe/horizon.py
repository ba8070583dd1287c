"""Europe over a horizon: which observations stand for which period, and what was known at the start.

Three things differ from a single day. *Contracts* carry either what was observed in each period or, as a counterfactual
without the events that came, what was nominated on the first day. *Demand* is anchored either at the same month of the
year before, volume and price (what was known at the start), or at what was observed. *Storage* is free between its
first level and the worth of what is left at the end, for which the forward price known at the start stands.

A period that spans several months takes the mean of their bases, weighted by days. A month past the data takes the
last year's that has them, and the horizon says so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

import numpy as np
import pandas as pd

from gasflow.arguments import finite, one_of
from gasflow.datasets.europe.load import load_europe
from gasflow.datasets.europe.observed import observed
from gasflow.datasets.europe.tables import FIRST_MONTH, LAST_MONTH, Level, base_of, parameters, read_table
from gasflow.errors import GasflowError
from gasflow.network import Network
from gasflow.network.days import Day, day_of
from gasflow.scenarios.horizon import Horizon
from gasflow.scenarios.periods import Periods, Step
from gasflow.scenarios.storage_policy import FillingTarget, StoragePolicy

# A month past the data repeats one of the last year; further away that says nothing about Europe.
_YEARS_PAST = 3
_TARGETS = (FillingTarget(dt.date(2022, 11, 1), 0.8), FillingTarget(dt.date(2023, 11, 1), 0.9))


class Known(StrEnum):
    """Where figures of later periods come from: what was known at the start, or what was observed."""

    START = "start"
    OBSERVED = "observed"


@dataclass(frozen=True)
class _Choice:
    """Everything that decides which figures a horizon takes.

    Attributes:
        bases: every base that stands for some period; together they have all rows of the horizon.
    """

    start: str
    contracts: Known
    demand: Known
    elasticity: Level
    bases: tuple[str, ...] = ()

    @property
    def years_back(self) -> int:
        """How many years before a period its demand is anchored."""
        return 1 if self.demand is Known.START else 0


def horizon(
    start: Day = "2022-05-10",
    end: Day = "2023-04-01",
    step: Step | str | Sequence[Day] = Step.MONTH,
    *,
    contracts: Known | str = Known.START,
    demand: Known | str = Known.START,
    elasticity: Level | str = Level.CENTRAL,
    end_value: float | None = None,
) -> Horizon:
    """Return Europe over a horizon.

    Args:
        start: first day.
        end: the day after the last.
        step: "month" (calendar months, the first and last cut to the horizon), "week" (seven days from the start),
            "day", or the first days of the periods.
        contracts: "start" keeps the nominations of the first day; "observed" takes each period's own.
        demand: "start" anchors demand at the month of the year before; "observed" at the period's own.
        elasticity: end of the stated ranges of the elasticities.
        end_value: worth of a MWh left in store at the end, EUR/MWh; none: the forward price known at the start.

    Raises:
        GasflowError: if a date cannot be read, the start lies outside the data or the end more than three years past
            them, or periods do not follow one another.

    Example:
        >>> winter = horizon("2022-05-10", "2022-08-01")
        >>> winter.periods.labels
        ['2022-05-10', '2022-06-01', '2022-07-01']
    """
    first = day_of(start).isoformat()
    base_of(first)
    latest = (pd.Period(LAST_MONTH, freq="M") + 1 + 12 * _YEARS_PAST).start_time.date()
    if day_of(end) > latest:
        raise GasflowError(
            f"The horizon ends on {day_of(end)}, more than {_YEARS_PAST} years past the data, which end with "
            f"{LAST_MONTH}",
            f"choose an end up to {latest}",
        )
    periods = Periods.between(start, end, step)
    where = "horizon"
    choice = _Choice(
        first,
        one_of(Known, contracts, where, "contracts"),
        one_of(Known, demand, where, "demand"),
        one_of(Level, elasticity, where, "elasticity"),
    )
    notes: dict[str, None] = {}
    months = [_months(first, last, notes) for first, last in _spans(periods)]
    used = {_covered(month, back) for spans in months for month, _ in spans for back in (0, choice.years_back)}
    choice = replace(choice, bases=tuple(sorted({choice.start, *used})))
    networks = tuple(_network(choice, spans) for spans in months)
    worth = forward_price(start) if end_value is None else finite(end_value, where, "end_value")
    targets = tuple(target for target in _TARGETS if periods.starts[0] < target.day <= periods.end)
    return Horizon(networks, periods, StoragePolicy(targets, end_value=worth), tuple(notes))


def forward_price(start: Day) -> float:
    """Return the price at which gas for later delivery traded on a day, EUR/MWh; without a record, TTF that day.

    Example:
        >>> forward_price("2022-05-10")
        97.0
    """
    known = read_table("forward_prices").set_index("base")["price"]
    base = base_of(start)
    if base.label in known.index:
        return float(known[base.label])
    prices = observed("prices", base)
    return float(prices.loc[prices["node"] == "NL", "price"].iloc[0])


def _spans(periods: Periods) -> list[tuple[dt.date, dt.date]]:
    """First and last day of every period."""
    ends = [*periods.starts[1:], periods.end]
    return [(start, end - dt.timedelta(days=1)) for start, end in zip(periods.starts, ends, strict=True)]


def _months(first: dt.date, last: dt.date, notes: dict[str, None]) -> tuple[tuple[str, float], ...]:
    """Return the months whose bases stand for a period, with the share of its days in each."""
    days = (last - first).days + 1
    counted = Counter(str(first + dt.timedelta(days=k))[:7] for k in range(days))
    for month in counted:
        if month > LAST_MONTH:
            notes[f"{month} lies past the data and repeats {_covered(month)}"] = None
    return tuple((month, count / days) for month, count in sorted(counted.items()))


def _covered(month: str, years_before: int = 0) -> str:
    """Return the month itself, or the same month of a year that the data cover, at least some years before."""
    period = pd.Period(month, freq="M") - 12 * years_before
    while str(period) > LAST_MONTH:
        period -= 12
    while str(period) < FIRST_MONTH:
        period += 12
    return str(period)


@cache
def _network(choice: _Choice, months: tuple[tuple[str, float], ...]) -> Network:
    """Return the network of one period; periods with the same months share it."""
    start = _base(choice.start, choice.elasticity)
    own = [(_base(_covered(month), choice.elasticity), share) for month, share in months]
    back = choice.years_back
    season = [(_base(_covered(month, back), choice.elasticity), share) for month, share in months]
    supplies = _supplies(choice, start, own)
    nodes = _described(choice, "nodes").assign(
        statistical_difference=_mean(season, choice, "nodes", "statistical_difference")
    )
    return start.replace(
        name=f"Europe, {', '.join(month for month, _ in months)}",
        nodes=nodes,
        pipes=_pipes(choice, start, own, season, supplies, months[0][0]),
        supplies=supplies,
        demands=_demands(choice, start, season),
        storages=_storages(choice, start, own),
    )


@cache
def _base(label: str, elasticity: Level) -> Network:
    """Return the network of a base, made once: several periods and horizons take figures from it."""
    return load_europe(label, elasticity=elasticity)


def _mean(parts: list[tuple[Network, float]], choice: _Choice, table: str, column: str) -> pd.Series:
    """Mean of a column over networks; a row that is missing somewhere counts as zero there."""
    shares = [share * network.tables[table][column] for network, share in parts]
    rows = _described(choice, table).index
    mean: pd.Series = pd.concat(shares).groupby(level=0).sum().reindex(rows, fill_value=0.0)
    return mean


@cache
def _described(choice: _Choice, table: str) -> pd.DataFrame:
    """Every row of a table in any base of the horizon, as the latest of them has it, for what does not change."""
    frame = pd.concat([_base(label, choice.elasticity).tables[table] for label in choice.bases])
    rows = pd.Index(list(dict.fromkeys(frame.index)), dtype=object, name="name")
    return frame[~frame.index.duplicated(keep="last")].reindex(rows)


def _pipes(
    choice: _Choice,
    start: Network,
    own: list[tuple[Network, float]],
    season: list[tuple[Network, float]],
    supplies: pd.DataFrame,
    month: str,
) -> pd.DataFrame:
    """Capacities of the period; wedges of the start until its gas year ends, of the season afterwards."""
    pipes = _described(choice, "pipes").assign(
        capacity=_mean(own, choice, "pipes", "capacity"),
        loss=_mean(season, choice, "pipes", "loss"),
        booked=np.nan,
        first_day="",
        last_day="",
    )
    first = start.pipes.reindex(pipes.index)
    contracts = supplies[supplies["route"] != ""].set_index("route")["volume"]
    if choice.contracts is Known.START:
        # Nobody knew on the first day what would be shut later.
        kept = (pipes.index.isin(contracts.index) | (pipes["capacity"] == 0.0)) & first["capacity"].notna()
        pipes["capacity"] = pipes["capacity"].where(~kept, first["capacity"])
    pipes["booked"] = first["booked"]
    gas_year_ends = f"{int(choice.start[:4]) + (choice.start[5:7] >= '10')}-10"
    wedge = first["wedge"] if month < gas_year_ends else _mean(season, choice, "pipes", "wedge")
    pipes["wedge"] = wedge.fillna(0.0)
    nominated = contracts.reindex(pipes.index).fillna(pipes["nominated"].where(pipes["nominated"] == 0.0))
    pipes["nominated"] = np.minimum(nominated, pipes["capacity"])
    return pipes


def _supplies(choice: _Choice, start: Network, own: list[tuple[Network, float]]) -> pd.DataFrame:
    """Production of the period, contracts of the start or the period, and the LNG market as it was at the start."""
    supplies = _described(choice, "supplies").copy()
    at_start = start.supplies.reindex(supplies.index)
    volume = _mean(own, choice, "supplies", "volume")
    market = supplies["kind"] == "market"
    if choice.contracts is Known.START:
        contract = supplies["kind"] == "contract"
        volume = volume.where(~contract, at_start["volume"].fillna(0.0))
    supplies["volume"] = volume.where(~market, at_start["volume"])
    for column in ("anchor_price", "elasticity"):
        supplies[column] = supplies[column].where(~market, at_start[column])
    return supplies


def _demands(choice: _Choice, start: Network, season: list[tuple[Network, float]]) -> pd.DataFrame:
    """Volume and anchor price of the season; households answer as they do within a season, not within days."""
    demands = _described(choice, "demands").copy()
    demands["volume"] = _mean(season, choice, "demands", "volume")
    # A sector without a figure in some month stands at the price of its node all the same.
    price = _mean(season, choice, "demands", "anchor_price").groupby(demands["node"]).transform("max")
    demands["anchor_price"] = price.where(price > 0.0, demands["anchor_price"])
    elasticity = start.demands["elasticity"].reindex(demands.index)
    within_season = demands["sector"].map(
        {"households": parameters()["elasticity_households_season"], "total": parameters()["elasticity_total_season"]}
    )
    demands["elasticity"] = np.minimum(elasticity.fillna(demands["elasticity"]), within_season.fillna(0.0))
    return demands


def _storages(choice: _Choice, start: Network, own: list[tuple[Network, float]]) -> pd.DataFrame:
    """Capacities of the period and the level of the first day."""
    storages = _described(choice, "storages").copy()
    for column in ("volume", "injection", "withdrawal"):
        storages[column] = _mean(own, choice, "storages", column)
    storages["level"] = np.minimum(start.storages["level"].reindex(storages.index).fillna(0.0), storages["volume"])
    storages["action"] = 0.0
    return storages
