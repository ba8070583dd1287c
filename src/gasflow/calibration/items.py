"""Everything that moves gas on a date, as one list of items that enter or leave nodes.

An *item* takes gas from its origin (if it has one) and brings ``1 - loss`` of it to its destination (if it has
one). A pipe has both, a demand only an origin, production, net withdrawal from storage, sales of exporters and
the statistical difference only a destination. So one incidence matrix, and one way to build it, serves the
reconciliation and the calibration.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array

from gasflow.calibration.observations import Observations, filled
from gasflow.errors import Finding, Severity
from gasflow.network import Network
from gasflow.network.schema import Group, NodeKind

COLUMNS = (
    "quantity", "name", "origin", "destination", "loss", "observed", "deviation", "lower", "upper", "cost", "slope",
    "full_days", "source", "quality",
)  # fmt: skip
# Of demand, or of what passes a transit zone: how large a statistical difference may be, besides 1 GWh/d.
DIFFERENCE_BOUND = 0.1
# Deviations of statistical differences grow with the root of demand times the scale (GWh/d): errors of many meters.
DIFFERENCE_DEVIATION, DIFFERENCE_SCALE = 0.03, 1000.0
_SLIGHT = 0.005  # GWh/d; figures are given to two digits


class Item(StrEnum):
    """What an item is.

    Example:
        >>> Item.PIPE.value
        'pipe'
    """

    PIPE = "pipe"
    DEMAND = "demand"
    PRODUCTION = "production"
    STORAGE = "storage"
    DIFFERENCE = "difference"
    SUPPLY = "supply"


def items_of(topology: Network, seen: Observations) -> tuple[pd.DataFrame, list[Finding]]:
    """Return all items of a date, and the figures that the topology has no room for.

    Args:
        topology: the network whose quantities are to be found.
        seen: what was seen on the date.

    Returns:
        (item, `COLUMNS`), flows in GWh/d, cost in EUR/MWh: ``observed`` is NaN where nothing was seen, ``deviation`` 0
        marks a figure that must hold exactly.
    """
    demand = _demand(seen)
    pipes, above = _pipes(topology, seen)
    stores, beyond = _storage(topology, seen)
    parts = [pipes, demand, _production(seen), stores, _difference(topology, seen, demand), _sales(topology)]
    items = pd.concat([part.reindex(columns=list(COLUMNS)) for part in parts], ignore_index=True)
    return items.assign(full_days=items["full_days"].fillna(0.0)), above + beyond


def incidence_of(items: pd.DataFrame, nodes: pd.Index) -> csc_array:
    """Return the incidence matrix of items, shape (node, item): -1 at the origin, 1 - loss at the destination."""
    count = len(items)
    column = np.arange(count)
    takes, gives = (nodes.get_indexer(pd.Index(items[end])) for end in ("origin", "destination"))
    rows = np.concatenate([takes, gives])
    values = np.concatenate([-np.ones(count), 1.0 - items["loss"].to_numpy(np.float64)])
    there = rows >= 0
    columns = np.concatenate([column, column])
    return csc_array(coo_array((values[there], (rows[there], columns[there])), shape=(len(nodes), count)))


def nominated_pipes(topology: Network, items: pd.DataFrame) -> NDArray[np.bool_]:
    """Mark the pipes that carry what is nominated: contract routes, and those nominated at all times."""
    supplies, pipes = topology.supplies, topology.pipes
    nominated = {*supplies.loc[supplies["route"] != "", "route"], *pipes.index[pipes["nominated"].notna()]}
    return np.asarray((items["quantity"] == Item.PIPE) & items["name"].isin(nominated))


def _pipes(topology: Network, seen: Observations) -> tuple[pd.DataFrame, list[Finding]]:
    pipes = topology.pipes
    flows = seen.flows.assign(deviation=filled(seen.flows)).rename(columns={"pipe": "name"})
    out = _terminal_flows(topology, seen)
    rows = pd.concat([part for part in (flows, out) if len(part)] or [flows])
    rows = rows.set_index("name").reindex(pipes.index)
    # A flow above the capacity of its pipe would make the programme ask for what it forbids.
    value = rows["value"].clip(upper=pipes["capacity"])
    findings = _no_room("flows", rows.index, rows["value"].to_numpy(), value.to_numpy())
    frame = pipes[["origin", "destination", "loss", "slope"]].assign(
        quantity=Item.PIPE,
        observed=value,
        deviation=rows["deviation"],
        full_days=rows["full_days"].astype(np.float64),
        source=rows["source"].fillna(""),
        quality=rows["quality"].fillna(""),
        lower=0.0,
        upper=pipes["capacity"].where(pipes["nominated"].isna(), pipes["nominated"]),
        cost=pipes["tariff"],
    )
    return frame.rename_axis("name").reset_index(), findings


def _terminal_flows(topology: Network, seen: Observations) -> pd.DataFrame:
    """Send-out is published per country; its terminals share it by capacity."""
    nodes, pipes = topology.nodes, topology.pipes
    out = pipes[pipes["origin"].isin(nodes.index[nodes["kind"] == NodeKind.TERMINAL])]
    sent = seen.send_out.assign(deviation=filled(seen.send_out)).set_index("node")
    share = out["capacity"] / out.groupby("destination")["capacity"].transform("sum")
    frame = pd.DataFrame({"name": out.index})
    for column in ("source", "quality", "full_days"):
        frame[column] = out["destination"].map(sent[column]).to_numpy()
    for column in ("value", "deviation"):
        frame[column] = (share * out["destination"].map(sent[column])).to_numpy()
    return frame.dropna(subset="value")


def _demand(seen: Observations) -> pd.DataFrame:
    frame = seen.demand
    return frame.assign(
        quantity=Item.DEMAND,
        name=frame["node"] + " " + frame["sector"],
        origin=frame["node"],
        loss=0.0,
        observed=frame["value"],
        deviation=filled(frame),
        lower=frame["value"] * (1.0 - frame["bound"]),
        upper=frame["value"] * (1.0 + frame["bound"]),
    )


def _production(seen: Observations) -> pd.DataFrame:
    frame = seen.production
    return frame.assign(
        quantity=Item.PRODUCTION,
        name=frame["node"],
        destination=frame["node"],
        loss=0.0,
        observed=frame["value"],
        deviation=filled(frame),
        lower=0.0,
        upper=np.inf,
    )


def _storage(topology: Network, seen: Observations) -> tuple[pd.DataFrame, list[Finding]]:
    frame = seen.storage
    stores = topology.storages.reindex(frame["storage"])
    lower, upper = -stores["injection"].to_numpy(), stores["withdrawal"].to_numpy()
    value = np.clip(frame["value"].to_numpy(np.float64), lower, upper)
    findings = _no_room("storage", frame["storage"], frame["value"].to_numpy(np.float64), value)
    items = frame.assign(
        quantity=Item.STORAGE,
        name=frame["storage"],
        destination=stores["node"].to_numpy(),
        loss=0.0,
        observed=value,
        deviation=filled(frame),
        lower=lower,
        upper=upper,
    )
    return items, findings


def _difference(topology: Network, seen: Observations, demand: pd.DataFrame) -> pd.DataFrame:
    """Bound statistical differences: of a node with demand by it, of a transit node by what was seen to leave it."""
    size = demand.groupby("origin")["observed"].sum()
    nodes, pipes = topology.nodes, topology.pipes
    origin = seen.flows["pipe"].map(pipes["origin"])
    for transit in nodes.index[nodes["kind"] == NodeKind.TRANSIT]:
        size[transit] = float(seen.flows.loc[origin == transit, "value"].sum())
    width = DIFFERENCE_BOUND * size + 1.0
    return pd.DataFrame(
        {
            "quantity": Item.DIFFERENCE,
            "name": size.index,
            "destination": size.index,
            "loss": 0.0,
            "observed": 0.0,
            "deviation": (DIFFERENCE_DEVIATION * np.sqrt(size * DIFFERENCE_SCALE)).to_numpy(),
            "lower": -width.to_numpy(),
            "upper": width.to_numpy(),
            "source": "",
            "quality": "assumed",
        }
    )


def _sales(topology: Network) -> pd.DataFrame:
    """Take what exporters and the world market send as what their pipes carry."""
    nodes = topology.nodes
    sellers = nodes.index[nodes["group"] == Group.EXPORTER]
    return pd.DataFrame(
        {
            "quantity": Item.SUPPLY,
            "name": sellers,
            "destination": sellers,
            "loss": 0.0,
            "lower": 0.0,
            "upper": np.inf,
            "source": "",
            "quality": "",
        }
    )


def _no_room(table: str, places: Iterable[str], seen: NDArray[np.float64], used: NDArray[np.float64]) -> list[Finding]:
    """Say which figures are more than there is room for; nothing is cut in silence."""
    remedy = "give the capacity of that time, or another figure"
    problem = "is more than there is room for; {:g} GWh/d is used"
    return [
        Finding(table, place, "value", value, "GWh/d", problem.format(room), remedy, severity=Severity.WARNING)
        for place, value, room in zip(places, seen.tolist(), used.tolist(), strict=True)
        if abs(value - room) > _SLIGHT
    ]
