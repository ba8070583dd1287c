"""Horizons on real figures: closures that last or end, announced or not, the winter that came, the one-day model."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.reports.europe.backtest import ACCOUNT, BEFORE, SEASON, Backtest, backtest
from gasflow.reports.europe.storage_response import lasting_days, storage_response
from gasflow.results.results import Results

pytestmark = pytest.mark.slow

# A period of exactly the first 30 days after a closure on 1 August.
MARKS = (
    "2022-05-10", "2022-06-01", "2022-07-01", "2022-08-01", "2022-08-31", "2022-10-01", "2022-11-01", "2022-12-01",
    "2023-01-01", "2023-02-01", "2023-03-01",
)  # fmt: skip
AUGUST = gf.Closure("Sokhranivka", start="2022-08-01")


@cache
def europe(end_slope: float = 0.0) -> gf.Horizon:
    return gf.horizon("2022-05-10", "2023-04-01", MARKS).with_policy(end_slope=end_slope, end_level=0.35)


@cache
def solved(end_slope: float = 0.0, *shocks: gf.Shock, notice: float = np.inf) -> Results:
    results = gf.simulate(gf.Model(europe(end_slope), foresight=gf.Foresight(notice_days=notice)), *shocks)
    assert results.diagnostics.certificate.accepted.all()
    return results


def rise(period: str, end_slope: float, *shocks: gf.Shock, notice: float = np.inf) -> float:
    change = solved(end_slope, *shocks, notice=notice).price_at("TTF") - solved(end_slope).price_at("TTF")
    return float(change.xs(period, level="period").item())


@pytest.mark.parametrize("end_slope", [0.0, 94.0])
def test_a_lasting_closure_moves_january_more_than_one_that_ends_on_the_first_of_july(end_slope):
    lasting = rise("2023-01-01", end_slope, gf.Closure("Sokhranivka", start="2022-05-11"))
    ending = rise("2023-01-01", end_slope, gf.Closure("Sokhranivka", start="2022-05-11", end="2022-07-01"))
    assert lasting > ending + 0.03
    assert ending == pytest.approx(0.0, abs=0.02)
    # Gas in store in summer is worth more in both cases, and most where the loss lasts.
    base = solved(end_slope).storage_values["DE"].iloc[0]
    values = [
        solved(end_slope, gf.Closure("Sokhranivka", start="2022-05-11", end=end)).storage_values["DE"].iloc[0] - base
        for end in ("2022-07-01", None)
    ]
    assert 1.0 < values[0] < values[1] - 3.0


def test_announced_it_moves_the_first_thirty_days_less_than_a_surprise():
    announced = rise("2022-08-01", 0.0, AUGUST, notice=60.0)
    surprise = rise("2022-08-01", 0.0, AUGUST, notice=0.0)
    assert 1.0 < announced < surprise - 1.0
    july = [solved(0.0, AUGUST, notice=days).levels.iloc[2].sum() for days in (0.0, 60.0)]
    assert july[1] > july[0] + 5_000.0
    assert rise("2022-07-01", 0.0, AUGUST, notice=60.0) > 1.0
    assert rise("2022-07-01", 0.0, AUGUST, notice=0.0) == pytest.approx(0.0, abs=1e-4)


def test_gas_is_conserved():
    results = solved(0.0, AUGUST)
    storages, days = europe().networks[0].storages, europe().periods.days[None, :]
    action, levels = results.array("storage")[:, :, 0], results.array("levels")[:, -1, 0]
    kept = 1.0 - storages["loss"].to_numpy()[:, None]
    gain = ((np.maximum(-action, 0.0) * kept - np.maximum(action, 0.0)) * days).sum(axis=1)
    volume = results.total("demand").to_numpy().sum()
    assert np.abs(levels - storages["level"].to_numpy() - gain).max() <= 1e-9 * volume


def test_a_horizon_uses_the_bases_it_needs_and_repeats_itself():
    one, two = (gf.horizon("2022-05-10", "2022-08-01", contracts="observed", demand="observed") for _ in range(2))
    assert [a is b for a, b in zip(one.networks, two.networks, strict=True)] == [True] * 3
    past = gf.horizon("2025-12-01", "2026-06-01")
    assert any("2026-05 lies past the data" in note for note in past.notes)


@pytest.fixture(scope="module")
def winter() -> Backtest:
    return backtest()


def test_the_winter_that_came_is_met_with_the_anchors_of_the_season(winter):
    assert winter.errors.loc[SEASON, "eu"] < 6.0
    assert winter.errors.loc[SEASON, "countries"] < 12.0
    assert winter.errors.loc[ACCOUNT, "eu"] < 3.0
    assert winter.as_dict()["certificate"]["worst"] <= 1e-8


def test_with_the_anchors_of_the_year_before_the_bound_is_missed_and_the_price_is_why(winter):
    errors = winter.errors
    paid = next(name for name in errors.index if name.startswith(BEFORE) and "paid" in name)
    others = [name for name in errors.index if name.startswith(BEFORE) and name not in (BEFORE, paid)]
    assert errors.loc[BEFORE, "eu"] > 6.0
    assert errors.loc[paid, "eu"] < 0.6 * errors.loc[BEFORE, "eu"]
    assert (errors.loc[others, "eu"] > 0.9 * errors.loc[BEFORE, "eu"]).all()
    assert "missed" in winter.verdicts[0]
    assert "met" in winter.verdicts[1]


def test_the_observed_course_is_that_of_the_storage_operators(winter):
    observed = winter.course["observed"]
    assert observed["2022-05"] == pytest.approx(47.13, abs=1.0)
    assert winter.observed.index[0] == pd.Timestamp("2022-05-10")
    assert len(winter.observed) == 326


def test_the_response_of_the_one_day_model_is_one_of_the_horizon():
    table = storage_response(days=(1, 30, 60, 90))
    assert table["storage"].iloc[:-1].is_monotonic_decreasing
    assert table["storage"].loc[1.0] > 500.0
    assert table["storage"].loc[np.inf] < 10.0
    assert 60.0 < lasting_days(table, 50.0) < 90.0
