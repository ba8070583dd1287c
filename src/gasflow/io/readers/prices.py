"""Prices of gas as a plain table: date, place, price in EUR/MWh; what assessments and exchanges are copied to."""

from __future__ import annotations

from pathlib import Path

from gasflow.io.readers.reading import Collector, Reading, csv_rows, day_in, number_of


def read_prices(path: Path) -> Reading:
    """Return prices, EUR/MWh per day or month and place.

    Columns are ``date`` (or ``month``), ``place`` (or ``hub``, ``node``) and ``price`` (or ``price_eur_per_mwh``).
    """
    figures = Collector(path.name, "prices")
    for line, raw in csv_rows(path):
        row = {key.lower(): cell for key, cell in raw.items()}
        text = row.get("date") or row.get("month") or ""
        date = day_in(text) or (text if len(text) == len("2025-01") and day_in(f"{text}-01") else None)
        place = row.get("place") or row.get("hub") or row.get("node") or ""
        value = number_of(row.get("price") or row.get("price_eur_per_mwh"))
        if date is None or value is None or not place:
            figures.note(line, "", ", ".join(row.values()), "lacks a date, a place or a price", "the row is left out")
        else:
            figures.add(date, place, "price", value, "EUR/MWh")
    return figures.reading()
