"""What shocks may make of the numbers of a network: nothing that a network could not hold by itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.core.curves import SHORTEST
from gasflow.errors import ShockError
from gasflow.network.schema import column
from gasflow.scenarios.conditions import Array, Conditions

_MARKET = {("supplies", "elasticity"), ("supplies", "anchor_price")}
_CURVES = {*_MARKET, ("demands", "elasticity"), ("demands", "anchor_price"), ("nodes", "value_of_lost_load")}


def check_limits(conditions: Conditions) -> None:
    """Refuse numbers that no network may hold.

    Raises:
        ShockError: with row, column, value and unit of the first such number in each column.
    """
    found = [*_outside_the_schema(conditions)]
    if not found and _CURVES & conditions.changes.keys():
        found = [*_broken_prices(conditions), *_broken_demand(conditions)]
    if found:
        problems, remedies = zip(*found, strict=True)
        raise ShockError("Scenario", "; ".join(problems), f"change it less: {'; '.join(dict.fromkeys(remedies))}")


def _outside_the_schema(conditions: Conditions) -> Iterator[tuple[str, str]]:
    """Return the limits of each column that shocks have changed."""
    for (table, name), rows in conditions.changes.items():
        limits = column(table, name)
        for row, numbers in rows.items():
            low, high = float(np.fmin.reduce(numbers, axis=None)), float(np.fmax.reduce(numbers, axis=None))
            if low < limits.minimum or high > limits.maximum:
                worst = low if low < limits.minimum else high
                label = getattr(conditions.network, table).index[row]
                span = f"{limits.minimum:g} to {limits.maximum:g} {limits.unit}".rstrip()
                yield f"{name} of {label!r} would become {worst:g} {limits.unit}".rstrip(), f"it must be {span}"
                break


def _broken_prices(conditions: Conditions) -> Iterator[tuple[str, str]]:
    """Return what the checks of a network demand of values of lost load and of markets."""
    lost_load = conditions.value("nodes", "value_of_lost_load")
    yield from _first(
        conditions, "nodes", lost_load <= conditions.network.price_floor, lost_load,
        "value_of_lost_load of {} would become {:g} EUR/MWh", "it must be above the price floor",
    )  # fmt: skip
    market = (conditions.network.supplies["kind"] == "market").to_numpy()[:, None, None]
    for name in ("anchor_price", "elasticity"):
        numbers = conditions.value("supplies", name)
        bad = market & ~(numbers > 0.0)
        yield from _first(conditions, "supplies", bad, numbers, name + " of {} would become {:g}", "it must be above 0")


def _broken_demand(conditions: Conditions) -> Iterator[tuple[str, str]]:
    """Demand of curves an anchor that is the same for all sectors of a node, well below the end of its curve."""
    elastic, anchor = conditions.value("demands", "elasticity") < 0.0, conditions.value("demands", "anchor_price")
    if (
        conditions.changes.keys() & _CURVES <= {("demands", "elasticity"), *_MARKET}
        and not (elastic & ~(conditions.values["demands", "elasticity"] < 0.0)).any()
    ):
        return
    demands = conditions.network.demands
    yield from _first(
        conditions, "demands", elastic & ~(anchor > 0.0), anchor, "{} would be elastic about an anchor price of {:g}",
        "an elastic demand needs an anchor price above 0",
    )  # fmt: skip
    lost_load = conditions.value("nodes", "value_of_lost_load")
    end = lost_load[conditions.network.nodes.index.get_indexer(pd.Index(demands["node"]))]
    yield from _first(
        conditions, "demands", elastic & (anchor * SHORTEST > end), anchor,
        "anchor_price of {}, {:g} EUR/MWh, would be too near to the value of lost load",
        f"the value of lost load must be {SHORTEST:g} times the anchor price or more",
    )  # fmt: skip
    yield from _first(
        conditions, "demands", elastic & _differs(demands["node"].to_numpy(), np.where(elastic, anchor, np.nan)),
        anchor, "anchor_price of {}, {:g} EUR/MWh, would not be that of the node's other sectors",
        "all elastic sectors of a node share one anchor price",
    )  # fmt: skip


def _differs(node: NDArray[np.object_], anchor: Array) -> NDArray[np.bool_]:
    """Where an anchor price is not that of the node, shape (row, period, scenario)."""
    if node.size == 0:
        return np.zeros(anchor.shape, dtype=np.bool_)
    order = np.argsort(node, kind="stable")
    _, first, group = np.unique(node[order], return_index=True, return_inverse=True)
    highest = np.empty(anchor.shape)
    highest[order] = np.fmax.reduceat(anchor[order], first, axis=0)[group]
    differs: NDArray[np.bool_] = anchor < highest * (1.0 - 1e-9)
    return differs


def _first(
    conditions: Conditions, table: str, bad: NDArray[np.bool_], numbers: Array, problem: str, remedy: str
) -> Iterator[tuple[str, str]]:
    """Return the first bad number, if there is one."""
    if bad.any():
        row, period, scenario = (int(axis[0]) for axis in np.nonzero(bad))
        shape = (*bad.shape[:1], *np.broadcast_shapes(bad.shape[1:], numbers.shape[1:]))
        value = np.broadcast_to(numbers, shape)[row, period, scenario]
        yield problem.format(repr(getattr(conditions.network, table).index[row]), value), remedy
