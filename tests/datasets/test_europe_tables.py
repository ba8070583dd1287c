"""The tables as they lie in the package: every row has a source, sums agree with independent totals."""

from importlib import resources
from itertools import pairwise

import pandas as pd
import pytest

from gasflow.calibration.observations import inspect
from gasflow.calibration.reconcile import members
from gasflow.calibration.schema import Quality
from gasflow.datasets.europe.load import calibration_of
from gasflow.datasets.europe.observed import observations, observed
from gasflow.datasets.europe.tables import base_of, daily_level_table, in_service, labels, read_table
from gasflow.errors import GasflowError
from gasflow.units import parse_header

FOLDER = resources.files("gasflow.datasets.europe")
OBSERVATIONS = sorted(f"observations/{path.name}" for path in FOLDER.joinpath("observations").iterdir())
FILES = [*sorted(path.name for path in FOLDER.iterdir() if path.name.endswith(".csv")), *OBSERVATIONS]
EU = set(read_table("nodes").query("group == 'EU' and kind == 'country'")["name"])
DAYS = {label: pd.Period(label, freq="M").days_in_month for label in labels() if len(label) == 7}


def _raw(name: str) -> pd.DataFrame:
    with FOLDER.joinpath(name).open(encoding="utf-8") as file:
        return pd.read_csv(file, keep_default_na=False)


@pytest.mark.parametrize("name", [name for name in FILES if name != "sources.csv"])
def test_every_row_has_a_source_that_exists(name: str) -> None:
    known, table = set(_raw("sources.csv")["code"]), _raw(name)
    columns = [column for column in table if column.split("_")[-1] == "source"]
    assert columns
    for column in columns:
        assert set(table[column]) <= known


def test_every_source_says_where_it_is_from_or_why_it_is_assumed() -> None:
    sources = _raw("sources.csv").set_index("code")
    assert sources.index.is_unique
    assumed = sources.index.str.startswith("assumption-")
    assert sources.loc[~assumed, "url"].str.startswith("https://").all()
    assert (sources.loc[~assumed, "licence"] != "").all()
    assert sources.loc[assumed, "note"].str.contains(r"Reason: .+ Range: .+").all()


@pytest.mark.parametrize("name", FILES)
def test_no_file_is_large(name: str) -> None:
    assert len(FOLDER.joinpath(name).read_bytes()) < 500_000


def test_the_package_data_stay_small() -> None:
    assert sum(len(FOLDER.joinpath(name).read_bytes()) for name in FILES) < 3_000_000


@pytest.mark.parametrize("name", ["pipes.csv", "storages.csv", *OBSERVATIONS])
def test_numbers_name_their_unit(name: str) -> None:
    table = _raw(name)
    numbers = [column for column in table if pd.api.types.is_float_dtype(table[column])]
    assert numbers
    pure = ("loss", "full_days", "degree_days")
    assert all(parse_header(column)[1] is not None or column in pure for column in numbers)


def test_every_observed_place_exists() -> None:
    nodes, pipes = set(read_table("nodes")["name"]), set(read_table("pipes")["name"])
    seen = observations().tables
    assert set(seen["flows"]["pipe"]) <= pipes
    for kind in ("send_out", "demand", "production", "prices", "weather"):
        assert set(seen[kind]["node"]) <= nodes
    assert set(seen["storage"]["storage"]) <= nodes
    for table, places in seen["totals"][["table", "places"]].drop_duplicates().itertuples(index=False):
        assert {place for place, _ in members(places)} <= (pipes if table == "flows" else nodes)
    assert set(read_table("routes")["route"]) <= pipes


def test_rows_of_one_pipe_do_not_overlap_in_time() -> None:
    for table in ("pipes", "storages"):
        for _, rows in read_table(table).sort_values("first_day").groupby("name"):
            spans = rows[["first_day", "last_day"]].itertuples(index=False)
            assert all(one.last_day < other.first_day for one, other in pairwise(spans))


@pytest.mark.parametrize("label", labels())
def test_every_base_has_all_observations(label: str) -> None:
    """What was observed, and with it everything that the calibration makes up."""
    seen = calibration_of(base_of(label)).seen
    assert set(seen.demand["node"]) >= EU | {"UK", "CH", "UA", "MD", "RS", "BA", "MK"}
    assert len(seen.storage) == 20
    assert set(seen.prices["node"]) >= {"NL", "UK"}
    assert len(seen.flows) >= 35


@pytest.mark.parametrize("name", OBSERVATIONS)
def test_every_observation_passes_the_checks_of_observations(name: str) -> None:
    kind = name.removeprefix("observations/").removesuffix(".csv")
    _, findings = inspect({kind: read_table(name.removesuffix(".csv"))})
    assert not findings


def test_every_row_says_how_good_it_is() -> None:
    for frame in observations().tables.values():
        assert frame["quality"].isin(list(Quality)).all()
        assert (frame["source"] != "").all()


def test_storage_of_april_2022_is_that_of_agsi() -> None:
    stores = in_service(read_table("storages"), base_of("2022-05-10"))
    assert float(stores.loc[stores.index.isin(EU), "volume"].sum()) == pytest.approx(1_105_000, rel=0.002)


@pytest.mark.parametrize(("year", "terawatt_hours"), [("2021", 4395.5), ("2022", 3803.5)])
def test_consumption_agrees_with_eurostat_within_two_percent(year: str, terawatt_hours: float) -> None:
    """Eurostat's EU27 with Malta and Cyprus; Germany is taken from its regulator."""
    total = 0.0
    for label in (label for label in DAYS if label.startswith(year)):
        demand = observed("demand", base_of(label))
        total += float(demand.loc[demand["node"].isin(EU), "value"].sum()) * DAYS[label] / 1000.0
    assert total == pytest.approx(terawatt_hours, rel=0.02)


def test_lng_of_may_2022_agrees_with_gie_within_ten_percent() -> None:
    """GIE gives 10.8 bcm without a temperature; the press that quotes it uses 20 degC (10.9 kWh of LNG)."""
    lng = observed("send_out", base_of("2022-05"))
    gwh = float(lng.loc[lng["node"].isin(EU), "value"].sum()) * 31
    assert gwh / 1000.0 / 10.9 == pytest.approx(10.8, rel=0.10)


def test_filling_of_may_2022_agrees_with_gie() -> None:
    """40.06 % on 15 May and 47.13 % on 31 May of 1,105 TWh, as GIE put it."""
    levels = daily_level_table()
    fill = levels[[node for node in levels if node in EU]].sum(axis=1) / 1_105_237
    assert float(fill["2022-05-15"]) == pytest.approx(0.4006, abs=0.01)
    assert float(fill["2022-05-31"]) == pytest.approx(0.4713, abs=0.01)


@pytest.mark.parametrize("date", ["2020-12-31", "2026-04-01", "1999-01"])
def test_a_date_outside_says_what_is_covered(date: str) -> None:
    with pytest.raises(GasflowError, match="2021-01 to 2026-03"):
        base_of(date)


@pytest.mark.parametrize("date", ["", "May 2022", "2022-13-01", "2022-02-30", "10/05/2022", "2022"])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(GasflowError, match="is not a day"):
        base_of(date)
