"""The schema of observations: every column of every table, with its type, unit, default and meaning, as data.

A row says what was seen on a day or in a month (its mean day), how far the figure may be off, where it comes from, and
how good it is. All figures are gross calorific, as in the network.
"""

from __future__ import annotations

import math
from enum import StrEnum

from gasflow.network.columns import LARGEST, Column, Kind, Table
from gasflow.network.schema import Sector
from gasflow.units import Quantity


class Quality(StrEnum):
    """How a figure came about.

    Example:
        >>> Quality("derived") is Quality.DERIVED
        True
    """

    OBSERVED = "observed"  # published as it stands
    DERIVED = "derived"  # a sum, a share or a difference of published figures
    ESTIMATED = "estimated"  # from figures of other places or times, by a stated rule
    ASSUMED = "assumed"  # a judgement


class Summed(StrEnum):
    """What a total adds up: flows of pipes, or what terminals send out to a node.

    Example:
        >>> Summed("flows").value
        'flows'
    """

    FLOWS = "flows"
    SEND_OUT = "send_out"


_DATE = Column("date", Kind.DAY_OR_MONTH, "day, or month of which the figure is the mean day")
_DEVIATION = Column(
    "deviation",
    Kind.NUMBER,
    "standard deviation of the figure; 0: exact; empty: by the quality of the row",
    Quantity.FLOW,
    math.nan,
    0.0,
)
_FULL_DAYS = Column(
    "full_days",
    Kind.NUMBER,
    "share of the days of a month on which the flow stood near its largest; empty: unknown",
    Quantity.SHARE,
    math.nan,
    0.0,
    1.0,
)
_ORIGINS = (
    Column("source", Kind.TEXT, "where the figure comes from", default=""),
    Column(
        "quality",
        Kind.CHOICE,
        "how the figure came about",
        default=str(Quality.OBSERVED),
        choices=tuple(str(word) for word in Quality),
    ),
)


def _node(meaning: str) -> Column:
    return Column("node", Kind.NODE, meaning)


def _flow(meaning: str, minimum: float = 0.0) -> Column:
    return Column("value", Kind.NUMBER, meaning, Quantity.FLOW, None, minimum)


def _price(name: str, meaning: str) -> Column:
    return Column(name, Kind.NUMBER, meaning, Quantity.PRICE)


OBSERVED = {
    table.name: table
    for table in (
        Table(
            "flows",
            "gas that entered pipes",
            (_DATE, Column("pipe", Kind.PIPE, "the pipe"), _flow("flow"), _DEVIATION, _FULL_DAYS, *_ORIGINS),
        ),
        Table(
            "send_out",
            "gas that terminals sent out, summed over the terminals of a node",
            (_DATE, _node("node that the terminals feed"), _flow("send-out"), _DEVIATION, _FULL_DAYS, *_ORIGINS),
        ),
        Table(
            "demand",
            "gas used",
            (
                _DATE,
                _node("where it was used"),
                Column(
                    "sector",
                    Kind.CHOICE,
                    "who used it",
                    default=str(Sector.TOTAL),
                    choices=tuple(str(word) for word in Sector),
                ),
                _flow("use"),
                _DEVIATION,
                Column(
                    "bound",
                    Kind.NUMBER,
                    "how far the figure may be moved, as a share of it",
                    Quantity.SHARE,
                    0.03,
                    0.0,
                    1.0,
                ),
                *_ORIGINS,
            ),
        ),
        Table("production", "gas produced", (_DATE, _node("where"), _flow("production"), _DEVIATION, *_ORIGINS)),
        Table(
            "storage",
            "what stores gave and held",
            (
                _DATE,
                Column("storage", Kind.TEXT, "the store"),
                _flow("net withdrawal; negative: injection", -LARGEST),
                _DEVIATION,
                Column("level", Kind.NUMBER, "gas in store; empty: unknown", Quantity.ENERGY, math.nan, 0.0),
                *_ORIGINS,
            ),
        ),
        Table("prices", "prices of gas", (_DATE, _node("where"), _price("price", "price of the day"), *_ORIGINS)),
        Table(
            "basis",
            "what is thought of the price of a node beside that of another, at all times; used where observed "
            "quantities leave a price open",
            (
                _node("the node"),
                Column("reference", Kind.NODE, "the other node"),
                _price("basis", "price of the node less that of the other"),
                *_ORIGINS,
            ),
        ),
        Table(
            "totals",
            "sums that are known where their parts are not",
            (
                _DATE,
                Column("title", Kind.TEXT, "what is summed"),
                Column(
                    "table",
                    Kind.CHOICE,
                    "what its parts are",
                    default=str(Summed.FLOWS),
                    choices=tuple(str(word) for word in Summed),
                ),
                Column("places", Kind.TEXT, "the parts, separated by semicolons; one after a minus is subtracted"),
                _flow("sum", -LARGEST),
                _DEVIATION,
                *_ORIGINS,
            ),
        ),
        Table(
            "weather",
            "how cold it was",
            (
                _DATE,
                _node("where"),
                Column(
                    "degree_days",
                    Kind.NUMBER,
                    "heating degree days of the mean day",
                    Quantity.RATIO,
                    minimum=0.0,
                    maximum=100.0,
                ),
                *_ORIGINS,
            ),
        ),
    )
}
# What tells the rows of a table apart.
KEYS = {
    "flows": ("date", "pipe"),
    "send_out": ("date", "node"),
    "demand": ("date", "node", "sector"),
    "production": ("date", "node"),
    "storage": ("date", "storage"),
    "prices": ("date", "node"),
    "basis": ("node",),
    "totals": ("date", "title"),
    "weather": ("date", "node"),
}
# What a figure without a deviation is good for: a share of it, by quality; an estimate of the library's own goes by
# what it rests on instead (`gasflow.calibration.completion`).
DEVIATIONS = {Quality.OBSERVED: 0.02, Quality.DERIVED: 0.05, Quality.ESTIMATED: 0.15, Quality.ASSUMED: 0.3}
