"""Monthly statistics: flags, units, countries, trade by partner, both forms."""

from pathlib import Path

import pytest

from gasflow.errors import RawFileError
from tests.io.readers.raw import FILES, observed, problems, values


def test_energy_and_volume_become_means_of_the_month() -> None:
    found = values(observed("eurostat", FILES / "nrg_cb_gasm.tsv").table)
    # 10,800 TJ are 3,000 GWh in 30 days; 2,700 million cubic metres of 40 MJ are 108 PJ.
    assert found["2022-04", "GR", "consumption_observed"] == pytest.approx(100.0)
    assert found["2022-05", "GR", "consumption_observed"] == pytest.approx(100.0)
    assert found["2022-04", "DE", "imports"] == pytest.approx(1000.0)
    assert found["2022-05", "DE", "imports"] == 0.0
    assert not any(place == "UK" for _, place, _ in found)


def test_oddities_are_found() -> None:
    assert problems(observed("eurostat", FILES / "nrg_cb_gasm.tsv")) == [
        "line 6 unit: is neither TJ_GCV nor MIO_M3",
        "line 7 nrg_bal: is not among the balances that are read",
        "line 8 2022-04: is not a number",
    ]


def test_trade_is_from_partner_to_reporter() -> None:
    found = values(observed("eurostat", FILES / "nrg_ti_gasm.tsv").table)
    assert found["2022-04", "NO->DE", "imports"] == pytest.approx(100.0)
    assert found["2022-04", "QA->GR", "lng_imports"] == pytest.approx(10.0)


def test_exports_by_their_name(tmp_path: Path) -> None:
    (tmp_path / "estat_nrg_te_gasm.tsv").write_bytes((FILES / "nrg_ti_gasm.tsv").read_bytes())
    found = values(observed("eurostat", tmp_path / "estat_nrg_te_gasm.tsv").table)
    assert found["2022-04", "DE->NO", "exports"] == pytest.approx(100.0)


def test_both_forms_say_the_same() -> None:
    rows = observed("eurostat", FILES / "nrg_cb_gasm.tsv").table.query("place == 'GR'").reset_index(drop=True)
    assert observed("eurostat", FILES / "nrg_cb_gasm.csv").table.equals(rows)


def test_old_months_and_other_files(tmp_path: Path) -> None:
    file = tmp_path / "old.tsv"
    file.write_text("unit,nrg_bal,siec,geo\\time\t2022M04 \t2022 \nTJ_GCV,IC_OBS,G3000,AT\t10800 \t1 \n")
    reading = observed("eurostat", file)
    assert reading.table["date"].tolist() == ["2022-04"]
    assert problems(reading) == ["line 2 2022: is not a month"]
    file.write_text("country,2022\nAT,1\n")
    with pytest.raises(RawFileError, match="is neither TSV nor SDMX-CSV"):
        observed("eurostat", file)


def test_odd_rows_are_left_out(tmp_path: Path) -> None:
    head = "freq,nrg_bal,siec,unit,geo\\TIME_PERIOD\t2022-04"
    rows = ["A,IC_OBS,G3000,TJ_GCV,AT\t1", "M,IC_OBS,G3000,TJ_GCV\t1", "M,IC_OBS,G3000,TJ_GCV,\t1"]
    (tmp_path / "odd.tsv").write_text("\n".join([head, *rows, "M,IC_OBS,G3000,TJ_GCV,AT\t36", ""]))
    reading = observed("eurostat", tmp_path / "odd.tsv")
    assert reading.table["place"].tolist() == ["AT"]
    assert [finding.problem for finding in reading.findings] == [
        "is not monthly",
        "has not 5 keys, or too many cells",
        "is no place",
    ]


def test_short_rows_and_lng_exports_in_csv(tmp_path: Path) -> None:
    head = "DATAFLOW,freq,siec,partner,unit,geo,TIME_PERIOD,OBS_VALUE"
    rows = ["ESTAT:NRG_TE_GASM(1.0),M,G3200,UK,TJ_GCV,ES: Spain,2022-04,108", "ESTAT:NRG_TE_GASM(1.0),M"]
    (tmp_path / "trade.csv").write_text("\n".join([head, *rows]))
    reading = observed("eurostat", tmp_path / "trade.csv")
    assert values(reading.table) == {("2022-04", "ES->UK", "lng_exports"): pytest.approx(1.0)}
    assert problems(reading) == ["line 3 : has not 8 cells, as the header has"]
