"""The world market for LNG behind Europe's terminals: exporters, straits, and the other buyers.

By default Europe faces one elastic supply of LNG. Here that supply is taken apart: exporters bring what they export to
the node ``LNG``, Qatar and the Emirates through the Strait of Hormuz; the rest of the world buys there what Europe does
not, with a demand of its own elasticity e, anchored at the price of the base. So Europe's residual supply has the
elasticity

    -e (W - E) / E    with W the world's volume and E Europe's,

which differs from base to base, and losing an exporter is a closure like any other.
"""

from __future__ import annotations

import pandas as pd

from gasflow.datasets.europe.tables import Level, parameters, read_table
from gasflow.network import Network
from gasflow.network.schema import Group, NodeKind, Sector, SupplyKind

WORLD, STRAIT = "LNG", "Hormuz"
THROUGH_THE_STRAIT = ("QA", "AE")
REST = "Other LNG exporters"
_PLACES = {
    "US": ("United States", 29.7, -93.9),
    "QA": ("Qatar", 25.9, 51.6),
    "AE": ("United Arab Emirates;Emirates", 25.1, 52.9),
    "AU": ("Australia", -20.6, 116.8),
    STRAIT: ("Strait of Hormuz;Gulf", 26.6, 56.3),
    REST: ("", 4.0, 100.0),
}
_AMPLE = 2.0  # capacity over what is exported: exports are bounded by what is there, not by ships


def with_world_market(network: Network, elasticity: Level = Level.CENTRAL) -> Network:
    """Return a base of Europe with the world market for LNG in place of one elastic supply.

    Without a shock it returns the same quantities and prices.

    Args:
        network: a base.
        elasticity: end of the stated range of the elasticity of the rest of the world; ``low`` is the least elastic.

    Example:
        >>> from gasflow.datasets.europe.load import load_europe
        >>> world = with_world_market(load_europe("2026-02"))
        >>> round(float(world.supplies.at["QA via QA->Hormuz", "volume"]), 1)
        3348.2
        >>> round(residual_elasticity(world), 2)
        0.34
    """
    supplies = network.supplies
    market = supplies[(supplies["node"] == WORLD) & (supplies["kind"] == SupplyKind.MARKET)]
    exports = _exports(network.date)
    routes = pd.DataFrame([_route(exporter) for exporter in exports], columns=["name", "origin", "destination"])
    volume = pd.Series(list(exports.values()))
    pipes = pd.DataFrame(
        {
            "name": [*routes["name"], f"{STRAIT}->{WORLD}"],
            "origin": [*routes["origin"], STRAIT],
            "destination": [*routes["destination"], WORLD],
            "capacity": [*(_AMPLE * volume), _AMPLE * sum(exports[one] for one in THROUGH_THE_STRAIT)],
            "nominated": [*volume, float("nan")],
            "source": "igu-lng-report",
        }
    )
    contracts = pd.DataFrame(
        {
            "name": routes["origin"] + " via " + routes["name"],
            "node": routes["origin"],
            "kind": SupplyKind.CONTRACT,
            "exporter": [exporter if len(exporter) == len("QA") else "" for exporter in exports],
            "volume": volume,
            "route": routes["name"],
            "delivery": WORLD,
            "source": "igu-lng-report",
        }
    )
    rest = pd.DataFrame(
        {
            "name": ["Rest of the world"],
            "node": WORLD,
            "sector": Sector.TOTAL,
            "volume": float(volume.sum()) - float(market["volume"].sum()),
            "elasticity": parameters({"elasticity_world_lng": elasticity})["elasticity_world_lng"],
            "anchor_price": float(market["anchor_price"].iloc[0]),
            "source": "assumption-world-lng-elasticity",
        }
    )
    return network.replace(
        name=f"{network.name}, with the world market for LNG",
        nodes=pd.concat([network.nodes, _nodes(network)]),
        pipes=pd.concat([network.pipes, pipes.set_index("name")]),
        supplies=pd.concat([supplies.drop(index=market.index), contracts.set_index("name")]),
        demands=pd.concat([network.demands, rest.set_index("name")]),
    )


def residual_elasticity(network: Network) -> float:
    """Return the elasticity of the supply of LNG that Europe faces in a network with the world market."""
    supplies, demands = network.supplies, network.demands
    world = float(supplies.loc[supplies["delivery"] == WORLD, "volume"].sum())
    rest = demands[demands["node"] == WORLD]
    others, elasticity = float(rest["volume"].sum()), float(rest["elasticity"].max())
    return -elasticity * others / (world - others)


def _exports(date: str) -> dict[str, float]:
    """Return exports of the year, or of the nearest one known, GWh/d; what nobody is named for is the rest's."""
    table = read_table("lng_exporters")
    year = min(max(int(date[:4]), int(table["year"].min())), int(table["year"].max()))
    volumes = table[table["year"] == year].set_index("exporter")["volume"].to_dict()
    total = float(volumes.pop("WORLD"))
    named = {str(exporter): float(volume) for exporter, volume in volumes.items()}
    return named | {REST: total - sum(named.values())}


def _route(exporter: str) -> tuple[str, str, str]:
    end = STRAIT if exporter in THROUGH_THE_STRAIT else WORLD
    return f"{exporter}->{end}", exporter, end


def _nodes(network: Network) -> pd.DataFrame:
    new = {name: place for name, place in _PLACES.items() if name not in network.nodes.index}
    return pd.DataFrame(
        {
            "name": list(new),
            "kind": [NodeKind.ENTRY if name == STRAIT else NodeKind.COUNTRY for name in new],
            "country": [name if len(name) == len("QA") else "" for name in new],
            "group": [Group.OTHER if name == STRAIT else Group.EXPORTER for name in new],
            "aliases": [aliases for aliases, _, _ in new.values()],
            "latitude": [latitude for _, latitude, _ in new.values()],
            "longitude": [longitude for _, _, longitude in new.values()],
            "source": "natural-earth",
        }
    ).set_index("name")
