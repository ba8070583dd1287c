"""The horizon report: what a closure does to prices, storage and welfare over months, and how long supply lasts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.arguments import instance
from gasflow.network.schema import Group
from gasflow.reports.figures import hubs_in_order, records, without_nan
from gasflow.reports.pages.elements import page_html, page_text
from gasflow.reports.pages.horizon import horizon_page
from gasflow.reports.pairs import (
    before_and_after,
    certificate_record,
    certified,
    closure_record,
    full_closures,
    idle_closures,
)
from gasflow.results.comparison import Comparison, compare
from gasflow.results.places import ACTORS
from gasflow.results.quantities import QUANTITIES
from gasflow.results.results import Results
from gasflow.scenarios.horizon import Horizon
from gasflow.scenarios.sets import ScenarioSet
from gasflow.scenarios.shocks import Closure
from gasflow.simulation.model import Model
from gasflow.simulation.simulate import simulate

Array = NDArray[np.float64]
SIDES = ("before", "after")
_OF_WINTERS = ("prices", "levels", "unserved")
_QUANTILES = (0.05, 0.5, 0.95)
_SHORT = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class HorizonReport:
    """A closure over a horizon, and if wished the same over many drawn winters.

    Attributes:
        model: the horizon, and how it was solved.
        closures: what closed, by full names, with dates.
        central: before and after.
        winters: before and after in every drawn winter; none: no winters were drawn.
    """

    model: Model
    closures: tuple[Closure, ...]
    central: Comparison
    winters: Comparison | None = None

    @property
    def horizon(self) -> Horizon:
        """Networks, periods and storage policy."""
        return cast(Horizon, self.model.subject)

    @property
    def notice_days(self) -> float:
        """How long before its start a closure is known; infinite: from the beginning."""
        return self.model.foresight.notice_days if self.model.foresight else math.inf

    @property
    def group(self) -> Group:
        """The group of countries whose stores are shown: that of the marker."""
        network = self.model.network
        return Group(network.nodes["group"].loc[network.marker_node]) if network.marker_node else Group.EU

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know: notes of the horizon, and which closed places carry nothing in any period."""
        return self.horizon.notes + idle_closures(self.central.base, self.closures)

    @cached_property
    def course(self) -> pd.DataFrame:
        """The main figures by period, before and after.

        Returns:
            (period, ``days``, and with ``_before`` and ``_after``: ``marker`` price in EUR/MWh, ``level`` of the stores
            of the group at the end of the period in percent of their volume, ``value`` of a MWh in them in EUR/MWh,
            ``unserved`` GWh/d).
        """
        columns: dict[str, Array] = {"days": self.horizon.periods.days}
        for side, results in self._sides:
            columns[f"marker_{side}"] = self._marker(results)[:, 0]
            columns[f"level_{side}"] = self.filling(results)[:, 0]
            columns[f"value_{side}"] = self._group_mean(results.array("storage_values"))[:, 0]
            columns[f"unserved_{side}"] = results.array("unserved")[:, :, 0].sum(axis=0)
        return pd.DataFrame(columns, index=self._periods)

    def filling(self, results: Results) -> Array:
        """Gas in the stores of the group at the end of each period, percent full, shape (period, scenario)."""
        return self._group_mean(100.0 * results.array("levels"), weight=1.0)

    @cached_property
    def prices(self) -> pd.DataFrame:
        """Prices of the hubs before and after, (hub, period) x side, EUR/MWh; the marker first."""
        hubs = self.central.base.network.nodes["hub"]
        hubs = hubs.where(hubs != "", hubs.index.to_series())
        order = hubs_in_order(self.central.base.network)
        place = {node: position for position, node in enumerate(order)}
        table = self._table("prices").reset_index()
        table = table[table["node"].isin(order)].assign(hub=table["node"].map(hubs))
        table = table.sort_values("node", key=lambda nodes: nodes.map(place), kind="stable")
        return table.set_index(["hub", "period"])[[*SIDES]]

    @cached_property
    def levels(self) -> pd.DataFrame:
        """Gas in store per country at the end of each period, (period, storage) x side, GWh."""
        return self._table("levels")

    @cached_property
    def welfare(self) -> pd.DataFrame:
        """Change of surplus over the horizon, actor x group, million EUR."""
        change = self.central.changes("welfare")[:, :, 0] @ self.horizon.periods.days / 1000.0
        table = pd.DataFrame(
            change.reshape(len(ACTORS), len(Group)), index=pd.Index(ACTORS, name="actor"), columns=[*map(str, Group)]
        )
        table.loc["total"] = table.sum()
        return table.assign(total=table.sum(axis=1))

    @cached_property
    def revenue(self) -> pd.DataFrame:
        """Revenue of each exporter over the horizon, exporter x side, million EUR."""
        totals = {side: results.total("revenue").iloc[0] for side, results in self._sides}
        table = pd.DataFrame(totals)
        return table[table.index != ""]

    @property
    def survival_days(self) -> tuple[float, float]:
        """Days until demand first goes unserved, before and after; infinite where it never does."""
        before, after = (float(results.survival_days().iloc[0]) for _, results in self._sides)
        return before, after

    @property
    def shortfall(self) -> tuple[float, float]:
        """What is missing to the filling targets at their worst moment, before and after, GWh."""
        before, after = (float(results.array("shortfall").sum(axis=0).max()) for _, results in self._sides)
        return before, after

    @cached_property
    def fans(self) -> pd.DataFrame:
        """What the drawn winters say by period; empty where none were drawn.

        Returns:
            (period, quantiles ``q05 q50 q95`` of the marker's price and of the level of the stores, before and after,
            and the ``short`` share of winters in which demand goes unserved in the period).
        """
        if self.winters is None:
            return pd.DataFrame(index=self._periods)
        columns: dict[str, Array] = {}
        for side, results in zip(SIDES, (self.winters.base, self.winters.after), strict=True):
            for name, numbers in (("marker", self._marker(results)), ("level", self.filling(results))):
                for level in _QUANTILES:
                    columns[f"{name}_{side}_q{100 * level:02.0f}"] = np.quantile(numbers, level, axis=1)
            columns[f"short_{side}"] = (results.array("unserved") > _SHORT).any(axis=0).mean(axis=1)
        return pd.DataFrame(columns, index=self._periods)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON; infinite survival as None."""
        notice = self.notice_days
        report: dict[str, Any] = {
            "start": self.horizon.periods.labels[0],
            "end": str(self.horizon.periods.end),
            "notes": [*self.notes],
            "closed": [closure_record(closure) for closure in self.closures],
            "notice_days": None if math.isinf(notice) else notice,
            "periods": records(self.course),
            "prices": records(self.prices),
            "levels_gwh": records(self.levels),
            "survival_days": dict(zip(SIDES, map(_finite, self.survival_days), strict=True)),
            "target_shortfall_gwh": without_nan(dict(zip(SIDES, self.shortfall, strict=True))),
            "welfare_change_million_eur": records(self.welfare),
            "revenue_million_eur": records(self.revenue),
            "shortages": self.central.after.shortages(),
        }
        if self.winters is not None:
            report["winters"] = {"count": len(self.winters.after.scenarios), "periods": records(self.fans)}
        return report | {"certificate": self.certificate}

    @property
    def certificate(self) -> dict[str, Any]:
        """The worst certificate of all solves."""
        pairs = [self.central, *([self.winters] if self.winters else [])]
        return certificate_record([one.diagnostics for pair in pairs for one in (pair.base, pair.after)])

    @property
    def _sides(self) -> tuple[tuple[str, Results], ...]:
        return tuple(zip(SIDES, (self.central.base, self.central.after), strict=True))

    @property
    def _periods(self) -> pd.Index[str]:
        return pd.Index(self.horizon.periods.labels, name="period")

    def _table(self, quantity: str) -> pd.DataFrame:
        """Return a quantity before and after, (period, place) x side."""
        places = self.central.after.items(quantity)
        rows = pd.MultiIndex.from_product([self._periods, places], names=["period", *places.names])
        sides = {side: results.array(quantity)[:, :, 0].T.ravel() for side, results in self._sides}
        return pd.DataFrame(sides, index=rows)

    def _marker(self, results: Results) -> Array:
        """Price of the marker, shape (period, scenario); NaN in a network without one."""
        node, prices = results.network.marker_node, results.array("prices")
        return prices[results.item("prices", node)[0]] if node else np.full(prices.shape[1:], np.nan)

    def _group_mean(self, numbers: Array, weight: Array | float | None = None) -> Array:
        """Mean over the stores of the group in each period; each number is weighted by its volume unless given."""
        network = self.horizon.networks[0]
        group = network.nodes["group"].reindex(network.storages["node"])
        within = np.asarray(group == self.group)
        volume = np.stack([one.storages["volume"].to_numpy()[within] for one in self.horizon.networks], axis=1)[
            :, :, None
        ]
        total = volume.sum(axis=0)
        weighted = numbers[within] * (volume if weight is None else weight)
        mean: Array = np.divide(weighted.sum(axis=0), total, out=np.zeros(weighted.shape[1:]), where=total > 0)
        return mean

    def __repr__(self) -> str:
        return page_text(partial(horizon_page, self))

    def _repr_html_(self) -> str:
        return page_html(partial(horizon_page, self))


def horizon_report(model: Model | Horizon, *closures: Closure, winters: ScenarioSet | None = None) -> HorizonReport:
    """Close places over a horizon and report what happens.

    Args:
        model: a horizon, or a `gasflow.Model` of one, which also says who knows what when.
        closures: what closes, from when and until when, one share each.
        winters: drawn winters (`gasflow.sample_paths`), each solved without and with the closures.

    Raises:
        GasflowError: if nothing closes, a place is unknown, or a solve ends without a certificate.

    Example:
        >>> from datetime import date
        >>> import gasflow as gf
        >>> from gasflow.scenarios.periods import Periods
        >>> periods = Periods((date(2022, 5, 10), date(2022, 6, 1)), date(2022, 7, 1))
        >>> summer = gf.Horizon((gf.toys.transit_hub(),) * 2, periods)
        >>> report = horizon_report(summer, gf.Closure("Novopskov", start="2022-06-01"))
        >>> report.course["unserved_after"].tolist(), report.survival_days
        ([0.0, 0.0], (inf, inf))
    """
    model = Model.of(model)
    what = "give a horizon, such as gasflow.horizon()"
    instance(Horizon, model.subject, "horizon_report", "model", what)
    full = full_closures(model.network, closures)
    central = before_and_after(model, full, tuple(QUANTITIES))
    drawn = None
    if winters is not None:
        pair = [certified(simulate(model, winters, *what, keep=_OF_WINTERS)) for what in ((), full)]
        drawn = compare(*pair)
    return HorizonReport(model, full, central, drawn)


def _finite(days: float) -> float | None:
    return None if math.isinf(days) else days
