"""Everything that moves gas in a base, as one list of items that enter or leave nodes.

An *item* takes gas from its origin (if it has one) and brings ``1 - loss`` of it to its destination (if it has
one). A pipe has both, a demand only an origin, production, net withdrawal from storage, imports of exporters and
the statistical difference only a destination. So one incidence matrix, and one way to build it, serves the
reconciliation and the calibration.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csc_array

from gasflow.datasets.europe.tables import Base, bounds, in_service, observed, parameters, read_table

COLUMNS = (
    "quantity", "name", "origin", "destination", "loss", "observed", "deviation", "lower", "upper", "cost", "slope",
    "source",
)  # fmt: skip
DIFFERENCE_SCALE = 1000.0  # GWh/d; deviations of differences grow with the root of demand times this


class Quantity(StrEnum):
    """What an item is."""

    PIPE = "pipe"
    DEMAND = "demand"
    PRODUCTION = "production"
    STORAGE = "storage"
    DIFFERENCE = "difference"
    SUPPLY = "supply"


def items_of(base: Base) -> pd.DataFrame:
    """Return all items of a base: (item, `COLUMNS`), flows in GWh/d, cost in EUR/MWh.

    ``observed`` is NaN where nothing was observed; ``deviation`` 0 marks a figure that must hold exactly.

    Example:
        >>> from gasflow.datasets.europe.tables import base_of
        >>> items = items_of(base_of("2022-05-10")).set_index("name")
        >>> round(float(items.at["RU->Sokhranivka", "observed"]), 1)
        248.7
    """
    demand = _demand(base)
    parts = [_pipes(base), demand, _production(base), _storage(base), _difference(base, demand), _supply()]
    return pd.concat([part.reindex(columns=list(COLUMNS)) for part in parts], ignore_index=True)


def incidence_of(origins: pd.Series, destinations: pd.Series, loss: pd.Series, nodes: pd.Index) -> csc_array:
    """Return the incidence matrix of items, shape (node, item): -1 at the origin, 1 - loss at the destination."""
    count = len(origins)
    column = np.arange(count)
    takes, gives = nodes.get_indexer(pd.Index(origins)), nodes.get_indexer(pd.Index(destinations))
    rows = np.concatenate([takes, gives])
    columns = np.concatenate([column, column])
    values = np.concatenate([-np.ones(count), 1.0 - loss.to_numpy(float)])
    there = rows >= 0
    return csc_array(coo_array((values[there], (rows[there], columns[there])), shape=(len(nodes), count)))


def _pipes(base: Base) -> pd.DataFrame:
    pipes = in_service(read_table("pipes"), base)
    flows = observed("flows", base).rename(columns={"place": "name"})
    seen = pd.concat([flows, _terminal_flows(base, pipes)]).set_index("name").reindex(pipes.index)
    # A flow above the capacity of its pipe would make the programme ask for what it forbids.
    value = np.minimum(seen["value"], pipes["capacity"])
    source = seen["source"].fillna("")
    frame = pipes.assign(observed=value, deviation=seen["deviation"], source=source, quantity=Quantity.PIPE)
    limit = pipes["capacity"].where(pipes["nominated"].isna(), pipes["nominated"])
    return frame.assign(lower=0.0, upper=limit, cost=pipes["tariff"]).reset_index()


def _terminal_flows(base: Base, pipes: pd.DataFrame) -> pd.DataFrame:
    """Send-out is published per country; its terminals share it by capacity."""
    nodes = read_table("nodes").set_index("name")
    out = pipes[pipes["origin"].isin(nodes.index[nodes["kind"] == "terminal"])]
    lng = observed("lng", base).set_index("country")
    share = out["capacity"] / out.groupby("destination")["capacity"].transform("sum")
    frame = pd.DataFrame({"name": out.index, "source": out["destination"].map(lng["source"])})
    return frame.assign(
        value=share * out["destination"].map(lng["value"]),
        deviation=share * out["destination"].map(lng["deviation"]),
    )


def _demand(base: Base) -> pd.DataFrame:
    frame = observed("demand", base)
    share = bounds(base, "demand", pd.Index(frame["node"].unique())).reindex(frame["node"]).to_numpy()
    return frame.assign(
        quantity=Quantity.DEMAND,
        name=frame["node"] + " " + frame["sector"],
        origin=frame["node"],
        loss=0.0,
        observed=frame["value"],
        lower=frame["value"] * (1.0 - share),
        upper=frame["value"] * (1.0 + share),
    )


def _production(base: Base) -> pd.DataFrame:
    frame = observed("production", base)
    return frame.assign(
        quantity=Quantity.PRODUCTION,
        name=frame["node"],
        destination=frame["node"],
        loss=0.0,
        observed=frame["value"],
        lower=0.0,
        upper=np.inf,
    )


def _storage(base: Base) -> pd.DataFrame:
    frame = observed("storage", base)
    stores = in_service(read_table("storages"), base).reindex(frame["node"])
    lower, upper = -stores["injection"].to_numpy(), stores["withdrawal"].to_numpy()
    return frame.assign(
        quantity=Quantity.STORAGE,
        name=frame["node"],
        destination=frame["node"],
        loss=0.0,
        observed=frame["action"].clip(lower, upper),
        lower=lower,
        upper=upper,
    )


def _difference(base: Base, demand: pd.DataFrame) -> pd.DataFrame:
    """Bound statistical differences: of a node with demand by it, of the transit node by its throughput."""
    size = demand.groupby("origin")["observed"].sum()
    size["UA transit"] = float(observed("flows", base).query("place.str.startswith('UA transit')")["value"].sum())
    width = bounds(base, "difference", size.index) * size + 1.0
    deviation = parameters()["statistical_difference_deviation"] * np.sqrt(size * DIFFERENCE_SCALE)
    return pd.DataFrame(
        {
            "quantity": Quantity.DIFFERENCE,
            "name": size.index,
            "destination": size.index,
            "loss": 0.0,
            "observed": 0.0,
            "deviation": deviation.to_numpy(),
            "lower": -width.to_numpy(),
            "upper": width.to_numpy(),
            "source": "assumption-reconciliation",
        }
    )


def _supply() -> pd.DataFrame:
    """Take what exporters and the world LNG market send as what their pipes carry."""
    nodes = read_table("nodes")
    sellers = nodes.loc[nodes["group"] == "exporter", "name"]
    return pd.DataFrame(
        {
            "quantity": Quantity.SUPPLY,
            "name": sellers,
            "destination": sellers,
            "loss": 0.0,
            "lower": 0.0,
            "upper": np.inf,
            "source": "",
        }
    )
