"""ENTSOG Transparency Platform, operational data: CSV or JSON as downloaded or as the interface gives it.

A place is ``point | direction | country of the operator``, such as ``Velke Kapusany (UA) / (SK) | entry | SK``: the two
sides of a border are two places. Several operators of a country at a point and direction add up. A confirmed figure
counts before a provisional one, a later update before an earlier.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from gasflow.io.readers.reading import Collector, Reading, csv_rows, day_in, is_json, is_missing, json_rows, number_of

# Indicator of the platform, in lower case, and what it is called here.
INDICATORS = {
    "physical flow": "flow",
    "allocation": "allocation",
    "nomination": "nomination",
    "renomination": "renomination",
    "firm technical": "capacity",
    "firm booked": "booked",
}
# To GWh/d.
UNITS = {"kwh/d": 1e-6, "kwh/day": 1e-6, "mwh/d": 1e-3, "gwh/d": 1.0}


def read_entsog(path: Path) -> Reading:
    """Return the figures of a file, GWh/d per gas day, place and quantity.

    Hourly values are left out: a day of them is no day unless all are there, and the platform gives days.
    """
    single = Collector(path.name, "entsog")
    skipped: dict[str, int] = defaultdict(int)
    rows = json_rows(path, ("operationalData", "operationaldata", "data")) if is_json(path) else csv_rows(path)
    for line, row in rows:
        _take(single, line, {key.strip().lower(): cell for key, cell in row.items() if key}, skipped)
    for problem, count in skipped.items():
        single.note(0, "", count, f"rows {problem}", "they are left out")
    return _summed(single)


def _take(single: Collector, line: int, row: dict[str, Any], skipped: dict[str, int]) -> None:
    """Take one row: one operator, point, direction, day and indicator."""
    indicator = str(row.get("indicator") or "").strip().lower()
    quantity = INDICATORS.get(indicator)
    if quantity is None:
        skipped[f"have the indicator {indicator!r}"] += 1
        return
    if str(row.get("periodtype") or "day").strip().lower() != "day":
        skipped["are not of whole days"] += 1
        return
    if is_missing(row.get("value")):
        skipped["have no value"] += 1
        return
    day, value = day_in(row.get("periodfrom")), number_of(row.get("value"))
    factor = UNITS.get(str(row.get("unit") or "kWh/d").strip().lower())
    if day is None:
        single.note(line, "periodFrom", row.get("periodfrom"), "is not a day", "write it as 2025-01-01T06:00:00+01:00")
    elif value is None:
        single.note(line, "value", row.get("value"), "is not a number", "the row is left out")
    elif factor is None:
        single.note(line, "unit", row.get("unit"), "is not known", f"give one of {', '.join(UNITS)}")
    elif value < 0.0:
        single.note(line, "value", value, "is below 0", "the row is left out; flows have a direction instead")
    else:
        point, operator = (str(row.get(key) or "").strip() for key in ("pointlabel", "operatorkey"))
        direction = str(row.get("directionkey") or "").strip().lower()
        name = f"{point} | {direction} | {operator[:2].upper()}\n{operator or row.get('operatorlabel')}"
        rank = (str(row.get("flowstatus") or "").lower() == "confirmed", str(row.get("lastupdatedatetime") or ""))
        single.add(day, name, quantity, value * factor, "GWh/d", rank)


def _summed(single: Collector) -> Reading:
    """Add up the operators of a country at a point."""
    both = Collector(single.file, single.source, findings=single.findings)
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for (day, name, quantity), (_, value, _) in single.figures.items():
        sums[day, name.split("\n")[0], quantity] += value
    for (day, place, quantity), value in sums.items():
        both.add(day, place, quantity, value, "GWh/d")
    both.doubles = {(day, name.replace("\n", ", operator "), quantity) for day, name, quantity in single.doubles}
    return both.reading()
