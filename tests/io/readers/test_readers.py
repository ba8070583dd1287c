"""Files as people download them: formats, duplicates, missing figures, and files that mean no good."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gasflow.errors import ArgumentError, GasflowError
from gasflow.io.readers import READERS, Reading, read_raw
from gasflow.io.readers.reading import number_of

ENTSOG = [
    "indicator", "periodType", "periodFrom", "operatorKey", "pointLabel", "directionKey", "unit", "flowStatus",
    "lastUpdateDateTime", "value",
]  # fmt: skip
FLOW = {
    "indicator": "Physical Flow",
    "periodType": "day",
    "periodFrom": "2026-05-10T06:00:00+02:00",
    "operatorKey": "IT-TSO-0001",
    "pointLabel": "Mazara del Vallo",
    "directionKey": "entry",
    "unit": "kWh/d",
    "flowStatus": "Confirmed",
    "lastUpdateDateTime": "2026-05-12T10:00:00Z",
    "value": "610500000",
}
STORE = {
    "name": "Germany", "code": "DE", "gasDayStart": "2026-05-10", "gasInStorage": "80.5", "injection": "900.1",
    "withdrawal": "5", "workingGasVolume": "247.8",
}  # fmt: skip


def figures(reading: Reading) -> dict[tuple[str, str, str], float]:
    rows = reading.table[["date", "place", "quantity", "value"]].itertuples(index=False, name=None)
    return {(date, place, quantity): value for date, place, quantity, value in rows}


def csv_of(rows: list[dict[str, str]], separator: str = ",") -> str:
    header = list(rows[0])
    return "\n".join(separator.join(row) for row in [header, *([line[key] for key in header] for line in rows)]) + "\n"


def written(tmp_path: Path, text: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_flows_of_entsog(tmp_path: Path, separator: str, encoding: str) -> None:
    path = written(tmp_path, csv_of([FLOW | {"pointLabel": "Velk\u00e9 Kapu"}], separator), encoding=encoding)
    assert figures(read_raw("entsog", path)) == {("2026-05-10", "Velk\u00e9 Kapu | entry | IT", "flow"): 610.5}


def test_flows_of_entsog_as_json(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps({"meta": {}, "operationalData": [FLOW | {"value": 610500000}]}), "file.json")
    assert figures(read_raw("entsog", path)) == {("2026-05-10", "Mazara del Vallo | entry | IT", "flow"): 610.5}


def test_a_confirmed_figure_counts_and_operators_add_up(tmp_path: Path) -> None:
    rows = [
        FLOW | {"flowStatus": "Provisional", "value": "1", "lastUpdateDateTime": "2026-05-13T10:00:00Z"},
        FLOW,
        FLOW,
        FLOW | {"operatorKey": "IT-TSO-0002", "value": "1000000"},
        FLOW | {"operatorKey": "TN-TSO-0001", "directionKey": "exit"},
    ]
    found = figures(read_raw("entsog", written(tmp_path, csv_of(rows))))
    assert found["2026-05-10", "Mazara del Vallo | entry | IT", "flow"] == pytest.approx(611.5)
    assert found["2026-05-10", "Mazara del Vallo | exit | TN", "flow"] == pytest.approx(610.5)


def test_rows_that_cannot_be_used_are_said(tmp_path: Path) -> None:
    rows = [
        FLOW,
        FLOW | {"indicator": "Interruption"},
        FLOW | {"periodType": "hour"},
        FLOW | {"value": ""},
        FLOW | {"value": "many"},
        FLOW | {"value": "-5"},
        FLOW | {"unit": "scf"},
        FLOW | {"periodFrom": "10/05/2026"},
        FLOW | {"lastUpdateDateTime": FLOW["lastUpdateDateTime"], "value": "2"},
    ]
    reading = read_raw("entsog", written(tmp_path, csv_of(rows)))
    told = "\n".join(map(str, reading.findings))
    for part in ("'interruption'", "not of whole days", "have no value", "'many'", "below 0", "'scf'", "'10/05/2026'",
                 "two different figures"):  # fmt: skip
        assert part in told
    assert len(reading.table) == 1


@pytest.mark.parametrize("form", ["data", "list", "csv", "comma"])
def test_stores_of_agsi(tmp_path: Path, form: str) -> None:
    company = STORE | {"name": "Uniper", "code": "21X000000001127H"}
    if form == "csv":
        path = written(tmp_path, csv_of([STORE, company], ";"))
    elif form == "comma":
        path = written(tmp_path, csv_of([{key: cell.replace(".", ",") for key, cell in STORE.items()}], ";"))
    else:
        content = [STORE, company]
        path = written(tmp_path, json.dumps({"last_page": 1, "data": content} if form == "data" else content), "a.json")
    found = figures(read_raw("agsi", path))
    assert found["2026-05-10", "DE", "level"] == pytest.approx(80_500.0)
    assert found["2026-05-10", "DE", "net withdrawal"] == pytest.approx(-895.1)
    assert {place for _, place, _ in found} == {"DE"}


def test_a_store_is_never_more_than_full_and_a_dash_is_missing(tmp_path: Path) -> None:
    rows = [STORE | {"gasInStorage": "250", "withdrawal": "-"}]
    reading = read_raw("agsi", written(tmp_path, csv_of(rows)))
    assert figures(reading)["2026-05-10", "DE", "level"] == pytest.approx(247_800.0)
    assert figures(reading)["2026-05-10", "DE", "net withdrawal"] == pytest.approx(-900.1)
    assert "more than the volume" in str(reading.findings[0])


def test_terminals_of_alsi(tmp_path: Path) -> None:
    row = {"name": "Netherlands", "code": "NL", "gasDayStart": "2026-05-10", "sendOut": "691.2", "dtrs": "864.7",
           "lngInventory": {"lng": "310", "gwh": "2100"}}  # fmt: skip
    found = figures(read_raw("alsi", written(tmp_path, json.dumps({"data": [row]}), "a.json")))
    assert found == {("2026-05-10", "NL", "send-out"): 691.2, ("2026-05-10", "NL", "send-out capacity"): 864.7,
                     ("2026-05-10", "NL", "LNG in tank"): 2100.0}  # fmt: skip


def test_balances_of_eurostat(tmp_path: Path) -> None:
    text = (
        "freq,nrg_bal,siec,unit,geo\\TIME_PERIOD\t2026-05 \t2026-04 \n"
        "M,IC_CAL_MG,G3000,TJ_GCV,EL\t3600.0 p\t: \n"
        "M,IC_CAL_MG,G3000,MIO_M3,EL\t9999\t0 n\n"
        "M,IPRD,G3000,TJ_GCV,NL\t360,5 e\t:c\n"
        "M,STK_CHG_MG,G3000,TJ_GCV,NL\t1\t2\n"
    )
    found = figures(read_raw("eurostat", written(tmp_path, text, "file.tsv")))
    assert found == {
        ("2026-05", "GR", "demand"): pytest.approx(1000.0 / 31),
        ("2026-04", "GR", "demand"): 0.0,
        ("2026-05", "NL", "production"): pytest.approx(360.5 / 3.6 / 31),
    }


def test_balances_of_eurostat_as_csv(tmp_path: Path) -> None:
    text = "freq,nrg_bal,siec,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\nM,IC_CAL_MG,G3000,TJ_GCV,AT,2026-02,10080,p\n"
    found = figures(read_raw("eurostat", written(tmp_path, text)))
    assert found == {("2026-02", "AT", "demand"): pytest.approx(100.0)}


def test_prices(tmp_path: Path) -> None:
    found = figures(read_raw("prices", written(tmp_path, "month;hub;price\n2026-05;TTF;46,1\nMay;TTF;3\n")))
    assert found == {("2026-05", "TTF", "price"): 46.1}


@given(st.floats(0.0, 1e9, allow_nan=False), st.booleans())
def test_a_number_is_the_same_with_a_comma(value: float, grouped: bool) -> None:
    text = f"{value:,.3f}" if grouped else f"{value:.3f}"
    comma = text.translate(str.maketrans({",": ".", ".": ","}))
    if not (grouped and value < 1000.0):
        assert number_of(comma) == pytest.approx(round(value, 3)) or ("." in text and grouped)
    assert number_of(f"{value:.3f}") == pytest.approx(round(value, 3))


@pytest.mark.parametrize("kind", list(READERS))
@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 50, b"\xff\xfe", b"[" * 100_000, b'{"data": [', b"a,b\n1,2\n", b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
     b"__import__('os').system('true')\n", b'"' + b"x" * 200_000],
)  # fmt: skip
def test_a_file_of_another_kind_is_one_clear_error(tmp_path: Path, kind: str, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(GasflowError) as caught:
        read_raw(kind, path)
    assert len(str(caught.value)) < 1_000


def test_there_is_no_other_kind() -> None:
    with pytest.raises(ArgumentError, match="use one of entsog"):
        read_raw("excel", "file.xlsx")


@pytest.mark.slow
def test_a_million_rows_take_the_memory_of_what_differs(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "big.csv"
    header, row = csv_of([FLOW]).splitlines()
    with path.open("w") as file:
        file.write(header + "\n")
        for _ in range(1_000_000):
            file.write(row + "\n")
    tracemalloc.start()
    reading = read_raw("entsog", path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(reading.table) == 1
    assert peak < 50_000_000
