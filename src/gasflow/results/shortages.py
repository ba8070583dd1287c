"""What goes wrong, in words of the network: who is short, and which contract cannot place its gas."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gasflow.network.network import Network

_DUST = 1e-6  # GWh/d

Array = NDArray[np.float64]


def shortage_sentences(network: Network, array: Callable[[str], Array], prefixes: list[str]) -> list[str]:
    """Sentences about one scenario.

    Args:
        network: the network that was solved.
        array: gives a quantity of the scenario by name, shape (item, period).
        prefixes: what each sentence begins with, one per period.

    Example:
        >>> import gasflow as gf
        >>> gf.simulate(gf.toys.two_nodes(), gf.Closure("A->B")).shortages()
        ['B is short 40.0 GWh/d; A->B is at capacity']
    """
    sentences = []
    pipes, supplies = network.pipes, network.supplies
    unserved, flows, capacity = array("unserved"), array("flows"), array("capacity")
    for node, period in zip(*np.nonzero(unserved > _DUST), strict=True):
        name = network.nodes.index[node]
        into = (pipes["destination"] == name).to_numpy()
        full = pipes.index[into & (flows[:, period] >= capacity[:, period] - _DUST)]
        why = f"; {', '.join(full)} {'is' if len(full) == 1 else 'are'} at capacity" if len(full) else ""
        sentences.append(f"{prefixes[period]}{name} is short {unserved[node, period]:,.1f} GWh/d{why}")
    for node, period in zip(*np.nonzero(array("unsettled") > _DUST), strict=True):
        missing = array("unsettled")[node, period]
        sentences.append(
            f"{prefixes[period]}nothing settles {missing:,.1f} GWh/d of the statistical difference of "
            f"{network.nodes.index[node]}"
        )
    untaken, supply = array("untaken"), array("supply")
    for row, period in zip(*np.nonzero(untaken > _DUST), strict=True):
        below = supplies["minimum"].iloc[row] - supply[row, period]
        owed = f", {below:,.1f} GWh/d below its minimum" if below > _DUST else ""
        sentences.append(
            f"{prefixes[period]}{supplies.index[row]} cannot place {untaken[row, period]:,.1f} GWh/d{owed}"
        )
    return sentences
