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
    nodes = read_table("nodes")
    quoted, basis = observed("prices", base), read_table("price_basis")
    hubs: dict[str, float] = dict(zip(quoted["node"], quoted["price"], strict=True))
    price = {
        node: max(hubs[reference] + more, LEAST)
        for node, reference, more in zip(basis["node"], basis["reference"], basis["basis"], strict=True)
    }
    price |= hubs
    price |= dict.fromkeys(nodes.loc[nodes["group"] == "exporter", "name"], 0.0)
    price["LNG"] = max(hubs["NL"] - 2.0 * parameters()["regasification"], LEAST)
    pipes = items.loc[items["quantity"] == Quantity.PIPE, ["origin", "destination", "cost"]]
    # Two steps: points with a way into a country, then the transit node behind them.
    for _ in range(2):
        known = dict(price)
        for origin, destination, tariff in pipes.itertuples(index=False):
            if origin not in known and destination in known:
                price.setdefault(origin, max(known[destination] - tariff, LEAST))
    return pd.Series({name: float(price.get(name, hubs["NL"])) for name in nodes["name"]})
