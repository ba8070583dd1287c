"""From any table a user hands over to one with exactly the columns of the schema, typed and defaulted.

Nothing is raised for the contents of a table: what cannot be understood becomes a finding and an empty cell,
so that one look at the tables brings everything to light.
"""

import difflib
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.errors import DayError, Finding
from gasflow.network.columns import Column, Kind, Table
from gasflow.network.countries import country_code
from gasflow.network.days import day_of, day_or_month
from gasflow.units import Unit, UnitError, parse_header

# Narrower than float(): no blanks, underscores, foreign digits or "nan" (an empty cell says that).
_NUMBER = re.compile(r"[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|inf)")


def typed_table(
    table: Table, frame: pd.DataFrame | None, from_text: bool = False
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the table as the schema has it, and what was wrong with it.

    Args:
        table: the schema of the table.
        frame: indexed by ``name`` or with a column ``name``; number columns by their name (inside unit) or
            with a unit at the end (converted). Missing columns and empty cells take the default. None: no
            rows.
        from_text: whether all cells are text from a file, so that numbers must be read from their digits and
            every column with a unit must name it.

    Returns:
        A new frame indexed by ``name`` with the columns of the schema in order, float64 for numbers and str
        for all else (NaN or an empty string where a cell was not understood), and the findings.

    Raises:
        TypeError: if ``frame`` is not a DataFrame.

    Example:
        >>> from gasflow.network.schema import SCHEMA
        >>> storages = pd.DataFrame({"name": ["cavern"], "node": ["A"], "volume_twh": [1.5]})
        >>> typed, findings = typed_table(SCHEMA["storages"], storages)
        >>> typed["volume"].tolist()
        [1500.0]
        >>> print(findings[0])
        storages, column 'injection_gwh_per_day': is missing; add the column.
    """
    frame = pd.DataFrame(index=[]) if frame is None else frame
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"{table.name} must be a pandas DataFrame, not {type(frame).__name__}; build one from it")
    headers = _Headers(table, len(frame) > 0, from_text)
    headers.read(frame)
    findings = headers.findings
    names = _names(table, frame, headers.positions.get("name"), findings)
    names = [spelled(name, from_text) for name in names]
    index = pd.Index(names, dtype=object, name="name")
    columns = {}
    for entry in table.columns:
        cells = _Cells(table.name, entry, names, findings, from_text)
        if entry.name in headers.positions:
            typed = cells.read(frame.iloc[:, headers.positions[entry.name]], headers.units[entry.name])
        else:
            typed = [cells.empty] * len(names)
        columns[entry.name] = pd.Series(typed, index=index, dtype=float if entry.kind is Kind.NUMBER else object)
    return pd.DataFrame(columns, index=index), findings


def column_of(table: Table, header: str) -> str | None:
    """Return the column that a header means, ``name`` among them; none if the table has no such column.

    Example:
        >>> from gasflow.network.schema import SCHEMA
        >>> column_of(SCHEMA["pipes"], "Capacity_MW"), column_of(SCHEMA["pipes"], "colour")
        ('capacity', None)
    """
    try:
        name, _ = _split_header(table, header)
    except UnitError:
        return None
    return name if name == "name" or name in table.names else None


def _split_header(table: Table, header: str) -> tuple[str, Unit | None]:
    """Column and unit of a header, in any case; the header itself where no column is meant."""
    word = header.strip().casefold()
    if word == "name" or word in table.names:
        return word, None
    name, unit = parse_header(word)
    if unit is not None or name == "name" or name in table.names:
        return name, unit
    meant = max((entry for entry in table.columns if word.startswith(f"{entry.name}_")), key=_length, default=None)
    if meant is not None and meant.kind is Kind.NUMBER:
        what = f"write {meant.header!r}, or another unit of {meant.quantity}"
        raise UnitError(word.removeprefix(f"{meant.name}_"), "is unknown", what)
    return header, None


def _length(entry: Column) -> int:
    return len(entry.name)


@dataclass
class _Headers:
    """Which position of a frame holds which column, and in which unit."""

    table: Table
    has_rows: bool
    from_text: bool
    positions: dict[str, int] = field(default_factory=dict)
    units: dict[str, Unit | None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    spoilt: set[str] = field(default_factory=set)

    def read(self, frame: pd.DataFrame) -> None:
        for position, header in enumerate(frame.columns):
            self._read_one(position, header)
        for entry in self.table.columns:
            if entry.required and self.has_rows and entry.name not in self.spoilt | self.positions.keys():
                self._add(entry.header, None, "is missing", "add the column")

    def _read_one(self, position: int, header: object) -> None:
        columns = {entry.name: entry for entry in self.table.columns}
        if not str(header).strip():
            self._add("", None, f"has no header in column {position + 1}", "name the column, or remove it")
            return
        try:
            name, unit = _split_header(self.table, str(header))
        except UnitError as error:
            self.spoilt |= {word for word in columns if str(header).strip().casefold().startswith(f"{word}_")}
            self._add(str(header), None, f"has a unit that {error.problem}", error.remedy)
            return
        if name != "name" and name not in columns:
            near = difflib.get_close_matches(name, columns, n=1)
            step = f"did you mean {columns[near[0]].header!r}" if near else "remove it"
            self._add(str(header), None, "is no column of this table", step)
        elif name in self.positions:
            self._add(str(header), None, f"gives {name!r} a second time", "keep one of the two columns")
        elif unit is not None and unit.quantity is not columns[name].quantity:
            self.spoilt.add(name)
            problem = f"is in a unit of {unit.quantity}"
            self._add(str(header), None, problem, f"give the column as {columns[name].header!r}")
        else:
            self.positions[name] = position
            self.units[name] = unit
            if self.from_text and name in columns and unit is None and columns[name].header != name:
                self._add(name, None, "names no unit", f"write {columns[name].header!r}, or another unit")

    def _add(self, header: str, value: object, problem: str, remedy: str) -> None:
        self.findings.append(Finding(self.table.name, "", header, value, "", problem, remedy))


def _names(table: Table, frame: pd.DataFrame, position: int | None, findings: list[Finding]) -> list[str]:
    if position is not None:
        values = list(frame.iloc[:, position].astype(object))
    elif len(frame) and isinstance(frame.index, pd.RangeIndex):
        findings.append(
            Finding(table.name, "", "name", None, "", "is missing", "add a column 'name' or make it the index")
        )
        return [f"row {number}" for number in range(1, len(frame) + 1)]
    else:
        values = list(frame.index.astype(object))
    names = []
    for number, value in enumerate(values):
        if not (isinstance(value, str) or _missing(value)):
            row = f"row {number + 1}"
            problem, remedy = "is not text", "give a name in letters"
            findings.append(Finding(table.name, row, "name", value, "", problem, remedy, number))
        names.append(str(value) if isinstance(value, str) else "" if _missing(value) else repr(value))
    return names


@dataclass(frozen=True)
class _Cells:
    """The cells of one column: reads them one by one and notes what is wrong with each."""

    table: str
    column: Column
    names: list[str]
    findings: list[Finding]
    from_text: bool

    @property
    def empty(self) -> float | str:
        if self.column.default is not None:
            return self.column.default
        return math.nan if self.column.kind is Kind.NUMBER else ""

    def read(self, values: pd.Series, unit: Unit | None) -> Sequence[float | str] | NDArray[np.float64]:
        factor = 1.0 if unit is None else unit.factor
        if self.column.kind is Kind.NUMBER and values.dtype == np.float64 and factor == 1.0:
            given = values.to_numpy(copy=True)
            if np.isfinite(given).all():
                return given
        return [self._cell(position, value, factor) for position, value in enumerate(values.astype(object))]

    def _cell(self, position: int, value: object, factor: float) -> float | str:
        if isinstance(value, str) and self.column.kind is not Kind.TEXT:
            value = spelled(value, self.from_text)
        if _missing(value) or (value == "" and isinstance(value, str) and self.column.kind is not Kind.TEXT):
            if self.column.required:
                self._add(position, None, "is empty", "give a value")
            return self.empty
        if self.column.kind is Kind.NUMBER:
            return self._number(position, value, factor)
        if self.column.kind is Kind.DATE:
            return self._day(position, value)
        if self.column.kind is Kind.DAY_OR_MONTH:
            return self._day_or_month(position, value)
        if not isinstance(value, str):
            self._add(position, value, "is not text", "give text")
            return self.empty
        if self.column.kind is Kind.COUNTRY:
            return country_code(value) or value
        return str(value).strip() if self.column.kind is Kind.TEXT else str(value)

    def _number(self, position: int, value: object, factor: float) -> float:
        if self.from_text and isinstance(value, str) and _NUMBER.fullmatch(value):
            value = float(value)
        if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
            self._add(position, value, "is not a number", "give digits with a point, such as 12.5")
            return math.nan
        try:
            number = float(value) * factor
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self._add(
                position,
                value,
                "is not finite",
                "give a large number where there is no limit",
            )
            return math.nan
        return number

    def _day(self, position: int, value: object) -> str:
        try:
            return day_of(value).isoformat()
        except DayError as error:
            self._add(position, value, error.problem, f"{error.remedy}, or leave it empty")
            return ""

    def _day_or_month(self, position: int, value: object) -> str:
        try:
            return day_or_month(value)  # type: ignore[arg-type]
        except DayError as error:
            self._add(position, value, error.problem, error.remedy)
            return ""

    def _add(self, position: int, value: object, problem: str, remedy: str) -> None:
        row = self.names[position] or f"row {position + 1}"
        unit = self.column.unit
        self.findings.append(Finding(self.table, row, self.column.name, value, unit, problem, remedy, position))


def spelled(text: str, from_text: bool = False) -> str:
    r"""Return a name or a word as it is kept: accented letters as one, and from a file without blanks around.

    Example:
        >>> spelled("Ve\u006c\u030cke\u0301") == "Veľké", spelled(" NL ", from_text=True)
        (True, 'NL')
    """
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    return text.strip() if from_text else text


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
