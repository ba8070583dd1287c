"""Daily LNG price assessments of ACER: delivered ex ship to the EU, its north-west and its south, and the spread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gasflow.io.readers.figures import Figures
from gasflow.io.readers.gas_days import DateError, day_of_text
from gasflow.io.readers.number_text import NumberError, number
from gasflow.io.readers.reading import Notes, RawQuantity, Reading, notes_for
from gasflow.io.readers.text import open_rows

_AREAS = (("NWE", {"nwe", "north"}), ("South", {"south", "se", "southern"}), ("EU", {"eu", "europe", "lng"}))
_SPREAD = frozenset({"spread", "benchmark"})
_DATES = frozenset({"date", "day"})
_AREA = frozenset({"area", "zone", "region", "product"})
_PRICE = frozenset({"price", "value", "assessment"})
_DERIVED = frozenset({"front", "derived", "unit", "source", "licence", "volume", "volumes", "transactions", "usd"})
_LEFT_OUT = "it is left out"
Lines = Iterator[tuple[int, list[str]]]
Meaning = tuple[RawQuantity, str]


def read_acer(path: Path) -> Reading:
    r"""Return the assessments of one file.

    Args:
        path: CSV with a date and a column per price in EUR/MWh (north-west Europe, south, EU, spread), or with a
            date, an area (or product) and a price per row. Days are day first where they are not ISO.

    Returns:
        Observations by day, source ``acer-lng``: ``lng_price`` at "NWE", "South" and "EU", and ``lng_spread`` (EU price
        less the front month) at "EU", all in EUR/MWh.

    Raises:
        RawFileError: if there is no date or no price.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "assessments.csv"
        ...     _ = file.write_text("Date,NWE DES LNG (EUR/MWh),SOUTH DES LNG (EUR/MWh)\n2023-04-03,41.5,\n")
        ...     print(*read_acer(file).table.iloc[0])
        2023-04-03 NWE lng_price 41.5 EUR/MWh acer-lng
    """
    notes = notes_for(path)
    rows = open_rows(path, notes)
    header = [_words(cell) for cell in next(rows.lines, (0, []))[1]]
    date = next((k for k, words in enumerate(header) if _DATES & words), None)
    if date is None:
        raise notes.refuse("has no column for the date", "download it again")
    table = _Assessments(Figures("acer-lng", notes), notes, date, rows.decimal_comma)
    area = next((k for k, words in enumerate(header) if _AREA & words), None)
    if area is not None:
        price = next((k for k, words in enumerate(header) if _PRICE & words and k not in (date, area)), None)
        if price is None:
            raise notes.refuse("has no column for the price", "download it again")
        table.take_long(rows.lines, area, price)
    else:
        columns = {k: meaning for k, words in enumerate(header) if k != date and (meaning := _meaning(words))}
        table.take_wide(rows.lines, columns)
    return table.seen.reading()


@dataclass(frozen=True)
class _Assessments:
    """Takes in the rows of one file whose dates stand in one column."""

    seen: Figures
    notes: Notes
    date: int
    decimal_comma: bool

    def take_long(self, lines: Lines, area: int, price: int) -> None:
        """Take in rows of one price each."""
        for line, cells in lines:
            word = cells[area] if area < len(cells) else ""
            if meaning := _meaning(_words(word)):
                self._price(line, cells, price, meaning)
            else:
                self.notes.add(line, "area", word, "is no area that is assessed", _LEFT_OUT)

    def take_wide(self, lines: Lines, columns: Mapping[int, Meaning]) -> None:
        """Take in rows of one day each."""
        for line, cells in lines:
            for position, meaning in columns.items():
                self._price(line, cells, position, meaning)

    def _price(self, line: int, cells: Sequence[str], position: int, meaning: Meaning) -> None:
        if max(position, self.date) >= len(cells):
            self.notes.add(line, "", len(cells), "has too few cells", _LEFT_OUT)
            return
        quantity, place = meaning
        try:
            value = number(cells[position], self.decimal_comma)
            if value is not None:
                self.seen.add(day_of_text(cells[self.date]), place, quantity, value, line)
        except NumberError as error:
            self.notes.add(line, place, cells[position], str(error), _LEFT_OUT)
        except DateError as error:
            self.notes.add(line, "date", cells[self.date], str(error), _LEFT_OUT)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", text.casefold()))


def _meaning(words: frozenset[str]) -> Meaning | None:
    """Return what a column or an area means; none for other figures, and for prices that are derived from them."""
    if words & _SPREAD:
        return RawQuantity.LNG_SPREAD, "EU"
    if words & _DERIVED:
        return None
    place = next((area for area, names in _AREAS if names & words), None)
    return (RawQuantity.LNG_PRICE, place) if place else None
