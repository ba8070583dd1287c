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
from numpy.typing import NDArray

from gasflow.datasets.europe.horizon import horizon
from gasflow.network.days import Day, day_of
from gasflow.network.schema import SupplyKind
from gasflow.reports.pairs import certified
from gasflow.scenarios.periods import Periods
from gasflow.scenarios.shocks import Closure
from gasflow.simulation.simulate import simulate

DAYS = (1, 7, 14, 30, 60, 90, 120)


def storage_response(
    place: str = "Sokhranivka", day: Day = "2022-05-10", days: Sequence[int] = DAYS, end: Day = "2023-04-01"
) -> pd.DataFrame:
    """Close a place by surprise for a while, and see who gives how much on the first day.

    Args:
        place: what closes.
        day: when; the horizon begins then, so that nobody could prepare for it.
        days: for how long, one case each, in ascending order; a last case is a closure that lasts.
        end: the day after the horizon.

    Returns:
        (days, ``rise`` of the marker's price on the first day in EUR/MWh; ``storage``, ``lng`` and ``demand``: GWh/d
        that each gives for every EUR/MWh); infinite days for the closure that lasts.

    Raises:
        GasflowError: if a place is unknown, or a solve ends without a certificate.
    """
    first = day_of(day)
    ends = [first + dt.timedelta(days=int(length)) for length in days]
    marks = {*Periods.between(day, end).starts, first + dt.timedelta(days=1), *ends}
    europe = horizon(day, end, [str(mark) for mark in sorted(marks)])
    # Scenario 0 is the base; case k is closed in the spans up to its end, the last one in all.
    spans = zip([first, *ends], [*ends, None], strict=True)
    count = len(ends) + 2
    closures = [
        Closure(place, share=[float(case > span) for case in range(count)], start=start, end=stop)
        for span, (start, stop) in enumerate(spans)
    ]
    results = certified(simulate(europe, *closures, keep=("duals", "storage", "supply", "demand")))
    network = europe.networks[0]
    market = (network.supplies["kind"] == SupplyKind.MARKET).to_numpy()
    marker = np.asarray(network.nodes.index == network.marker_node)

    def change(quantity: str, rows: NDArray[np.bool_] | slice) -> NDArray[np.float64]:
        total = results.array(quantity)[rows, 0].sum(axis=0)
        return np.asarray(total[1:] - total[0])

    every = slice(None)
    rise = change("duals", marker)
    gas = {"storage": change("storage", every), "lng": change("supply", market), "demand": -change("demand", every)}
    index = pd.Index([*map(float, days), np.inf], name="days")
    return pd.DataFrame({"rise": rise, **{name: given / rise for name, given in gas.items()}}, index=index)


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
