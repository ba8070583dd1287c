"""Eurostat, monthly gas balances (nrg_cb_gasm): TSV as downloaded in bulk, or CSV.

The first cell of a row holds its dimensions, ``M,IC_CAL_MG,G3000,TJ_GCV,AT``, the others a month each, with flags
behind the number (``123.4 p``) and ":" where there is none. A place is the code of the country, EL kept as GR.
"""

from __future__ import annotations

import re
from calendar import monthrange
from pathlib import Path

from gasflow.io.readers.reading import Collector, Reading, csv_rows, number_of
from gasflow.network.countries import country_code

# Balance item of Eurostat and what it is called here.
ITEMS = {
    "IC_CAL_MG": "demand",
    "IC_OBS": "demand",
    "IPRD": "production",
}
# Unit and what one of it is in GWh: gross calorific; million m3 at 15 degC as imports have it.
UNITS = {"TJ_GCV": 1.0 / 3.6, "MIO_M3": 10.55, "GWH": 1.0}
_MONTH = re.compile(r"([0-9]{4})[-M]?([0-9]{2})")
_MONTHS, _CODE = 12, 2  # letters of a country
_FLAGGED = re.compile(r"([0-9.,]+)\s*[a-z]*")


def read_eurostat(path: Path) -> Reading:
    """Return demand and production of countries, GWh/d of the mean day of each month.

    Where a country has a figure in energy and one in cubic metres, that in energy counts.
    """
    figures = Collector(path.name, "eurostat")
    for line, row in csv_rows(path):
        if "TIME_PERIOD" in row and "OBS_VALUE" in row:
            dimensions = {key.lower(): cell for key, cell in row.items()}
            _take(figures, line, dimensions, {row["TIME_PERIOD"]: row["OBS_VALUE"]})
            continue
        head = next(iter(row))
        names = [name.strip().lower() for name in head.split("\\")[0].split(",")]
        cells = [cell.strip() for cell in row[head].split(",")]
        months = {month: text for month, text in row.items() if month != head}
        _take(figures, line, dict(zip(names, cells, strict=False)), months)
    return figures.reading()


def _take(figures: Collector, line: int, dimensions: dict[str, str], months: dict[str, str]) -> None:
    quantity, unit = ITEMS.get(dimensions.get("nrg_bal", "")), dimensions.get("unit", "").upper()
    place = dimensions.get("geo", "")
    if quantity is None or unit not in UNITS or len(place) != _CODE:
        return
    place = country_code(place) or place
    # In energy before in cubic metres, as calculated before as observed.
    rank = (unit != "MIO_M3", dimensions["nrg_bal"] != "IC_OBS")
    for month, text in months.items():
        found, figure = _MONTH.match(month.strip()), _FLAGGED.fullmatch(str(text).strip())
        value = number_of(figure[1]) if figure else None
        if found is None or not 1 <= int(found[2]) <= _MONTHS:
            figures.note(line, month, text, "is under no month", "the figure is left out")
        elif value is not None:
            days = monthrange(int(found[1]), int(found[2]))[1]
            date = f"{found[1]}-{found[2]}"
            figures.add(date, place, quantity, value * UNITS[unit] / days, "GWh/d", rank)
