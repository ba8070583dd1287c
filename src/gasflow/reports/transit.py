"""Transit zones, measured where gas comes in and where it leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gasflow.network.network import Network
from gasflow.network.schema import NodeKind


def zones(network: Network) -> list[str]:
    """Return the nodes of the network that are transit zones."""
    return [str(name) for name in network.nodes.index[network.nodes["kind"] == NodeKind.TRANSIT]]


@dataclass(frozen=True)
class Transit:
    """Flow at the entries and the exits of the transit zones, GWh/d; NaN in a network without one.

    Attributes:
        entries: on the pipes from entry points into the zones.
        exits: on the pipes that leave them for other countries; what the country of a zone takes itself is not.
        offtake: to the balance of the zone's own country.
    """

    entries: float
    exits: float
    offtake: float

    @classmethod
    def of(cls, network: Network, flows: NDArray[np.float64]) -> Transit:
        """Measure the transit.

        Args:
            network: the network.
            flows: GWh/d on each of its pipes, shape (pipe,).

        Example:
            >>> import gasflow as gf
            >>> results = gf.simulate(gf.toys.transit_hub())
            >>> transit = Transit.of(results.network, results.array("flows")[:, 0, 0])
            >>> round(transit.entries, 1), round(transit.exits, 1)
            (1001.0, 1001.0)
        """
        within = zones(network)
        if not within:
            return cls(np.nan, np.nan, np.nan)
        pipes, nodes = network.pipes, network.nodes
        entry_points = nodes.index[nodes["kind"] == NodeKind.ENTRY]
        entering = pipes["destination"].isin(within) & pipes["origin"].isin(entry_points)
        leaving = pipes["origin"].isin(within)
        home = pipes["origin"].map(nodes["country"]) == pipes["destination"].map(nodes["country"])
        own = home & (pipes["destination"].map(nodes["kind"]) == NodeKind.COUNTRY)
        return cls(*(float(flows[np.asarray(rows)].sum()) for rows in (entering, leaving & ~own, leaving & own)))
