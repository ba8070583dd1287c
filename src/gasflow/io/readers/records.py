"""Records by the names of their fields, from CSV or JSON alike, whatever the case and the blanks of the names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gasflow.io.readers.reading import Notes
from gasflow.io.readers.text import is_json, open_rows

LARGEST_JSON = 128 << 20
_LONGEST_CELL = 100_000
Record = Mapping[str, str]


@dataclass(frozen=True)
class Records:
    """Records of a file.

    Attributes:
        rows: number of the line (of a JSON record its position, counted from 1) and text by `field_name`.
        decimal_comma: whether its numbers have commas for decimals.
    """

    rows: Iterator[tuple[int, Record]]
    decimal_comma: bool


def field_name(header: str) -> str:
    """Return a name without case, blanks and signs.

    Example:
        >>> field_name("Gas Day Start"), field_name("gasDayStart")
        ('gasdaystart', 'gasdaystart')
    """
    return re.sub(r"[^0-9a-z]", "", header.casefold())


def read_records(path: Path, notes: Notes, needed: Sequence[str]) -> Records:
    r"""Return the records of a CSV or JSON file.

    Args:
        path: the file; JSON of at most 128 MiB, which is held whole.
        notes: where oddities go.
        needed: fields that every record must have, as the source spells them.

    Raises:
        RawFileError: if the file cannot be understood, or lacks one of the fields.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "points.csv"
        ...     _ = file.write_text("pointKey,pointLabel\nITP-1,Alpha\n")
        ...     list(read_records(file, Notes("points.csv"), ["pointKey"]).rows)
        [(2, {'pointkey': 'ITP-1', 'pointlabel': 'Alpha'})]
    """
    if is_json(path, notes):
        listed = json_records(read_json(path, notes), notes)
        return Records(_of_json(listed, needed, notes), decimal_comma=False)
    rows = open_rows(path, notes)
    header = next(rows.lines, (0, []))[1]
    names = [field_name(word) for word in header]
    if missing := [word for word in needed if field_name(word) not in names]:
        raise notes.refuse(f"has no column {', '.join(missing)}", "download it with all its columns")
    return Records(_of_rows(names, rows.lines, notes), rows.decimal_comma)


def read_json(path: Path, notes: Notes) -> Any:
    """Return what a JSON file of at most 128 MiB holds.

    Raises:
        RawFileError: if it is larger, is no JSON, or is nested beyond reason.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "storage.json"
        ...     _ = file.write_text('{"data": [1]}')
        ...     read_json(file, Notes("storage.json"))
        {'data': [1]}
    """
    if path.stat().st_size > LARGEST_JSON:
        raise notes.refuse(f"is larger than {LARGEST_JSON >> 20} MiB", "download fewer days at a time, or CSV")
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_no_number)
    except RecursionError:
        raise notes.refuse("is nested too deeply", "download it again") from None
    except ValueError as error:
        raise notes.refuse(f"is no JSON ({error})", "download it again") from None


def json_records(content: Any, notes: Notes) -> list[Any]:
    """Return the list of records: the content itself, or the one list that its object holds.

    Raises:
        RawFileError: if there is no such list.

    Example:
        >>> json_records({"meta": {"count": 1}, "operationaldata": [{"id": "a"}]}, Notes("flows.json"))
        [{'id': 'a'}]
    """
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        if len(lists) == 1:
            return lists[0]
        raise notes.refuse(f"holds {len(lists)} lists where one is expected", "download it again")
    if isinstance(content, list):
        return content
    raise notes.refuse("holds no list of records", "download it again")


def as_text(value: object) -> str:
    """Return a value of JSON as a cell of a table would have it.

    Example:
        >>> as_text(None), as_text(1.5), as_text(" a "), as_text(True)
        ('', '1.5', 'a', 'true')
    """
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def unreadable(text: str) -> bool:
    r"""Whether a text is too long, or holds what cannot be printed.

    Example:
        >>> unreadable("Velké Kapušany"), unreadable("a\x00b"), unreadable("x" * 200_000)
        (False, True, True)
    """
    return len(text) > _LONGEST_CELL or not text.isprintable()


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _of_rows(
    names: Sequence[str], lines: Iterable[tuple[int, list[str]]], notes: Notes
) -> Iterator[tuple[int, Record]]:
    for line, cells in lines:
        if len(cells) < len(names) or any(cells[len(names) :]):
            problem = f"has not {len(names)} cells, as the header has"
            notes.add(line, "", len(cells), problem, "the line is left out")
            continue
        yield line, dict(zip(names, cells, strict=False))


def _of_json(listed: Sequence[Any], needed: Sequence[str], notes: Notes) -> Iterator[tuple[int, Record]]:
    wanted = [(word, field_name(word)) for word in needed]
    for position, entry in enumerate(listed, 1):
        if not isinstance(entry, dict):
            notes.add(position, "", None, "is no record", "it is left out")
            continue
        record = {field_name(str(key)): as_text(value) for key, value in entry.items()}
        if missing := [word for word, name in wanted if name not in record]:
            notes.add(position, missing[0], None, "is missing", "the record is left out")
            continue
        yield position, record
