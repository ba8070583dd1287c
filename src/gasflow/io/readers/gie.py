"""Gas Infrastructure Europe: AGSI (storage) and ALSI (LNG), CSV or JSON as downloaded or as the interfaces give it.

A place is the code of a country; companies and facilities below it are left out, since they are in its sum. AGSI gives
TWh and GWh/d, ALSI GWh and GWh/d; "-" is a missing figure.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gasflow.io.readers.reading import Collector, Reading, csv_rows, day_in, is_json, is_missing, json_rows, number_of
from gasflow.network.countries import country_code

_CODE = 2  # letters of a country


def read_agsi(path: Path) -> Reading:
    """Return level (GWh), net withdrawal, injection and withdrawal capacity (GWh/d) and volume (GWh) of countries."""
    return _read(path, "agsi", _take_storage)


def read_alsi(path: Path) -> Reading:
    """Return send-out and its capacity (GWh/d) and LNG in tank (GWh) of countries."""
    return _read(path, "alsi", _take_lng)


def _read(path: Path, source: str, take: Callable[[Collector, int, str, str, dict[str, Any]], None]) -> Reading:
    figures = Collector(path.name, source)
    rows = json_rows(path, ("data",)) if is_json(path) else csv_rows(path)
    below = 0
    for line, raw in rows:
        row = {key.strip().lower(): cell for key, cell in raw.items() if key}
        code = str(row.get("code") or row.get("country") or "").strip().upper()
        if len(code) != _CODE:
            below += 1
            continue
        day = day_in(row.get("gasdaystart") or row.get("gasday") or row.get("date"))
        if day is None:
            figures.note(line, "gasDayStart", row.get("gasdaystart"), "is not a day", "write it as 2025-01-01")
            continue
        take(figures, line, day, country_code(code) or code, row)
    if below:
        figures.note(0, "code", below, "rows are of no country", "companies and facilities are left out")
    return figures.reading()


def _take_storage(figures: Collector, line: int, day: str, place: str, row: dict[str, Any]) -> None:
    level, volume = _cell(figures, line, row, "gasinstorage"), _cell(figures, line, row, "workinggasvolume")
    if level is not None and volume is not None and level > volume > 0.0:
        figures.note(line, "gasInStorage", level, f"is more than the volume of {volume:g} TWh", "the volume is used")
        level = volume
    into, out = _cell(figures, line, row, "injection"), _cell(figures, line, row, "withdrawal")
    net = None if into is None and out is None else (out or 0.0) - (into or 0.0)
    for quantity, value, factor, unit in (
        ("level", level, 1e3, "GWh"),
        ("volume", volume, 1e3, "GWh"),
        ("net withdrawal", net, 1.0, "GWh/d"),
        ("injection capacity", _cell(figures, line, row, "injectioncapacity"), 1.0, "GWh/d"),
        ("withdrawal capacity", _cell(figures, line, row, "withdrawalcapacity"), 1.0, "GWh/d"),
    ):
        if value is not None:
            figures.add(day, place, quantity, round(value * factor, 6), unit)


def _take_lng(figures: Collector, line: int, day: str, place: str, row: dict[str, Any]) -> None:
    inventory = row.get("lnginventory") or row.get("inventory")
    if isinstance(inventory, dict):  # {"lng": thousand m3, "gwh": GWh}
        row = row | {"lnginventory": inventory.get("gwh")}
    for quantity, column, unit in (
        ("send-out", "sendout", "GWh/d"),
        ("send-out capacity", "dtrs", "GWh/d"),
        ("LNG in tank", "lnginventory", "GWh"),
    ):
        value = _cell(figures, line, row, column)
        if value is not None:
            figures.add(day, place, quantity, value, unit)


def _cell(figures: Collector, line: int, row: dict[str, Any], column: str) -> float | None:
    """Return a figure that is not negative."""
    text = row.get(column)
    if is_missing(text):
        return None
    value = number_of(text)
    if value is None or value < 0.0:
        figures.note(line, column, text, "is not a number of 0 or more", "the figure is left out")
        return None
    return value
