"""Where gas is dearest, and which full pipes keep cheaper gas away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gasflow.network.network import Network
from gasflow.network.schema import NodeKind
from gasflow.results.results import Results

# A rent below this (EUR/MWh) or a flow below this (GWh/d) is a rounding, not an obstacle or a supply.
_LEAST_RENT = 0.05
_LEAST_FLOW = 1e-3


@dataclass(frozen=True)
class DearPlace:
    """A country with a high price, and why.

    Attributes:
        node: its name.
        price: EUR/MWh; where it is not unique, the solver's.
        full: pipes at capacity between it (and what feeds it without obstacle) and cheaper gas, highest rent first.
        unserved: demand that goes unserved there, GWh/d.
    """

    node: str
    price: float
    full: tuple[str, ...]
    unserved: float

    def __str__(self) -> str:
        """Return one sentence."""
        short = f", short of {self.unserved:z,.1f} GWh/d" if self.unserved > _LEAST_FLOW else ""
        verb = "is" if len(self.full) == 1 else "are"
        why = f": {', '.join(self.full)} {verb} full" if self.full else ": no pipe towards it is full"
        return f"{self.node} at {self.price:z,.2f} EUR/MWh{short}{why}"


def dearest(results: Results, count: int = 3) -> list[DearPlace]:
    """Return the countries with the highest prices in the first scenario and period, dearest first.

    Example:
        >>> import gasflow as gf
        >>> closed = gf.simulate(gf.toys.transit_hub(), gf.Closure("Sudzha"))
        >>> print(dearest(closed, 1)[0])
        SK at 91.60 EUR/MWh: Gate LNG->SK is full
    """
    network = results.network
    prices, unserved = (results.array(name)[:, 0, 0] for name in ("prices", "unserved"))
    countries = np.flatnonzero((network.nodes["kind"] == NodeKind.COUNTRY).to_numpy())
    countries = countries[np.isfinite(prices[countries])]
    order = countries[np.argsort(-prices[countries], kind="stable")][:count]
    obstacles = _Obstacles(network, results.array("flows")[:, 0, 0], results.array("rents")[:, 0, 0])
    names = network.nodes.index
    return [
        DearPlace(str(names[row]), float(prices[row]), obstacles.before(str(names[row])), float(unserved[row]))
        for row in order
    ]


class _Obstacles:
    """Full pipes on the way to a node."""

    def __init__(self, network: Network, flows: NDArray[np.float64], rents: NDArray[np.float64]) -> None:
        pipes = network.pipes
        full = (rents > _LEAST_RENT) & ~np.asarray(pipes.index.isin(set(network.supplies["route"])))
        ends = [*zip(pipes.index, pipes["origin"], pipes["destination"], strict=True)]
        order = np.argsort(-rents, kind="stable")
        self.full = [ends[row] for row in order[full[order]]]
        self.feeding: dict[str, list[str]] = {}
        for row in np.flatnonzero(~full & (flows > _LEAST_FLOW)):
            _, origin, destination = ends[row]
            self.feeding.setdefault(destination, []).append(origin)

    def before(self, node: str) -> tuple[str, ...]:
        """Return the full pipes into the zone from which gas flows to the node without obstacle."""
        zone, frontier = {node}, [node]
        while frontier:
            origins = set(self.feeding.get(frontier.pop(), ())) - zone
            zone |= origins
            frontier.extend(origins)
        return tuple(pipe for pipe, origin, end in self.full if end in zone and origin not in zone)[:4]
