"""The horizon held against the winter of 2022/23: modelled gas in store beside what was observed, and why they differ.

The model is given contract flows and production as observed, the level of the first day, the forward price known then
and an anchor of demand; LNG, storage and demand respond. Anchors are read in two ways: the same month of the year
before (known at the start), or the season as it came. Errors are then traced by swapping one input at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from gasflow.datasets.europe.accounting import accounting_levels
from gasflow.datasets.europe.horizon import Known, horizon
from gasflow.datasets.europe.load import load_europe
from gasflow.datasets.europe.observed import observed
from gasflow.datasets.europe.tables import base_of, daily_level_table
from gasflow.network.days import Day, day_of
from gasflow.network.schema import Group, SupplyKind
from gasflow.reports.figures import records
from gasflow.reports.pairs import certificate_record, certified
from gasflow.results.diagnostics import Diagnostics
from gasflow.results.results import Results
from gasflow.scenarios.horizon import Horizon
from gasflow.simulation.simulate import simulate

# Mean absolute errors in points of working volume that the model is meant to stay below.
EU_BOUND, COUNTRY_BOUND = 6.0, 12.0
ACCOUNT = "accounting of observations"
BEFORE = "demand anchors of the year before"
SEASON = "demand anchors of the season"
# As observed: the market supply stays where it was whatever the price.
_STIFF = 0.01
_KEPT = ("prices", "levels")


@dataclass(frozen=True, eq=False)
class Backtest:
    """Modelled and observed gas in EU stores.

    Attributes:
        observed: GWh at the end of each day, days x countries.
        volume: working volume per country, GWh.
        levels: the same as `observed` by case, modelled.
        ttf: price at TTF by month and case, and as observed, EUR/MWh.
        diagnostics: certificates of the cases that were solved.
    """

    observed: pd.DataFrame
    volume: pd.Series
    levels: dict[str, pd.DataFrame]
    ttf: pd.DataFrame
    diagnostics: tuple[Diagnostics, ...]

    @cached_property
    def errors(self) -> pd.DataFrame:
        """By case: mean absolute error of the daily level in percent of working volume, and the price.

        Returns:
            (case, ``eu``: of the sum; ``countries``: of each country, weighted by volume; ``last``: deviation of the
            sum on the last day; ``ttf``: mean price, NaN for the account).
        """
        total = float(self.volume.sum())
        rows = {}
        for name, modelled in self.levels.items():
            deviation = 100.0 * (modelled - self.observed) / total
            eu = deviation.sum(axis=1)
            ttf = float(self.ttf[name].mean()) if name in self.ttf else np.nan
            rows[name] = (eu.abs().mean(), deviation.abs().mean().sum(), eu.iloc[-1], ttf)
        return pd.DataFrame.from_dict(rows, orient="index", columns=["eu", "countries", "last", "ttf"])

    @cached_property
    def course(self) -> pd.DataFrame:
        """Gas in EU stores on the last day of each month in percent of their volume, observed and by case."""
        days = {"observed": self.observed, **{name: self.levels[name] for name in (ACCOUNT, BEFORE, SEASON)}}
        table = pd.DataFrame({name: 100.0 * frame.sum(axis=1) / self.volume.sum() for name, frame in days.items()})
        return table.groupby(_months(table)).last().rename_axis("month")

    @cached_property
    def by_country(self) -> pd.DataFrame:
        """Mean absolute error per country in percent of its volume, country x case, largest stores first."""
        table = pd.DataFrame(
            {
                name: 100.0 * (self.levels[name] - self.observed).abs().mean() / self.volume
                for name in (ACCOUNT, BEFORE, SEASON)
            }
        )
        return table.loc[self.volume.sort_values(ascending=False).index].rename_axis("country")

    @property
    def verdicts(self) -> list[str]:
        """Each reading of the anchors against the bounds, in words."""
        sentences = []
        for name in (BEFORE, SEASON):
            eu, countries = (float(self.errors[column].loc[name]) for column in ("eu", "countries"))
            met = "met" if eu < EU_BOUND and countries < COUNTRY_BOUND else "missed"
            sentences.append(
                f"{name}: {eu:z.1f} points for the EU (bound {EU_BOUND:g}) and {countries:z.1f} by country "
                f"(bound {COUNTRY_BOUND:g}): {met}"
            )
        return sentences

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return {
            "bounds": {"eu": EU_BOUND, "countries": COUNTRY_BOUND},
            "errors_points": records(self.errors.rename_axis("case")),
            "levels_percent": records(self.course),
            "countries_points": records(self.by_country),
            "ttf_eur_per_mwh": records(self.ttf),
            "verdicts": self.verdicts,
            "certificate": certificate_record(self.diagnostics),
        }


def backtest(start: Day = "2022-05-10", end: Day = "2023-04-01") -> Backtest:
    """Hold the horizon against what was observed.

    Args:
        start: first day.
        end: the day after the last; both within the data.

    Raises:
        GasflowError: if a date lies outside the data, or a solve ends without a certificate.
    """
    start, end = day_of(start).isoformat(), day_of(end).isoformat()
    seen = _observed_levels(start, end)
    levels = {ACCOUNT: accounting_levels(start, end).reindex(columns=seen.columns)}
    prices, diagnostics = {}, []
    for name, case in _cases(start, end, seen):
        results = certified(simulate(case, keep=_KEPT))
        levels[name] = _daily(case, results)[seen.columns]
        prices[name] = results.price_at("TTF").droplevel("scenario")
        diagnostics.append(results.diagnostics)
    volume = case.networks[0].storages["volume"].reindex(seen.columns)
    ttf = pd.DataFrame(prices).assign(observed=[_observed_price(label) for label in case.periods.labels])
    return Backtest(seen, volume, levels, ttf, tuple(diagnostics))


def _cases(start: str, end: str, seen: pd.DataFrame) -> Iterator[tuple[str, Horizon]]:
    """Both readings of the anchors, and each with one input swapped."""
    paid = price_paid(seen)
    for name, demand in ((BEFORE, Known.START), (SEASON, Known.OBSERVED)):
        case = horizon(start, end, contracts=Known.OBSERVED, demand=demand)
        yield name, case
        yield f"{name}; LNG as observed", _with_observed_lng(case)
        yield f"{name}; no filling targets", case.with_policy(targets=())
        yield f"{name}; worth at the end {paid:z.0f}, what storage paid", case.with_policy(end_value=paid)


def price_paid(levels: pd.DataFrame) -> float:
    """Return the mean TTF of the months in which stores were filled, weighted by what went in, EUR/MWh.

    Args:
        levels: gas in store, GWh, days x countries.
    """
    filled = levels.sum(axis=1).diff().clip(lower=0.0)
    months = filled.groupby(_months(levels)).sum()
    prices = np.array([_observed_price(month) for month in months.index])
    return float(np.average(prices, weights=months))


def _observed_levels(start: str, end: str) -> pd.DataFrame:
    """Gas in EU stores at the end of each day, GWh."""
    table = daily_level_table()
    nodes = load_europe(start).nodes["group"]
    eu = [name for name in table.columns if nodes.get(name) == Group.EU]
    days = table.loc[(table.index >= start) & (table.index < end), eu]
    return days.set_axis(pd.DatetimeIndex(days.index, name="date"), axis=0)


def _months(table: pd.DataFrame) -> pd.Index[str]:
    """Return the month of each day."""
    return pd.DatetimeIndex(table.index).strftime("%Y-%m")


def _observed_price(label: str) -> float:
    """TTF as observed in the month of a day."""
    prices = observed("prices", base_of(label[:7])).set_index("node")["price"]
    return float(prices["NL"])


def _with_observed_lng(case: Horizon) -> Horizon:
    """Return the horizon with the LNG of each period as it came, at whatever price."""
    networks = []
    for network, label in zip(case.networks, case.periods.labels, strict=True):
        supplies = network.supplies.copy()
        market = supplies["kind"] == SupplyKind.MARKET
        own = load_europe(label[:7]).supplies.reindex(supplies.index[market])
        supplies.loc[market, ["volume", "anchor_price"]] = own[["volume", "anchor_price"]]
        supplies.loc[market, "elasticity"] = _STIFF
        networks.append(network.replace(supplies=supplies))
    return replace(case, networks=tuple(networks))


def _daily(case: Horizon, results: Results) -> pd.DataFrame:
    """Modelled gas in store at the end of each day, linear between the ends of the periods, GWh."""
    ends = pd.DatetimeIndex([*case.periods.starts, case.periods.end]) - pd.Timedelta(days=1)
    levels = np.vstack([case.networks[0].storages["level"], results.levels.to_numpy()])
    frame = pd.DataFrame(levels, index=ends, columns=results.items("levels"))
    return frame.resample("D").interpolate().iloc[1:]
