"""The bundled network of Europe on a date: reconciled, calibrated, checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache

from gasflow.arguments import one_of
from gasflow.calibration import Calibration, calibrate
from gasflow.datasets.europe.observed import observations
from gasflow.datasets.europe.tables import Base, Level, base_of
from gasflow.datasets.europe.topology import topology
from gasflow.datasets.europe.world import with_world_market
from gasflow.network import Network
from gasflow.network.days import Day, day_or_month, month_of

# The day before the transit through Sokhranivka stopped; what is loaded if nobody says what.
DEFAULT_DAY = "2022-05-10"
# Day from which a place took no gas, and the dated base before it (the operator's notice: see SOURCES.md).
_REALLY_CLOSED = {"Sokhranivka": ("2022-05-11", "2022-05-10")}


def load_europe(
    date: Day = DEFAULT_DAY,
    *,
    elasticity: Level | str = Level.CENTRAL,
    storage_slope: Level | str = Level.CENTRAL,
    world_lng: bool = False,
) -> Network:
    """Return the European gas network valid on a date, calibrated to what was observed then.

    Any day selects the mean day of its month, except the dated base 2022-05-10. Without a shock the network returns
    the reconciled quantities and the TTF price of its base.

    Args:
        date: day as 2022-05-10 (or a date), or month as 2022-05, from January 2021 to March 2026 (`gasflow.bases`
            lists them, with how good each is).
        elasticity: end of the stated ranges of the elasticities of demand and of the world LNG supply; ``low`` is
            the least elastic.
        storage_slope: end of the stated range of the slope of the value of stored gas; ``low`` is the flattest, with
            which stores absorb most of a loss.
        world_lng: whether LNG comes from exporters that the rest of the world buys from as well (QA, US, Hormuz), and
            not from one elastic supply; see `gasflow.datasets.europe.world`.

    Raises:
        GasflowError: if the date lies outside the data; the message says what is covered.

    Example:
        >>> europe = load_europe("2022-05-10")
        >>> europe.date, europe.find("Novopskov").name
        ('2022-05-10', 'Sokhranivka')
        >>> round(float(europe.pipes.at["RU->Sokhranivka", "nominated"]), 1)
        248.7
    """
    ends = [one_of(Level, end, "load_europe", name)
            for name, end in (("elasticity", elasticity), ("storage_slope", storage_slope))]  # fmt: skip
    base = base_of(date)
    day = date_of(base) if month_of(date) else day_or_month(date)
    europe = calibration_of(base).applied_to(topology(base, day, *ends))
    return with_world_market(europe, ends[0]) if world_lng else europe


def day_before_closing(date: Day, places: Sequence[str]) -> tuple[str, str] | None:
    """Return the last day before some place really closed, if another day of the same month is asked for.

    The mean of that month is made of days with and without the place, so that it says neither what was carried before
    nor what was lost. The dated base holds what was nominated for the day before. Who asks for the month gets the
    month, and the remark that it is such a mean.

    Args:
        date: day or month asked for.
        places: full names of nodes and pipes.

    Returns:
        What to load, and what to say about it; none: no place closed in that month, or that last day is asked for.

    Example:
        >>> day_before_closing("2022-05-11", ["Sokhranivka"])[0], day_before_closing("2022-06-01", ["Sokhranivka"])
        ('2022-05-10', None)
        >>> day_before_closing("2022-05-10", ["Sokhranivka"]), day_before_closing("2022-05", ["Sokhranivka"])[0]
        (None, '2022-05')
    """
    day = day_or_month(date)
    for place, (closed, before) in _REALLY_CLOSED.items():
        touched = any(place in one.split("->") for one in places)
        if not touched or day[:7] != closed[:7] or day == before:
            continue
        if month_of(date):
            return day, (
                f"{place} closed on {closed}; {day} is the mean of days with and without it, which says neither what "
                f"it carried nor what was lost: for that, ask for {before}"
            )
        return before, f"{place} closed on {closed}; the answer is that of {before}, the day before, as nominated"
    return None


@cache
def calibration_of(base: Base) -> Calibration:
    """Return the calibration of a base, worked out once."""
    return calibrate(topology(base, date_of(base)), observations(), base.label)


def date_of(base: Base) -> str:
    """Return the day that stands for a base when only its month was given: its middle.

    Example:
        >>> date_of(base_of("2022-01-31"))
        '2022-01-16'
    """
    first, last = dt.date.fromisoformat(base.first_day), dt.date.fromisoformat(base.last_day)
    return str(first + (last - first) // 2)
