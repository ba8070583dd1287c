"""What goes wrong, in words of the network: who is short, and which contract cannot place its gas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.core.tolerances import NOTHING
from gasflow.network.network import Network

Array = NDArray[np.float64]


def shortages(
    network: Network, array: Callable[[str], Array], scenarios: pd.Index[Any], periods: Sequence[str]
) -> list[str]:
    """Sentences about all scenarios.

    Args:
        network: the network that was solved.
        array: gives a quantity by name, shape (item, period, scenario).
        scenarios: labels of the scenarios, named where there are several.
        periods: labels of the periods, named where there are several.

    Example:
        >>> import gasflow as gf
        >>> gf.simulate(gf.toys.two_nodes(), gf.Closure("A->B", share=[0.0, 1.0])).shortages()
        ['scenario 1: B is short 40.0 GWh/d; A->B is at capacity']
    """
    sentences = []
    for position, label in enumerate(scenarios):
        many, several = len(scenarios) > 1, len(periods) > 1
        prefixes = [
            ", ".join([f"scenario {label}"] * many + [day] * several) + ": " * (many or several) for day in periods
        ]
        sentences += shortage_sentences(network, partial(_one, array, position), prefixes)
    return sentences


def _one(array: Callable[[str], Array], scenario: int, quantity: str) -> Array:
    return array(quantity)[:, :, scenario]


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
    for node, period in zip(*np.nonzero(unserved > NOTHING), strict=True):
        name = network.nodes.index[node]
        into = (pipes["destination"] == name).to_numpy()
        full = pipes.index[into & (flows[:, period] >= capacity[:, period] - NOTHING)]
        why = f"; {', '.join(full)} {'is' if len(full) == 1 else 'are'} at capacity" if len(full) else ""
        sentences.append(f"{prefixes[period]}{name} is short {unserved[node, period]:z,.1f} GWh/d{why}")
    for node, period in zip(*np.nonzero(array("unsettled") > NOTHING), strict=True):
        missing = array("unsettled")[node, period]
        sentences.append(
            f"{prefixes[period]}nothing settles {missing:z,.1f} GWh/d of the statistical difference of "
            f"{network.nodes.index[node]}"
        )
    untaken, supply = array("untaken"), array("supply")
    for row, period in zip(*np.nonzero(untaken > NOTHING), strict=True):
        below = supplies["minimum"].iloc[row] - supply[row, period]
        owed = f", {below:z,.1f} GWh/d below its minimum" if below > NOTHING else ""
        sentences.append(
            f"{prefixes[period]}{supplies.index[row]} cannot place {untaken[row, period]:z,.1f} GWh/d{owed}"
        )
    return sentences
