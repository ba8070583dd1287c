"""How much gas storage gives for a rise of the price, by how long a loss lasts: what the horizon says of the day.

Within one day storage answers the price with a stated response, in GWh/d per EUR/MWh. Over a horizon the answer is a
result: a loss of one day is spread over a whole season and hardly moves the price, a loss that lasts cannot be put off
and storage, once it is full in autumn anyway, gives nothing on balance.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from gasflow.datasets.europe.horizon import Step, horizon, periods_of
from gasflow.network.schema import SupplyKind
from gasflow.reports.figures import MARKER
from gasflow.reports.pairs import before_and_after
from gasflow.scenarios.horizon import Foresight
from gasflow.scenarios.shocks import Closure

DAYS = (1, 7, 14, 30, 60, 90, 120)


def storage_response(
    place: str = "Sokhranivka", day: str = "2022-05-11", days: Sequence[int] = DAYS, end: str = "2023-04-01"
) -> pd.DataFrame:
    """Close a place by surprise for a while, and see who gives how much on the first day.

    Args:
        place: what closes.
        day: when.
        days: for how long, one case each; a last case is a closure that lasts.
        end: the day after the horizon, which begins on the day before.

    Returns:
        (days, ``ttf`` rise of TTF on the first day in EUR/MWh; ``storage``, ``lng`` and ``demand``: GWh/d that each
        gives for every EUR/MWh); infinite days for the closure that lasts.
    """
    first = dt.date.fromisoformat(day)
    start = str(first - dt.timedelta(days=1))
    months = periods_of(start, end, Step.MONTH)
    marks = {*months.starts, *(first + dt.timedelta(days=length) for length in (0, 1, *days))}
    europe = horizon(start, end, [str(mark) for mark in sorted(marks)])
    market = (europe.networks[0].supplies["kind"] == SupplyKind.MARKET).to_numpy()
    marker = np.flatnonzero(europe.networks[0].nodes["hub"] == MARKER)[0]
    rows = {}
    for length in (*days, np.inf):
        last = None if length == np.inf else str(first + dt.timedelta(days=int(length)))
        closure = Closure(place, start=day, end=last)
        pair = before_and_after(europe, [closure], ("prices", "storage", "supply", "demand"), Foresight(notice_days=0))
        rise = pair.changes("prices")[marker, 1, 0]
        given = [
            pair.changes("storage")[:, 1, 0].sum(),
            pair.changes("supply")[market, 1, 0].sum(),
            -pair.changes("demand")[:, 1, 0].sum(),
        ]
        rows[length] = (rise, *(gas / rise for gas in given))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["ttf", "storage", "lng", "demand"])
    return table.rename_axis("days")


def lasting_days(table: pd.DataFrame, response: float) -> float:
    """Return how long a loss lasts for which storage gives a response, between the cases of `storage_response`.

    Example:
        >>> table = pd.DataFrame({"storage": [400.0, 100.0]}, index=pd.Index([10.0, 20.0], name="days"))
        >>> round(lasting_days(table, 200.0), 1)
        15.0
    """
    known = table[(table["storage"] > 0.0) & np.isfinite(table.index.to_numpy(dtype=np.float64))]
    falling = np.log(known["storage"].to_numpy()[::-1])
    return float(np.interp(np.log(response), falling, known.index.to_numpy(dtype=np.float64)[::-1]))
