"""Storage and LNG inventories: nested places, units, missing numbers, levels above full."""

import json
from pathlib import Path

import pytest

from gasflow.errors import RawFileError
from tests.io.readers.raw import FILES, observed, problems, values


def test_storage_by_country_company_and_facility() -> None:
    reading = observed("agsi", FILES / "agsi.json")
    found = values(reading.table)
    day = "2022-05-10"
    assert found[day, "AT", "gas_in_storage"] == 21500.0
    assert found[day, "AT", "working_volume"] == 95500.0
    assert found[day, "AT", "injection"] == 310.2
    assert found[day, "AT|Alpha Storage|VGS North", "gas_in_storage"] == 11000.0
    assert found[day, "GB*", "full"] == 18.1
    assert (day, "AT", "injection_capacity") not in found
    assert (day, "NE", "gas_in_storage") not in found


def test_nothing_is_counted_twice() -> None:
    table = observed("agsi", FILES / "agsi.json").table
    assert not table.duplicated(["date", "place", "quantity"]).any()
    countries = table[~table["place"].str.contains("|", regex=False) & (table["quantity"] == "gas_in_storage")]
    assert countries["place"].tolist() == ["AT", "EU", "GB*"]


def test_a_level_above_full_is_cut_and_said() -> None:
    reading = observed("agsi", FILES / "agsi.json")
    assert values(reading.table)["2022-05-10", "AT|Alpha Storage", "full"] == 100.0
    assert problems(reading) == ["line 1 full: is above 100 %"]


def test_a_plain_list_is_the_same(tmp_path: Path) -> None:
    content = json.loads((FILES / "agsi.json").read_text())["data"]
    (tmp_path / "agsi.json").write_text(json.dumps(content), encoding="utf-8-sig")
    assert observed("agsi", tmp_path / "agsi.json").table.equals(observed("agsi", FILES / "agsi.json").table)


def test_csv_of_the_website_has_decimal_commas() -> None:
    reading = observed("agsi", FILES / "agsi.csv")
    assert values(reading.table)["2022-05-11", "AT", "injection"] == 1310.2
    assert values(reading.table)["2022-05-10", "AT", "gas_in_storage"] == 21500.0
    assert problems(reading) == ["line 3 withdrawal: is not a number"]


def test_flat_records_of_a_company_and_a_facility_find_their_country(tmp_path: Path) -> None:
    day = {"gasDayStart": "2022-05-10", "gasInStorage": "1"}
    company = {"name": "Alpha Storage", "code": "21X-A", "url": "21X-A/AT", **day}
    facility = {"name": "VGS North", "code": "21W-B", "url": "21W-B/AT/21X-A", **day}
    (tmp_path / "flat.json").write_text(json.dumps([company, facility]))
    places = observed("agsi", tmp_path / "flat.json").table["place"].tolist()
    assert places == ["AT|21X-A|VGS North", "AT|Alpha Storage"]


def test_terminals_in_energy_and_volume() -> None:
    found = values(observed("alsi", FILES / "alsi.json").table)
    day = "2022-05-10"
    assert found[day, "ES", "lng_inventory"] == 12100.0
    assert found[day, "ES", "lng_inventory_volume"] == 1800.5
    assert found[day, "ES", "lng_tank_size"] == 22100.0
    assert found[day, "ES", "send_out_capacity"] == 1910.0
    assert found[day, "ES|Zeta LNG|Theta Terminal", "send_out"] == 100.0
    assert (day, "ES|Zeta LNG|Eta Terminal", "send_out") not in found
    assert found[day, "EU", "lng_inventory"] == 32884.97


def test_terminals_in_csv() -> None:
    found = values(observed("alsi", FILES / "alsi.csv").table)
    assert found["2022-05-10", "ES", "lng_inventory"] == 12100.0
    assert found["2022-05-10", "ES", "send_out"] == 343.8


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ({"code": "AT", "gasDayStart": "tomorrow", "gasInStorage": "1"}, "is not a day"),
        ({"code": "", "name": "", "gasDayStart": "2022-05-10", "gasInStorage": "1"}, "is empty"),
        ("AT", "is no record"),
    ],
)
def test_odd_records_are_left_out(tmp_path: Path, record: object, problem: str) -> None:
    sound = {"code": "DK", "gasDayStart": "2022-05-10", "gasInStorage": "1"}
    (tmp_path / "odd.json").write_text(json.dumps([sound, record]))
    reading = observed("agsi", tmp_path / "odd.json")
    assert reading.table["place"].tolist() == ["DK"]
    assert problem in reading.findings[0].problem


def test_an_unknown_unit_is_said(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("code,Gas Day Start,Injection (therms),Full (%)\nAT,2022-05-10,5,20\nAT\n")
    reading = observed("agsi", tmp_path / "odd.csv")
    assert values(reading.table) == {("2022-05-10", "AT", "full"): 20.0}
    assert "is in a unit that is not known" in reading.findings[0].problem


def test_csv_without_places_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("Gas Day Start,Full (%)\n2022-05-10,20\n")
    with pytest.raises(RawFileError, match="or none for the place"):
        observed("agsi", tmp_path / "odd.csv")
