"""Interconnections of the ENTSOG transparency platform: which countries and operators a point lies between.

The table maps a place of `read_entsog` to the countries on both sides: gas that enters at
``pointLabel|toOperatorLabel|entry`` or leaves at ``pointLabel|fromOperatorLabel|exit`` goes from ``from_country`` to
``to_country``.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gasflow.io.readers.entsog import operator_of
from gasflow.io.readers.reading import Notes, Reading, notes_for
from gasflow.io.readers.records import Record, read_records, unreadable
from gasflow.network.countries import country_code

NEEDED = ("pointKey", "pointLabel", "fromCountryKey", "toCountryKey", "fromOperatorLabel", "toOperatorLabel")
POINT_COLUMNS = (
    "place", "point_key", "point", "operator", "direction", "from_country", "to_country", "from_operator",
    "to_operator", "from_system", "to_system", "source",
)  # fmt: skip
_LEFT_OUT = "the row is left out"


def read_entsog_points(path: Path) -> Reading:
    r"""Return the points of one file, one row per place.

    Args:
        path: CSV, or JSON of at most 128 MiB, with the fields of the platform's interconnections.

    Returns:
        A table with `POINT_COLUMNS`, all text: an interconnection gives a row for the operator on each side that has
        a name. Countries are codes as gasflow keeps them (GR, UK); empty where the platform names none.

    Raises:
        RawFileError: if the file lacks fields or names no point.

    Example:
        >>> import tempfile
        >>> head = "pointKey,pointLabel,fromCountryKey,toCountryKey,fromOperatorLabel,toOperatorLabel"
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "points.csv"
        ...     _ = file.write_text(f"{head}\nITP-1,Beta,AT,IT,Alpha Grid,Gamma Net\n")
        ...     read_entsog_points(file).table[["place", "from_country", "to_country"]].values.tolist()
        [['Beta|Alpha Grid|exit', 'AT', 'IT'], ['Beta|Gamma Net|entry', 'AT', 'IT']]
    """
    notes = notes_for(path)
    rows: dict[tuple[str, ...], None] = {}
    for line, record in read_records(path, notes, NEEDED).rows:
        rows.update(dict.fromkeys(_sides(line, record, notes)))
    if not rows:
        raise notes.refuse("names no point", "check that the file is of this kind")
    table = pd.DataFrame(sorted(rows), columns=list(POINT_COLUMNS), dtype=object)
    _note_doubts(table, notes)
    return Reading(table, notes.findings)


def _sides(line: int, record: Record, notes: Notes) -> list[tuple[str, ...]]:
    """Return a row per operator of an interconnection."""
    if record.get("isinvalid", "") in ("1", "true", "True"):
        notes.add(line, "isInvalid", True, "marks what the platform took back", _LEFT_OUT)
        return []
    point = record["pointlabel"].replace("|", "/")
    if not point or unreadable("".join(record[word.casefold()] for word in NEEDED)):
        notes.add(line, "pointLabel", point, "is empty, too long or not printable", _LEFT_OUT)
        return []
    ends = [_country(line, record, column, notes) for column in ("fromCountryKey", "toCountryKey")]
    operators = [
        operator_of(record[f"{end}operatorlabel"].replace("|", "/"), record.get(f"{end}operatorkey", ""))
        for end in ("from", "to")
    ]
    systems = [record.get(f"{end}infrastructuretypelabel", "") for end in ("from", "to")]
    common = (*ends, *operators, *systems, "entsog")
    rows = []
    for end, operator, usual in zip(("from", "to"), operators, ("exit", "entry"), strict=True):
        direction = record.get(f"{end}directionkey", "").casefold() or usual
        if operator:
            rows.append((f"{point}|{operator}|{direction}", record["pointkey"], point, operator, direction, *common))
    if not rows:
        notes.add(line, "fromOperatorLabel", None, "and the other operator are empty", _LEFT_OUT)
    return rows


def _country(line: int, record: Record, column: str, notes: Notes) -> str:
    text = record[column.casefold()].upper()
    code = country_code(text)
    if code is None and text:
        notes.add(line, column, text, "is no country code", "the country is left empty")
    return code or ""


def _note_doubts(table: pd.DataFrame, notes: Notes) -> None:
    """Name places that lead to several pairs of countries."""
    pairs = table.groupby("place")[["from_country", "to_country"]].nunique()
    for place in pairs.index[(pairs > 1).any(axis=1)]:
        notes.add(0, "place", str(place), "lies between several pairs of countries", "all of its rows are kept")
