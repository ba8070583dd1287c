"""Random small networks with names and tables: entries with contracts, LNG, storage, sectors, losses, islands."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gasflow.network.network import Network

SECTORS = ("power", "industry", "households")


def random_network(seed: int, curved: bool = True) -> Network:
    """A network whose flows are unique if `curved`: every pipe and every storage has a slope."""
    draw = np.random.default_rng([17, seed])
    count = int(draw.integers(1, 8))
    towns = [f"N{k}" for k in range(count)]
    nodes = pd.DataFrame({"name": [*towns, "RU", "Entry", "LNG"]})
    nodes["group"] = draw.choice(["EU", "exporter", "other"], len(nodes))
    nodes["statistical_difference"] = np.where(
        nodes["name"].isin(towns), draw.choice([0.0, 3.0, -3.0], len(nodes)), 0.0
    )
    links = int(draw.integers(0, 2 * count)) if count > 1 else 0
    ends = [tuple(draw.choice(towns, 2, replace=False)) for _ in range(links)]
    ends += [("RU", "Entry"), ("Entry", towns[0]), ("LNG", towns[-1])]
    pipes = pd.DataFrame(ends, columns=["origin", "destination"])
    pipes["name"] = [f"{a}->{b} ({k})" for k, (a, b) in enumerate(ends)]
    pipes["capacity"] = draw.choice([0.0, 5.0, 30.0, 80.0, 200.0], len(pipes)) * draw.uniform(0.9, 1.1, len(pipes))
    pipes["tariff"] = draw.uniform(0.0, 3.0, len(pipes))
    pipes["slope"] = draw.uniform(0.005, 0.05, len(pipes)) * curved
    pipes["loss"] = draw.choice([0.0, 0.02], len(pipes))
    rows = [{"name": "RU gas", "node": "RU", "kind": "contract", "exporter": "RU", "volume": 60.0,
             "route": pipes["name"].iloc[-3]},
            {"name": "LNG", "node": "LNG", "kind": "market", "volume": 90.0, "elasticity": draw.uniform(0.2, 0.8),
             "anchor_price": 70.0}]  # fmt: skip
    for town in towns:  # an empty field keeps an island from being called unreachable
        volume = draw.choice([0.0, 1.0]) * draw.uniform(1, 80)
        rows.append(
            {"name": f"{town} field", "node": town, "volume": volume, "exporter": "NO", "cost": draw.uniform(1, 90)}
        )
    supplies, demands, storages = pd.DataFrame(rows), _demands(draw, towns), _storages(draw, towns)
    return Network(nodes, pipes, supplies, demands, storages, name=f"random {seed}", date="2022-05-10")


def _demands(draw: np.random.Generator, towns: list[str]) -> pd.DataFrame:
    rows = []
    for town in towns:
        anchor = draw.uniform(50, 100)
        for sector in SECTORS[: int(draw.integers(0, 4))]:
            rows.append({"name": f"{town} {sector}", "node": town, "sector": sector, "volume": draw.uniform(0, 60),
                         "elasticity": draw.choice([0.0, -0.1, -0.4]), "anchor_price": anchor})  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "node", "sector", "volume", "elasticity", "anchor_price"])


def _storages(draw: np.random.Generator, towns: list[str]) -> pd.DataFrame:
    rows = [
        {"name": f"{town} store", "node": town, "volume": 500.0, "level": 200.0, "injection": 20.0, "withdrawal": 30.0,
         "action": -5.0, "value": draw.uniform(60, 90), "slope": draw.uniform(0.05, 0.5)}
        for town in towns
        if draw.random() < 0.4
    ]  # fmt: skip
    return pd.DataFrame(
        rows, columns=["name", "node", "volume", "level", "injection", "withdrawal", "action", "value", "slope"]
    )
