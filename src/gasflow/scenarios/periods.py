"""Periods: the time axis, and how much of each period a dated event covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.arguments import entries, one_of
from gasflow.errors import GasflowError
from gasflow.network.days import Day, day_of

_DAY = timedelta(days=1)


class Step(StrEnum):
    """Length of a period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_FREQUENCIES = {Step.DAY: "D", Step.WEEK: "7D", Step.MONTH: "MS"}


@dataclass(frozen=True)
class Periods:
    """Consecutive periods, each from its start (included) to the start of the next.

    Attributes:
        starts: first day of each period.
        end: the day after the last period.

    Days may be given in any form that `gasflow.network.days.day_of` understands. A period has whole days, also across
    the change of the clocks.

    Raises:
        DayError: if a bound is no day.
        GasflowError: if the periods do not follow one another.

    Example:
        >>> from datetime import date
        >>> periods = Periods((date(2022, 5, 10), date(2022, 6, 1)), date(2022, 7, 1))
        >>> periods.days.tolist()
        [22.0, 30.0]
        >>> periods.coverage(start=date(2022, 5, 21), end=None).round(2).tolist()
        [0.5, 1.0]
    """

    starts: tuple[date, ...]
    end: date

    def __post_init__(self) -> None:
        bounds = tuple(day_of(bound) for bound in (*self.starts, self.end))
        object.__setattr__(self, "starts", bounds[:-1])
        object.__setattr__(self, "end", bounds[-1])
        if not self.starts or any(after <= before for before, after in pairwise(bounds)):
            shown = ", ".join(str(bound) for bound in bounds)
            raise GasflowError(f"Periods must follow one another, not {shown}", "give days in order, the end last")

    @classmethod
    def single(cls, day: date) -> Periods:
        """One period of one day."""
        return cls((day,), day + _DAY)

    @classmethod
    def between(cls, start: Day, end: Day, step: Step | str | Sequence[Day] = Step.MONTH) -> Periods:
        """Return the periods from a day to another, the latter excluded.

        Args:
            start: first day.
            end: the day after the last.
            step: "month" (calendar months, the first and last cut to fit), "week" (seven days from the start), "day",
                or the first days of the periods.

        Example:
            >>> Periods.between("2022-05-10", "2022-06-01", "week").days.tolist()
            [7.0, 7.0, 7.0, 1.0]
        """
        whole = cls((day_of(start),), day_of(end))
        first = whole.starts[0]
        if listed := entries(step):
            return cls((first, *[day for day in map(day_of, listed) if day != first]), whole.end)
        frequency = _FREQUENCIES[one_of(Step, step, "Periods.between", "step")]
        marks = pd.date_range(first, whole.end - _DAY, freq=frequency)
        return cls(tuple(sorted({first, *(mark.date() for mark in marks)})), whole.end)

    @property
    def count(self) -> int:
        """How many periods there are."""
        return len(self.starts)

    @property
    def days(self) -> NDArray[np.float64]:
        """Length of each period in days, shape (period,)."""
        bounds = (*self.starts, self.end)
        return np.array([(after - before).days for before, after in pairwise(bounds)], dtype=np.float64)

    @property
    def labels(self) -> list[str]:
        """ISO date of the first day of each period."""
        return [start.isoformat() for start in self.starts]

    @property
    def described(self) -> str:
        """Which days they are, as the end of a sentence."""
        last = self.end - _DAY
        return f"the day is {last}" if self.starts[0] == last else f"the days are {self.starts[0]} to {last}"

    def during(self, start: int, stop: int) -> Periods:
        """Return the periods from number `start` to number `stop`, the latter excluded."""
        bounds = (*self.starts, self.end)
        return Periods(bounds[start:stop], bounds[stop])

    def containing(self, day: date) -> int:
        """Return the number of the period that contains a day; the first for earlier days, the count for later ones."""
        return 0 if day < self.starts[0] else sum(bound <= day for bound in (*self.starts, self.end)) - 1

    def coverage(
        self, start: date | None, end: date | None, ramp_days: float = 0.0, recovery_days: float = 0.0
    ) -> NDArray[np.float64]:
        """Mean share of each period for which an event holds, shape (period,).

        The event is absent before `start`, grows linearly to full size over `ramp_days`, holds until `end` (that
        day excluded) and fades linearly over `recovery_days` from what it has grown to by then. The mean over a
        period is exact: the integral of that profile over the period, divided by its length. Without `start` the
        event has held for ever; without `end` it lasts.
        """
        bounds = np.array([(b - self.starts[0]).days for b in (*self.starts, self.end)], dtype=np.float64)
        last = float((end - self.starts[0]).days) if end else np.inf
        held = np.minimum(bounds, last)
        integral = held - bounds[0]
        size = 1.0
        if start:
            first = float((start - self.starts[0]).days)
            integral = _ramp_integral(held - first, ramp_days)
            size = 1.0 if ramp_days <= last - first else (last - first) / ramp_days
        fading = np.clip(bounds - last, 0.0, recovery_days)
        integral = integral + size * (fading - _ramp_integral(fading, recovery_days))
        share: NDArray[np.float64] = np.clip(np.diff(integral) / self.days, 0.0, 1.0)
        return share


def _ramp_integral(since: NDArray[np.float64], ramp_days: float) -> NDArray[np.float64]:
    """Integral of a step that takes `ramp_days` to complete, over the days `since` its start."""
    if ramp_days <= 0:
        return np.maximum(since, 0.0)
    rising = np.clip(since, 0.0, ramp_days)
    integral: NDArray[np.float64] = rising**2 / (2 * ramp_days) + np.maximum(since - ramp_days, 0.0)
    return integral
