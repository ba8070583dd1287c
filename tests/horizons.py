"""Small horizons that can be worked out by hand, solved by any solver and certified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

import gasflow as gf
from gasflow.core.solvers.abstract import Hints
from gasflow.results.quantities import QUANTITIES
from gasflow.results.results import Results
from gasflow.scenarios.periods import Periods
from gasflow.scenarios.shock import combined
from gasflow.simulation.model import Model
from gasflow.simulation.simulate import solved as solved_by

FIRST = date(2022, 6, 1)
STORE = {
    "name": "store",
    "node": "A",
    "volume": 10_000.0,
    "injection": 60.0,
    "withdrawal": 60.0,
    "level": 0.0,
    "value": 0.0,
}


def one_node(demand: float = 100.0, elasticity: float = -0.2, **store: float) -> gf.Network:
    """A field with rising cost behind a pipe (price 20 + 0.1 flow), a town, and a store at the town."""
    pipes = pd.DataFrame(
        {"name": ["F->A"], "origin": "F", "destination": "A", "capacity": 400.0, "tariff": 0.0, "slope": 0.1}
    )
    supplies = pd.DataFrame({"name": ["field"], "node": "F", "volume": 400.0, "cost": 20.0})
    demands = pd.DataFrame(
        {"name": ["town"], "node": "A", "volume": demand, "elasticity": elasticity, "anchor_price": 30.0}
    )
    nodes = pd.DataFrame({"name": ["F", "A"], "group": ["other", "EU"]})
    return gf.Network(nodes, pipes, supplies, demands, pd.DataFrame([STORE | store]))


def horizon_of(
    networks: Sequence[gf.Network], days: Sequence[int] | None = None, policy: gf.StoragePolicy | None = None
) -> gf.Horizon:
    """A horizon of networks for so many days each, 30 unless given; what is left at the end is worth nothing."""
    lengths = days or [30] * len(networks)
    bounds = [FIRST + timedelta(days=int(sum(lengths[:k]))) for k in range(len(lengths) + 1)]
    return gf.Horizon(
        tuple(networks), Periods(tuple(bounds[:-1]), bounds[-1]), policy or gf.StoragePolicy(end_value=0.0)
    )


def solved(
    horizon: gf.Horizon,
    *shocks: gf.Shock | gf.Scenario,
    foresight: gf.Foresight | None = None,
    solver: str = "reference",
) -> Results:
    """Results of some shocks by a solver of choice, every scenario certified."""
    scenario = combined(shocks)
    labels = pd.RangeIndex(scenario.count, name="scenario")
    results = solved_by(
        Model(horizon, foresight=foresight, solver=solver), scenario, labels, tuple(QUANTITIES), Hints()
    )
    assert results.diagnostics.certificate.accepted.all()
    return results


def split(horizon: gf.Horizon, parts: int) -> gf.Horizon:
    """The same horizon with every period cut into equal parts."""
    periods = horizon.periods
    starts = [
        first + timedelta(days=int(length) * part // parts)
        for first, length in zip(periods.starts, periods.days, strict=True)
        for part in range(parts)
    ]
    networks = tuple(network for network in horizon.networks for _ in range(parts))
    return replace(horizon, networks=networks, periods=Periods(tuple(starts), periods.end))


def conservation(horizon: gf.Horizon, results: Results) -> np.ndarray:
    """Level at the end less what the actions of the store make of the first, shape (scenario,); zero but for dust."""
    storages = horizon.networks[0].storages
    days = horizon.periods.days[None, :, None]
    kept = 1.0 - storages["loss"].to_numpy()[:, None, None]
    action = results.array("storage")
    gain = (np.maximum(-action, 0.0) * kept - np.maximum(action, 0.0)) * days
    levels = results.array("levels")
    return np.abs(levels[:, -1] - storages["level"].to_numpy()[:, None] - gain.sum(axis=1)).max(axis=0)
