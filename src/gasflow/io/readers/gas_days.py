"""Gas days and months out of what sources write for them.

A gas day runs from 06:00 to 06:00 Central European time and is named by the date on which it begins; it has 23 hours
in spring and 25 in autumn, when clocks change. A time with an offset is moved there first; a time without one is
taken to be Central European.
"""

from __future__ import annotations

import datetime
import re
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Europe/Brussels")
_START = datetime.timedelta(hours=6)
_NUMERIC = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})[-/.]?([0-9]{2})[-/.]?([0-9]{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(r"([0-9]{4})[-Mm/]?(0[1-9]|1[0-2])")
_NAMED_MONTH = re.compile(r"([A-Za-z]{3})[a-z]*[- ,]*([0-9]{4})")
_NAMED_DAY = re.compile(r"([A-Za-z]{3})[a-z]* ([0-9]{1,2}), ?([0-9]{4})")


class DateError(ValueError):
    """A text is no day, or no period that a gas day can be told from.

    Example:
        >>> print(DateError("is not a day"))
        is not a day
    """


class Order(Enum):
    """Whether day or month comes first in 03/04/2022.

    Example:
        >>> day_of_text("03/04/2022", Order.MONTH_FIRST), day_of_text("03/04/2022", Order.DAY_FIRST)
        ('2022-03-04', '2022-04-03')
    """

    DAY_FIRST = "day"
    MONTH_FIRST = "month"


@lru_cache(maxsize=4096)
def moment(text: str) -> datetime.datetime:
    """Return a point in time, in Central European time; a date alone is the 06:00 at which its gas day begins.

    Raises:
        DateError: if it is no date and time of ISO 8601.

    Example:
        >>> moment("2022-05-10T04:00:00Z").isoformat(), moment("2022-05-10 06:00").isoformat()
        ('2022-05-10T06:00:00+02:00', '2022-05-10T06:00:00+02:00')
    """
    try:
        when = datetime.datetime.fromisoformat(text.strip())
        if len(text.strip()) <= len("2022-05-10"):
            when += _START
        return when.replace(tzinfo=_ZONE) if when.tzinfo is None else when.astimezone(_ZONE)
    except (ValueError, OverflowError):
        raise DateError("is not a date and time") from None


def gas_day(when: datetime.datetime) -> datetime.date:
    """Return the gas day in which a point in time lies.

    Example:
        >>> gas_day(moment("2022-05-10T05:59:00+02:00")), gas_day(moment("2022-05-10T06:00:00+02:00"))
        (datetime.date(2022, 5, 9), datetime.date(2022, 5, 10))
    """
    return (when.replace(tzinfo=None) - _START).date()


@lru_cache(maxsize=4096)
def day_of_period(start: str, end: str) -> tuple[str, str]:
    """Return the gas day of a daily period, and what is odd about the period; empty if nothing.

    Args:
        start: when it begins.
        end: when it ends; empty if the source does not say.

    Raises:
        DateError: if it is longer or shorter than a day, or begins at an hour that leaves the day open.

    Example:
        >>> day_of_period("2022-03-26T06:00:00+01:00", "2022-03-27T06:00:00+02:00")
        ('2022-03-26', '')
        >>> day_of_period("2022-05-10T00:00:00+02:00", "2022-05-11T00:00:00+02:00")
        ('2022-05-10', 'begins at midnight')
    """
    first = moment(start)
    if end and not 23 <= (moment(end).timestamp() - first.timestamp()) / 3600 <= 25:
        raise DateError("does not begin a period of a day")
    if first.hour in (5, 6, 7):
        return first.date().isoformat(), ""
    if first.hour == 0:
        return first.date().isoformat(), "begins at midnight"
    raise DateError("does not begin near 06:00 Central European time")


def hours_of_day(day: datetime.date) -> tuple[int, int]:
    """Return the first hour of a gas day, in hours since 1970 (UTC), and how many hours it has.

    Example:
        >>> hours_of_day(datetime.date(2022, 3, 26))[1], hours_of_day(datetime.date(2022, 10, 29))[1]
        (23, 25)
    """
    ends = [datetime.datetime.combine(day + datetime.timedelta(days=k), datetime.time(6), _ZONE) for k in (0, 1)]
    first, last = (int(end.timestamp() // 3600) for end in ends)
    return first, last - first


@lru_cache(maxsize=4096)
def day_of_text(text: str, order: Order = Order.DAY_FIRST) -> str:
    """Return a day as 2022-05-10.

    Raises:
        DateError: if it is no day.

    Example:
        >>> day_of_text("2022-05-10T00:00:00"), day_of_text("10.05.2022"), day_of_text("May 10, 2022")
        ('2022-05-10', '2022-05-10', '2022-05-10')
    """
    text = text.strip()
    bare = re.split(r"[T ](?=[0-9]{2}:)", text)[0]
    try:
        if parts := _ISO_DAY.fullmatch(bare):
            return datetime.date(int(parts[1]), int(parts[2]), int(parts[3])).isoformat()
        if parts := _NUMERIC.fullmatch(bare):
            day, month = (1, 2) if order is Order.DAY_FIRST else (2, 1)
            return datetime.date(int(parts[3]), int(parts[month]), int(parts[day])).isoformat()
        if parts := _NAMED_DAY.fullmatch(bare):
            return datetime.date(int(parts[3]), _named(parts[1]), int(parts[2])).isoformat()
    except ValueError:
        pass
    raise DateError("is not a day")


@lru_cache(maxsize=4096)
def month_of_text(text: str) -> str:
    """Return a month as 2022-05.

    Raises:
        DateError: if it is no month.

    Example:
        >>> month_of_text("2022M05"), month_of_text("2022-05"), month_of_text("May-2022"), month_of_text("May 2022")
        ('2022-05', '2022-05', '2022-05', '2022-05')
    """
    text = text.strip()
    if parts := _MONTH.fullmatch(text):
        return f"{parts[1]}-{parts[2]}"
    if (parts := _NAMED_MONTH.fullmatch(text)) and parts[1].lower() in _MONTHS:
        return f"{parts[2]}-{_named(parts[1]):02d}"
    raise DateError("is not a month")


def date_of_text(text: str, order: Order = Order.DAY_FIRST) -> str:
    """Return a day as 2022-05-10 or a month as 2022-05, whichever the text is.

    Raises:
        DateError: if it is neither.

    Example:
        >>> date_of_text("2022M05"), date_of_text("05/10/2022", Order.MONTH_FIRST)
        ('2022-05', '2022-05-10')
    """
    try:
        return month_of_text(text)
    except DateError:
        pass
    try:
        return day_of_text(text, order)
    except DateError:
        raise DateError("is neither a day nor a month") from None


def _named(word: str) -> int:
    return _MONTHS.index(word.lower()) + 1
