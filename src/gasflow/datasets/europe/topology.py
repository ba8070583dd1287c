"""Places, pipes, stores and parameters of Europe on a date, before anything is known about quantities."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gasflow.datasets.europe.observed import observations
from gasflow.datasets.europe.tables import Base, Level, in_service, parameters, read_table
from gasflow.network import Network
from gasflow.network.schema import NodeKind, SupplyKind

MARKER = "TTF"
_ELASTICITIES = ("power", "industry", "households", "total", "lng_supply")
# Curves get their prices from the calibration; until then any price serves.
_NO_PRICE = 1.0


def topology(base: Base, day: str, elasticity: Level = Level.CENTRAL, storage_slope: Level = Level.CENTRAL) -> Network:
    """Return Europe in a base without quantities.

    Args:
        base: the base.
        day: the day on which the network is valid.
        elasticity: end of the ranges of the elasticities.
        storage_slope: end of the range of the slope of the value of stored gas.

    Example:
        >>> from gasflow.datasets.europe.tables import base_of
        >>> topology(base_of("2022-05-10"), "2022-05-10").marker_node
        'NL'
    """
    # A steep slope is a weak response: the two ranges run in opposite directions.
    response = {Level.LOW: Level.HIGH, Level.CENTRAL: Level.CENTRAL, Level.HIGH: Level.LOW}[storage_slope]
    levels = {f"elasticity_{name}": elasticity for name in _ELASTICITIES} | {"storage_response": response}
    chosen = parameters(levels)
    pipes = in_service(read_table("pipes"), base).drop(columns="tariff_source")
    return Network(
        nodes=_nodes(pipes),
        pipes=pipes,
        supplies=_supplies(base, pipes, chosen),
        demands=_demands(base, chosen),
        storages=_storages(base, chosen),
        name=f"Europe, {base.label}",
        date=day,
        value_of_lost_load=chosen["value_of_lost_load"],
        marker=MARKER,
    )


def _nodes(pipes: pd.DataFrame) -> pd.DataFrame:
    """Return the places; an entry point or a terminal is one only while a pipe of it is in service."""
    nodes = read_table("nodes").set_index("name")
    waypoint = nodes["kind"].isin([NodeKind.ENTRY, NodeKind.TERMINAL])
    return nodes[~waypoint | nodes.index.isin(pipes["origin"]) | nodes.index.isin(pipes["destination"])]


def _supplies(base: Base, pipes: pd.DataFrame, chosen: dict[str, float]) -> pd.DataFrame:
    made = _latest(observations().production, base, ["node"])
    production = pd.DataFrame(
        {
            "name": made["node"] + " production",
            "node": made["node"],
            "kind": SupplyKind.PRODUCTION,
            "exporter": made["node"],
            "volume": 0.0,
            "cost": chosen["production_cost"],
            "source": made["source"],
        }
    )
    routes = read_table("routes")
    contracts = routes[routes["route"].isin(pipes.index)].assign(kind=SupplyKind.CONTRACT, volume=0.0)
    nodes = read_table("nodes")
    world = nodes.loc[nodes["kind"] == NodeKind.WORLD, "name"]
    market = pd.DataFrame(
        {
            "name": world + " market",
            "node": world,
            "kind": SupplyKind.MARKET,
            "volume": 0.0,
            "elasticity": chosen["elasticity_lng_supply"],
            "anchor_price": _NO_PRICE,
            "source": "assumption-lng-market",
        }
    )
    return pd.concat([production, contracts, market], ignore_index=True)


def _demands(base: Base, chosen: dict[str, float]) -> pd.DataFrame:
    used = _latest(observations().demand, base, ["node", "sector"])
    return pd.DataFrame(
        {
            "name": used["node"] + " " + used["sector"],
            "node": used["node"],
            "sector": used["sector"],
            "volume": 0.0,
            "elasticity": used["sector"].map({word: chosen[f"elasticity_{word}"] for word in _ELASTICITIES[:4]}),
            "anchor_price": _NO_PRICE,
            "source": used["source"],
        }
    )


def _storages(base: Base, chosen: dict[str, float]) -> pd.DataFrame:
    """Take the stores in service; the common response is shared by volume, so slopes go with 1 / volume."""
    stores = in_service(read_table("storages"), base)
    return stores.assign(
        level=0.0,
        value=0.0,
        slope=chosen["storage_response_volume"] / (chosen["storage_response"] * stores["volume"]),
        injection_cost=chosen["storage_injection_cost"],
        withdrawal_cost=chosen["storage_withdrawal_cost"],
        full_rate_cost=chosen["storage_full_rate_cost"],
        loss=chosen["storage_loss"],
        withdrawal_when_empty=chosen["withdrawal_when_empty"],
        full_rate_level=chosen["full_rate_level"],
    ).drop(columns=["first_day", "last_day"])


def _latest(frame: pd.DataFrame, base: Base, key: list[str]) -> pd.DataFrame:
    """Return what was seen in a base, and for nodes that were not, their rows of the last month before that has any."""
    own = frame[frame["date"] == base.label]
    past = frame[(frame["date"] < base.label) & ~frame["node"].isin(own["node"])]
    last = past.groupby("node")["date"].transform("max") if len(past) else past["date"]
    rows = pd.concat([own, past[past["date"] == last]]).drop_duplicates(key, keep="first")
    order = {node: place for place, node in enumerate(dict.fromkeys(frame["node"]))}
    return rows.iloc[np.argsort(rows["node"].map(order).to_numpy(), kind="stable")].reset_index(drop=True)
