"""Five hundred hostile files and sixty hostile folders: each gives findings or a network, and never a traceback."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gasflow.errors import NetworkError, Severity
from gasflow.io.csv_folder import FILES, check_folder, read_csv_folder, write_csv_folder
from gasflow.io.csv_text import read_text_table
from gasflow.network import toys
from gasflow.network.schema import SCHEMA
from gasflow.network.tables import typed_table

Draw = np.random.Generator
Mutation = Callable[[Draw, bytes], bytes]
WORDS = [
    "", " ", "nan", "NaN", "inf", "-inf", "-0.0", "1e308", "1e-320", "1e999", "9" * 400, "٣", "1_0", "0x10", "1,5",
    "1.234,5", "None", "True", "\x1b[2J", "=HYPERLINK(1)", "@SUM", "'", '"', '""', "\r", "\n", "\0", ",", ";", "\t",
    "|", "->", "é", "e\u0301", "\u202e", "\ufeff", "\ud7ff", "😀", "2022-13-01", "2022-05-10T06:00", "name", "index",
    "RU", "scenario", "SK", "loss_percent", "capacity_gwh_per_day", "volume_mcm", "_gwh", "x" * 200_000, "sep=;",
    "../../etc", "#", "$x^2$", "[red]", "%s{}", "-1", "1e9",
]  # fmt: skip
ENCODINGS = ["utf-16", "utf-16-le", "utf-32", "utf-7", "utf-8-sig"]


def _at(draw: Draw, content: bytes) -> int:
    return int(draw.integers(0, len(content) + 1))


def _word(draw: Draw) -> bytes:
    return str(WORDS[draw.integers(len(WORDS))]).encode()


def _insert(draw: Draw, content: bytes) -> bytes:
    where = _at(draw, content)
    return content[:where] + _word(draw) + content[where:]


def _cell(draw: Draw, content: bytes) -> bytes:
    lines = content.split(b"\n")
    row = int(draw.integers(len(lines)))
    cells = lines[row].split(b",")
    cells[draw.integers(len(cells))] = _word(draw)
    lines[row] = b",".join(cells)
    return b"\n".join(lines)


def _noise(draw: Draw, content: bytes) -> bytes:
    where, length = _at(draw, content), int(draw.integers(0, 40))
    return content[:where] + draw.bytes(int(draw.integers(0, 30))) + content[where + length :]


def _flip(draw: Draw, content: bytes) -> bytes:
    flipped = bytearray(content)
    for where in draw.integers(0, len(content), 3):
        flipped[where] ^= 1 << int(draw.integers(8))
    return bytes(flipped)


def _lines(draw: Draw, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(lines[k] for k in draw.integers(0, len(lines), int(draw.integers(0, 2 * len(lines)))))


def _columns(draw: Draw, content: bytes) -> bytes:
    rows = [line.split(b",") for line in content.split(b"\n") if line]
    order = draw.integers(0, len(rows[0]), int(draw.integers(1, len(rows[0]) + 3)))
    return b"\n".join(b",".join(row[k] if k < len(row) else b"" for k in order) for row in rows)


def _signs(draw: Draw, content: bytes) -> bytes:
    signs = [b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b'"', b".", b" ", b"_", b"-", b"0"]
    one, other = draw.choice(len(signs), 2, replace=False)
    return content.replace(signs[one], signs[other])


def _encoded(draw: Draw, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(str(draw.choice(ENCODINGS)))


def _cut(draw: Draw, content: bytes) -> bytes:
    return content[: _at(draw, content)]


MUTATIONS: list[Mutation] = [_insert, _cell, _noise, _flip, _lines, _columns, _signs, _encoded, _cut]


def _hostile(draw: Draw, content: bytes) -> bytes:
    for _ in range(int(draw.integers(1, 4))):
        content = MUTATIONS[draw.integers(len(MUTATIONS))](draw, content or b"name\n")
    return content


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = write_csv_folder(toys.transit_hub(), tmp_path_factory.mktemp("sound") / "network")
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.mark.parametrize("seed", range(10))
def test_a_hostile_file_becomes_a_table_and_findings(seed: int, sound: dict[str, bytes], tmp_path: Path) -> None:
    draw = np.random.default_rng([3, seed])
    for number in range(50):
        name = str(draw.choice(FILES))
        table = SCHEMA[name.removesuffix(".csv")]
        path = tmp_path / f"{number}.csv"
        path.write_bytes(_hostile(draw, sound[name]))
        text, findings = read_text_table(path, table)
        if text is None:
            assert len(findings) == 1
            continue
        typed, found = typed_table(table, pd.DataFrame(text.rows, columns=text.header, dtype=object), from_text=True)
        assert tuple(typed.columns) == table.names
        assert all("\n" not in str(finding) and len(str(finding)) < 1000 for finding in [*findings, *found])


@pytest.mark.parametrize("seed", range(60))
def test_a_hostile_folder_gives_findings_or_a_network(seed: int, sound: dict[str, bytes], tmp_path: Path) -> None:
    draw = np.random.default_rng([4, seed])
    folder = tmp_path / "network"
    folder.mkdir()
    for name, content in sound.items():
        (folder / name).write_bytes(content)
    for name in draw.choice(FILES, int(draw.integers(1, 3)), replace=False):
        (folder / name).write_bytes(_hostile(draw, sound[name]))
    findings = check_folder(folder)
    assert all(finding.problem and finding.remedy and "\n" not in str(finding) for finding in findings)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    if any(finding.severity is Severity.ERROR for finding in findings):
        with pytest.raises(NetworkError):
            read_csv_folder(folder)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    elif not findings:
        network = read_csv_folder(folder)
        assert read_csv_folder(write_csv_folder(network, folder, overwrite=True)) == network


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_file_is_named(name: str, sound: dict[str, bytes], tmp_path: Path) -> None:
    for other, content in sound.items():
        (tmp_path / other).write_bytes(content)
    for make in (Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to(path)):
        (tmp_path / name).unlink()
        make(tmp_path / name)
        (finding,) = check_folder(tmp_path)
        assert finding.table == name
        if make is Path.mkdir:
            (tmp_path / name).rmdir()
            (tmp_path / name).write_bytes(b"")
