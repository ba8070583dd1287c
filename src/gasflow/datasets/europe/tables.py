"""The tables as they lie beside this module, and the part of them that holds for one base.

A *base* is the mean day of a month, or a dated day: what was observed then, and what was in service. Headers name
their unit; once read, all figures are in the units used inside (GWh/d, GWh, EUR/MWh).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd

from gasflow.errors import GasflowError
from gasflow.network.days import Day, day_or_month
from gasflow.units import parse_header

DATED_BASES = ("2022-05-10",)
FIRST_MONTH, LAST_MONTH = "2021-01", "2026-03"
_TEXT = (
    "aliases", "hub", "country", "first_day", "last_day", "source", "tariff_source", "quality", "url", "licence",
    "note", "title", "table", "places",
)  # fmt: skip


class Level(StrEnum):
    """Which end of a stated range a parameter takes.

    Example:
        >>> Level("low") is Level.LOW
        True
    """

    LOW = "low"
    CENTRAL = "central"
    HIGH = "high"


@dataclass(frozen=True)
class Base:
    """One set of observed conditions: its label and the first and last day it stands for.

    Example:
        >>> base_of("2022-06-21")
        Base(label='2022-06', first_day='2022-06-01', last_day='2022-06-30')
    """

    label: str
    first_day: str
    last_day: str


def labels() -> tuple[str, ...]:
    """Return the labels of all bases, months first.

    Example:
        >>> len(labels()), labels()[0], labels()[-1]
        (64, '2021-01', '2022-05-10')
    """
    months = pd.period_range(FIRST_MONTH, LAST_MONTH, freq="M")
    return (*(str(month) for month in months), *DATED_BASES)


def base_of(date: Day) -> Base:
    """Return the base that a date (or a month) selects: the dated one if there is one, else its month.

    Raises:
        GasflowError: if the date cannot be read or lies outside the data.

    Example:
        >>> base_of("2022-05-10").label, base_of("2022-05-11").label, base_of("2021-03").label
        ('2022-05-10', '2022-05', '2021-03')
        >>> base_of("2020-12-31")
        Traceback (most recent call last):
        gasflow.errors.GasflowError: No data for '2020-12-31': ...
    """
    text = day_or_month(date)
    month = text[:7]
    if text in DATED_BASES:
        return span_of(text)
    if not FIRST_MONTH <= month <= LAST_MONTH:
        covered = f"the data cover every month from {FIRST_MONTH} to {LAST_MONTH} and {', '.join(DATED_BASES)}"
        raise GasflowError(f"No data for {text!r}: {covered}", "choose a date within")
    return span_of(month)


def span_of(date: Day) -> Base:
    """Return the days that a date stands for, whether the data cover them or not: itself, or those of the month.

    Example:
        >>> span_of("2026-09")
        Base(label='2026-09', first_day='2026-09-01', last_day='2026-09-30')
    """
    text = day_or_month(date)
    if len(text) > len("2022-05"):
        return Base(text, text, text)
    return Base(text, f"{text}-01", str(pd.Period(text, freq="M").end_time.date()))


@cache
def read_table(name: str) -> pd.DataFrame:
    """Return a table of this folder in the units used inside; treat it as read-only.

    Example:
        >>> read_table("parameters").loc[0, "name"]
        'elasticity_power'
    """
    with resources.files(__package__).joinpath(f"{name}.csv").open(encoding="utf-8") as file:
        frame = pd.read_csv(file)
    parsed = {header: parse_header(header) for header in frame.columns}
    for header, (_, unit) in parsed.items():
        if unit is not None and unit.factor != 1.0:
            frame[header] *= unit.factor
    frame.columns = pd.Index([name for name, _ in parsed.values()])
    # Plain objects: small tables are looked up cell by cell, where arrow-backed strings are slow.
    for column in frame.columns[frame.dtypes == "str"].union(list(set(_TEXT) & set(frame.columns))):
        frame[column] = frame[column].astype(object).where(frame[column].notna(), "")
    return frame


def in_service(frame: pd.DataFrame, base: Base) -> pd.DataFrame:
    """Return the rows valid in a base, one per name: the one that holds on most of its days.

    Args:
        frame: a table with ``name``, ``first_day`` and ``last_day`` (empty: open).
        base: the base.
    """
    start, end = np.datetime64(base.first_day), np.datetime64(base.last_day)
    first = np.array([day or base.first_day for day in frame["first_day"]], dtype="datetime64[D]")
    last = np.array([day or base.last_day for day in frame["last_day"]], dtype="datetime64[D]")
    days = (np.minimum(last, end) - np.maximum(first, start)).astype(int) + 1
    best: dict[str, int] = {}
    for row, name in enumerate(frame["name"].tolist()):
        if days[row] > 0 and (name not in best or days[row] > days[best[name]]):
            best[name] = row
    return frame.iloc[sorted(best.values())].set_index("name")


def parameters(levels: Mapping[str, Level] | None = None) -> dict[str, float]:
    """Return every parameter at its central value, or at the end of its range that is asked for.

    Args:
        levels: level by name of the parameter, where not central.

    Example:
        >>> parameters()["elasticity_power"], parameters({"elasticity_power": Level.LOW})["elasticity_power"]
        (-0.3, -0.15)
    """
    frame, wanted = read_table("parameters"), levels or {}
    rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]
    return {row["name"]: float(row[wanted.get(row["name"], Level.CENTRAL).value]) for row in rows}


def daily_level_table() -> pd.DataFrame:
    """Return the observed gas in store in GWh, day x country; NaN where it is not published."""
    return read_table("daily_levels").drop(columns="source").set_index("date")
