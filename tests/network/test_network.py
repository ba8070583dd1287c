import copy
import dataclasses
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from gasflow.errors import GasflowError, NetworkError, UnknownPlace
from gasflow.network import toys
from gasflow.network.columns import Kind
from gasflow.network.network import Network
from gasflow.network.schema import SCHEMA, TABLES

TOYS = [toys.two_nodes, toys.line, toys.triangle, toys.transit_hub, toys.belgium]


@pytest.mark.parametrize("toy", TOYS)
def test_tables_have_the_columns_and_types_of_the_schema(toy) -> None:
    tables = toy().tables
    assert list(tables) == list(SCHEMA)
    for name, frame in tables.items():
        assert tuple(frame.columns) == SCHEMA[name].names
        assert frame.index.name == "name"
        for entry in SCHEMA[name].columns:
            assert frame[entry.name].dtype == (np.float64 if entry.kind is Kind.NUMBER else object)


@pytest.mark.parametrize("toy", TOYS)
def test_copies_are_equal_and_hash_alike(toy) -> None:
    network = toy()
    for other in (toy(), copy.deepcopy(network), pickle.loads(pickle.dumps(network)), network.replace()):  # noqa: S301
        assert other == network
        assert hash(other) == hash(network)


def test_nobody_can_change_a_network() -> None:
    network, same = toys.two_nodes(), toys.two_nodes()
    pipes, tables = network.pipes, network.tables
    pipes.loc["A->B", "capacity"] = 0.0
    pipes["tariff"] = 7.0
    del tables["nodes"], tables["pipes"]["origin"]
    assert network == same
    with pytest.raises(dataclasses.FrozenInstanceError):
        network.pipes = same.pipes
    with pytest.raises(dataclasses.FrozenInstanceError):
        network.date = "2022-05-10"


def test_a_network_does_not_change_with_the_frames_it_was_built_from() -> None:
    nodes = pd.DataFrame({"name": ["A"], "latitude": [50.0]}).set_index("name")
    network = Network(nodes)
    nodes.loc["A", "latitude"] = 0.0
    assert network.nodes.loc["A", "latitude"] == 50.0


def test_every_value_counts_for_equality() -> None:
    network = toys.two_nodes()
    assert network != network.with_pipe("A->B", capacity=50.0 + 1e-13)
    assert network != network.replace(date="2022-05-10")
    assert network != network.replace(value_of_lost_load=2999.0)
    assert network != network.with_node("A", source="elsewhere")
    assert network != "two nodes"


def test_with_changes_the_given_cells_of_a_row_and_keeps_its_place() -> None:
    network = toys.transit_hub()
    changed = network.with_pipe("RU->Sudzha", nominated_mcm_per_day_20c=10.0)
    assert changed.pipes.index.tolist() == network.pipes.index.tolist()
    assert changed.pipes.loc["RU->Sudzha", "nominated"] == 104.5
    assert changed.pipes.loc["RU->Sudzha", "booked"] == 806.0
    assert changed.with_pipe("RU->Sudzha", nominated=752.0) == network


def test_with_adds_a_row_with_defaults() -> None:
    row = toys.two_nodes().with_node("C").nodes.loc["C"]
    assert (row["kind"], row["group"], row["statistical_difference"]) == ("country", "other", 0.0)


def test_with_reports_a_missing_and_a_mistyped_column() -> None:
    with pytest.raises(NetworkError) as caught:
        toys.two_nodes().with_pipe("B->A", origin="B", destination="A", capcity=3.0)
    assert "did you mean 'capacity_gwh_per_day'" in str(caught.value)
    assert "is missing" in str(caught.value)


def test_without_takes_along_what_hangs_on_the_row() -> None:
    network = toys.transit_hub().without("nodes", "Sokhranivka")
    assert not network.pipes[["origin", "destination"]].isin(["Sokhranivka"]).any(axis=None)
    assert "RU via Sokhranivka" not in network.supplies.index
    assert "RU via Sudzha" in network.supplies.index
    with pytest.raises(UnknownPlace, match="Sudzha"):
        network.without("nodes", "Suzha")
    with pytest.raises(GasflowError, match="no table"):
        network.without("hubs", "TTF")


def test_units_in_headers_are_converted() -> None:
    pipes = pd.DataFrame(
        {
            "name": ["A->B"],
            "origin": ["A"],
            "destination": ["B"],
            "capacity_mcm_per_day_20c": [2],
            "loss_percent": [1],
        }
    )
    network = Network(pd.DataFrame({"name": ["A", "B"]}), pipes)
    assert network.pipes.loc["A->B", ["capacity", "loss"]].tolist() == [20.9, 0.01]


def test_country_codes_are_kept_in_one_spelling() -> None:
    nodes = pd.DataFrame({"name": ["a", "b", "c", "d"], "country": ["EL", "GB", "GR", "UK"]})
    assert Network(nodes).nodes["country"].tolist() == ["GR", "UK", "GR", "UK"]


def test_pandas_strings_dates_and_missing_values_are_understood() -> None:
    nodes = pd.DataFrame({"name": ["A", "B"], "source": pd.array(["x", None], dtype="string")})
    pipe = {"name": "A->B", "origin": "A", "destination": "B", "capacity": np.int32(5), "booked": pd.NA}
    days = {"first_day": pd.Timestamp("2022-10-01"), "last_day": pd.NaT}
    network = Network(nodes, pd.DataFrame([pipe | days]))
    assert network.nodes["source"].tolist() == ["x", ""]
    assert network.pipes.loc["A->B", ["first_day", "last_day"]].tolist() == ["2022-10-01", ""]
    assert np.isnan(network.pipes.loc["A->B", "booked"])


def test_a_table_that_is_no_frame_is_refused() -> None:
    with pytest.raises(TypeError, match="nodes must be a pandas DataFrame"):
        Network({"name": ["A"]})


def test_all_findings_of_all_tables_come_at_once() -> None:
    network = toys.transit_hub()
    tables = {table: getattr(network, table) for table in TABLES}
    tables["nodes"].loc["SK", "country"] = "XX"
    tables["pipes"].loc["RU->Sudzha", "capacity"] = -1.0
    tables["storages"].loc["SK store", "level"] = 1e6
    tables["demands"]["sector"] = "steel"
    with pytest.raises(NetworkError) as caught:
        network.replace(**tables, date="10 May 2022", value_of_lost_load="high")
    found = {(finding.table, finding.column) for finding in caught.value.findings}
    assert found >= {
        ("nodes", "country"),
        ("pipes", "capacity"),
        ("storages", "level"),
        ("demands", "sector"),
    }
    assert found >= {("network", "date"), ("network", "value_of_lost_load")}


def test_repr_counts_and_html_is_escaped() -> None:
    network = toys.line().replace(name="<script>alert(1)</script>")
    assert "3 nodes, 2 pipes, 1 supply" in repr(network)
    assert "<script>" not in network._repr_html_()


def test_belgium_costs_what_was_published() -> None:
    # Cheap sources run full, so the rest is 2.28: the optimum without a solver.
    network = toys.belgium()
    cheap = network.supplies[network.supplies["cost"] < 2.28]
    rest = network.demands["volume"].sum() - cheap["volume"].sum()
    assert (cheap["cost"] * cheap["volume"]).sum() + 2.28 * rest == pytest.approx(89.08584, abs=1e-9)


def test_importing_the_network_is_light() -> None:
    code = "import sys, gasflow.network.toys, gasflow.io.csv_folder; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout  # noqa: S603
    assert not {"scipy", "numba", "clarabel", "matplotlib", "dask", "xarray"} & set(modules.split())
