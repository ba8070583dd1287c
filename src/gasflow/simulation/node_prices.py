"""The price of every node: the dual of its balance where that is unique, and what can be said where it is not.

Where all that must be served goes unserved, one more MWh is worth the value of lost load, and one less cannot be had at
any price; where all that must be taken is spilled it is the other way round. The dual then has an interval that is open
at one end, and its other end is the price: that of the deficit or of the spill, unless another use, or another source,
of that MWh is worth more than it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from gasflow.core.problem import Array, FlowProblem
from gasflow.core.solution import Solution
from gasflow.simulation.layout import Kind, Layout

_ALL = 1e-7  # of a bound; less is missing where it is reached
_MARGIN = 1e-6  # of the prices that a reduced cost is made of; less is zero
_NO_PRICE = 1e-9  # EUR/MWh; less than this is nothing

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class NodePrices:
    """Prices of the nodes, EUR/MWh, shape (node, period, scenario).

    Attributes:
        duals: one price for every node; where it is not unique, one between the floor and the value of lost load.
        known: where it is the price.
    """

    duals: Array
    known: Mask

    @classmethod
    def of(
        cls, layout: Layout, problem: FlowProblem, solution: Solution, unique: Mask, ends: tuple[float, Array]
    ) -> NodePrices:
        """Find the prices of a solved batch.

        Args:
            layout: where nodes, deficits and spills are.
            problem: the programme.
            solution: its answer.
            unique: whether each dual is unique, shape (row, scenario).
            ends: the price floor, and the value of lost load, shape (node, period, scenario).
        """
        lost_load = ends[1]
        # Where contract gas is offered a spill is paid a little less.
        floor = np.full((layout.node_count, 1, 1), ends[0])
        spill = layout.blocks[Kind.SPILL].node
        floor[spill] = -layout.take(problem.cost, Kind.SPILL)[:, :1, :1]
        count = layout.node_count * layout.period_count
        certain = unique[:count].reshape(layout.node_count, layout.period_count, unique.shape[-1])
        duals = layout.balances(solution.duals)
        starved = _given_up(layout, problem, solution, Kind.DEFICIT) & ~certain
        flooded = _given_up(layout, problem, solution, Kind.SPILL) & ~certain & ~starved
        settled = np.where(starved, lost_load, np.where(flooded, floor, np.clip(duals, floor, lost_load)))
        duals = np.where(certain, np.where(np.abs(duals) < _NO_PRICE, 0.0, duals), settled)
        known = certain | _undisputed(problem, solution, duals, starved, flooded)
        return cls(duals, known)


def _given_up(layout: Layout, problem: FlowProblem, solution: Solution, kind: Kind) -> Mask:
    """Where a deficit or spill is as large as it can be, shape (node, period, scenario)."""
    most, slack = layout.take(problem.upper, kind), layout.take(solution.columns, kind)
    given_up = np.zeros((layout.node_count, *slack.shape[1:]), dtype=np.bool_)
    given_up[layout.blocks[kind].node] = (most > 0.0) & (slack >= most * (1.0 - _ALL))
    return given_up


def _undisputed(problem: FlowProblem, solution: Solution, duals: Array, starved: Mask, flooded: Mask) -> Mask:
    """Where nodes are starved or flooded, and no column would move that a higher or a lower price there would hold."""
    undisputed = starved | flooded
    scenarios = np.flatnonzero(undisputed.any(axis=(0, 1)))
    if scenarios.size == 0:
        return undisputed
    part, x = problem.scenarios(scenarios), solution.columns[:, scenarios]
    first = duals[..., scenarios].reshape(-1, scenarios.size)
    prices = np.concatenate([first, solution.duals[len(first) :, scenarios]])
    reduced = part.reduced_costs(x, prices)
    margin = _MARGIN * (1.0 + np.abs(part.cost) + abs(part.incidence).T @ np.abs(prices))
    near = _ALL * (1.0 + np.abs(x))
    rises = (reduced < -margin) & (x < part.upper - near)
    falls = (reduced > margin) & (x > part.lower + near)
    brings, takes = csc_array(part.incidence > 0), csc_array(part.incidence < 0)
    shape = *duals.shape[:2], scenarios.size
    too_low, too_high = (
        (one.astype(np.float64) @ rises + other.astype(np.float64) @ falls)[: len(first)].reshape(shape) > 0
        for one, other in ((takes, brings), (brings, takes))
    )
    disputed = (starved[..., scenarios] & too_low) | (flooded[..., scenarios] & too_high)
    undisputed[..., scenarios] &= ~disputed
    return undisputed
