"""What a reader gives, and how every reader gets at rows of text."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from gasflow.errors import Finding, GasflowError, Severity

COLUMNS = ("date", "place", "quantity", "value", "unit", "source")
# A JSON file is read whole; a day of all of Europe has some megabytes.
LARGEST_JSON = 500_000_000
_LONGEST = 1_000_000  # characters of a header
_NUMBER = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+([eE][+-]?[0-9]+)?")
_MISSING = ("", "-", "n/a", "na", "nan", "null", "none", ":")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, eq=False)
class Reading:
    """A tidy table and what was odd about the file.

    Attributes:
        table: (row, ``date`` ``place`` ``quantity`` ``value`` ``unit`` ``source``), sorted, each date, place and
            quantity once.
        findings: everything that was left out or changed, and why.
    """

    table: pd.DataFrame
    findings: tuple[Finding, ...]


@dataclass
class Collector:
    """Collects figures; of two for the same date, place and quantity the better one counts.

    Memory goes with the number of different figures, not with the length of the file.
    """

    file: str
    source: str
    figures: dict[tuple[str, str, str], tuple[tuple[Any, ...], float, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    doubles: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, date: str, place: str, quantity: str, value: float, unit: str, rank: tuple[Any, ...] = ()) -> None:
        """Take a figure; a higher rank replaces a lower one, and equals that differ are noted."""
        key = (date, place, quantity)
        known = self.figures.get(key)
        if known is not None and known[0] == rank and known[1] != value:
            self.doubles.add(key)
        if known is None or rank > known[0]:
            self.figures[key] = (rank, value, unit)

    def note(self, line: int, column: str, value: object, problem: str, remedy: str) -> None:
        """Note something odd in a row."""
        row = f"line {line}" if line else ""
        self.findings.append(Finding(self.file, row, column, value, "", problem, remedy, severity=Severity.WARNING))

    def reading(self) -> Reading:
        """Return what was collected.

        Raises:
            GasflowError: if that is nothing.
        """
        if not self.figures:
            told = "; ".join(str(finding) for finding in self.findings[:3])
            raise GasflowError(f"{self.file} holds no figure of this kind{': ' if told else ''}{told}",
                               "see which kind of file it is")  # fmt: skip
        for date, place, quantity in sorted(self.doubles)[:20]:
            self.note(0, quantity, place, f"has two different figures on {date}", "the first one is used")
        rows = [(*key, value, unit, self.source) for key, (_, value, unit) in sorted(self.figures.items())]
        return Reading(pd.DataFrame(rows, columns=list(COLUMNS)), tuple(self.findings))


def number_of(text: object) -> float | None:
    """Return the number of a cell, with a point or a decimal comma; none where it is missing or none.

    Example:
        >>> number_of("1.234,5"), number_of("71,5"), number_of("-"), number_of(3)
        (1234.5, 71.5, None, 3.0)
    """
    if isinstance(text, bool) or text is None:
        return None
    if isinstance(text, int | float):
        return float(text) if text == text else None
    word = str(text).strip().replace("\u00a0", "").replace(" ", "")
    if "," in word and "." in word:  # the last of the two is the decimal sign
        thousands = "," if word.rindex(".") > word.rindex(",") else "."
        word = word.replace(thousands, "")
    return float(word.replace(",", ".")) if _NUMBER.fullmatch(word) else None


def is_missing(text: object) -> bool:
    """Whether a cell says that there is no figure.

    Example:
        >>> is_missing(" - "), is_missing("0")
        (True, False)
    """
    return text is None or str(text).strip().lower() in _MISSING


def day_in(text: object) -> str | None:
    """Return the day with which a time stamp begins; a gas day is named by the day it begins on.

    Example:
        >>> day_in("2025-01-01T06:00:00+01:00"), day_in("2025-01-01 06:00"), day_in("01/02/2025")
        ('2025-01-01', '2025-01-01', None)
    """
    found = _DAY.match(str(text or "").strip())
    if not found:
        return None
    try:
        return dt.date(*map(int, found.groups())).isoformat()
    except ValueError:
        return None


def text_of(path: Path) -> io.TextIOWrapper:
    """Open a file as text: UTF-8 with or without a byte order mark, UTF-16 with one, else Latin-1."""
    with path.open("rb") as file:
        start = file.read(1_000_000)
    encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        start.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(start) - 4:  # not a character that the cut went through
            encoding = "latin-1"
    return path.open(encoding=encoding, errors="replace", newline="")


def csv_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells, by header, of a file with commas, semicolons or tabs, one row at a time."""
    with text_of(path) as file:
        head = file.readline(_LONGEST)
        if head.lower().startswith("sep="):
            head = file.readline(_LONGEST)
        separator = "\t" if "\t" in head else max(";,", key=head.count)
        try:
            header = [word.strip() for word in next(csv.reader(_clean([head]), delimiter=separator), [])]
            for line, row in enumerate(csv.reader(_clean(file), delimiter=separator), 2):
                if any(row):
                    yield line, dict(zip(header, (cell.strip() for cell in row), strict=False))
        except csv.Error as error:
            raise GasflowError(f"{path.name} is no CSV ({error})", "download it again") from None


def json_rows(path: Path, lists: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number and content of the records of a JSON file: a list, or a list under one of these names."""
    if path.stat().st_size > LARGEST_JSON:
        raise GasflowError(f"{path.name} has more than {LARGEST_JSON:,} bytes", "download it in parts, or as CSV")
    with text_of(path) as file:
        try:
            content = json.load(file)
        except (json.JSONDecodeError, RecursionError) as error:
            raise GasflowError(f"{path.name} is no JSON ({type(error).__name__})", "download it again") from None
    if isinstance(content, Mapping):
        content = next((content[name] for name in lists if isinstance(content.get(name), list)), [content])
    for number, record in enumerate(content if isinstance(content, list) else [], 1):
        if isinstance(record, dict):
            yield number, record


def is_json(path: Path) -> bool:
    """Whether a file starts as JSON does."""
    with text_of(path) as file:
        return file.read(1_000).lstrip()[:1] in ("{", "[")


def _clean(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line.replace("\0", "")
