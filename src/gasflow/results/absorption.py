"""Who made up for the gas that a closed place no longer carries: an account that closes to the last GWh.

Gas enters a network from *outside*: from the nodes of exporters, along their contract routes, and from world markets,
through terminals. Everywhere else the balances hold, so their sum holds too, and between two results

    change of (gas from outside + production + net withdrawal + unserved + unsettled
               - demand - unused - fuel and losses) = 0.

The pipes on which gas came to the closed places split this in two. If they lead in from outside (an entry point, a
terminal), their loss of flow stands alone on one side: the other terms, each with the sign that makes up for it, are
the account. If they lie inside, the gas finds other pipes, or it can no longer be placed: then the loss is carried by
other pipes, less the gas from outside that they cannot take over, and the other terms make up for that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.network.network import Network
from gasflow.network.schema import SupplyKind
from gasflow.results.comparison import Comparison
from gasflow.scenarios.routes import entering_pipes

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

INJECTION = "less injection into storage"
WITHDRAWAL = "more withdrawal from storage"
LNG = "LNG"
PRODUCTION = "production"
UNSERVED = "unserved demand"
UNSETTLED = "unsettled statistical difference"
UNUSED = "less unused gas"
FUEL = "less fuel and losses"
CONTRACTS = "other contract routes"
PIPES = "other pipes"


def absorbed(comparison: Comparison, *places: str) -> pd.DataFrame:
    """Account for the loss of flow through some places.

    Args:
        comparison: the base, and what comes after it.
        places: closed nodes or pipes, by any of their names.

    Returns:
        GWh/d by (scenario, period) and by what made up for the loss; a row adds up to the loss of flow, within
        the balance tolerance of the certificates. Negative entries made the loss larger.

    Raises:
        UnknownPlace: if there is no such place.

    Example:
        >>> import gasflow as gf
        >>> hub = gf.toys.transit_hub()
        >>> comparison = gf.compare(gf.simulate(hub), gf.simulate(hub, gf.Closure("Sokhranivka")))
        >>> account = absorbed(comparison, "Sokhranivka").iloc[0]
        >>> round(float(account["less injection into storage"]), 1), round(float(account.sum()), 1)
        (238.5, 249.0)
    """
    network = comparison.after.network
    cut = np.zeros(len(network.pipes), dtype=np.bool_)
    cut[entering_pipes(network, [network.find(place) for place in places])] = True
    account = {
        **_storage(comparison),
        **_sources(comparison, cut),
        **_uses(comparison),
    }
    values = np.stack([*account.values()], axis=-1).transpose(1, 0, 2).reshape(-1, len(account))
    table = pd.DataFrame(values, index=comparison.after.rows, columns=pd.Index([*account], name="by"))
    table.attrs["unit"] = "GWh/d"
    return table


def lost_flow(comparison: Comparison, *places: str) -> pd.Series:
    """Return by how much the flow through some places fell, GWh/d by (scenario, period)."""
    network = comparison.after.network
    cut = entering_pipes(network, [network.find(place) for place in places])
    return pd.Series(-_sum(comparison.changes("flows"), cut).T.ravel(), index=comparison.after.rows)


@dataclass(frozen=True)
class _Border:
    """What lies inside, where the balances are summed; outside, where gas comes from, is the rest."""

    inside: frozenset[str]
    exporters: frozenset[str]

    @classmethod
    def of(cls, network: Network) -> _Border:
        supplies = network.supplies
        exporters = frozenset(supplies.loc[supplies["route"] != "", "node"])
        markets = frozenset(supplies.loc[supplies["kind"] == SupplyKind.MARKET, "node"])
        return cls(frozenset(network.nodes.index) - exporters - markets, exporters)

    def holds(self, nodes: pd.Series | pd.Index) -> Mask:
        """Which of some nodes lie inside."""
        return np.asarray(nodes.isin(self.inside), dtype=np.bool_)


def _storage(comparison: Comparison) -> dict[str, Array]:
    inside = _Border.of(comparison.after.network).holds(comparison.after.network.storages["node"])
    before, after = (results.array("storage") for results in (comparison.base, comparison.after))
    injection = np.maximum(-before, 0.0) - np.maximum(-after, 0.0)
    withdrawal = np.maximum(after, 0.0) - np.maximum(before, 0.0)
    return {INJECTION: _sum(injection, inside), WITHDRAWAL: _sum(withdrawal, inside)}


def _sources(comparison: Comparison, cut: Mask) -> dict[str, Array]:
    """Gas from outside on other pipes than those cut, production, and what moves to other pipes inside."""
    network = comparison.after.network
    border = _Border.of(network)
    pipes, supplies = network.pipes, network.supplies
    starts, ends = border.holds(pipes["origin"]), border.holds(pipes["destination"])
    abroad = np.asarray(pipes["origin"].isin(border.exporters) | (pipes["destination"].isin(border.exporters)))
    change = comparison.changes("flows")
    # Gas that leaves the inside leaves it where it enters the pipe, gas that comes in has its losses inside.
    inflow = np.where(ends[:, None, None], change, -change)
    crossing = (starts != ends) & ~cut
    contracts, cargoes = _sum(inflow, crossing & abroad), _sum(inflow, crossing & ~abroad)
    within = cut & ~(ends & ~starts)
    moved = _sum(-change, within) + _sum(inflow, within & starts & ~ends)
    unplaced = [np.minimum(gas, 0.0) * within.any() for gas in (contracts, cargoes)]
    return {
        LNG: cargoes - unplaced[1],
        PRODUCTION: _sum(comparison.changes("supply"), border.holds(supplies["node"])),
        CONTRACTS: contracts - unplaced[0],
        PIPES: moved + sum(unplaced),
    }


def _uses(comparison: Comparison) -> dict[str, Array]:
    """Demand by sector apart from what goes unserved, gas without a use, fuel and losses."""
    network = comparison.after.network
    border = _Border.of(network)
    demands, pipes = network.demands, network.pipes
    unserved, spilled = comparison.changes("unserved"), comparison.changes("spilled")
    given_up = -comparison.changes("demand") - _shared(comparison, unserved)
    inside = border.holds(demands["node"])
    sectors = demands["sector"].to_numpy()
    account = {
        f"demand: {sector}": _sum(given_up, inside & (sectors == sector)) for sector in dict.fromkeys(sectors.tolist())
    }
    nodes = border.holds(network.nodes.index)
    account[UNSERVED] = _sum(unserved, nodes)
    account[UNSETTLED] = _sum(comparison.changes("unsettled"), nodes)
    account[UNUSED] = _sum(-spilled, nodes)
    account[FUEL] = _sum(-comparison.changes("losses"), border.holds(pipes["destination"]))
    return account


def _shared(comparison: Comparison, unserved: Array) -> Array:
    """Unserved gas of each node shared among its rows of demand, by what they got before."""
    network = comparison.after.network
    node = network.nodes.index.get_indexer(pd.Index(network.demands["node"]))
    served = np.broadcast_to(comparison.base.array("demand"), comparison.after.array("demand").shape)
    total = np.zeros_like(unserved)
    np.add.at(total, node, served)
    share = np.divide(served, total[node], out=np.zeros_like(served), where=total[node] > 0)
    return np.asarray(share * unserved[node], dtype=np.float64)


def _sum(values: Array, chosen: Mask | NDArray[np.intp]) -> Array:
    """Sum over some items, shape (period, scenario)."""
    total: Array = values[chosen].sum(axis=0)
    return total
