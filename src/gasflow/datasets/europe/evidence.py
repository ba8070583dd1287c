"""What was observed beside what is used: routes, adjustments, wedges, storage levels."""

from __future__ import annotations

import pandas as pd

from gasflow.calibration.items import Item
from gasflow.datasets.europe.load import calibration_of, load_europe
from gasflow.datasets.europe.observed import observed
from gasflow.datasets.europe.tables import base_of, daily_level_table, labels
from gasflow.network.days import Day
from gasflow.simulation.simulate import simulate


def observed_flows(date: Day = "2022-05-10") -> pd.DataFrame:
    """Return every observed route: flow as observed, as reconciled, and as the network without a shock models it.

    Args:
        date: day or month within the data.

    Returns:
        (pipe, ``observed`` ``reconciled`` ``modelled`` in GWh/d and ``source``).

    Example:
        >>> float(observed_flows("2022-05-10").loc["UA transit->Velke Kapusany", "observed"])
        883.93
    """
    base = base_of(date)
    items = calibration_of(base).equilibrium.items
    routes = items[(items["quantity"] == Item.PIPE) & items["observed"].notna()].set_index("name")
    reported = observed("flows", base).set_index("pipe")["value"].reindex(routes.index)
    modelled = simulate(load_europe(date), keep=("flows",)).flows.iloc[0]
    return pd.DataFrame(
        {
            "observed": reported.fillna(routes["observed"]),
            "reconciled": routes["reconciled"],
            "modelled": modelled.reindex(routes.index),
            "source": routes["source"],
        }
    )


def adjustments(date: Day | None = None) -> pd.DataFrame:
    """Return every adjustment that the reconciliation made, and every statistical difference.

    Args:
        date: day or month; none: all bases.

    Returns:
        One row per base and item: ``base``, ``quantity``, ``name``, ``node``, ``observed``, ``reconciled`` and
        ``adjustment`` in GWh/d, ``share`` of the observed figure (of demand for a statistical difference).

    Example:
        >>> table = adjustments("2022-01")
        >>> bool((table.query("quantity == 'demand' and node == 'DE'")["share"].abs() <= 0.03).all())
        True
    """
    chosen = labels() if date is None else (base_of(date).label,)
    return pd.concat([_adjustments(label) for label in chosen], ignore_index=True)


def wedges(date: Day = "2022-05-10") -> pd.DataFrame:
    """Return what calibration adds to the tariff of each observed pipe and terminal, EUR/MWh.

    Returns:
        (pipe, ``tariff`` ``wedge`` ``price_origin`` ``price_destination``), largest wedge first.

    Example:
        >>> bool(wedges("2022-05-10").index.str.contains("LNG").any())
        True
    """
    return calibration_of(base_of(date)).wedges


def daily_levels() -> pd.DataFrame:
    """Return the observed gas in store per day and country, TWh; days x countries, NaN where not published.

    Example:
        >>> levels = daily_levels()
        >>> round(float(levels.loc["2022-05-10", "DE"]), 1)
        95.6
    """
    return daily_level_table() / 1000.0


def _adjustments(label: str) -> pd.DataFrame:
    table = calibration_of(base_of(label)).adjustments
    table.insert(0, "base", label)
    return table
