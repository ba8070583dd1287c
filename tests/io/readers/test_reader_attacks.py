"""Files made to hurt: none runs, grows, or ends in anything but a message."""

import shutil
import time
from pathlib import Path

import numpy as np
import pytest

import gasflow as gf
from gasflow.errors import GasflowError, RawFileError
from gasflow.io.readers import READERS, NetworkReading, read_raw
from gasflow.io.readers.literals import LiteralTextError, literal
from gasflow.io.readers.reading import Notes
from gasflow.io.readers.safe_xml import read_xml
from tests.io.readers.raw import FILES, observed

BOMB = """<?xml version="1.0"?>
<!DOCTYPE network [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>
<network>&c;</network>"""
OUTSIDE = '<!DOCTYPE network SYSTEM "file:///etc/passwd"><network/>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "declares a document type"),
        (OUTSIDE, "declares a document type"),
        ("<a>" * 100, "is nested too deeply"),
        ("<network>", "is no XML"),
        ("<network>&undefined;</network>", "is no XML"),
        ("\x00", "is no XML"),
    ],
)
def test_xml_is_elements_and_nothing_else(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "bomb.net").write_text(text)
    with pytest.raises(RawFileError, match=words):
        read_xml(tmp_path / "bomb.net", Notes("bomb.net"))


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch owned')", "{'a': open('x')}", "[x for x in (1,)]", "'a'.__class__", "lambda: 1",
        "(" * 5000, "[" * 100 + "]" * 100, "-" * 5000 + "1", "9**9**9", "'a' * 10**9", "1 if 1 else 2", "f'{1}'",
        "\x00", "{'a': 1", "9" * 5000, "[" + "1," * 60_000 + "]", "{[]: 1}", "\ud800",
    ],
)  # fmt: skip
def test_literals_are_never_run(text: str) -> None:
    with pytest.raises(LiteralTextError):
        literal(text)


def test_code_in_a_grid_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    findings = read_raw("scigrid", FILES / "scigrid").findings
    assert any(finding.column == "param" and "__import__" in str(finding.value) for finding in findings)
    assert not list(tmp_path.iterdir())


def _flows(*rows: str) -> str:
    head = "indicator,periodType,periodFrom,periodTo,operatorLabel,pointLabel,directionKey,unit,value"
    sound = "Physical Flow,day,2022-05-10,,Alpha,Beta,entry,kWh/d,1000000"
    return "\n".join([head, *rows, sound]) + "\n"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Physical Flow,day,2022-05-11,,Alpha,Be\x00ta,entry,kWh/d,1", "holds a null"),
        (f"Physical Flow,day,2022-05-11,,Alpha,{'x' * 200_000},entry,kWh/d,1", "is no row"),
        (f"Physical Flow,day,2022-05-11,,Alpha,{'x' * 2_000_000},entry,kWh/d,1", "has more than"),
        (f"Physical Flow,day,2022-05-11,,Alpha,{'x' * 120_000},entry,kWh/d,1", "too long"),
        ("Physical Flow,day,2022-05-11,,Alpha,\x1b[2J,entry,kWh/d,1", "not printable"),
        ("Physical Flow,day,2022-05-11,,Alpha,Beta,entry,kWh/d,1e400", "is too large"),
        ("Physical Flow,day,2022-05-11,,Alpha,Beta,entry,kWh/d,NaNs", "is not a number"),
        ("Physical Flow,day,99999-05-11,,Alpha,Beta,entry,kWh/d,1", "is not a date and time"),
        ("Physical Flow,day,0001-01-01T00:00:00+14:00,,Alpha,Beta,entry,kWh/d,1", "is not a date and time"),
        ("Physical Flow,week,2022-05-11,,Alpha,Beta,entry,kWh/d,1", "is neither day nor hour"),
        ("Physical Flow,day,2022-05-11,,Alpha,Beta,sideways,kWh/d,1", "is empty, unknown"),
        ("Physical Flow,day,2022-05-11,,Alpha,Beta,entry,therms,1", "is no unit of"),
        ("Physical Flow,day", "has not 9 cells"),
    ],
)
def test_a_hostile_row_is_left_out_and_the_next_one_read(row: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "flows.csv").write_text(_flows(row))
    reading = observed("entsog", tmp_path / "flows.csv")
    assert reading.table["value"].tolist() == [1.0]
    assert words in reading.findings[0].problem
    assert len(str(reading.findings[0])) < 400


@pytest.mark.parametrize("kind", [*READERS])
@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xef\xbb\xbf", b"\x00" * 1000, b"\xff\xfe", b"[" * 100_000, b"{}", b"[1, 2]", b'{"data": [NaN]}',
        b'{"data": [' + b"9" * 5000 + b"]}", b'"', b"a" * 2_000_000, b"\x89PNG\r\n", b"PK\x03\x04",
        b"cos\nsystem\n(S'ls'\n", b"date;value\n", b"<network/>", b'{"data": {"a": [], "b": []}}', b"1,2\n3,4\n",
    ],
)  # fmt: skip
def test_any_content_ends_in_a_message(kind: str, content: bytes, tmp_path: Path) -> None:
    file = tmp_path / ("A_Nodes.csv" if kind == "scigrid" else "file.net")
    file.write_bytes(content)
    if kind == "scigrid":
        (tmp_path / "A_PipeSegments.csv").write_bytes(content)
    start = time.monotonic()
    with pytest.raises(GasflowError) as caught:
        read_raw(kind, tmp_path if kind == "scigrid" else file)
    assert len(str(caught.value)) < 4000
    assert time.monotonic() - start < 10.0


@pytest.mark.parametrize("kind", [*READERS])
@pytest.mark.parametrize("path", ["no/such/file", "", "\x00", "x" * 5000])
def test_any_path_ends_in_a_message(kind: str, path: str) -> None:
    with pytest.raises(GasflowError):
        read_raw(kind, path)


WORDS = [
    b"", b"nan", b"-", b"1e999", b"1,5", b"1.234,5", b'"', b"\r", b"\n", b"\0", b",", b";", b"\t", b"|", b"\xff\xfe",
    b"\xc3", b"2022-13-01", b"99999", b"[", b"{", b"]", b"null", b":", b"<", b"&a;", b"<!DOCTYPE a>", b"open('x')",
    b"x" * 200_000, b"0001-01-01", b"9999-12-31", b"\xe2\x80\xae", b"\\ud800", b"utf-9",
]  # fmt: skip


def _mutated(draw: np.random.Generator, content: bytes) -> bytes:
    """Content with a few pieces put in, replaced or turned."""
    changed = bytearray(content)
    for _ in range(int(draw.integers(1, 5))):
        where, length = int(draw.integers(0, len(changed) + 1)), int(draw.integers(0, 2)) * int(draw.integers(0, 30))
        changed[where : where + length] = WORDS[int(draw.integers(len(WORDS)))]
        if changed and draw.random() < 0.3:
            changed[int(draw.integers(len(changed)))] ^= 1 << int(draw.integers(8))
    return bytes(changed)


SMALL = [
    ("entsog", "entsog.csv"), ("entsog", "entsog.json"), ("entsog-points", "entsog_points.json"), ("agsi", "agsi.json"),
    ("agsi", "agsi.csv"), ("alsi", "alsi.json"), ("eurostat", "nrg_cb_gasm.tsv"), ("eurostat", "nrg_cb_gasm.csv"),
    ("acer", "acer.csv"), ("eia", "eia_api.csv"), ("worldbank", "worldbank.csv"), ("scigrid", "scigrid"),
    ("gaslib", "gaslib"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), SMALL)
def test_a_spoilt_file_ends_in_a_table_or_a_message(kind: str, name: str, tmp_path: Path) -> None:
    for seed in range(40):
        draw = np.random.default_rng([7, seed])
        path = tmp_path / str(seed) / name
        if (FILES / name).is_dir():
            shutil.copytree(FILES / name, path)
            spoilt = sorted(path.iterdir())[int(draw.integers(len([*path.iterdir()])))]
        else:
            path.parent.mkdir()
            spoilt = Path(shutil.copy(FILES / name, path))
        spoilt.write_bytes(_mutated(draw, spoilt.read_bytes()))
        try:
            reading = read_raw(kind, path)
        except GasflowError:
            continue
        if isinstance(reading, NetworkReading):
            gf.Network(**reading.tables)
        else:
            assert not reading.table.isna().any(axis=None)


def test_xml_and_json_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gasflow.io.readers.safe_xml.LARGEST_XML", 10)
    monkeypatch.setattr("gasflow.io.readers.records.LARGEST_JSON", 10)
    for kind, name in (("gaslib", "gaslib"), ("agsi", "agsi.json")):
        with pytest.raises(RawFileError, match="is larger than"):
            read_raw(kind, FILES / name)
