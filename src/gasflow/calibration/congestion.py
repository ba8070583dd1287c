"""Congestion is rent: a pipe that was full earns the difference of the prices at its ends.

The first pass of the calibration explains every observed flow by a wedge, also that of a pipe which carried all that it
could. There the difference of prices is no cost of transport: one more GWh/d of capacity would have been used. So a
pipe seen at `FULL` of its capacity or more, whose wedge is positive, has what flowed as its available capacity and no
wedge; the difference becomes its rent. So has one whose daily flow stood near the month's largest on most days
(``full_days``): what was available changed in the course of the month. All prices stay as they are, and the no-shock
solve returns them.

Through an entry point or an interconnector go two pipes, one of which bears the limit. Where one of them is full the
other has no wedge either: the price between the two is then that of the side which is not full.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.calibration.items import Item

# Share of the capacity from which a pipe counts as full. Meters and gas days differ by some percent between operators,
# and what is available is seldom quite what is technically possible.
FULL = 0.97
# Share of the days of a month on which a pipe flows within 5 % of its largest day, from which the month counts as full.
MOST_DAYS = 0.5
# GWh/d; less is no flow.
NOTHING = 1e-6


def with_rents(items: pd.DataFrame, price: pd.Series, may: NDArray[np.bool_]) -> tuple[pd.DataFrame, pd.Series]:
    """Turn the wedges of full pipes into rents.

    Args:
        items: all items of a date with ``flow`` and ``wedge``.
        price: EUR/MWh per node.
        may: which items have a wedge by observation, shape (item,).

    Returns:
        The items with ``available``, GWh/d, where a pipe is full, NaN elsewhere, and no wedge there; and the prices,
        changed at the points between the two legs of a way that is full.
    """
    prices: dict[str, float] = dict(zip(price.index, price.to_numpy(np.float64).tolist(), strict=True))
    origin, destination = items["origin"].tolist(), items["destination"].tolist()
    flow, wedge, upper = (items[name].to_numpy(np.float64) for name in ("flow", "wedge", "upper"))
    cost = (items["cost"] + items["slope"] * items["flow"]).to_numpy(np.float64)
    kept = 1.0 - items["loss"].to_numpy(np.float64)
    flowing = (items["quantity"] == Item.PIPE).to_numpy() & (flow > NOTHING)
    use = np.maximum(flow / np.where(flowing, upper, 1.0), items["full_days"].to_numpy(np.float64) >= MOST_DAYS)
    full = flowing & may & (use >= FULL)
    wedge, available = wedge.copy(), np.full(len(items), np.nan)
    paired = np.zeros(len(items), dtype=np.bool_)
    for point, (into, out) in _ways(items, flowing).items():
        paired[[into, out]] = True
        if not (may[into] and may[out] and (full[into] or full[out]) and wedge[into] + wedge[out] > 0.0):
            continue
        limited = into if use[into] >= use[out] else out
        wedge[[into, out]] = 0.0
        available[limited] = flow[limited]
        if limited == into:
            prices[point] = kept[out] * prices[destination[out]] - cost[out]
        else:
            prices[point] = (prices[origin[into]] + cost[into]) / kept[into]
    alone = full & ~paired & (wedge > 0.0)
    available[alone], wedge[alone] = flow[alone], 0.0
    return items.assign(wedge=wedge, available=available), pd.Series(prices)


def _ways(items: pd.DataFrame, flowing: NDArray[np.bool_]) -> dict[str, tuple[int, int]]:
    """Return the points that only pass gas on, each with the pipe into it and the one out of it that carry gas."""
    own = (items["quantity"] != Item.PIPE) & (items["flow"] != 0.0)
    balanced = {*items.loc[own, "origin"], *items.loc[own, "destination"]}
    into: dict[str, list[int]] = {}
    out: dict[str, list[int]] = {}
    for row in np.flatnonzero(flowing).tolist():
        into.setdefault(items["destination"].iloc[row], []).append(row)
        out.setdefault(items["origin"].iloc[row], []).append(row)
    passing = [point for point in into if point not in balanced and len(into[point]) == len(out.get(point, [])) == 1]
    return {point: (into[point][0], out[point][0]) for point in passing}
