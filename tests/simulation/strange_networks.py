"""Random networks of everything that may tempt a programme to make or burn gas.

Wedges below zero (but no cycle that pays: they follow the potential of the nodes), pipes both ways with losses,
parallel pipes, further pipes at the node of an exporter, contracts without a route, must-take gas, negative differences
at nodes without demand, several nodes to a country, full and empty stores that lose gas, islands.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

import gasflow as gf
from tests.horizons import horizon_of


def strange_network(seed: int, period: int = 0) -> gf.Network:
    """A network; other periods have other quantities in the same tables."""
    draw = np.random.default_rng([23, seed])
    towns = [f"N{k}" for k in range(int(draw.integers(2, 6)))]
    names = [*towns, "Entry", "Terminal", "RU", "LNG"]
    nodes = pd.DataFrame({"name": names})
    nodes["country"] = draw.choice(["DE", "NL", ""], len(nodes))
    nodes["kind"] = ["country"] * len(towns) + ["entry", "terminal", "country", "world"]
    nodes["statistical_difference"] = draw.choice([0.0, 0.0, 4.0, -4.0], len(nodes))
    pipes = _pipes(draw, towns, nodes)
    supplies, demands, storages = _supplies(draw, towns, pipes), _demands(draw, towns), _storages(draw, towns)
    later = np.random.default_rng([29, seed, period])
    for table, column in ((demands, "volume"), (supplies, "volume"), (pipes, "capacity")) * bool(period):
        table[column] *= later.choice([0.0, 0.5, 1.0, 1.5], len(table), p=[0.1, 0.3, 0.3, 0.3])
    supplies["minimum"] = np.minimum(supplies["minimum"], supplies["volume"])
    return gf.Network(nodes, pipes, supplies, demands, storages, name=f"strange {seed}")


def strange_horizon(seed: int, periods: int = 3) -> gf.Horizon:
    """A horizon of such networks."""
    days = np.random.default_rng([31, seed]).choice([1, 7, 30], periods).tolist()
    return horizon_of([strange_network(seed, period) for period in range(periods)], days)


def _pipes(draw, towns, nodes):
    ends = [tuple(draw.choice(towns, 2, replace=False)) for _ in range(int(draw.integers(1, 2 * len(towns) + 1)))]
    ends += [(b, a) for a, b in ends if draw.random() < 0.5]
    ends += [("RU", "Entry"), ("Entry", draw.choice(towns)), ("LNG", "Terminal"), ("Terminal", draw.choice(towns))]
    ends += [("RU", draw.choice(towns))] * bool(draw.random() < 0.5)
    pipes = pd.DataFrame(ends, columns=["origin", "destination"])
    pipes["name"] = [f"{a}->{b} ({k})" for k, (a, b) in enumerate(ends)]
    pipes["capacity"] = draw.choice([0.0, 10.0, 40.0, 300.0], len(pipes)) * draw.uniform(0.9, 1.1, len(pipes))
    pipes["tariff"] = draw.choice([0.0, 1.0, 2.5], len(pipes))
    pipes["slope"] = draw.choice([0.0, 0.02]) * draw.uniform(0.5, 1.5, len(pipes))
    pipes["loss"] = draw.choice([0.0, 0.03], len(pipes))
    level = dict(zip(nodes["name"], draw.choice([0.0, 0.0, 1.0, 60.0], len(nodes)), strict=True))
    pipes["wedge"] = [level[b] - level[a] for a, b in ends]
    return pipes


def _supplies(draw, towns, pipes):
    route = pipes.loc[pipes["origin"] == "RU", "name"].iloc[0]
    rows = [{"name": "RU gas", "node": "RU", "kind": "contract", "exporter": "RU", "route": route,
             "volume": draw.uniform(0, 60), "cost": draw.choice([0.0, 3.0])}]  # fmt: skip
    rows.append({"name": "LNG", "node": "LNG", "kind": "market", "volume": 60.0, "elasticity": 0.5, "anchor_price": 70})
    rows.append({"name": "open contract", "node": draw.choice([*towns, "RU"]), "kind": "contract", "exporter": "NO",
                 "volume": draw.choice([0.0, 30.0])})  # fmt: skip
    for town in towns:
        volume = draw.choice([0.0, 0.0, 20.0, 90.0])
        rows.append({"name": f"{town} field", "node": town, "volume": volume, "cost": draw.uniform(0, 90),
                     "minimum": volume * draw.choice([0.0, 0.0, 1.0])})  # fmt: skip
    return pd.DataFrame(rows).fillna({"route": "", "minimum": 0.0, "cost": 0.0, "kind": "production", "exporter": ""})


def _demands(draw, towns):
    rows = [{"name": f"{town} {sector}", "node": town, "sector": sector, "volume": draw.uniform(0, 60),
             "elasticity": elasticity, "anchor_price": 70.0}
            for town in towns if draw.random() < 0.6 for sector, elasticity in (("power", -0.4), ("total", 0.0))
            ]  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "node", "sector", "volume", "elasticity", "anchor_price"])


def _storages(draw, towns):
    rows = [{"name": f"{town} store", "node": town, "volume": 500.0, "level": draw.choice([0.0, 200.0, 500.0]),
             "injection": 20.0, "withdrawal": 30.0, "value": draw.uniform(-5, 90), "slope": draw.uniform(0.0, 0.5),
             "loss": draw.choice([0.0, 0.05]), "injection_cost": draw.choice([0.0, 1.0]),
             "withdrawal_when_empty": draw.choice([0.4, 1.0])}
            for town in towns if draw.random() < 0.6]  # fmt: skip
    columns = ["name", "node", "volume", "level", "injection", "withdrawal", "value", "slope", "loss",
               "injection_cost", "withdrawal_when_empty"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
