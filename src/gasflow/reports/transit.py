"""Transit through Ukraine, measured where gas comes in and where it leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gasflow.network.network import Network
from gasflow.network.schema import NodeKind

ZONE = "UA transit"
OWN_BALANCE = "UA"


@dataclass(frozen=True)
class Transit:
    """Flow at the entries and the exits of Ukraine's transit system, GWh/d; NaN in a network without one.

    Attributes:
        entries: on the pipes from entry points into the system.
        exits: on the pipes that leave it for other countries, Moldova included; Ukraine's own offtake is not.
        offtake: to Ukraine's own balance.
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
        if ZONE not in network.nodes.index:
            return cls(np.nan, np.nan, np.nan)
        pipes = network.pipes
        entry_points = network.nodes.index[network.nodes["kind"] == NodeKind.ENTRY]
        entering = (pipes["destination"] == ZONE) & pipes["origin"].isin(entry_points)
        leaving, own = pipes["origin"] == ZONE, pipes["destination"] == OWN_BALANCE
        return cls(*(float(flows[np.asarray(rows)].sum()) for rows in (entering, leaving & ~own, leaving & own)))
