"""Headline figures of a report, and values on their way to JSON."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gasflow.network.network import Network
from gasflow.reports.transit import Transit
from gasflow.results.results import Results
from gasflow.units import mcm_from_gwh


@dataclass(frozen=True)
class Figures:
    """Headline figures before or after; all NaN-able, since a network need not have transit, or a marker."""

    transit: Transit
    through: float
    marker: float
    unserved: float
    revenue: float

    def as_dict(self) -> dict[str, float | None]:
        """Return the figures with their units, NaN as None."""
        return without_nan(
            {
                "transit_gwh_per_day": self.transit.entries,
                "transit_mcm_per_day": mcm_from_gwh(self.transit.entries),
                "exit_gwh_per_day": self.transit.exits,
                "hub_mcm_per_day": mcm_from_gwh(self.through),
                "marker_eur_per_mwh": self.marker,
                "unserved_gwh_per_day": self.unserved,
                "exporter_revenue_million_eur_per_day": self.revenue,
            }
        )


def marker_price(results: Results) -> float:
    """Return the price of the marker in the first scenario and period, NaN in a network without one."""
    node = results.network.marker_node
    return float(results.array("prices")[results.item("prices", node)[0], 0, 0]) if node else math.nan


def hubs_in_order(network: Network) -> list[str]:
    """Return the nodes of the hubs, the marker first and the others by the names of their hubs."""
    hubs = network.nodes["hub"]
    named = sorted(hubs[hubs != ""].index, key=lambda node: (node != network.marker_node, hubs[node]))
    return named or [node for node in (network.marker_node,) if node]


def percent_change(before: float, after: float) -> float:
    """Return the change in percent of the size of what was before; NaN where that was nothing.

    Example:
        >>> percent_change(80.0, 84.0), percent_change(0.0, 1.0)
        (5.0, nan)
    """
    return 100.0 * (after - before) / abs(before) if before else math.nan


def without_nan(figures: dict[str, float]) -> dict[str, float | None]:
    """Return the figures with None for NaN, since JSON knows no NaN.

    Example:
        >>> without_nan({"price": math.nan, "flow": 1.0})
        {'price': None, 'flow': 1.0}
    """
    return {name: None if math.isnan(value) else float(value) for name, value in figures.items()}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain values, the index first, NaN as None.

    Example:
        >>> records(pd.DataFrame({"price": [math.nan]}, index=pd.Index(["A"], name="node")))
        [{'node': 'A', 'price': None}]
    """
    rows = table.reset_index().to_dict("records")
    return [{str(k): None if isinstance(v, float) and math.isnan(v) else v for k, v in row.items()} for row in rows]
