"""Rounding at a limit: a number that passes its limit by a rounding error is the limit.

The same capacity given per year and per day, or a sum of shares, differs in its last digits. Within `RELATIVE` of the
size of the limit (of 1, where the limit is smaller) a number is set to its limit, so that nobody downstream meets a
nomination above the capacity; what passes by more is for the rules in `gasflow.network.checks` to report.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.network.columns import Kind
from gasflow.network.schema import SCHEMA

RELATIVE = 1e-9
# Curves end at the value of lost load, and need at least this multiple of the anchor to bend (see core.curves).
CURVE_END = 3.5

Limit = float | NDArray[np.float64]
# Table, column, and the column that it must not pass.
_PAIRS = (
    ("pipes", "nominated", "capacity"),
    ("supplies", "minimum", "volume"),
    ("storages", "level", "volume"),
    ("storages", "action", "withdrawal"),
)


def slack(limit: Limit) -> NDArray[np.float64]:
    """Return by how much a number may pass a limit and still be taken for it.

    Example:
        >>> float(slack(50.0)), float(slack(0.0))
        (5e-08, 1e-09)
    """
    return np.asarray(RELATIVE * np.maximum(1.0, np.abs(limit)))


def settled(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables with every number that passes a limit by rounding set to that limit.

    Limits are those of the schema, those that one column sets another, and the common anchor price of a node.

    Example:
        >>> from gasflow.network.toys import two_nodes
        >>> tables = two_nodes().tables
        >>> tables["pipes"]["nominated"] = 50.0 + 1e-12
        >>> float(settled(tables)["pipes"].loc["A->B", "nominated"])
        50.0
    """
    new = {name: frame.copy() for name, frame in tables.items()}
    for table in SCHEMA.values():
        for entry in table.columns:
            if entry.kind is Kind.NUMBER:
                _keep(new[table.name], entry.name, entry.minimum, entry.maximum)
    for name, column, limit in _PAIRS:
        _keep(new[name], column, -np.inf, new[name][limit].to_numpy())
    _keep(new["storages"], "action", -new["storages"]["injection"].to_numpy(), np.inf)
    for name, highest in highest_anchors(new).items():
        _keep(new[name], "anchor_price", -np.inf, highest)
    common = common_anchor(new["demands"])
    near = (new["demands"]["anchor_price"] - common).abs() <= slack(common.to_numpy())
    new["demands"]["anchor_price"] = new["demands"]["anchor_price"].where(~near, common)
    return new


def highest_anchors(tables: Mapping[str, pd.DataFrame]) -> dict[str, NDArray[np.float64]]:
    """Return the highest anchor price that leaves room for the curve of each supply and each demand, EUR/MWh.

    Demand ends at the value of lost load of its node, a market at the highest of all nodes; NaN where there is none.
    """
    nodes = tables["nodes"]
    lost_load = nodes["value_of_lost_load"].fillna(float(tables["network"]["value_of_lost_load"].iloc[0]))
    own = tables["demands"]["node"].map(lost_load[~nodes.index.duplicated()]).to_numpy(dtype=np.float64)
    return {"supplies": np.full(len(tables["supplies"]), lost_load.max()) / CURVE_END, "demands": own / CURVE_END}


def common_anchor(demands: pd.DataFrame) -> pd.Series:
    """Return the anchor price of the first elastic sector at the node of each demand; NaN at nodes without any."""
    elastic = demands["anchor_price"].where(demands["elasticity"] < 0.0)
    return elastic.groupby(demands["node"].to_numpy()).transform("first").where(demands["elasticity"] < 0.0)


def _keep(frame: pd.DataFrame, column: str, low: Limit, high: Limit) -> None:
    """Set what passes a limit by rounding to the limit."""
    numbers = frame[column].to_numpy()
    above, below = numbers > high, numbers < low
    if above.any() or below.any():
        above &= numbers - high <= slack(high)
        below &= low - numbers <= slack(low)
        frame[column] = np.where(above, high, np.where(below, low, numbers))
