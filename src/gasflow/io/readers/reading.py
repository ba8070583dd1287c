"""What reading a raw file gives: one tidy table or the tables of a network, and everything that was odd about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pandas as pd

from gasflow.errors import Finding, RawFileError, Severity

COLUMNS = ("date", "place", "quantity", "value", "unit", "source")
_KEPT_OF_A_KIND = 100
_LONGEST_VALUE = 200


class RawQuantity(StrEnum):
    """What a row measures.

    Example:
        >>> RawQuantity.PHYSICAL_FLOW.value
        'physical_flow'
    """

    PHYSICAL_FLOW = "physical_flow"
    ALLOCATION = "allocation"
    NOMINATION = "nomination"
    RENOMINATION = "renomination"
    FIRM_TECHNICAL = "firm_technical"
    FIRM_BOOKED = "firm_booked"
    FIRM_AVAILABLE = "firm_available"
    INTERRUPTIBLE_TOTAL = "interruptible_total"
    INTERRUPTIBLE_BOOKED = "interruptible_booked"
    INTERRUPTIBLE_AVAILABLE = "interruptible_available"
    CALORIFIC_VALUE = "calorific_value"
    GAS_IN_STORAGE = "gas_in_storage"
    WORKING_VOLUME = "working_volume"
    FULL = "full"
    INJECTION = "injection"
    WITHDRAWAL = "withdrawal"
    NET_WITHDRAWAL = "net_withdrawal"
    INJECTION_CAPACITY = "injection_capacity"
    WITHDRAWAL_CAPACITY = "withdrawal_capacity"
    LNG_INVENTORY = "lng_inventory"
    LNG_INVENTORY_VOLUME = "lng_inventory_volume"
    LNG_TANK_SIZE = "lng_tank_size"
    LNG_TANK_SIZE_VOLUME = "lng_tank_size_volume"
    SEND_OUT = "send_out"
    SEND_OUT_CAPACITY = "send_out_capacity"
    PRODUCTION = "production"
    IMPORTS = "imports"
    EXPORTS = "exports"
    LNG_IMPORTS = "lng_imports"
    LNG_EXPORTS = "lng_exports"
    STOCK_CHANGE = "stock_change"
    CONSUMPTION_CALCULATED = "consumption_calculated"
    CONSUMPTION_OBSERVED = "consumption_observed"
    POWER_PLANT_USE = "power_plant_use"
    STATISTICAL_DIFFERENCE = "statistical_difference"
    LNG_PRICE = "lng_price"
    LNG_SPREAD = "lng_spread"
    GAS_PRICE = "gas_price"


class RawUnit(StrEnum):
    """Units of tidy tables: those used inside, and a few that have no equal there.

    Example:
        >>> UNIT_OF[RawQuantity.LNG_PRICE].value, UNIT_OF[RawQuantity.GAS_PRICE].value
        ('EUR/MWh', 'USD/MMBtu')
    """

    FLOW = "GWh/d"
    ENERGY = "GWh"
    PRICE = "EUR/MWh"
    DOLLAR_PRICE = "USD/MMBtu"
    PERCENT = "percent"
    CALORIFIC_VALUE = "kWh/m3_0c"
    LNG_VOLUME = "1000 m3 LNG"


_NOT_FLOWS = {
    RawQuantity.CALORIFIC_VALUE: RawUnit.CALORIFIC_VALUE,
    RawQuantity.GAS_IN_STORAGE: RawUnit.ENERGY,
    RawQuantity.WORKING_VOLUME: RawUnit.ENERGY,
    RawQuantity.FULL: RawUnit.PERCENT,
    RawQuantity.LNG_INVENTORY: RawUnit.ENERGY,
    RawQuantity.LNG_INVENTORY_VOLUME: RawUnit.LNG_VOLUME,
    RawQuantity.LNG_TANK_SIZE: RawUnit.ENERGY,
    RawQuantity.LNG_TANK_SIZE_VOLUME: RawUnit.LNG_VOLUME,
    RawQuantity.LNG_PRICE: RawUnit.PRICE,
    RawQuantity.LNG_SPREAD: RawUnit.PRICE,
    RawQuantity.GAS_PRICE: RawUnit.DOLLAR_PRICE,
}
UNIT_OF = {quantity: _NOT_FLOWS.get(quantity, RawUnit.FLOW) for quantity in RawQuantity}


@dataclass(frozen=True)
class Reading:
    """One tidy table, and what was odd about its file.

    Attributes:
        table: rows of observations with the columns ``date`` (the day on which the gas day begins, or a month as
            2022-05), ``place``, ``quantity``, ``value``, ``unit`` and ``source``, sorted by date, place and
            quantity, each once; or, of a table of points, its own columns.
        findings: warnings, each with the line, the column, the value and what was done.

    Example:
        >>> Reading(pd.DataFrame(columns=COLUMNS), ()).table.empty
        True
    """

    table: pd.DataFrame
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class NetworkReading:
    """The tables of a network, and what was odd about its files.

    Attributes:
        tables: nodes, pipes, supplies, demands and storages, as `gasflow.Network` takes them.
        findings: warnings, each with the line, the column, the value and what was done.

    Example:
        >>> sorted(NetworkReading({"nodes": pd.DataFrame({"name": ["A"]})}, ()).tables)
        ['nodes']
    """

    tables: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]


@dataclass
class Notes:
    """Collects findings about a file: of one kind a hundred at most, and how many more there are.

    Example:
        >>> notes = Notes("flows.csv")
        >>> for line in range(2, 200):
        ...     notes.add(line, "value", "?", "is not a number", "the row is left out")
        >>> print(notes.findings[0])
        warning: flows.csv, row 'line 2', column 'value': '?' is not a number; the row is left out.
        >>> print(notes.findings[-1])
        warning: flows.csv, column 'value': 98 more cells likewise (is not a number); the row is left out.
    """

    file: str
    _kinds: dict[tuple[str, str], list[Finding]] = field(default_factory=dict)
    _more: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, line: int, column: str, value: object, problem: str, done: str) -> None:
        """Note something about a cell; line 0 means the whole file."""
        kind = (column, problem)
        kept = self._kinds.setdefault(kind, [])
        if len(kept) >= _KEPT_OF_A_KIND:
            self._more[kind] = self._more.get(kind, 0) + 1
            return
        short = value[:_LONGEST_VALUE] if isinstance(value, str) else value
        row = f"line {line}" if line else ""
        kept.append(Finding(self.file, row, column, short, "", problem, done, severity=Severity.WARNING))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything noted, in the order in which each kind was first seen."""
        every = []
        for kind, kept in self._kinds.items():
            every += kept
            if kind in self._more:
                column, problem = kind
                words = f"{self._more[kind]:,} more cells likewise ({problem})"
                done = kept[0].remedy
                every.append(Finding(self.file, "", column, None, "", words, done, severity=Severity.WARNING))
        return tuple(every)

    def refuse(self, problem: str, remedy: str, column: str = "", value: object = None) -> RawFileError:
        """Return the error that ends reading, with everything noted so far behind its reason."""
        return RawFileError([Finding(self.file, "", column, value, "", problem, remedy), *self.findings])


def notes_for(path: Path) -> Notes:
    """Return an empty collection for a file.

    Example:
        >>> notes_for(Path("data/flows.csv")).file
        'flows.csv'
    """
    return Notes(path.name)
