"""Cycles of pipes on which gas would go round for money.

A pipe costs its tariff and its wedge per unit that enters. Wedges may be negative, so a cycle may cost less than
nothing: the programme then sends gas round it, as much as capacities and slopes allow, whatever the market does. What
a cycle loses on the way has to be put in again and is worth at least the price floor, so the cost of a pipe is

    cost_k = tariff_k + wedge_k + loss_k max(price floor, 0)

and a cycle earns money if its costs add up to less than zero. Without losses this is exact: the price of gas cancels
out around the cycle. With losses less arrives than enters, and lost gas costs its price p, not the floor. Then

* a cycle whose sum is negative earns where gas is cheap: there is a node on it from which all sums along the way are
  negative, and at p = floor a unit that starts there comes round at a gain;
* a cycle whose sum is not negative earns at no price p above the sum of its positive costs: with a share 1 - g lost, a
  unit costs at least (1 - g) (p - that sum) on its way round.

Transport costs a few EUR/MWh and gas costs tens, so nothing of interest lies between the two. A negative floor does
not count: to burn gas that nobody wants is no round trip. A sum of exactly zero is allowed, as between nodes of equal
price.

Slopes do not stop the first unit, but they bound what goes round: at a flow of -sum / (sum of slopes) the next unit
earns nothing. If that is less than the pipes can carry, the cycle is no more than suspicious: where wedges were
calibrated they make up for the slope at the observed flows, so that a cycle may look cheap at smaller ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.network.tolerance import RELATIVE

Costs = NDArray[np.float64]
Positions = NDArray[np.intp]
_MOST = 20


def costs_of(pipes: pd.DataFrame, price_floor: float) -> Costs:
    """Return the cost of sending a unit through each pipe, EUR/MWh, shape (pipe,); infinite where none can go.

    Nothing can go through a pipe without capacity, or one at which nothing is nominated. Days of service do not count:
    the pipes of a network are those that serve on its day.
    """
    cost = pipes["tariff"] + pipes["wedge"] + pipes["loss"] * max(price_floor, 0.0)
    carries = (pipes["capacity"] > 0.0) & (pipes["nominated"] != 0.0) & cost.notna()
    return cost.where(carries, math.inf).to_numpy(dtype=np.float64)


def bound_of(pipes: pd.DataFrame, gain: float) -> float:
    """Return what goes round a cycle that earns `gain` EUR/MWh until its slopes have used that up, GWh/d.

    Infinite if a pipe of the cycle is full before.

    Example:
        >>> cycle = pd.DataFrame({"capacity": [50.0, 30.0], "nominated": [np.nan, np.nan], "slope": [0.0, 0.1]})
        >>> bound_of(cycle, 1.0), bound_of(cycle, 4.0)
        (10.0, inf)
    """
    slope = float(pipes["slope"].sum())
    most = float(pipes[["capacity", "nominated"]].min(axis=1).min())
    return gain / slope if gain < slope * most else math.inf


def earning_cycles(origins: pd.Series, destinations: pd.Series, costs: Costs) -> Iterator[Positions]:
    """Yield cycles whose costs add up to less than zero, as positions of pipes in the order in which gas passes them.

    One cycle after the other is found and opened at its cheapest pipe, until none or twenty have been found.

    Example:
        >>> ends = pd.Series(["A", "B", "C"]), pd.Series(["B", "C", "A"])
        >>> [cycle.tolist() for cycle in earning_cycles(*ends, np.array([2.0, -3.0, 0.5]))]
        [[1, 2, 0]]
        >>> list(earning_cycles(*ends, np.array([2.0, -3.0, 1.0])))
        []
    """
    codes, nodes = pd.factorize(pd.concat([origins, destinations], ignore_index=True))
    ends = codes[: len(origins)], codes[len(origins) :]
    costs = costs.copy()
    for _ in range(_MOST):
        cycle = _earning_cycle(*ends, costs, len(nodes))
        if cycle is None:
            return
        cheapest = int(np.argmin(costs[cycle]))
        costs[cycle[cheapest]] = math.inf
        yield np.roll(cycle, -cheapest)


def _earning_cycle(origins: Positions, destinations: Positions, costs: Costs, count: int) -> Positions | None:
    """One cycle by the method of Bellman and Ford, all pipes at once; none if none earns.

    The potential of a node is the least cost of reaching it from anywhere. If it falls without end, the pipes by which
    each node is reached at its potential hold a cycle; they are looked through after 1, 2, 4, ... rounds.
    """
    known = np.flatnonzero(np.isfinite(costs))
    order = known[np.argsort(destinations[known], kind="stable")]
    if order.size == 0 or costs[order].min() >= 0.0:
        return None
    origin, cost = origins[order], costs[order]
    reached, first = np.unique(destinations[order], return_index=True)
    group = np.repeat(np.arange(reached.size), np.diff([*first, order.size]))
    position = np.arange(order.size)
    potential = np.zeros(count)
    by = np.full(count, -1)
    for sweep in range(1, count + 2):
        sums = potential[origin] + cost
        best = np.minimum.reduceat(sums, first)
        fallen = best < potential[reached] - RELATIVE
        if not fallen.any():
            return None
        way = np.minimum.reduceat(np.where(sums == best[group], position, order.size), first)
        by[reached[fallen]] = order[way[fallen]]
        potential[reached[fallen]] = best[fallen]
        if sweep & (sweep - 1) == 0 or sweep > count:
            cycle = _closed(by, origins)
            if cycle is not None:
                return cycle if math.fsum(costs[cycle]) < -RELATIVE * math.fsum(np.abs(costs[cycle])) else None
    return None


def _closed(by: Positions, origins: Positions) -> Positions | None:
    """Return a cycle among the pipes by which nodes are reached, if there is one; -1: a node is reached by none."""
    start = by.size
    before = np.append(np.where(by >= 0, origins[by], start), start)
    far = before
    for _ in range(max(start.bit_length(), 1)):
        far = far[far]
    loops = np.flatnonzero(far[:start] != start)
    if loops.size == 0:
        return None
    node = end = int(far[loops[0]])
    pipes: list[int] = []
    while not pipes or node != end:
        pipes.append(int(by[node]))
        node = int(before[node])
    return np.array(pipes[::-1])
