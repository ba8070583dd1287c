"""What the two inventories of Gas Infrastructure Europe have in common: storage (AGSI) and LNG terminals (ALSI).

JSON as the API gives it: an object with ``data``, or a plain list; numbers are text, "-" is missing, and a record may
hold ``children``: regions hold countries, countries hold companies, companies hold facilities. Each becomes a place of
its own, "DE", "DE|company", "DE|company|facility"; a region is "EU" or "NE". Nothing is added up: whoever sums places
takes one level only. CSV names units in its headers, such as "Injection (GWh/d)".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gasflow.io.readers.figures import Figures
from gasflow.io.readers.gas_days import DateError, day_of_text
from gasflow.io.readers.number_text import NumberError, number
from gasflow.io.readers.reading import Notes, RawQuantity, Reading, notes_for
from gasflow.io.readers.records import as_text, field_name, json_records, read_json, unreadable
from gasflow.io.readers.text import is_json, open_rows

REGIONS = ("EU", "NE", "AI")
LEFT_OUT = "it is left out"
_COUNTRY = re.compile(r"[A-Z]{2}\*{0,2}")
_DEEPEST = 8
_IN_BRACKETS = re.compile(r"^(.*?)[(\[]([^)\]]*)[)\]]\s*$")
_RANKS = {"C": 2, "E": 1, "N": 0}
# A field of a record, or its name and unit: text of the value by (name, unit), the unit empty if none is stated.
Fields = Mapping[tuple[str, str], str]
# Quantity, field, text and the factor to the unit of the quantity; none if the stated unit is unknown.
Take = Callable[[Fields], Iterator[tuple[RawQuantity, str, str, float | None]]]


def read_inventory(path: Path, source: str, take: Take) -> Reading:
    """Return what an inventory says, one row per gas day, place and quantity.

    Args:
        path: the file, JSON or CSV.
        source: short code of the inventory.
        take: gives quantity, field, text and factor to the unit of the quantity for what a record holds.

    Raises:
        RawFileError: if the file cannot be understood or gives no observation.
    """
    notes = notes_for(path)
    seen = Figures(source, notes)
    if is_json(path, notes):
        inventory = _Inventory(seen, notes, take, decimal_comma=False)
        for position, entry in enumerate(json_records(read_json(path, notes), notes), 1):
            inventory.walk(position, entry, (), "")
    else:
        rows = open_rows(path, notes)
        _Inventory(seen, notes, take, rows.decimal_comma).walk_rows(rows.lines)
    return seen.reading()


@dataclass(frozen=True)
class _Inventory:
    """Takes in the records of one file."""

    seen: Figures
    notes: Notes
    take: Take
    decimal_comma: bool

    def walk(self, line: int, entry: Any, above: tuple[str, ...], day: str) -> None:
        """Take in a record and its children; `above` are the names of what holds it, without regions."""
        if not isinstance(entry, dict) or len(above) > _DEEPEST:
            self.notes.add(line, "children", None, "is no record, or lies too deep", LEFT_OUT)
            return
        fields = dict(_flat(entry))
        place = _place(fields, above)
        day = fields.get(("gasdaystart", ""), "") or day
        self._record(line, fields, place, day)
        children = entry.get("children")
        holder = () if place and place[-1] in REGIONS else place
        for child in children if isinstance(children, list) else []:
            self.walk(line, child, holder, day)

    def walk_rows(self, lines: Iterator[tuple[int, list[str]]]) -> None:
        """Take in the rows of a CSV file."""
        header = [_header(word) for word in next(lines, (0, []))[1]]
        names = {name for name, _ in header}
        if "gasdaystart" not in names or not names & {"code", "name", "country", "facility", "company"}:
            problem = "has no column for the gas day, or none for the place"
            raise self.notes.refuse(problem, "download it with 'gasDayStart', and 'code', 'name' or 'country'")
        for line, cells in lines:
            if len(cells) < len(header):
                self.notes.add(line, "", len(cells), f"has not {len(header)} cells, as the header has", LEFT_OUT)
                continue
            fields = dict(zip(header, cells, strict=False))
            self._record(line, fields, _place(fields, ()), fields.get(("gasdaystart", ""), ""))

    def _record(self, line: int, fields: Fields, names: tuple[str, ...], day_text: str) -> None:
        place = "|".join(names)
        if not place or unreadable(place):
            self.notes.add(line, "name", place, "is empty, too long or not printable", LEFT_OUT)
            return
        try:
            day = day_of_text(day_text)
        except DateError as error:
            self.notes.add(line, "gasDayStart", day_text, str(error), LEFT_OUT)
            return
        edition = (_RANKS.get(fields.get(("status", ""), "").upper(), 1), 0)
        for quantity, column, text, factor in self.take(fields):
            value = self._value(line, quantity, column, text)
            if value is not None and factor is None:
                self.notes.add(line, column, text, "is in a unit that is not known", LEFT_OUT)
            elif value is not None and factor is not None:
                self.seen.add(day, place, quantity, value * factor, line, edition)

    def _value(self, line: int, quantity: RawQuantity, column: str, text: str) -> float | None:
        try:
            value = number(text, self.decimal_comma)
        except NumberError as error:
            self.notes.add(line, column, text, str(error), LEFT_OUT)
            return None
        if quantity is RawQuantity.FULL and value is not None and value > 100.0:
            self.notes.add(line, column, value, "is above 100 %", "it is cut to 100")
            return 100.0
        return value


def _flat(entry: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the fields of a record; one that holds several units, as {"lng": ..., "gwh": ...}, gives each."""
    for key, value in entry.items():
        if isinstance(value, dict):
            yield from (((field_name(key), field_name(unit)), as_text(inner)) for unit, inner in value.items())
        else:
            yield (field_name(key), ""), as_text(value)


def _place(fields: Fields, above: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of a place from country to facility; a record without a holder may say them itself."""
    code = fields.get(("code", ""), "").upper()
    name = fields.get(("name", ""), "").replace("|", "/") or code
    if above:
        return (*above, name)
    if code in REGIONS or _COUNTRY.fullmatch(code):
        return (code,)
    # The address of a company or a facility names the country, and of a facility the company as well.
    address = [part.upper() for part in fields.get(("url", ""), "").split("/") if part.upper() != code]
    country = fields.get(("country", ""), "").upper() or next(filter(_COUNTRY.fullmatch, address), "")
    company = fields.get(("company", ""), "") or "/".join(part for part in address if part != country)
    facility = fields.get(("facility", ""), "") or name
    every = (country, company.replace("|", "/"), facility.replace("|", "/"))
    return tuple(part for part in every if part)


def _header(word: str) -> tuple[str, str]:
    """Return name and unit of a header: "Injection (GWh/d)", "inventory.gwh", "injection"."""
    if parts := _IN_BRACKETS.match(word):
        name, unit = parts[1], parts[2]
    else:
        name, _, unit = word.partition(".")
    name = field_name(name)
    return {"gasday": "gasdaystart", "date": "gasdaystart"}.get(name, name), field_name(unit)
