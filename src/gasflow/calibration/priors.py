"""Prior prices: the stated levels to which the calibration ties a node where quantities leave its price open.

A node has its observed price; else that of its reference plus a basis; else a point from which gas goes on has what the
node behind it pays less the tariff of the way there; else the price of the marker. Exporters sell at the floor.
"""

from __future__ import annotations

import pandas as pd

from gasflow.calibration.observations import Observations
from gasflow.network import Network
from gasflow.network.schema import Group, NodeKind

LEAST = 1.0  # EUR/MWh; a prior is a price that somebody pays


def prior_prices(topology: Network, seen: Observations) -> pd.Series:
    """Return the prior price of every node, EUR/MWh.

    Args:
        topology: the network.
        seen: what was seen on a date, with the price of the marker.

    Example:
        >>> from gasflow.network.toys import line
        >>> prices = pd.DataFrame({"date": "2025-01", "node": ["C"], "price": [48.0]})
        >>> prior_prices(line(), Observations.from_tables(prices=prices)).to_dict()
        {'A': 46.0, 'B': 47.0, 'C': 48.0}
    """
    nodes, pipes = topology.nodes, topology.pipes
    seen_prices: dict[str, float] = dict(zip(seen.prices["node"], seen.prices["price"], strict=True))
    price = {
        node: max(seen_prices[reference] + more, LEAST)
        for node, reference, more in zip(*(seen.basis[name] for name in ("node", "reference", "basis")), strict=True)
        if reference in seen_prices
    }
    price |= seen_prices
    sellers = (nodes["group"] == Group.EXPORTER) & (nodes["kind"] != NodeKind.WORLD)
    price |= dict.fromkeys(nodes.index[sellers], topology.price_floor)
    # Two steps: points with a way into a country, then a transit zone behind them.
    for _ in range(2):
        known = dict(price)
        for origin, destination, tariff in zip(pipes["origin"], pipes["destination"], pipes["tariff"], strict=True):
            if origin not in known and destination in known:
                price.setdefault(origin, max(known[destination] - tariff, LEAST))
    marker = seen_prices[topology.marker_node]
    return pd.Series({name: float(price.get(name, marker)) for name in nodes.index})
