"""Gas in store by plain accounting: what came in as observed, less what was used as observed.

No prices, no storage limits, no reconciliation where a figure was observed; flows that nobody observes, such as those
within the EU, are taken as reconciled, and so know of storage: by country the account is better than observations alone
would make it. Its error is what the observations do not add up to, piled up over the months.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pandas as pd

from gasflow.calibration.items import Item
from gasflow.datasets.europe.load import calibration_of
from gasflow.datasets.europe.tables import base_of, daily_level_table
from gasflow.network.days import Day, day_of


def accounting_levels(start: Day, end: Day) -> pd.DataFrame:
    """Return the gas in store at the end of each day by accounting, GWh, days x countries.

    Args:
        start: first day; the level before it is the observed one.
        end: the day after the last.

    Raises:
        GasflowError: if a month lies outside the data.

    Example:
        >>> levels = accounting_levels("2022-05-10", "2022-05-13")
        >>> bool(levels["DE"].is_monotonic_increasing), len(levels)
        (True, 3)
    """
    days = pd.date_range(day_of(start), day_of(end) - timedelta(days=1))
    first = daily_level_table().loc[str(days[0].date())].dropna()
    gain = pd.DataFrame({day: surplus(str(day.date())[:7]) for day in days}).T.reindex(columns=first.index)
    return gain.fillna(0.0).cumsum() + first


@cache
def surplus(month: str) -> pd.Series:
    """Return what flows in and is produced less what flows out and is used, GWh/d by country.

    Example:
        >>> bool(surplus("2022-01")["DE"] < 0 < surplus("2022-07")["DE"])
        True
    """
    items = calibration_of(base_of(month)).equilibrium.items
    moves = items[items["quantity"].isin([Item.PIPE, Item.PRODUCTION, Item.DEMAND])]
    volume = moves["observed"].fillna(moves["reconciled"])
    arriving = (volume * (1.0 - moves["loss"])).groupby(moves["destination"]).sum()
    leaving = volume.groupby(moves["origin"]).sum()
    return arriving.sub(leaving, fill_value=0.0)
