"""Interconnections: which countries a place lies between."""

from pathlib import Path

import pytest

from gasflow.errors import RawFileError
from gasflow.io.readers.entsog_points import POINT_COLUMNS
from tests.io.readers.raw import FILES, observed


def test_both_sides_of_a_point_are_places() -> None:
    reading = observed("entsog-points", FILES / "entsog_points.json")
    table = reading.table.set_index("place")
    assert list(reading.table.columns) == list(POINT_COLUMNS)
    assert table.loc["Beta Pass|Alpha Grid (AT)|exit", ["from_country", "to_country"]].tolist() == ["AT", "IT"]
    assert table.loc["Beta Pass|Gamma Net (IT)|entry", ["from_country", "to_country"]].tolist() == ["AT", "IT"]
    assert table.loc["Delta Terminal|Epsilon Grid|entry", "from_system"] == "LNG Terminals"
    assert table.loc["Delta Terminal|Epsilon Grid|entry", "from_country"] == "GR"
    assert [finding.column for finding in reading.findings] == ["isInvalid"]


def test_places_are_those_of_flows() -> None:
    places = set(observed("entsog", FILES / "entsog.csv").table["place"])
    assert places <= set(observed("entsog-points", FILES / "entsog_points.json").table["place"])


def test_doubts_are_named(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    head = "pointKey,pointLabel,fromCountryKey,toCountryKey,fromOperatorLabel,toOperatorLabel"
    file.write_text(f"{head}\nP,Beta,AT,IT,Alpha,\nP,Beta,AT,Q9,Alpha,\nP,,AT,IT,Alpha,\nP,Beta,AT,IT,,\n")
    reading = observed("entsog-points", file)
    assert reading.table["to_country"].tolist() == ["", "IT"]
    assert [finding.problem for finding in reading.findings] == [
        "is no country code",
        "is empty, too long or not printable",
        "and the other operator are empty",
        "lies between several pairs of countries",
    ]


def test_no_point_is_refused(tmp_path: Path) -> None:
    (tmp_path / "points.json").write_text('{"interconnections": []}')
    with pytest.raises(RawFileError, match="names no point"):
        observed("entsog-points", tmp_path / "points.json")
