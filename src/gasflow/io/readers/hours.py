"""Hourly rates into gas days: only where every hour of the day is there."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pandas as pd

from gasflow.io.readers.figures import Edition, Figures
from gasflow.io.readers.gas_days import gas_day, hours_of_day
from gasflow.io.readers.reading import Notes, RawQuantity

_HOURS_PER_DAY = 24.0


class Hours:
    """Collects hourly rates in GWh/d, and hands whole gas days on.

    What a file says by the hour counts less than what it says by the day.

    Example:
        >>> from gasflow.io.readers.gas_days import moment
        >>> notes = Notes("hours.csv")
        >>> days = Figures("entsog", notes)
        >>> hours = Hours(notes)
        >>> for hour in range(24):
        ...     when = moment("2022-05-10T06:00:00+02:00") + datetime.timedelta(hours=hour)
        ...     hours.add(when, "Beta", RawQuantity.PHYSICAL_FLOW, 48.0, hour + 2)
        >>> hours.add_whole_days(days)
        >>> days.reading().table["value"].tolist()
        [48.0]
    """

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._rates = Figures("", notes)

    def add(
        self,
        when: datetime.datetime,
        place: str,
        quantity: RawQuantity,
        value: float,
        line: int,
        edition: Edition = (0, 0),
    ) -> None:
        """Take in the rate of the hour that begins at a point in time."""
        hour = f"{gas_day(when).isoformat()} {int(when.timestamp() // 3600)}"
        self._rates.add(hour, place, quantity, value, line, edition)

    def add_whole_days(self, days: Figures) -> None:
        """Add the mean rate of each day that has all its hours, and note those that do not.

        A gas day of 23 or 25 hours has that many hours of energy; calorific values are plain means.
        """
        for (day, place, word), hours, values in _by_day(self._rates.table()):
            quantity = RawQuantity(word)
            first, count = hours_of_day(datetime.date.fromisoformat(day))
            if hours != set(range(first, first + count)):
                problem = f"has not all of its {count} hours"
                self._notes.add(0, "periodFrom", f"{day}, {place}: {len(hours)}", problem, "the day is left out")
                continue
            share = float(count) if quantity is RawQuantity.CALORIFIC_VALUE else _HOURS_PER_DAY
            days.add(day, place, quantity, sum(values) / share, line=0, edition=(-1, 0))


def _by_day(rates: pd.DataFrame) -> Iterator[tuple[tuple[str, str, str], set[int], list[float]]]:
    """Yield day, place and quantity with the hours that are there, since 1970, and their rates."""
    split = rates["date"].str.split(" ", n=1)
    frame = rates.assign(day=split.str[0], hour=split.str[1].astype("int64"))
    for (day, place, quantity), group in frame.groupby(["day", "place", "quantity"], sort=True):
        yield (str(day), str(place), str(quantity)), set(group["hour"]), group["value"].tolist()
