"""Operational data of the ENTSOG transparency platform: flows, nominations, capacities, calorific values.

Reads CSV and JSON with the fields of the platform's API. A place is ``pointLabel|operatorLabel|entry`` (or ``exit``):
both sides of a border stay apart, since both publish. Values in kWh/d become GWh/d of the gas day. Of several
publications of one figure a confirmed one comes before a provisional one, then the newest. Hours are added up only
if all of a gas day are there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from gasflow.io.readers.figures import Figures
from gasflow.io.readers.gas_days import DateError, day_of_period, moment
from gasflow.io.readers.hours import Hours
from gasflow.io.readers.number_text import NumberError, number
from gasflow.io.readers.reading import Notes, RawQuantity, Reading, notes_for
from gasflow.io.readers.records import Record, read_records, unreadable
from gasflow.units import convert

SOURCE = "entsog"
NEEDED = ("indicator", "periodType", "periodFrom", "operatorLabel", "pointLabel", "directionKey", "unit", "value")
INDICATORS: Mapping[str, RawQuantity] = {
    "physical flow": RawQuantity.PHYSICAL_FLOW,
    "allocation": RawQuantity.ALLOCATION,
    "nomination": RawQuantity.NOMINATION,
    "renomination": RawQuantity.RENOMINATION,
    "firm technical": RawQuantity.FIRM_TECHNICAL,
    "firm booked": RawQuantity.FIRM_BOOKED,
    "firm available": RawQuantity.FIRM_AVAILABLE,
    "interruptible total": RawQuantity.INTERRUPTIBLE_TOTAL,
    "interruptible booked": RawQuantity.INTERRUPTIBLE_BOOKED,
    "interruptible available": RawQuantity.INTERRUPTIBLE_AVAILABLE,
    "gcv": RawQuantity.CALORIFIC_VALUE,
}
_PER_DAY = {"kwh/d": convert(1.0, "kwh_per_day", "gwh_per_day"), "kwh/h": convert(1.0, "kwh_per_hour", "gwh_per_day")}
_PER_VOLUME = ("kwh/nm3", "kwh/nm³", "kwh/m3", "kwh/m³")
_RANKS = {"confirmed": 2, "provisional": 1}
_NAMED_TIME = re.compile(r"([A-Za-z]{3}) +([0-9]{1,2}) +([0-9]{4}) +([0-9]{1,2}):([0-9]{2})([AP]M)")
_LEFT_OUT = "the row is left out"


def read_entsog(path: Path) -> Reading:
    r"""Return the operational data of one file.

    Args:
        path: CSV with commas, semicolons or tabs, read a line at a time; or JSON of at most 128 MiB.

    Returns:
        Observations by gas day in GWh/d, calorific values in kWh per cubic metre at 0 degC, source ``entsog``.

    Raises:
        RawFileError: if the file lacks fields or gives no observation.

    Example:
        >>> import tempfile
        >>> head = "indicator,periodType,periodFrom,periodTo,operatorLabel,pointLabel,directionKey,unit,value"
        >>> row = "Physical Flow,day,2022-05-10 06:00,2022-05-11 06:00,Alpha Grid,Beta,entry,kWh/d,98500000"
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "flows.csv"
        ...     _ = file.write_text(f"{head}\n{row}\n")
        ...     print(*read_entsog(file).table.iloc[0])
        2022-05-10 Beta|Alpha Grid|entry physical_flow 98.5 GWh/d entsog
    """
    notes = notes_for(path)
    records = read_records(path, notes, NEEDED)
    seen = Figures(SOURCE, notes)
    hours = Hours(notes)
    for line, record in records.rows:
        _take(line, record, records.decimal_comma, seen, hours, notes)
    hours.add_whole_days(seen)
    return seen.reading()


def operator_of(label: str, key: str) -> str:
    """Return an operator with its country, if its key on the platform says which.

    Example:
        >>> operator_of("Alpha Grid", "AT-TSO-0001"), operator_of("Alpha Grid", "")
        ('Alpha Grid (AT)', 'Alpha Grid')
    """
    return f"{label} ({key[:2].upper()})" if label and key[2:3] == "-" else label


def _take(line: int, record: Record, decimal_comma: bool, seen: Figures, hours: Hours, notes: Notes) -> None:
    """Take in one record, or note why not."""
    quantity = INDICATORS.get(record["indicator"].casefold())
    if quantity is None:
        notes.add(line, "indicator", record["indicator"], "is not among those that are read", _LEFT_OUT)
        return
    operator = operator_of(record["operatorlabel"], record.get("operatorkey", ""))
    place, fault = _place(record["pointlabel"], operator, record["directionkey"])
    if fault:
        notes.add(line, fault, record[fault.casefold()], "is empty, unknown, too long or not printable", _LEFT_OUT)
        return
    value = _value(line, record, decimal_comma, quantity, notes)
    if value is None:
        return
    status = _RANKS.get(record.get("flowstatus", "").casefold(), 0)
    edition = (status, _updated(record.get("lastupdatedatetime", "")))
    period = record["periodtype"].casefold()
    try:
        if period in ("hour", "hourly"):
            hours.add(moment(record["periodfrom"]), place, quantity, value, line, edition)
        elif period in ("day", "daily", "gasday", "gas day"):
            day, oddity = day_of_period(record["periodfrom"], record.get("periodto", ""))
            if oddity:
                notes.add(line, "periodFrom", record["periodfrom"], oddity, "it is read as the gas day of that date")
            seen.add(day, place, quantity, value, line, edition)
        else:
            notes.add(line, "periodType", record["periodtype"], "is neither day nor hour", _LEFT_OUT)
    except DateError as error:
        notes.add(line, "periodFrom", record["periodfrom"], str(error), _LEFT_OUT)


@lru_cache(maxsize=1 << 16)
def _place(point: str, operator: str, direction: str) -> tuple[str, str]:
    """Return the name of a place, or the column that forbids one."""
    way = direction.casefold()
    if way not in ("entry", "exit"):
        return "", "directionKey"
    for column, text in (("pointLabel", point), ("operatorLabel", operator)):
        if not text or unreadable(text):
            return "", column
    return "|".join([*(text.replace("|", "/") for text in (point, operator)), way]), ""


def _value(line: int, record: Record, decimal_comma: bool, quantity: RawQuantity, notes: Notes) -> float | None:
    """Return the value in the unit of the quantity; none if there is none."""
    unit = record["unit"].casefold().replace(" ", "")
    calorific = quantity is RawQuantity.CALORIFIC_VALUE
    factor = (1.0 if unit in _PER_VOLUME else None) if calorific else _PER_DAY.get(unit)
    if factor is None:
        notes.add(line, "unit", record["unit"], f"is no unit of {quantity}", _LEFT_OUT)
        return None
    if record.get("isna", "") in ("1", "true", "True", "TRUE"):
        return None
    try:
        value = number(record["value"], decimal_comma)
    except NumberError as error:
        notes.add(line, "value", record["value"], str(error), _LEFT_OUT)
        return None
    if value is not None and value < 0.0:
        notes.add(line, "value", value, "is below 0", "it is kept as it is")
    return None if value is None else value * factor


@lru_cache(maxsize=1 << 16)
def _updated(text: str) -> int:
    """Return the time of publication in minutes since 1970; 0 if it cannot be told."""
    parts = _NAMED_TIME.fullmatch(text)
    try:
        if parts:
            hour = int(parts[4]) % 12 + (12 if parts[6] == "PM" else 0)
            month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec").index(parts[1])
            text = f"{parts[3]}-{month + 1:02d}-{int(parts[2]):02d} {hour:02d}:{parts[5]}"
        return int(moment(text).timestamp() // 60)
    except (DateError, ValueError):
        return 0
