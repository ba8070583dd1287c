"""SciGRID_gas and GasLib: networks that build, pass their checks and solve."""

import shutil
from pathlib import Path

import pytest

import gasflow as gf
from gasflow.errors import RawFileError, Severity
from gasflow.io.readers import NetworkReading, read_raw
from gasflow.io.readers.gaslib import read_gaslib
from gasflow.io.readers.network_tables import Assumptions, NetworkTables
from gasflow.io.readers.reading import Notes
from gasflow.io.readers.scigrid import read_scigrid
from tests.io.readers.raw import FILES


def _network(reading: object) -> gf.Network:
    assert isinstance(reading, NetworkReading)
    return gf.Network(**reading.tables)


@pytest.mark.parametrize("kind", ["scigrid", "gaslib"])
def test_networks_build_and_solve(kind: str) -> None:
    reading = read_raw(kind, FILES / kind)
    network = _network(reading)
    assert all(finding.severity is Severity.WARNING for finding in reading.findings)
    results = gf.simulate(network)
    assert set(results.certificate["status"]) == {"optimal"}
    assert results.demand.to_numpy().sum() > 0.0


def test_pipes_of_a_grid_with_their_methods() -> None:
    pipes = _network(read_raw("scigrid", FILES / "scigrid")).pipes
    assert pipes.index.tolist() == ["PL_1", "PL_1 (back)", "PL_2", "PL_2 (2)"]
    assert pipes.loc["PL_1", "capacity"] == pytest.approx(gf.units.convert(10.0, "mcm_per_day_0c", "gwh_per_day"))
    assert "max_cap_M_m3_per_d by Lasso" in pipes.loc["PL_1", "source"]
    assert "by" not in pipes.loc["PL_2", "source"]
    assert pipes.loc["PL_1", "tariff"] == pytest.approx(0.15)


def test_supplies_consumers_and_stores_of_a_grid() -> None:
    network = _network(read_raw("scigrid", FILES / "scigrid"))
    assert network.supplies.index.tolist() == ["Prod_1", "LG_1", "BP_1"]
    assert network.supplies.loc["BP_1", "exporter"] == "RU"
    assert network.demands.index.tolist() == ["CS_1", "CS_2"]
    assert network.storages.loc["SR_1", "level"] == pytest.approx(0.5 * network.storages.loc["SR_1", "volume"])
    island = gf.simulate(network).unserved
    assert float(island["N_5"].iloc[0]) == pytest.approx(network.demands.loc["CS_2", "volume"])


def test_what_a_grid_gets_wrong_is_found() -> None:
    found = {finding.problem for finding in read_raw("scigrid", FILES / "scigrid").findings}
    for words in (
        "is both ends of a pipe", "is the name of another row", "is the name of an earlier row", "is no node",
        "is no number from 0 up", "is not a list or a record of plain values", "is out of reach of every supply",
    ):  # fmt: skip
        assert words in found, words


def test_assumptions_are_the_user_s() -> None:
    reading = read_scigrid(FILES / "scigrid", Assumptions(production_cost=7.0, level_share=0.25))
    assert reading.tables["supplies"]["cost"].tolist() == [7.0, 30.0, 30.0]


def test_a_folder_without_pipes_or_with_two_data_sets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RawFileError, match="is no folder"):
        read_scigrid(tmp_path / "nowhere")
    shutil.copy(FILES / "scigrid" / "IGGIELGN_Nodes.csv", tmp_path / "A_Nodes.csv")
    with pytest.raises(RawFileError, match="holds no file that ends in _PipeSegments"):
        read_scigrid(tmp_path)
    shutil.copy(FILES / "scigrid" / "IGGIELGN_Nodes.csv", tmp_path / "B_Nodes.csv")
    with pytest.raises(RawFileError, match="holds 2 files of Nodes"):
        read_scigrid(tmp_path)


def test_a_nomination_of_a_library() -> None:
    network = _network(read_raw("gaslib", FILES / "gaslib" / "small.net"))
    # 300,000 cubic metres an hour of 39.6 MJ, which are 11 kWh.
    assert network.supplies.loc["entry1", "minimum"] == pytest.approx(79.2)
    assert network.demands.loc["exit1", "volume"] == pytest.approx(79.2)
    assert network.pipes.index.tolist() == ["pipe1", "pipe1 (back)", "CS1", "N1 (pipe)"]
    assert network.pipes.loc["CS1", "capacity"] == pytest.approx(290.4)
    assert gf.simulate(network).unserved.to_numpy().sum() == pytest.approx(0.0, abs=1e-6)


def test_a_stated_calorific_value_scales_everything() -> None:
    tables = read_gaslib(FILES / "gaslib" / "small.scn", calorific_value=5.5).tables
    assert tables["demands"]["volume"].tolist() == pytest.approx([39.6])


def test_without_a_nomination_limits_are_taken(tmp_path: Path) -> None:
    shutil.copy(FILES / "gaslib" / "small.net", tmp_path / "alone.net")
    reading = read_gaslib(tmp_path)
    assert reading.tables["supplies"]["volume"].tolist() == pytest.approx([132.0])
    assert reading.tables["demands"]["volume"].tolist() == pytest.approx([105.6])
    assert any("has no nomination" in finding.problem for finding in reading.findings)
    shutil.copy(FILES / "gaslib" / "small.net", tmp_path / "another.net")
    with pytest.raises(RawFileError, match="holds 2 files"):
        read_gaslib(tmp_path)


def test_odd_nominations_are_left_out(tmp_path: Path) -> None:
    shutil.copy(FILES / "gaslib" / "small.net", tmp_path / "small.net")
    flow = '<flow bound="{}" value="{}" unit="1000m_cube_per_hour"/>'
    nodes = [
        f'<node type="entry" id="entry1">{flow.format("lower", 5)}{flow.format("upper", 2)}</node>',
        f'<node type="exit" id="exit1">{flow.format("lower", 5)}</node>',
        f'<node type="leak" id="exit1">{flow.format("upper", "much")}</node>',
    ]
    (tmp_path / "small.scn").write_text(f"<boundaryValue><scenario>{''.join(nodes)}</scenario></boundaryValue>")
    reading = read_gaslib(tmp_path)
    assert reading.tables["supplies"].empty
    assert reading.tables["demands"].empty


def _grid(folder: Path, pipes: str, stores: str = "") -> Path:
    head = "id;name;node_id;lat;long;country_code;param;method"
    nodes = "A;A;['A'];48;16;AT;{};{}\nB;B;['B'];x;400;XX;{};{}\nA\u202e;C;['C'];;;;;"
    for kind, rows in (("Nodes", nodes), ("PipeSegments", pipes), ("Storages", stores)):
        (folder / f"X_{kind}.csv").write_text(f"{head}\n{rows}\n", encoding="utf-8")
    return folder


def test_odd_rows_of_a_grid_are_left_out(tmp_path: Path) -> None:
    flow = "{'max_cap_M_m3_per_d': 1.0}"
    pipes = [
        f"p1;;['A', 'B'];;;;{flow};{{}}",
        f"p2;;['A'];;;;{flow};{{}}",
        f"p3;;['A', open('x')];;;;{flow};{{}}",
        "p4;;['A', 'B'];;;;{'max_cap_M_m3_per_d': 0};{}",
        "p5;;['A', 'B'];;;;{'max_cap_M_m3_per_d': 1e12};{}",
        "p6;;['A', 'B'];;;;;",
        "p7;;['A', 'B'];;;;[1, 2];{}",
        f"A;;['A', 'B'];;;;{flow};{{}}",
    ]
    figures = "{'max_workingGas_M_m3': 1, 'max_cap_pipe2store_M_m3_per_d': 1, 'max_cap_store2pipe_M_m3_per_d': 1}"
    stores = (
        f"s1;;['A'];;;;{figures};{{}}\ns2;;['A', 'B'];;;;{figures};{{}}\ns3;;['A'];;;;{{}};{{}}\ns4;;A;;;;{figures};"
    )
    network = _network(read_scigrid(_grid(tmp_path, "\n".join(pipes), stores)))
    assert network.nodes.index.tolist() == ["A", "B"]
    assert network.nodes["latitude"].isna().tolist() == [False, True]
    assert network.pipes.index.tolist() == ["p1", "A (pipe)"]
    assert network.storages.index.tolist() == ["s1", "s4"]


def test_odd_elements_of_a_library_are_left_out(tmp_path: Path) -> None:
    flow = '<flowMax value="1" unit="1000m_cube_per_hour"/>'
    inner = f'<pipe id="p" from="A" to="B">{flow}</pipe><ferry id="f" from="A" to="B">{flow}</ferry>'
    nodes = '<source id="A" geoWGS84Lat="north"/><sink id="B"/>'
    (tmp_path / "odd.net").write_text(f"<n><nodes>{nodes}</nodes><connections>{inner}</connections></n>")
    (tmp_path / "odd.scn").write_text('<b><scenario><node id="B" type="exit"><pressure/></node></scenario></b>')
    reading = read_gaslib(tmp_path / "odd.net")
    assert reading.tables["pipes"]["name"].tolist() == ["p"]
    assert {finding.problem for finding in reading.findings} >= {
        "is no kind of connection",
        "is neither entry nor exit, or has no upper flow",
    }
    assert any("that of Russian gas" in finding.remedy for finding in reading.findings)


def test_tables_that_make_no_network_are_refused() -> None:
    tables = NetworkTables(Notes("grid"))
    tables.add("nodes", "A", {"kind": "castle"}, 0)
    with pytest.raises(RawFileError, match="makes no network"):
        tables.reading()
