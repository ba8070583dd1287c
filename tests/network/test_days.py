"""Whatever is given as a day: what stands for one, what does not, and that every door asks the same function."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.datasets.europe import load_europe
from gasflow.errors import DayError, GasflowError
from gasflow.io.csv_folder import read_csv_folder, write_csv_folder
from gasflow.network.days import day_of, month_of
from gasflow.scenarios.periods import Periods
from gasflow.sweeps.study import read_study

DAY = dt.date(2022, 5, 10)


def _berlin(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="Europe/Berlin")


MIDNIGHTS = [
    "2022-05-10", " 2022-05-10 ", "2022-05-10T00:00", "2022-05-10 00:00:00", "2022-05-10T00:00:00.000+02:00",
    "2022-05-10T00:00Z", DAY, dt.datetime(2022, 5, 10), dt.datetime(2022, 5, 10, tzinfo=dt.UTC),
    pd.Timestamp("2022-05-10"), _berlin("2022-05-10"), np.datetime64("2022-05-10"), np.datetime64("2022-05-10", "ns"),
    np.datetime64("2022-05-10T00", "h"), pd.Period("2022-05-10", "D"),
]  # fmt: skip
TIMED = [
    "2022-05-10T06:00", "2022-05-10 00:00:01", "2022-05-10T00:00:00.0000001", "2022-05-10T24:00",
    dt.datetime(2022, 5, 10, 6), pd.Timestamp("2022-05-10 00:00:00.000000001"), _berlin("2022-05-10 06:00"),
    pd.Timestamp("2022-05-09 22:00", tz="UTC"), np.datetime64("2022-05-10T06", "h"),
    np.datetime64("2022-05-10T00:00:00.000000001"),
]  # fmt: skip
NO_DAYS = [
    "", "yesterday", "20220510", "2022-W19-2", "10.05.2022", "5/10/2022", "2022-02-30", "2022-05", "2022-05-10T",
    "2022-05-10x", "٢٠٢٢-05-10", "0000-01-01", None, float("nan"), pd.NaT, pd.NA, np.datetime64("NaT"), 20220510, 1.5,
    True, np.datetime64("2022-05"), np.datetime64("2022-05-10", "W"), pd.Period("2022-05", "M"), ["2022-05-10"],
]  # fmt: skip


@pytest.mark.parametrize("value", MIDNIGHTS, ids=repr)
def test_a_midnight_stands_for_its_day(value: object) -> None:
    assert day_of(value) == DAY
    assert type(day_of(value)) is dt.date


@pytest.mark.parametrize("value", TIMED, ids=repr)
def test_a_time_of_day_is_never_cut_off(value: object) -> None:
    with pytest.raises(DayError, match="has a time of day"):
        day_of(value)


@pytest.mark.parametrize("value", NO_DAYS, ids=repr)
def test_what_is_no_day_is_refused(value: object) -> None:
    with pytest.raises(DayError, match="is not a day"):
        day_of(value)


def test_months() -> None:
    assert [month_of(text) for text in ("2022-05", "2022-13", "2022-05-10", None)] == ["2022-05", None, None, None]
    assert month_of(pd.Period("2022-05", "M")) == month_of(np.datetime64("2022-05")) == "2022-05"


def _horizon(day: object) -> dt.date:
    return gf.Periods.between(day, "2022-06-01", "week").starts[0]


def _network(day: object) -> dt.date:
    return dt.date.fromisoformat(gf.toys.two_nodes().replace(date=day).date)


def _service(day: object) -> dt.date:
    return dt.date.fromisoformat(gf.toys.two_nodes().with_pipe("A->B", first_day=day).pipes["first_day"].iloc[0])


DOORS: dict[str, Callable[[object], object]] = {
    "network": _network,
    "service": _service,
    "bundled data": lambda day: dt.date.fromisoformat(load_europe(day).date),
    "start of a shock": lambda day: gf.Closure("A", start=day).start,
    "end of a shock": lambda day: gf.Closure("A", end=day).end,
    "filling target": lambda day: gf.FillingTarget(day, 0.8).day,
    "periods": lambda day: Periods((day,), "2022-06-01").starts[0],
    "horizon": _horizon,
    "list of periods": lambda day: gf.Periods.between("2022-05-01", "2022-06-01", [day]).starts[1],
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("value", ["2022-05-10 00:00", DAY, _berlin("2022-05-10"), np.datetime64("2022-05-10", "ns")])
def test_every_door_takes_a_midnight(door: str, value: object) -> None:
    assert DOORS[door](value) == DAY


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("value", ["2022-05-10T06:00", _berlin("2022-05-10 06:00"), 20220510, "10.05.2022"])
def test_every_door_refuses_what_is_more_or_less_than_a_day(door: str, value: object) -> None:
    with pytest.raises(GasflowError, match=r"time of day|is not a day"):
        DOORS[door](value)


def test_gas_days_are_whole_days_across_the_change_of_the_clocks() -> None:
    for first in ("2022-03-25", "2022-10-28"):
        days = pd.date_range(first, periods=6, freq="D", tz="Europe/Berlin")
        periods = Periods(tuple(days[:-1]), days[-1])
        assert periods.days.tolist() == [1.0] * 5
        assert periods.labels == [str(day.date()) for day in days[:-1]]
        shock = gf.Closure("A", start=days[1], end=days[3])
        assert periods.coverage(shock.start, shock.end).tolist() == [0.0, 1.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("written", "read"), [("2022-05-10", "2022-05-10"), ("'2022-05'", "2022-05"), ("2022-05-10T00:00:00", "2022-05-10")]
)
def test_a_study_takes_the_dates_of_its_own_format(tmp_path: Path, written: str, read: str) -> None:
    study = tmp_path / "study.toml"
    shock = "[[shocks]]\nkind = 'closure'\nplace = 'Sudzha'\nshare = [0.5, 1.0]\nstart = 2022-05-10\n"
    study.write_text(f"base.date = {written}\n{shock}")
    assert read_study(study).base == ("date", read)
    assert read_study(study).scenarios.shocks[0].start == DAY
    study.write_text(f"base.date = 2022-05-10T06:00:00\n{shock}")
    with pytest.raises(GasflowError, match="time of day"):
        read_study(study)


def test_time_stamps_in_a_file_are_read_where_they_are_days(tmp_path: Path) -> None:
    folder = write_csv_folder(gf.toys.two_nodes(), tmp_path / "network")
    text = "name,origin,destination,capacity_gwh_per_day,first_day\nA->B,A,B,50,2022-05-10 {}\n"
    (folder / "pipes.csv").write_text(text.format("00:00:00"))
    assert read_csv_folder(folder).pipes["first_day"].tolist() == ["2022-05-10"]
    (folder / "pipes.csv").write_text(text.format("06:00:00"))
    with pytest.raises(GasflowError, match="has a time of day"):
        read_csv_folder(folder)
