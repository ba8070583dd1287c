"""One CSV file as header and cells, however a spreadsheet or a script wrote it.

Gasflow writes UTF-8 with commas. It reads what programmes make of that, wherever the meaning is plain:

* UTF-8 with or without a byte order mark, UTF-16 with one;
* separated by commas, semicolons or tabs, whichever gives the most headers that the table knows, or what a first line
  ``sep=;`` says;
* a trailing comma on every line, and lines without any content;
* the numbers of rows that ``DataFrame.to_csv`` writes as a first column without a header, or names there, if no other
  column is called ``name``;
* decimal commas, in a file where no number has a point: where semicolons separate, or where some number could not be
  meant in thousands.

Where every such number of a column could be meant in thousands, as 2.200 or 2,200 between semicolons, a warning says
how it is read. What is left becomes one finding that says what is the matter.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gasflow.errors import Finding, Severity
from gasflow.network.columns import Kind, Table
from gasflow.network.tables import column_of

_SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_COUNTERS = ("", "index", "level_0", "unnamed: 0")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+([eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,][0-9]{3})+")
_WHOLE = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class TextTable:
    """A file as text.

    Attributes:
        header: names of the columns.
        rows: cells, (row, column).
        lines: the line of the file on which each row ends.
    """

    header: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_text_table(path: Path, table: Table) -> tuple[TextTable | None, list[Finding]]:
    r"""Return a file as text, and what is wrong with it; none if nothing of it can be used.

    Args:
        path: the file.
        table: the table of the schema that it holds.

    Example:
        >>> import tempfile
        >>> from gasflow.network.schema import SCHEMA
        >>> with tempfile.TemporaryDirectory() as place:
        ...     file = Path(place) / "nodes.csv"
        ...     _ = file.write_text(";name;latitude_deg\n0;Gent;51,05\n")
        ...     read_text_table(file, SCHEMA["nodes"])
        (TextTable(header=['name', 'latitude_deg'], rows=[['Gent', '51.05']], lines=[2]), [])
    """
    if path.exists() and not path.is_file():
        return None, [_about(path, "is not a file", "put the table there as a file")]
    try:
        text = _decoded(path.read_bytes())
    except FileNotFoundError:
        return None, [_about(path, "is missing", "add it, with the header alone if there are no rows")]
    except UnicodeDecodeError as error:
        return None, [_about(path, _undecodable(error), "save it as a file of UTF-8 text")]
    except OSError as error:
        problem = f"cannot be read ({error.strerror or type(error).__name__})"
        return None, [_about(path, problem, "save it as a file of UTF-8 text")]
    if not text.strip():
        return None, [_about(path, "is empty", "write the header, 'name' first")]
    text, first_line, named = _without_hint(text)
    separator = named or _separator(text, table)
    try:
        lines = list(_lines(text, separator, first_line))
    except csv.Error as error:
        remedy = f"close every quotation mark, and keep cells below {csv.field_size_limit():,} characters"
        return None, [_about(path, f"is no CSV ({error})", remedy)]
    header = [word.strip() for word in lines[0][1]]
    while header and not header[-1]:
        header.pop()
    width = len(header)
    body = [(line, row) for line, row in lines[1:] if any(cell.strip() for cell in row)]
    if table.name == "network":
        body = body or lines[1:2]  # settings that are all left empty are their defaults
    if column_of(table, header[0] if header else "") is None and width <= 1:
        return None, [_about(path, "starts with no header of this table", "write the header first, 'name' among it")]
    ragged = []
    for line, row in body:
        if len(row) < width or any(row[width:]):
            problem = f"has {len(row)} cells for {width} columns"
            ragged.append(_about(path, problem, f"put text with {_SEPARATORS[separator]} in quotation marks", line))
    rows = [(row + [""] * width)[:width] for _, row in body]
    read = _with_names(TextTable(header, rows, [line for line, _ in body]))
    doubtful = _doubtful(path, read, table) if separator == ";" else []
    return _with_points(read, table, separator), ragged + doubtful


def csv_of(header: Sequence[str], columns: Sequence[Sequence[str | float]]) -> str:
    r"""Return a table as text from which the same bits are read back; NaN is an empty cell.

    Args:
        header: names of the columns.
        columns: cells, (column, row).

    Example:
        >>> csv_of(["name", "loss"], [["A, B", "C"], [0.1, float("nan")]])
        'name,loss\n"A, B",0.1\nC,\n'
    """
    return "".join(",".join(map(_written, row)) + "\n" for row in [header, *zip(*columns, strict=True)])


def headers_of(table: Table, file: TextTable) -> dict[str, str]:
    """Return the first header of a file that means a column, by column; a header that means none stands for itself.

    Example:
        >>> from gasflow.network.schema import SCHEMA
        >>> headers_of(SCHEMA["pipes"], TextTable(["Name", "capacity_gw"], [], []))
        {'name': 'Name', 'capacity': 'capacity_gw'}
    """
    meant: dict[str, str] = {}
    for header in file.header:
        meant.setdefault(column_of(table, header) or header, header)
    return meant


def located(finding: Finding, file: TextTable | None, headers: Mapping[str, Mapping[str, str]]) -> Finding:
    """Return a finding about a table with the place in its file.

    Args:
        finding: the finding.
        file: the file of its table; none if it could not be read.
        headers: header by column, by table.

    Example:
        >>> fault = Finding("pipes", "A->B", "loss", 2.0, "", "is not below 1", "give less", position=0)
        >>> print(located(fault, TextTable(["name", "Loss"], [["A->B", "2"]], [7]), {"pipes": {"loss": "Loss"}}))
        pipes.csv, row 'line 7 (A->B)', column 'Loss': 2.0 is not below 1; give less.
    """
    if file is None:
        return finding
    row = finding.row
    if finding.position >= 0:
        row = f"line {file.lines[finding.position]} ({row})"
    header = headers[finding.table].get(finding.column, finding.column) if finding.column else ""
    return replace(finding, table=f"{finding.table}.csv", row=row, column=header)


def _decoded(content: bytes) -> str:
    return content.decode("utf-16" if content.startswith(_UTF16) else "utf-8-sig")


def _undecodable(error: UnicodeDecodeError) -> str:
    line = error.object.count(b"\n", 0, error.start) + 1
    return f"is not UTF-8 text: byte 0x{error.object[error.start]:02X} in line {line}"


def _without_hint(text: str) -> tuple[str, int, str]:
    """Return the text without the line ``sep=;`` that spreadsheets read; its first line; that sign."""
    first, mark, rest = text.partition("\n")
    hint = first.strip("\r\"' ").lower()
    if mark and hint.startswith("sep=") and hint[4:] in ("", "\\t", *_SEPARATORS):
        return rest, 2, {"": "\t", "\\t": "\t"}.get(hint[4:], hint[4:])
    return text, 1, ""


def _separator(text: str, table: Table) -> str:
    """Return the sign that splits the first line into the most headers that the table knows; a comma if none does."""

    def known(separator: str) -> int:
        try:
            header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
        except csv.Error:
            return 0
        return sum(column_of(table, word.strip()) is not None for word in header)

    return max(_SEPARATORS, key=known)


def _lines(text: str, separator: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Every line that holds something, with the number of its end."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    for row in reader:
        if row:
            yield reader.line_num + first_line - 1, row


def _with_names(read: TextTable) -> TextTable:
    """Without columns that hold nothing, and with a first column without a header dropped or named."""
    header = read.header
    cells = [[row[position] for row in read.rows] for position in range(len(header))]
    kept = [position for position, word in enumerate(header) if word or any(cells[position])]
    if kept and header[kept[0]].lower() in _COUNTERS:
        first = kept[0]
        if "name" not in map(str.lower, header) and all(cell.strip() for cell in cells[first]):
            header = [*header[:first], "name", *header[first + 1 :]]
        elif len({*cells[first]}) == len(read.rows) and all(map(_WHOLE.fullmatch, cells[first])):
            kept = kept[1:]
    rows = [[row[position] for position in kept] for row in read.rows]
    return TextTable([header[position] for position in kept], rows, read.lines)


def _with_points(read: TextTable, table: Table, separator: str) -> TextTable:
    """With points for decimal commas, if no number of the file has a point and commas are plainly not for thousands."""
    numeric = _numeric(read, table)
    numbers = [row[position].strip() for row in read.rows for position in numeric]
    commas = [number for number in numbers if _COMMA.fullmatch(number)]
    if not commas or any("." in number for number in numbers):
        return read
    if separator != ";" and all(map(_THOUSANDS.fullmatch, commas)):
        return read
    rows = [list(row) for row in read.rows]
    for row in rows:
        for position in numeric:
            if _COMMA.fullmatch(row[position].strip()):
                row[position] = row[position].replace(",", ".")
    return replace(read, rows=rows)


def _doubtful(path: Path, read: TextTable, table: Table) -> list[Finding]:
    """Warn of each column between semicolons whose points, or commas, could all be meant for thousands."""
    columns = {k: [row[k].strip() for row in read.rows] for k in _numeric(read, table)}
    signs = [sign for sign in ",." if any(sign in number for numbers in columns.values() for number in numbers)]
    if len(signs) != 1:
        return []
    findings = []
    for position, numbers in columns.items():
        marked = [number for number in numbers if signs[0] in number]
        if marked and all(number.count(signs[0]) == 1 and _THOUSANDS.fullmatch(number) for number in marked):
            plain = marked[0].replace(",", ".")
            problem = f"is read as {float(plain):g}, and could be meant in thousands"
            remedy = f"write {plain.replace('.', '')} if it is, or {float(plain):g} if it is not"
            where = read.header[position]
            findings.append(Finding(path.name, "", where, marked[0], "", problem, remedy, severity=Severity.WARNING))
    return findings


def _numeric(read: TextTable, table: Table) -> list[int]:
    """Positions of the columns of numbers."""
    kinds = {entry.name: entry.kind for entry in table.columns}
    return [k for k, word in enumerate(read.header) if kinds.get(column_of(table, word) or "") is Kind.NUMBER]


def _about(path: Path, problem: str, remedy: str, line: int = 0) -> Finding:
    return Finding(path.name, f"line {line}" if line else "", "", None, "", problem, remedy)


def _written(value: str | float) -> str:
    if not isinstance(value, str):
        return "" if value != value else repr(float(value))
    # Python 3.11's csv module leaves a lone carriage return unquoted, and reads it back as a new line.
    return f'"{value.replace(chr(34), chr(34) * 2)}"' if any(sign in value for sign in ',"\r\n') else value
