"""Tables of prices as statistical offices publish them: lines of titles, a header, perhaps a line of units, then dates.

Long tables have one price per row and name its series in a column; wide ones have a column per series. Only prices in
dollars per million British thermal units are read; the unit stands in the header, in a line below it, in a column of
its own, or in the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gasflow.io.readers.figures import Figures
from gasflow.io.readers.gas_days import DateError, Order, date_of_text
from gasflow.io.readers.number_text import NumberError, number
from gasflow.io.readers.reading import Notes, RawQuantity, Reading, notes_for
from gasflow.io.readers.records import field_name, unreadable
from gasflow.io.readers.text import open_rows

_DATES = ("period", "date", "month", "week", "weekof", "weekending", "day", "time", "timeperiod")
_VALUES = ("value", "price", "obsvalue")
_UNITS = ("units", "unit")
_DOLLARS = re.compile(
    r"\(?\s*(nominal\s+)?(us\s+)?(us\$|\$|dollars?|usd)\s*(/|_per_|per|_)\s*(mil\.?|million)?\s*(mm)?btu\s*\)?", re.I
)
_AROUND = " ,;:_*()-"
_MOST_TITLES = 60
_LEFT_OUT = "it is left out"
Lines = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True)
class PriceForm:
    """How a source writes its prices.

    Attributes:
        source: short code of the source.
        order: whether day or month comes first in 03/04/2022.
        series: fields that may name the series of a long table, the best first.

    Example:
        >>> PriceForm("eia", Order.MONTH_FIRST, ("seriesdescription",)).source
        'eia'
    """

    source: str
    order: Order
    series: tuple[str, ...]


def read_prices(path: Path, form: PriceForm) -> Reading:
    r"""Return the prices of one file, in dollars per million British thermal units.

    Args:
        path: CSV, read a line at a time.
        form: how the source writes.

    Raises:
        RawFileError: if there is no header followed by dates, or no price in that unit.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "weekly.csv"
        ...     _ = file.write_text("Spot Prices\n\nWeek of,Alpha Hub Dollars per Million Btu\n05/13/2022,7.5\n")
        ...     print(*read_prices(file, PriceForm("eia", Order.MONTH_FIRST, ())).table.iloc[0])
        2022-05-13 Alpha Hub gas_price 7.5 USD/MMBtu eia
    """
    notes = notes_for(path)
    rows = open_rows(path, notes)
    prices = _Prices(Figures(form.source, notes), notes, form, rows.decimal_comma)
    titles: list[list[str]] = []
    for line, cells in rows.lines:
        if fields := _long_fields(cells, form):
            prices.take_long(rows.lines, fields)
            break
        if titles and prices.date(cells[0]):
            columns = _columns(titles)
            prices.take_row(line, cells, columns)
            prices.take_wide(rows.lines, columns)
            break
        titles.append(cells)
        if len(titles) > _MOST_TITLES:
            raise notes.refuse("has no header followed by dates", "check that the file is of this kind")
    return prices.seen.reading()


@dataclass(frozen=True)
class _Prices:
    """Takes in the rows of one file."""

    seen: Figures
    notes: Notes
    form: PriceForm
    decimal_comma: bool

    def date(self, text: str) -> str:
        """Return a day or a month, or nothing if the text is neither."""
        try:
            return date_of_text(text, self.form.order)
        except DateError:
            return ""

    def take_long(self, lines: Lines, fields: Mapping[str, int]) -> None:
        """Take in rows of one price each."""
        for line, cells in lines:
            if len(cells) <= max(fields.values()):
                self.notes.add(line, "", len(cells), "has too few cells", "the line is left out")
                continue
            series = cells[fields["series"]]
            unit = cells[fields["unit"]] if "unit" in fields else series
            if not _DOLLARS.search(unit):
                if "gas" in series.casefold():
                    self.notes.add(line, "unit", unit, "is not dollars per million Btu", _LEFT_OUT)
                continue
            self._price(line, cells[fields["date"]], _place(series), cells[fields["value"]])

    def take_wide(self, lines: Lines, columns: Mapping[int, str]) -> None:
        """Take in rows of one date each."""
        for line, cells in lines:
            self.take_row(line, cells, columns)

    def take_row(self, line: int, cells: Sequence[str], columns: Mapping[int, str]) -> None:
        """Take in one date."""
        for position, place in columns.items():
            if position < len(cells):
                self._price(line, cells[0], place, cells[position])

    def _price(self, line: int, date_text: str, place: str, text: str) -> None:
        date = self.date(date_text)
        if not date:
            self.notes.add(line, "date", date_text, "is neither a day nor a month", _LEFT_OUT)
            return
        if not place or unreadable(place):
            self.notes.add(line, "series", place, "is empty, too long or not printable", _LEFT_OUT)
            return
        try:
            value = number(text, self.decimal_comma)
        except NumberError as error:
            self.notes.add(line, place, text, str(error), _LEFT_OUT)
            return
        if value is not None:
            self.seen.add(date, place, RawQuantity.GAS_PRICE, value, line)


def _long_fields(cells: Sequence[str], form: PriceForm) -> dict[str, int]:
    """Return where date, series, value and unit stand, if a line is the header of a long table."""
    names = [field_name(cell) for cell in cells]
    wanted = {"date": _DATES, "series": form.series, "value": _VALUES, "unit": _UNITS}
    fields = {key: next((names.index(word) for word in words if word in names), -1) for key, words in wanted.items()}
    found = {key: position for key, position in fields.items() if position >= 0}
    return found if {"date", "series", "value"} <= found.keys() else {}


def _columns(titles: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return the place of each column of prices, by position, from the lines above the first date."""
    header = max(titles, key=lambda cells: sum(map(bool, cells)))
    units = [cells for cells in titles if cells is not header and sum(map(bool, cells)) > 1]
    title = next((cells[0] for cells in titles if cells is not header and _DOLLARS.search(cells[0])), "")
    columns = {}
    for position, word in enumerate(header):
        below = [cells[position] for cells in units if position < len(cells)]
        if position and any(map(_DOLLARS.search, [word, *below])):
            columns[position] = _place(word)
    if not columns and title:
        columns = {k: _place(title) if field_name(word) in _VALUES else word for k, word in enumerate(header) if k}
    return columns


def _place(series: str) -> str:
    """Return the name of a series without its unit."""
    return " ".join(_DOLLARS.sub(" ", series).split()).strip(_AROUND)
