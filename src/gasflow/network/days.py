"""Days: the one way from what a user gives as a day to a date.

A gas day is named by the date on which it begins, so a day is a date and nothing more: it has no hour and no time
zone, and days across the change of the clocks are as long as any other. A time stamp stands for its day where it is a
midnight, by the clock of its own zone; at any other time it could mean the gas day that began the day before, so it is
refused rather than cut.
"""

from __future__ import annotations

import datetime
import re

import numpy as np
import pandas as pd

from gasflow.errors import DayError

# ISO 8601 with dashes: a day, optionally with a time and an offset. Other spellings leave day and month open.
_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9:.,]+)(?:Z|[+-][0-9:]+)?)?")
_MIDNIGHT = re.compile(r"00(:00(:00([.,]0+)?)?)?")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_SPELLING = "write it as 2022-05-10"
Day = str | datetime.date
_DAY_UNITS = {"D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as"}


def day_of(value: object) -> datetime.date:
    """Return the day that a date, a text, or a time stamp at midnight stands for.

    Args:
        value: a `datetime.date`, a text such as ``2022-05-10``, or a midnight: `datetime.datetime`, `pandas.Timestamp`
            (with a time zone or without), `numpy.datetime64`, a daily `pandas.Period`, or an ISO text of one.

    Raises:
        DayError: if it is no day, or has a time of day.

    Example:
        >>> day_of("2022-05-10"), day_of(pd.Timestamp("2022-03-27", tz="Europe/Berlin"))
        (datetime.date(2022, 5, 10), datetime.date(2022, 3, 27))
        >>> day_of(pd.Timestamp("2022-05-10 06:00"))
        Traceback (most recent call last):
        gasflow.errors.DayError: Timestamp('2022-05-10 06:00:00') has a time of day; ...
    """
    if isinstance(value, str):
        return _day_of_text(value, value.strip())
    if isinstance(value, np.datetime64) and np.datetime_data(value)[0] in _DAY_UNITS:
        return _day_of_text(value, str(value))
    if isinstance(value, pd.Period) and value.freqstr == "D":
        return value.start_time.date()
    if value is pd.NaT:
        raise DayError(value, "is not a day", _SPELLING)
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time() or (isinstance(value, pd.Timestamp) and value.nanosecond):
            raise _timed(value)
        return value.date()
    if isinstance(value, datetime.date):
        return value
    raise DayError(value, "is not a day", _SPELLING)


def day_or_month(value: Day) -> str:
    """Return a day as 2022-05-10, or a month as 2022-05.

    Raises:
        DayError: if it is neither.

    Example:
        >>> day_or_month(pd.Timestamp("2022-05-10", tz="Europe/Kyiv")), day_or_month("2022-05")
        ('2022-05-10', '2022-05')
    """
    try:
        return month_of(value) or day_of(value).isoformat()
    except DayError as error:
        raise DayError(value, error.problem, f"{error.remedy}, or give a month as 2022-05") from None


def month_of(value: object) -> str | None:
    """Return the month, as 2022-05, if a value stands for a month and not for a day.

    Example:
        >>> month_of("2022-05"), month_of(pd.Period("2022-05", "M")), month_of("2022-05-10")
        ('2022-05', '2022-05', None)
    """
    if isinstance(value, pd.Period) and value.freqstr.startswith("M"):
        return str(value)
    text = str(value).strip() if isinstance(value, str | np.datetime64) else ""
    return text if _MONTH.fullmatch(text) else None


def _day_of_text(value: object, text: str) -> datetime.date:
    parts = _ISO.fullmatch(text)
    if parts is None:
        raise DayError(value, "is not a day", _SPELLING)
    try:
        day = datetime.date.fromisoformat(parts[1])
    except ValueError:
        raise DayError(value, "is not a day", _SPELLING) from None
    if parts[2] and not _MIDNIGHT.fullmatch(parts[2]):
        raise _timed(value)
    return day


def _timed(value: object) -> DayError:
    return DayError(value, "has a time of day", "give the day alone; a gas day is named by the date it begins on")
