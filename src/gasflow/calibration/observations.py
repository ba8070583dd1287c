"""Tables of what was seen, checked at the door and never changed after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import pandas as pd

from gasflow.calibration.schema import DEVIATIONS, KEYS, OBSERVED
from gasflow.errors import Finding, GasflowError, ObservationsError
from gasflow.network.columns import Kind
from gasflow.network.tables import typed_table

# A day is near the largest of its month within this share.
_NEAR = 0.05
_DAY, _MONTH = len("2022-05-10"), len("2022-05")


@dataclass(frozen=True, eq=False)
class Observations:
    """What was seen, on days or in months; `gasflow.calibration.schema` lists the columns, with units and defaults.

    Build it with `from_tables`, which checks, or read it from a folder. Rows of a table differ in date and place (and
    sector).

    Attributes:
        flows: gas that entered pipes.
        send_out: gas that the terminals of a node sent out.
        demand: gas used, by node and sector.
        production: gas produced.
        storage: net withdrawal and level of stores.
        prices: prices; that of the marker hub is needed.
        basis: what is thought of a node's price beside that of another.
        totals: sums that are known where their parts are not.
        weather: heating degree days.

    Example:
        >>> prices = pd.DataFrame({"date": ["2025-01"], "node": ["B"], "price_eur_per_mwh": [48.0]})
        >>> Observations.from_tables(prices=prices)
        Observations: 1 row of prices, 2025-01 to 2025-01
    """

    flows: pd.DataFrame
    send_out: pd.DataFrame
    demand: pd.DataFrame
    production: pd.DataFrame
    storage: pd.DataFrame
    prices: pd.DataFrame
    basis: pd.DataFrame
    totals: pd.DataFrame
    weather: pd.DataFrame

    @classmethod
    def from_tables(cls, **tables: pd.DataFrame | None) -> Self:
        """Return checked observations; a table that is left out has no rows.

        Args:
            tables: by name; columns in any unit that their header names.

        Raises:
            ObservationsError: with everything that is wrong in any table.

        Example:
            >>> flows = pd.DataFrame({"date": ["2025-01"], "pipe": ["A->B"], "value": [-3.0]})
            >>> Observations.from_tables(flows=flows)
            Traceback (most recent call last):
            gasflow.errors.ObservationsError: 1 finding:
              flows, row '2025-01 A->B', column 'value': -3.0 GWh/d is below 0; give 0 or more.
            Correct what is named above and try again.
        """
        typed, findings = inspect(tables)
        if findings:
            raise ObservationsError(findings)
        return cls(**typed)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def dates(self) -> list[str]:
        """Every day and month of which something was seen, in order.

        Example:
            >>> prices = pd.DataFrame({"date": ["2025-02", "2025-01-31"], "node": "B", "price": 48.0})
            >>> Observations.from_tables(prices=prices).dates
            ['2025-01-31', '2025-02']
        """
        return sorted({date for frame in self.tables.values() if "date" in frame for date in frame["date"]})

    def joined(self, more: Self) -> Self:
        """Return the rows of both; where both have one, that of ``more`` counts.

        Example:
            >>> prices = pd.DataFrame({"date": "2025-01", "node": ["A", "B"], "price": [20.0, 21.0]})
            >>> one, two = (Observations.from_tables(prices=part) for part in (prices, prices[1:].assign(price=30.0)))
            >>> one.joined(two).prices["price"].tolist()
            [20.0, 30.0]
        """
        joined = {}
        for name, frame in self.tables.items():
            both = pd.concat([frame, more.tables[name]], ignore_index=True)
            joined[name] = both.drop_duplicates(list(KEYS[name]), keep="last").reset_index(drop=True)
        return type(self)(**joined)

    def on(self, date: str) -> Self:
        """Return what was seen on a day, or in a month: its own rows, else the mean of the days that were seen.

        Args:
            date: day as 2022-05-10 or month as 2022-05.

        A mean of few days is less sure of its month: the spread of the days adds to its deviation.

        Example:
            >>> flows = pd.DataFrame({"date": ["2025-01-01", "2025-01-02"], "pipe": "A->B", "value": [10.0, 20.0]})
            >>> seen = Observations.from_tables(flows=flows).on("2025-01").flows
            >>> seen[["date", "value", "full_days"]].values.tolist()
            [['2025-01', 15.0, 0.5]]
        """
        return type(self)(**{name: _on(name, frame, date) for name, frame in self.tables.items()})

    def __repr__(self) -> str:
        """Return how many rows there are of what, and when."""
        counts = [f"{len(frame)} row{'s' * (len(frame) != 1)} of {name}" for name, frame in self.tables.items()
                  if len(frame)]  # fmt: skip
        dates = self.dates
        span = f", {dates[0]} to {dates[-1]}" if dates else ""
        return f"Observations: {', '.join(counts) or 'nothing'}{span}"


def inspect(
    tables: Mapping[str, pd.DataFrame | None], from_text: bool = False
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Return the tables as the schema has them, and everything that is wrong with them.

    Args:
        tables: tables by name.
        from_text: whether all cells are text from a file.

    Raises:
        GasflowError: if there is no table of some name.

    Example:
        >>> typed, findings = inspect({"flows": pd.DataFrame({"date": ["2025-13"], "pipe": ["A->B"], "value": [1.0]})})
        >>> print(*findings)
        flows, row '2025-13 A->B', column 'date': '2025-13' is not a day; write it as 2022-05-10, or give a month ...
    """
    unknown = [name for name in tables if name not in OBSERVED]
    if unknown:
        raise GasflowError(f"There is no table {unknown[0]!r} of observations", f"use {', '.join(OBSERVED)}")
    typed, findings = {}, []
    for name, table in OBSERVED.items():
        given = tables.get(name)
        frame = pd.DataFrame(columns=[entry.header for entry in table.columns]) if given is None else given.copy()
        frame.index = pd.Index(_titles(name, frame), dtype=object, name="name")
        typed[name], found = typed_table(table, frame, from_text)
        findings += found
        known = {(one.position, one.column) for one in found}
        findings += [one for one in _faults(name, typed[name]) if (one.position, one.column) not in known]
        typed[name] = typed[name].reset_index(drop=True)
    return typed, findings


def filled(frame: pd.DataFrame) -> pd.Series:
    """Return the deviations of the rows, those that are left empty by the quality of the row."""
    by_quality = frame["quality"].map({str(quality): share for quality, share in DEVIATIONS.items()})
    return frame["deviation"].fillna(by_quality * frame["value"].abs() + 1.0)


def _titles(name: str, frame: pd.DataFrame) -> list[str]:
    """Name the rows as a message does: by date and place."""
    keys = [key for key in KEYS[name] if key in frame]
    return [" ".join(map(str, row)) or f"row {number}" for number, row in enumerate(frame[keys].to_numpy(), 1)]


def _faults(name: str, frame: pd.DataFrame) -> list[Finding]:
    """Say which numbers lie outside their limits, which words are no choice, and which rows come twice."""
    findings = []

    def note(bad: np.ndarray, column: str, unit: str, problem: str, remedy: str) -> None:
        for row in np.flatnonzero(bad).tolist():
            value = frame[column].iloc[row] if column in frame else None
            findings.append(Finding(name, str(frame.index[row]), column, value, unit, problem, remedy, row))

    for entry in OBSERVED[name].columns:
        cells = frame[entry.name]
        if entry.kind is Kind.NUMBER:
            least, most = entry.minimum, entry.maximum
            number = cells.to_numpy(np.float64)
            note(number < least, entry.name, entry.unit, f"is below {least:g}", f"give {least:g} or more")
            note(number > most, entry.name, entry.unit, f"is above {most:g}", f"give {most:g} or less")
        elif entry.kind is Kind.CHOICE:
            bad = ~cells.isin(entry.choices).to_numpy()
            note(bad, entry.name, "", "is no choice", f"use one of {', '.join(entry.choices)}")
    twice = frame.duplicated(list(KEYS[name])).to_numpy()
    note(twice, KEYS[name][-1], "", "comes a second time on its date", "keep one of the rows")
    return findings


def _on(name: str, frame: pd.DataFrame, date: str) -> pd.DataFrame:
    if "date" not in frame:
        return frame
    own = frame[frame["date"] == date]
    if len(date) != _MONTH or frame.empty:
        return own.reset_index(drop=True)
    key = list(KEYS[name][1:])
    days = frame[frame["date"].str.startswith(date) & (frame["date"].str.len() == _DAY)]
    if days.empty:
        return own.reset_index(drop=True)
    mean = _mean_day(days, key, date)
    return pd.concat([own, mean], ignore_index=True).drop_duplicates(key, keep="first").reset_index(drop=True)


def _mean_day(days: pd.DataFrame, key: list[str], date: str) -> pd.DataFrame:
    """Return the mean day of a month from those of its days that were seen."""
    groups = days.groupby(key, sort=False)
    numbers = [column for column in days if days[column].dtype == np.float64]
    mean = groups[numbers].mean()
    first = groups[[column for column in days if column not in (*numbers, *key)]].last()
    frame = pd.concat([mean, first], axis=1).assign(date=date)
    if "deviation" in frame:
        count, month = groups.size(), pd.Period(date, freq="M").days_in_month
        # The mean of n of N days: the spread over the root of n, less as the month fills up.
        left = (1.0 - count / month).clip(lower=0.0) / count
        spread = groups["value"].var().fillna(0.0) * left
        own = filled(days).groupby([days[column] for column in key], sort=False).mean().reindex(frame.index)
        frame["deviation"] = (own**2 + spread.reindex(frame.index)) ** 0.5
    if "full_days" in frame:
        largest = groups["value"].transform("max")
        near = (days["value"] >= (1.0 - _NEAR) * largest) & (largest > 0.0)
        frame["full_days"] = near.groupby([days[column] for column in key], sort=False).mean()
    return frame.reset_index()[list(days.columns)]
