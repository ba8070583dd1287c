"""The closure report: what happens to flows, prices and revenue if places close, and how sure one can be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from gasflow.arguments import instance, texts
from gasflow.errors import GasflowError
from gasflow.network.countries import country_code
from gasflow.network.lookup import Place
from gasflow.network.network import Network
from gasflow.reports.figures import Figures, marker_price, percent_change, records, without_nan
from gasflow.reports.pages.closure import closure_page
from gasflow.reports.pages.elements import page_html, page_text
from gasflow.reports.pairs import before_and_after, certificate_record, closure_record, full_closures, idle_closures
from gasflow.reports.scarcity import DearPlace, dearest
from gasflow.reports.transit import Transit, zones
from gasflow.results.absorption import absorbed
from gasflow.results.comparison import Comparison
from gasflow.results.quantities import QUANTITIES
from gasflow.results.results import Results
from gasflow.scenarios.routes import contracts_on, entering_pipes, touched_pipes
from gasflow.scenarios.shocks import Closure
from gasflow.simulation.model import Model

_LEAST_CHANGE = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class ClosureReport:
    """A closure in the central case and at the ends of the stated ranges.

    Attributes:
        closures: what closed, by full names.
        central: before and after in the central case.
        ends: the same at the ends of the ranges of elasticities and storage slope.
        remarks: what a reader should know about the base.
    """

    closures: tuple[Closure, ...]
    central: Comparison
    ends: tuple[Comparison, ...]
    remarks: tuple[str, ...] = ()

    @property
    def network(self) -> Network:
        """The network of the central case."""
        return self.central.base.network

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know: remarks on the base, and which closed places carry nothing in it."""
        return self.remarks + idle_closures(self.central.base, self.closures)

    @cached_property
    def baseline(self) -> Figures:
        """Headline figures without the closure."""
        return self._figures(self.central.base)

    @cached_property
    def after(self) -> Figures:
        """Headline figures with it."""
        return self._figures(self.central.after)

    @cached_property
    def exporters(self) -> tuple[str, ...]:
        """The exporters whose contract gas is hit: nominated through a closed place, else delivered less."""
        supplies = self.network.supplies
        touched = np.unique(np.concatenate([touched_pipes(self.network, place) for place in self._places]))
        rows = contracts_on(self.network, touched)
        if rows.size == 0:
            fell = self.central.changes("supply")[:, 0, 0] < -_LEAST_CHANGE
            rows = np.flatnonzero(fell & (supplies["kind"] == "contract").to_numpy())
        return tuple(sorted(set(supplies["exporter"].iloc[rows]) - {""}))

    @property
    def has_band(self) -> bool:
        """Whether the ends of ranges were given; without them ``low`` and ``high`` are NaN."""
        return bool(self.ends)

    @property
    def prices(self) -> pd.DataFrame:
        """Central prices per node with ``low`` and ``high``: after the closure, at the ends of the ranges, EUR/MWh."""
        table = self.central.prices
        if not self.has_band:
            return table.assign(low=np.nan, high=np.nan)
        after = np.stack([one.after.array("prices")[:, 0, 0] for one in (self.central, *self.ends)])
        return table.assign(low=after.min(axis=0), high=after.max(axis=0))

    @cached_property
    def marker_percent(self) -> tuple[float, float, float]:
        """Change of the price of the marker in percent: low end, central, high end; the ends are NaN without a band."""
        changes = [
            percent_change(marker_price(one.base), marker_price(one.after)) for one in (self.central, *self.ends)
        ]
        if not self.has_band:
            return math.nan, changes[0], math.nan
        return float(np.min(changes)), changes[0], float(np.max(changes))

    @property
    def absorbed(self) -> pd.Series:
        """Who made up for the lost flow, GWh/d; adds up to the loss."""
        return self._absorbed.copy()

    @cached_property
    def _absorbed(self) -> pd.Series:
        return absorbed(self.central, *(place.name for place in self._places)).iloc[0].rename("gwh_per_day")

    @cached_property
    def rerouted(self) -> float:
        """Contract gas of the same exporters that moved to other routes, GWh/d."""
        gained = np.maximum(self.central.changes("supply")[:, 0, 0], 0.0)
        supplies = self.network.supplies
        rows = (supplies["kind"] == "contract") & supplies["exporter"].isin(self.exporters)
        return float(gained[rows.to_numpy()].sum())

    @property
    def touches_transit(self) -> bool:
        """Whether what closed lies on a transit zone or its entries, or the transit changed."""
        pipes = self.network.pipes
        within = zones(self.network)
        system = {*within, *pipes.loc[pipes["destination"].isin(within), "origin"]}
        touched = np.concatenate([touched_pipes(self.network, place) for place in self._places])
        ends = {*pipes["origin"].iloc[touched], *pipes["destination"].iloc[touched]}
        return bool(system & ends) or abs(self.after.transit.entries - self.baseline.transit.entries) > _LEAST_CHANGE

    @property
    def flows(self) -> pd.DataFrame:
        """Flow on every pipe with its ends and technical capacity, largest change first, GWh/d."""
        pipes = self.network.pipes[["origin", "destination", "capacity"]].rename_axis("pipe")
        flows = pipes.join(self.central.flows)
        return flows.loc[flows["change"].abs().sort_values(ascending=False, kind="stable").index]

    @cached_property
    def dearest(self) -> list[DearPlace]:
        """Where prices are highest after the closure, and which full pipes are the reason."""
        return dearest(self.central.after)

    @property
    def booked_percent(self) -> list[float]:
        """What each closed place holds of all that its exporter has booked, percent; NaN where nothing is booked."""
        pipes, supplies = self.network.pipes, self.network.supplies
        shares = []
        for place in self._places:
            own = contracts_on(self.network, touched_pipes(self.network, place))
            every = supplies["exporter"].isin(set(supplies["exporter"].iloc[own])) & (supplies["route"] != "")
            held, total = (
                float(pipes["booked"].reindex(routes).sum(min_count=1))
                for routes in (supplies["route"].iloc[own], supplies.loc[every, "route"])
            )
            shares.append(100.0 * held / total if total > 0 else math.nan)
        return shares

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values: flow in GWh/d (mcm at 20 degC), price in EUR/MWh, NaN as None."""
        low, central, high = self.marker_percent
        baseline, after = self.baseline, self.after
        diagnostics = [one.diagnostics for pair in (self.central, *self.ends) for one in (pair.base, pair.after)]
        return {
            "date": self.network.date,
            "network": self.network.name,
            "notes": [*self.notes],
            "closed": [
                closure_record(closure) | without_nan({"booked_percent": booked})
                for closure, booked in zip(self.closures, self.booked_percent, strict=True)
            ],
            "baseline": baseline.as_dict(),
            "after": after.as_dict(),
            "change": without_nan(
                {
                    "transit_percent": percent_change(baseline.transit.entries, after.transit.entries),
                    "exit_percent": percent_change(baseline.transit.exits, after.transit.exits),
                    "marker_percent": central,
                    "marker_percent_low": low,
                    "marker_percent_high": high,
                    "revenue_percent": percent_change(baseline.revenue, after.revenue),
                }
            ),
            "exporters": [*self.exporters],
            "rerouted_gwh_per_day": self.rerouted,
            "absorbed": [{"by": by, "gwh_per_day": float(gwh)} for by, gwh in self.absorbed.items()],
            "prices": records(self.prices[["baseline", "after", "low", "high"]]),
            "flows": records(
                self.flows[["origin", "destination", "capacity", "baseline", "after"]].rename(
                    columns={"capacity": "capacity_gwh_per_day"}
                )
            ),
            "welfare_change_thousand_eur_per_day": records(self.central.welfare),
            "revenue": records(self.central.revenue[["baseline", "after"]]),
            "highest_prices": [
                {"node": dear.node, "price": dear.price, "full": [*dear.full], "unserved_gwh_per_day": dear.unserved}
                for dear in self.dearest
            ],
            "shortages": self.central.after.shortages(),
            "certificate": certificate_record(diagnostics),
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the report as tables by name, with units in the headers."""
        central = self.central
        named = {"baseline": self.baseline.as_dict(), "after": self.after.as_dict()}
        tables = {
            "summary": pd.DataFrame(named).rename_axis("figure"),
            "absorbed": self.absorbed.to_frame(),
            "prices": _with_unit(self.prices, "eur_per_mwh"),
            "flows": _with_unit(self.flows, "gwh_per_day"),
            "welfare": central.welfare.add_suffix("_thousand_eur_per_day"),
            "revenue": _with_unit(central.revenue, "million_eur_per_day"),
        }
        return tables | {
            name: _with_unit(central.table(name), "gwh_per_day")
            for name in ("demand", "supply", "storage", "unserved", "untaken")
        }

    @property
    def _places(self) -> list[Place]:
        return [self.network.find(closure.place) for closure in self.closures]

    def _figures(self, results: Results) -> Figures:
        flows = results.array("flows")[:, 0, 0]
        exporters = results.items("revenue").isin(self.exporters)
        earned = results.array("revenue")[exporters, 0, 0]
        return Figures(
            Transit.of(self.network, flows),
            float(flows[entering_pipes(self.network, self._places)].sum()),
            marker_price(results),
            float(results.array("unserved")[:, 0, 0].sum()),
            float(earned.sum()) if earned.size else math.nan,
        )

    def __repr__(self) -> str:
        return page_text(partial(closure_page, self))

    def _repr_html_(self) -> str:
        return page_html(partial(closure_page, self))


def closure_report(
    model: Model | Network, *closures: Closure, ends: Sequence[Network] = (), remarks: Sequence[str] = ()
) -> ClosureReport:
    """Close places and report what happens.

    Args:
        model: the central case: a network, or a `gasflow.Model` of one, which also says how it is solved.
        closures: what closes, one share each. Places given twice close once.
        ends: the same network at the ends of the stated ranges of its parameters, solved in the same way.
        remarks: what a reader should know about the network.

    Raises:
        GasflowError: if nothing closes, something is no closure, a place is unknown or ambiguous, or a solve ends
            without a certificate.

    Example:
        >>> import gasflow as gf
        >>> report = closure_report(gf.toys.transit_hub(), gf.Closure("Novopskov"))
        >>> report.as_dict()["closed"][0]["place"], round(report.baseline.as_dict()["hub_mcm_per_day"], 1)
        ('Sokhranivka', 23.8)
    """
    where = "closure_report"
    remedy = "give networks, such as gasflow.toys.transit_hub()"
    model = Model.of(model) if isinstance(model, Model | Network) else model
    instance(Network, getattr(model, "subject", model), where, "model", remedy)
    for end in instance((list, tuple), ends, where, "ends", "give a list of networks"):
        instance(Network, end, where, "ends", remedy)
    for closure in closures:
        instance(Closure, closure, where, "closures", "give closures only, and simulate and compare other shocks")
    said = texts(remarks, where, "remarks", "text")
    full = full_closures(model.network, closures)
    central = before_and_after(model, full, tuple(QUANTITIES))
    around = tuple(before_and_after(replace(model, subject=one), full, ("prices",)) for one in ends)
    return ClosureReport(full, central, around, said)


def routes_of(network: Network, exporter: str) -> list[str]:
    """Return the pipes on which an exporter's contract gas leaves, to close them all.

    Args:
        network: the network.
        exporter: code of the country, such as RU.

    Raises:
        GasflowError: if it has none; the message says who has.

    Example:
        >>> import gasflow as gf
        >>> routes_of(gf.toys.transit_hub(), "RU")
        ['RU->Sokhranivka', 'RU->Sudzha']
    """
    supplies = network.supplies
    contracts = supplies[supplies["route"] != ""]
    code = country_code(exporter.strip().upper())
    routes: list[str] = contracts.loc[contracts["exporter"] == code, "route"].tolist()
    if not routes:
        known = ", ".join(sorted(set(contracts["exporter"])))
        raise GasflowError(f"No contract gas comes from {exporter!r}", f"exporters by route are {known}")
    return routes


def _with_unit(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return the table with its unit in the headers of numbers, apart from percentages."""
    plain = {"percent", "origin", "destination"}
    return table.rename(columns=lambda name: name if name in plain else f"{name}_{unit}")
