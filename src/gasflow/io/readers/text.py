"""Text files a line at a time, in bounded memory: encoding, separator and decimal sign as found, oddities noted."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from gasflow.io.readers.number_text import has_decimal_comma
from gasflow.io.readers.reading import Notes

LONGEST_LINE = 1_000_000
_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_SEPARATORS = (",", ";", "\t")
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WRITE_AS_TEXT = "save it as a file of UTF-8 text"


@dataclass(frozen=True)
class Rows:
    """The lines of a file as cells.

    Attributes:
        lines: number of each line in the file and its cells, without blanks around; blank lines are skipped.
        decimal_comma: whether its numbers have commas for decimals.
    """

    lines: Iterator[tuple[int, list[str]]]
    decimal_comma: bool


def is_json(path: Path, notes: Notes) -> bool:
    """Whether a file starts as JSON does.

    Raises:
        RawFileError: if it cannot be read, or is empty.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "storage.json"
        ...     _ = file.write_text('{"data": []}')
        ...     is_json(file, Notes("storage.json"))
        True
    """
    start = _head(path, notes).lstrip(b"\xef\xbb\xbf \t\r\n")
    return start[:1] in (b"{", b"[")


def open_rows(path: Path, notes: Notes, separator: str | None = None) -> Rows:
    r"""Return the rows of a delimited text file; no more than a few lines are held at a time.

    Args:
        path: the file.
        notes: where oddities go.
        separator: what separates cells; None: a comma, a semicolon or a tab, whichever the first lines have most.

    Raises:
        RawFileError: if it cannot be read or is empty.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "prices.csv"
        ...     _ = file.write_bytes("date;price\r\n2022-05-10;98,5\r\n".encode())
        ...     rows = open_rows(file, Notes(file.name))
        ...     rows.decimal_comma, list(rows.lines)
        (True, [(1, ['date', 'price']), (2, ['2022-05-10', '98,5'])])
    """
    head = _head(path, notes)
    encoding = _encoding(path, head, notes)
    sample = head.decode(encoding, errors="ignore")
    sign = separator or _separator(sample)
    return Rows(_lines(path, encoding, sign, notes), _decimal_comma(sample, sign))


def _head(path: Path, notes: Notes) -> bytes:
    try:
        if not path.is_file():
            raise notes.refuse("is not a file", "give the path of a downloaded file")
        with path.open("rb") as stream:
            head = stream.read(_SAMPLE)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise notes.refuse(f"cannot be read ({reason})", _WRITE_AS_TEXT) from None
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise notes.refuse("is empty", "download it again")
    return head


def _encoding(path: Path, head: bytes, notes: Notes) -> str:
    for mark, name in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        notes.add(0, "", None, "is not UTF-8 text", "it is read as Latin-1")
        return "latin-1"
    return "utf-8"


def _separator(sample: str) -> str:
    """Return the sign that most of the first lines have, outside quotation marks."""
    bare = re.sub(r'"[^"]*"', "", sample)
    lines = bare.splitlines()[:20]
    return max(_SEPARATORS, key=lambda sign: (sum(sign in line for line in lines), bare.count(sign)))


def _decimal_comma(sample: str, separator: str) -> bool:
    lines = sample.splitlines()
    whole = lines[:-1] if len(sample) >= _SAMPLE // 4 and len(lines) > 1 else lines
    try:
        rows = list(csv.reader(whole, delimiter=separator))
    except csv.Error:
        return False
    return has_decimal_comma([word for row in rows for cell in row for word in cell.split()[:1]], separator)


def _lines(path: Path, encoding: str, separator: str, notes: Notes) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        reader = csv.reader(_bounded(stream, notes), delimiter=separator)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                notes.add(reader.line_num, "", None, f"is no row ({error})", "the line is left out")
                continue
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield reader.line_num, stripped


def _bounded(stream: TextIO | io.TextIOBase, notes: Notes) -> Iterator[str]:
    """Yield lines; of one that is too long or holds a null nothing but its end is left."""
    for number in itertools.count(1):
        line = stream.readline(LONGEST_LINE)
        if not line:
            return
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            notes.add(number, "", None, f"has more than {LONGEST_LINE:,} characters", "the line is left out")
            while line and not line.endswith(("\n", "\r")):
                line = stream.readline(LONGEST_LINE)
            line = "\n"
        elif "\x00" in line:
            notes.add(number, "", None, "holds a null", "the line is left out")
            line = "\n"
        yield line
