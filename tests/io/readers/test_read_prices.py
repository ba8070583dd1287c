"""Prices: assessments of LNG, weekly and monthly series, the Pink Sheet."""

from pathlib import Path

import pytest

from gasflow.errors import RawFileError
from tests.io.readers.raw import FILES, observed, problems, values


def test_assessments_with_decimal_commas() -> None:
    reading = observed("acer", FILES / "acer.csv")
    assert values(reading.table) == {
        ("2023-04-03", "NWE", "lng_price"): 41.5,
        ("2023-04-03", "South", "lng_price"): 40.25,
        ("2023-04-03", "EU", "lng_price"): 41.0,
        ("2023-04-03", "EU", "lng_spread"): -1.75,
        ("2023-04-04", "EU", "lng_price"): 42.5,
    }
    assert problems(reading) == ["line 3 EU: is not a number"]
    assert set(reading.table["unit"]) == {"EUR/MWh"}


def test_assessments_in_a_long_table() -> None:
    reading = observed("acer", FILES / "acer_long.csv")
    wide = observed("acer", FILES / "acer.csv").table
    assert values(reading.table).items() <= values(wide).items()
    assert problems(reading) == ["line 6 area: is no area that is assessed"]


@pytest.mark.parametrize("text", ["NWE,South\n1,2\n", "date,area\n2023-04-03,NWE\n", "date,other\n2023-04-03,1\n"])
def test_what_is_no_assessment_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "acer.csv").write_text(text)
    with pytest.raises(RawFileError):
        observed("acer", tmp_path / "acer.csv")


def test_weekly_series_is_month_first() -> None:
    reading = observed("eia", FILES / "eia_weekly.csv")
    assert values(reading.table) == {
        ("2022-05-13", "Alpha Hub Natural Gas Spot Price", "gas_price"): 7.5,
        ("2022-05-20", "Alpha Hub Natural Gas Spot Price", "gas_price"): 8.15,
    }
    assert set(reading.table["unit"]) == {"USD/MMBtu"}


def test_series_of_the_api() -> None:
    reading = observed("eia", FILES / "eia_api.csv")
    assert reading.table["date"].tolist() == ["2022-05", "2022-06"]
    assert problems(reading) == ["line 4 unit: is not dollars per million Btu"]


def test_columns_that_end_in_their_unit(tmp_path: Path) -> None:
    (tmp_path / "weekly.csv").write_text("week_ending,jkm_usd_mmbtu,note\n2026-01-21,10.73,x\n")
    assert values(observed("eia", tmp_path / "weekly.csv").table) == {("2026-01-21", "jkm", "gas_price"): 10.73}


def test_the_unit_in_the_title(tmp_path: Path) -> None:
    (tmp_path / "daily.csv").write_text(
        "Alpha Hub Spot Price (Dollars per Million Btu)\n\nDate,Price\n2022-05-10,7.4\n"
    )
    found = values(observed("eia", tmp_path / "daily.csv").table)
    assert found == {("2022-05-10", "Alpha Hub Spot Price", "gas_price"): 7.4}


def test_gas_of_the_pink_sheet() -> None:
    reading = observed("worldbank", FILES / "worldbank.csv")
    assert values(reading.table) == {
        ("2022-04", "Natural gas, US", "gas_price"): 6.59,
        ("2022-04", "Natural gas, Europe", "gas_price"): 32.2,
        ("2022-05", "Natural gas, US", "gas_price"): 8.14,
        ("2022-05", "Natural gas, Europe", "gas_price"): 29.2,
    }
    long = observed("worldbank", FILES / "worldbank_long.csv")
    assert values(long.table) == {("2022-05", "Natural gas, Europe", "gas_price"): 29.2}
    assert not long.findings


def test_a_letter_instead_of_prices_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.csv").write_text("Dear reader,\n" * 80)
    with pytest.raises(RawFileError, match="has no header followed by dates"):
        observed("eia", tmp_path / "letter.csv")
    (tmp_path / "dates.csv").write_text("date,pears\n2022-05-10,3\nsoon,4\n")
    with pytest.raises(RawFileError, match="gives no observation"):
        observed("worldbank", tmp_path / "dates.csv")


def test_odd_assessments_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "acer.csv").write_text("Date,NWE price,South price\n2023-04-03,1,2\nsoon,1,2\n2023-04-04,3\n")
    reading = observed("acer", tmp_path / "acer.csv")
    assert reading.table["value"].tolist() == [1.0, 2.0, 3.0]
    assert {finding.problem for finding in reading.findings} == {"is not a day", "has too few cells"}


def test_odd_rows_of_series_are_left_out(tmp_path: Path) -> None:
    head = "period,series,value,units"
    rows = ["2022-05,Gas A,1,$/MMBTU", "2022-05,Gas B", "soon,Gas C,1,$/MMBTU", "2022-05,($/MMBTU),1,$/MMBTU"]
    (tmp_path / "eia.csv").write_text("\n".join([head, *rows, "2022-06,Gas D,many,$/MMBTU", "2022-06,Oil,1,$/BBL"]))
    reading = observed("eia", tmp_path / "eia.csv")
    assert values(reading.table) == {("2022-05", "Gas A", "gas_price"): 1.0}
    assert [finding.problem for finding in reading.findings] == [
        "has too few cells",
        "is neither a day nor a month",
        "is empty, too long or not printable",
        "is not a number",
    ]
