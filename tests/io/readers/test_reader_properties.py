"""What holds of every file: the order of rows, repetition and the way of writing numbers change nothing."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gasflow.io.readers import READERS, read_raw
from gasflow.io.readers.gas_days import DateError, date_of_text
from gasflow.io.readers.number_text import NumberError, number
from tests.io.readers.raw import FILES, observed

CSV = {
    "entsog": "entsog.csv", "agsi": "agsi.csv", "alsi": "alsi.csv", "eurostat": "nrg_cb_gasm.tsv", "acer": "acer.csv",
    "eia": "eia_api.csv", "worldbank": "worldbank_long.csv",
}  # fmt: skip
every_csv = pytest.mark.parametrize("kind", [*CSV])
quiet = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _lines(kind: str) -> list[str]:
    return (FILES / CSV[kind]).read_text(encoding="utf-8").splitlines()


def _read(kind: str, lines: list[str], folder: Path, encoding: str = "utf-8", end: str = "\n") -> pd.DataFrame:
    (folder / CSV[kind]).write_bytes((end.join(lines) + end).encode(encoding))
    return observed(kind, folder / CSV[kind]).table


@every_csv
@quiet
@given(data=st.data())
def test_the_order_of_rows_and_repetition_change_nothing(kind: str, data: st.DataObject, tmp_path: Path) -> None:
    head, *rows = _lines(kind)
    mixed = data.draw(st.permutations(rows)) + data.draw(st.lists(st.sampled_from(rows), max_size=4))
    pd.testing.assert_frame_equal(_read(kind, [head, *mixed], tmp_path), observed(kind, FILES / CSV[kind]).table)


@every_csv
@pytest.mark.parametrize(("encoding", "end"), [("utf-8-sig", "\r\n"), ("utf-16", "\n"), ("utf-8", "\r")])
def test_encodings_and_ends_of_lines_change_nothing(kind: str, encoding: str, end: str, tmp_path: Path) -> None:
    plain = observed(kind, FILES / CSV[kind]).table
    pd.testing.assert_frame_equal(_read(kind, _lines(kind), tmp_path, encoding, end), plain)


@quiet
@given(prices=st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 4)), min_size=1, max_size=8))
def test_decimal_commas_and_points_say_the_same(prices: list[float], tmp_path: Path) -> None:
    tables = []
    for sign in ".,":
        rows = [f"2023-04-{k + 1:02d};{value:.4f}".replace(".", sign) for k, value in enumerate(prices)]
        (tmp_path / "prices.csv").write_text("\n".join(["Date;NWE", *rows]))
        tables.append(observed("acer", tmp_path / "prices.csv").table)
    pd.testing.assert_frame_equal(*tables)
    assert tables[0]["value"].tolist() == prices


@given(st.floats(-1e12, 1e12), st.sampled_from([(",", "."), (".", ","), ("\u00a0", ","), ("\u202f", ".")]))
def test_thousands_in_every_fashion(value: float, signs: tuple[str, str]) -> None:
    text = f"{value:,.2f}".replace(",", "T").replace(".", "D").replace("T", signs[0]).replace("D", signs[1])
    assert number(text, decimal_comma=signs[1] == ",") == float(f"{value:.2f}")


@pytest.mark.parametrize("text", ["1,234", "1_0", "0x10", "٣", "inf", "1e999", "9" * 70, "1,2,3", "--5", "1.2.3"])
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(NumberError):
        number(text)


def test_commas_follow_the_file() -> None:
    assert number("1,234", decimal_comma=True) == 1.234
    assert number("1.234", decimal_comma=True) == 1234.0
    with pytest.raises(NumberError, match="could have a decimal comma or be in thousands"):
        number("1,234")


@pytest.mark.parametrize("text", ["31.02.2022", "2022-02-30", "Foo 2022", "2022-13", "Smarch 3, 2022", "5"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        date_of_text(text)


def test_latin_letters_are_read_and_said(tmp_path: Path) -> None:
    lines = [line.replace("Beta Pass", "Beta Paß") for line in _lines("entsog")]
    (tmp_path / "flows.csv").write_bytes("\n".join(lines).encode("latin-1"))
    reading = observed("entsog", tmp_path / "flows.csv")
    assert reading.table["place"].str.startswith("Beta Paß").all()
    assert reading.findings[0].problem == "is not UTF-8 text"


def test_the_order_of_records_changes_nothing(tmp_path: Path) -> None:
    content = json.loads((FILES / "agsi.json").read_text())
    content["data"] = content["data"][::-1] * 2
    (tmp_path / "agsi.json").write_text(json.dumps(content))
    pd.testing.assert_frame_equal(
        observed("agsi", tmp_path / "agsi.json").table, observed("agsi", FILES / "agsi.json").table
    )


def test_every_kind_is_tested_and_an_unknown_one_is_named() -> None:
    assert set(READERS) == {*CSV, "entsog-points", "scigrid", "gaslib"}
    with pytest.raises(Exception, match="give one of acer, agsi"):
        read_raw("weather", FILES)


@pytest.mark.slow
def test_a_million_rows_take_bounded_memory(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    head = "indicator,periodType,periodFrom,periodTo,operatorLabel,pointLabel,directionKey,unit,value"
    days = pd.date_range("2020-01-01", periods=1000).strftime("%Y-%m-%d")
    with (tmp_path / "flows.csv").open("w") as stream:
        stream.write(f"{head}\n")
        for day in days:
            stream.writelines(f"Physical Flow,day,{day},,Op,Point {k},entry,kWh/d,{k}000\n" for k in range(1000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    table = observed("entsog", tmp_path / "flows.csv").table
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert len(table) == 1_000_000
    assert grown < 500.0
