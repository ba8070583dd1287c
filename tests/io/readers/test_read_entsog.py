"""Operational data: gas days, editions, both sides of a border, hours."""

import datetime
from pathlib import Path

import pytest

from gasflow.errors import RawFileError
from tests.io.readers.raw import FILES, observed, problems, values

HEAD = "indicator,periodType,periodFrom,periodTo,operatorLabel,pointLabel,directionKey,unit,value,flowStatus"


def _file(folder: Path, *rows: str) -> Path:
    (folder / "flows.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return folder / "flows.csv"


def test_confirmed_comes_before_provisional_and_newest_before_older() -> None:
    reading = observed("entsog", FILES / "entsog.csv")
    expected = {
        ("2022-05-10", "Beta Pass|Alpha Grid (AT)|exit", "physical_flow"): 98.5,
        ("2022-05-10", "Beta Pass|Gamma Net (IT)|entry", "physical_flow"): 98.4,
        ("2022-05-10", "Beta Pass|Gamma Net (IT)|entry", "calorific_value"): 11.25,
        ("2022-05-10", "Beta Pass|Gamma Net (IT)|entry", "firm_technical"): 200.0,
        ("2022-05-11", "Beta Pass|Gamma Net (IT)|entry", "physical_flow"): 51.0,
    }
    assert values(reading.table) == pytest.approx(expected)
    assert set(reading.table["unit"]) == {"GWh/d", "kWh/m3_0c"}
    assert set(reading.table["source"]) == {"entsog"}


def test_every_oddity_is_found_with_its_line() -> None:
    assert problems(observed("entsog", FILES / "entsog.csv")) == [
        "line 10 indicator: is not among those that are read",
        "line 11 periodFrom: does not begin a period of a day",
        "line 12 value: is not a number",
    ]


def test_json_says_the_same_as_csv_and_dates_editions_in_words() -> None:
    reading = observed("entsog", FILES / "entsog.json")
    assert reading.table["value"].tolist() == [97.0]
    assert not reading.findings


@pytest.mark.parametrize(
    ("start", "end", "day"),
    [
        ("2022-05-10T04:00:00+00:00", "2022-05-11T04:00:00+00:00", "2022-05-10"),
        ("2022-05-10T07:00:00+03:00", "2022-05-11T07:00:00+03:00", "2022-05-10"),
        ("2022-03-26T06:00:00+01:00", "2022-03-27T06:00:00+02:00", "2022-03-26"),
        ("2022-10-29 06:00", "2022-10-30 06:00", "2022-10-29"),
        ("2022-05-10", "", "2022-05-10"),
        ("2022-05-10T00:00:00+02:00", "2022-05-11T00:00:00+02:00", "2022-05-10"),
    ],
)
def test_a_gas_day_is_the_date_on_which_it_begins(tmp_path: Path, start: str, end: str, day: str) -> None:
    file = _file(tmp_path, f"Physical Flow,day,{start},{end},Alpha,Beta,entry,kWh/d,1000000,Confirmed")
    assert observed("entsog", file).table["date"].tolist() == [day]


def test_equal_editions_that_differ_are_a_finding_in_any_order(tmp_path: Path) -> None:
    rows = [f"Physical Flow,day,2022-05-10,,Alpha,Beta,entry,kWh/d,{n}000000,Confirmed" for n in (3, 5, 5, 4)]
    for order in (rows, rows[::-1]):
        reading = observed("entsog", _file(tmp_path, *order))
        assert reading.table["value"].tolist() == [5.0]
        assert len(reading.findings) == 2


def _hours(first: datetime.datetime, count: int, unit: str = "kWh/h") -> list[str]:
    starts = [first + datetime.timedelta(hours=k) for k in range(count)]
    when = [(start.isoformat(), (start + datetime.timedelta(hours=1)).isoformat()) for start in starts]
    return [f"Physical Flow,hour,{one},{two},Alpha,Beta,entry,{unit},1000000,Confirmed" for one, two in when]


@pytest.mark.parametrize(("day", "count"), [("2022-05-10", 24), ("2022-03-26", 23), ("2022-10-29", 25)])
def test_hours_add_up_where_all_are_there(tmp_path: Path, day: str, count: int) -> None:
    first = datetime.datetime.fromisoformat(f"{day}T04:00:00+00:00")
    first += datetime.timedelta(hours=0 if day == "2022-05-10" or day == "2022-10-29" else 1)
    rows = _hours(first, count)
    assert observed("entsog", _file(tmp_path, *rows, *rows)).table["value"].tolist() == [float(count)]
    daily = "Physical Flow,day,2022-01-01,,Alpha,Beta,entry,kWh/d,1000000,Confirmed"
    reading = observed("entsog", _file(tmp_path, *rows[1:], daily))
    assert reading.table["date"].tolist() == ["2022-01-01"]
    assert f"has not all of its {count} hours" in reading.findings[0].problem


def test_what_is_published_by_the_day_comes_before_hours(tmp_path: Path) -> None:
    rows = _hours(datetime.datetime.fromisoformat("2022-05-10T04:00:00+00:00"), 24, "kWh/d")
    assert observed("entsog", _file(tmp_path, *rows)).table["value"].tolist() == [1.0]
    daily = "Physical Flow,day,2022-05-10,,Alpha,Beta,entry,kWh/d,7000000,"
    assert observed("entsog", _file(tmp_path, *rows, daily)).table["value"].tolist() == [7.0]


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(RawFileError, match="has no column indicator, periodType"):
        observed("entsog", tmp_path / "other.csv")


def test_a_file_without_a_single_value_is_refused_with_its_findings(tmp_path: Path) -> None:
    rows = [f"Physical Flow,day,2022-05-{1 + k % 28:02d},,A{k},B,entry,kWh/d,?{k},x" for k in range(250)]
    with pytest.raises(RawFileError, match="gives no observation") as caught:
        observed("entsog", _file(tmp_path, *rows))
    lines = str(caught.value).splitlines()
    assert len(lines) == 22
    assert lines[-1] == "  and 82 more."


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Physical Flow,day,2022-05-10T12:00,2022-05-11T12:00,Alpha,Beta,entry,kWh/d,1000000,", "does not begin near"),
        ("Physical Flow,day,2022-05-10,,Alpha,Beta,entry,kWh/d,-1000000,", "is below 0"),
        ("Physical Flow,day,2022-05-10T00:00,2022-05-11T00:00,Alpha,Beta,entry,kWh/d,1000000,", "begins at midnight"),
    ],
)
def test_odd_days_and_signs_are_said(tmp_path: Path, row: str, problem: str) -> None:
    sound = "Physical Flow,day,2022-05-09,,Alpha,Beta,entry,kWh/d,1000000,"
    findings = observed("entsog", _file(tmp_path, row, sound)).findings
    assert problem in findings[0].problem
