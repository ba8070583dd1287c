"""Prior prices: the stated levels to which the calibration ties a node where quantities leave its price open.

A country has TTF, or the British price, plus a basis; an entry point or terminal what its country pays less the
tariff of the way there; the transit of Ukraine the Slovak price less the tariff to Velke Kapusany. Exporters sell
at the floor.
"""

from __future__ import annotations

import pandas as pd

from gasflow.datasets.europe.items import Quantity
from gasflow.datasets.europe.tables import Base, observed, parameters, read_table

LEAST = 1.0  # EUR/MWh; a prior is a price that somebody pays


def prior_prices(base: Base, items: pd.DataFrame) -> pd.Series:
    """Return the prior price of every node, EUR/MWh.

    Args:
        base: the base.
        items: the items of the base.

    Example:
        >>> from gasflow.datasets.europe.items import items_of
        >>> from gasflow.datasets.europe.tables import base_of
        >>> day = base_of("2022-05-10")
        >>> prior_prices(day, items_of(day))[["NL", "UK", "RU"]].tolist()
        [81.49, 50.0, 0.0]
    """
    nodes = read_table("nodes").set_index("name")
    hubs = observed("prices", base).set_index("node")["price"]
    basis = read_table("price_basis").set_index("node")
    price = pd.Series(float("nan"), index=nodes.index)
    price[basis.index] = basis["reference"].map(hubs) + basis["basis"]
    price[hubs.index] = hubs
    price[nodes.index[nodes["group"] == "exporter"]] = 0.0
    price["LNG"] = hubs["NL"] - 2.0 * parameters()["regasification"]
    price = price.where(price.isna() | (price == 0.0), price.clip(lower=LEAST))
    pipes = items[items["quantity"] == Quantity.PIPE]
    # Two steps: points with a way into a country, then the transit node behind them.
    for _ in range(2):
        known = pipes[pipes["origin"].map(price).isna() & pipes["destination"].map(price).notna()]
        reached = known["destination"].map(price) - known["cost"]
        price = price.fillna(reached.groupby(known["origin"]).first().clip(lower=LEAST))
    return price.fillna(float(hubs["NL"]))
