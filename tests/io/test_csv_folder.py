import csv
import math
import string
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gasflow.errors import FolderError, NetworkError
from gasflow.io.csv_folder import FILES, check_folder, read_csv_folder, write_csv_folder
from gasflow.network import toys
from gasflow.network.columns import Kind
from gasflow.network.network import Network
from gasflow.network.schema import SCHEMA, TABLES

QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TOYS = [toys.two_nodes, toys.line, toys.triangle, toys.transit_hub, toys.belgium]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
AMOUNTS = st.floats(0.0, 1e9, allow_subnormal=True)


def _bits(network: Network) -> dict[str, bytes | list[str]]:
    cells: dict[str, bytes | list[str]] = {}
    for table, frame in network.tables.items():
        cells[table] = list(frame.index)
        for entry in SCHEMA[table].columns:
            series = frame[entry.name]
            cells[f"{table}.{entry.name}"] = series.to_numpy().tobytes() if entry.kind is Kind.NUMBER else list(series)
    return cells


@st.composite
def networks(draw) -> Network:
    hub = toys.transit_hub()
    tables = {table: getattr(hub, table) for table in TABLES}
    for table in TABLES:
        tables[table]["source"] = [draw(TEXTS) for _ in range(len(tables[table]))]
    tables["nodes"]["aliases"] = [draw(TEXTS) for _ in range(len(tables["nodes"]))]
    tables["nodes"]["statistical_difference"] = [draw(st.floats(-1e9, 1e9)) for _ in range(len(tables["nodes"]))]
    tables["pipes"]["capacity"] = [draw(AMOUNTS) for _ in range(len(tables["pipes"]))]
    tables["pipes"]["nominated"] = math.nan
    tables["pipes"]["booked"] = [draw(AMOUNTS | st.just(math.nan)) for _ in range(len(tables["pipes"]))]
    return hub.replace(**tables, price_floor=draw(st.floats(-500.0, 0.0)))


@pytest.mark.slow
@QUICK
@given(network=networks())
def test_writing_and_reading_is_the_identity(network: Network, tmp_path: Path) -> None:
    again = read_csv_folder(write_csv_folder(network, tmp_path / "network", overwrite=True))
    assert again == network
    assert _bits(again) == _bits(network)


@pytest.mark.parametrize("toy", TOYS)
def test_toys_come_back_bit_for_bit(toy, tmp_path: Path) -> None:
    assert _bits(read_csv_folder(write_csv_folder(toy(), tmp_path / "toy"))) == _bits(toy())


def test_an_empty_network_comes_back(tmp_path: Path) -> None:
    assert read_csv_folder(write_csv_folder(Network(), tmp_path)) == Network()


CELLS = [
    (name, row, column)
    for name, frame in toys.transit_hub().tables.items()
    for row in range(len(frame) + 1)
    for column in range(frame.shape[1] + 1)
]
NASTY = [
    "",
    "nan",
    "NaN",
    "inf",
    "-inf",
    "-0.0",
    "1e308",
    "1e-320",
    "1e999",
    "٣",
    "1_0",
    "0x10",
    " 5",
    "1,5",
    "None",
]
NASTY += [
    "True",
    "\x1b[2J",
    "=HYPERLINK()",
    "__import__('os')",
    '"',
    "'",
    "a\nb",
    "a\rb",
    ",",
    ";",
    "->",
    "2022-13-01",
]
NASTY += [
    "20220510",
    "name",
    "capacity_gwh_per_day",
    "volume_mcm",
    "_gwh",
    "loss",
    "RU",
    "SK",
    "contract",
    "9" * 400,
]
CORRUPTIONS = st.sampled_from(NASTY) | TEXTS | st.floats().map(repr) | st.text(string.printable, max_size=5)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = write_csv_folder(toys.transit_hub(), tmp_path_factory.mktemp("sound") / "network")
    return {name: (folder / name).read_bytes() for name in FILES}


def _folder(files: dict[str, bytes], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.slow
@settings(QUICK, max_examples=150)
@given(cell=st.sampled_from(CELLS), text=CORRUPTIONS)
def test_corrupting_any_cell_gives_a_finding_or_a_network(
    cell: tuple[str, int, int], text: str, sound: dict[str, bytes], tmp_path: Path
) -> None:
    table, row, column = cell
    rows = list(csv.reader(sound[f"{table}.csv"].decode().splitlines()))
    rows[row][column] = text
    lines = [",".join('"' + word.replace('"', '""') + '"' for word in words) + "\n" for words in rows]
    _check_or_read(_folder(sound | {f"{table}.csv": "".join(lines).encode()}, tmp_path / "network"))


@pytest.mark.slow
@settings(QUICK, max_examples=50)
@given(st.sampled_from(FILES), st.integers(0, 400), st.integers(0, 40), st.binary(max_size=20))
def test_corrupting_any_bytes_gives_a_finding_or_a_network(
    sound: dict[str, bytes], tmp_path: Path, name: str, start: int, length: int, noise: bytes
) -> None:
    content = sound[name][:start] + noise + sound[name][start + length :]
    _check_or_read(_folder(sound | {name: content}, tmp_path / "network"))


def _check_or_read(folder: Path) -> None:
    findings = check_folder(folder)
    if findings:
        assert all(finding.problem and finding.remedy and "\n" not in str(finding) for finding in findings)
        with pytest.raises(NetworkError):
            read_csv_folder(folder)
    else:
        network = read_csv_folder(folder)
        assert read_csv_folder(write_csv_folder(network, folder, overwrite=True)) == network


def test_other_units_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    folder = write_csv_folder(toys.two_nodes(), tmp_path / "network")
    text = "\ufeffname,origin,destination,capacity_mcm_per_day_20c,tariff_ct_per_kwh\r\nA->B,A,B,2,0.2\r\n"
    (folder / "pipes.csv").write_text(text, encoding="utf-8", newline="")
    pipe = read_csv_folder(folder).pipes.loc["A->B"]
    assert (pipe["capacity"], pipe["tariff"]) == (20.9, 2.0)


def test_findings_of_all_files_come_at_once_with_file_line_and_header(tmp_path: Path) -> None:
    folder = write_csv_folder(toys.transit_hub().with_node("RU", source="two\nlines"), tmp_path / "network")
    (folder / "storages.csv").unlink()
    (folder / "demands.csv").write_bytes("name\nVéry".encode("latin-1"))
    (folder / "pipes.csv").write_text((folder / "pipes.csv").read_text().replace(",340.0", ",many", 1))
    (folder / "supplies.csv").write_text('name,node,volume_gwh_per_day\n"RU,RU,1.0\n')
    found = {(finding.table, finding.column): finding for finding in check_folder(folder)}
    assert "is missing" in found["storages.csv", ""].problem
    assert "byte 0xE9 in line 2" in found["demands.csv", ""].problem
    assert "is no CSV" in found["supplies.csv", ""].problem
    assert found["pipes.csv", "capacity_gwh_per_day"].row == "line 2 (RU->Sokhranivka)"


def test_lines_are_counted_in_the_file_not_in_the_table(tmp_path: Path) -> None:
    network = toys.line().with_node("A", source="two\nlines")
    folder = write_csv_folder(network, tmp_path / "network")
    (folder / "nodes.csv").write_text((folder / "nodes.csv").read_text().replace("\nC,country,", "\nC,hole,"))
    assert [finding.row for finding in check_folder(folder)] == ["line 5 (C)"]


def test_ragged_rows_and_missing_settings_are_found(tmp_path: Path) -> None:
    folder = write_csv_folder(toys.line(), tmp_path / "network")
    (folder / "network.csv").write_text("name,date\n")
    (folder / "pipes.csv").write_text("name,origin,destination,capacity_gwh_per_day\nA->B,A,B,1,5\n")
    problems = [finding.problem for finding in check_folder(folder)]
    assert "has 0 rows" in problems
    assert "has 5 cells for 4 columns" in problems


def test_a_folder_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_csv_folder(toys.line(), tmp_path / "network")
    written = []

    def full_disk(path: Path, *_args: object, **_options: object) -> int:
        written.append(path)
        if len(written) == 3:
            raise OSError("no space left on device")
        return 0

    monkeypatch.setattr(Path, "write_text", full_disk)
    with pytest.raises(OSError, match="no space"):
        write_csv_folder(toys.belgium(), folder, overwrite=True)
    written.clear()
    with pytest.raises(OSError, match="no space"):
        write_csv_folder(toys.belgium(), tmp_path / "other")
    monkeypatch.undo()
    assert read_csv_folder(folder) == toys.line()
    assert [path.name for path in tmp_path.iterdir()] == ["network"]


def test_nothing_of_others_is_overwritten(tmp_path: Path) -> None:
    folder = write_csv_folder(toys.line(), tmp_path / "deep" / "network")
    with pytest.raises(FolderError, match="overwrite=True"):
        write_csv_folder(toys.belgium(), folder)
    (folder / "thesis.tex").write_text("years of work")
    with pytest.raises(FolderError, match=r"thesis\.tex"):
        write_csv_folder(toys.belgium(), folder, overwrite=True)
    with pytest.raises(FolderError, match="is a file"):
        write_csv_folder(toys.belgium(), folder / "thesis.tex")
    assert read_csv_folder(folder) == toys.line()


def test_numbers_are_written_with_all_their_digits(tmp_path: Path) -> None:
    capacity = np.nextafter(50.0, 51.0)
    folder = write_csv_folder(toys.two_nodes().with_pipe("A->B", capacity=capacity), tmp_path / "network")
    assert "50.00000000000001" in (folder / "pipes.csv").read_text()
    assert read_csv_folder(folder).pipes.loc["A->B", "capacity"] == capacity
