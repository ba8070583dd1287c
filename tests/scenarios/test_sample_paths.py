"""Drawn winters: the same in any chunk and step, persistent, with the exact share of every outage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import gasflow as gf
from gasflow.errors import GasflowError, ShockError
from gasflow.scenarios.periods import Periods
from tests.horizons import one_node

STARTS = tuple(date(2022 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(6, 16))
PERIODS = Periods(STARTS, date(2023, 4, 1))
HORIZON = gf.Horizon(tuple(one_node(100.0, level=3_000.0) for _ in STARTS), PERIODS, gf.StoragePolicy(end_value=30.0))
ROUTE = gf.Outage("F->A", probability=0.6, mean_days=50.0)


def drawn(count: int = 4_000, **terms) -> np.ndarray:
    return gf.sample_paths(count, 3, HORIZON, outages=[ROUTE], **terms).design.numbers(0, count)


def test_a_winter_depends_on_its_number_only():
    winters = gf.sample_paths(100, 3, HORIZON, outages=[ROUTE])
    whole = winters.design.numbers(0, 100)
    assert (np.concatenate([winters.design.numbers(a, a + 10) for a in range(0, 100, 10)], axis=1) == whole).all()
    assert (gf.sample_paths(5, 3, HORIZON, outages=[ROUTE]).design.numbers(0, 5) == whole[:, :5]).all()
    assert (gf.sample_paths(100, 4, HORIZON, outages=[ROUTE]).design.numbers(0, 100) != whole).any()


def test_the_step_does_not_change_the_winter():
    halves = tuple(day for start in STARTS for day in (start, start.replace(day=16)))
    fine = replace(HORIZON, networks=HORIZON.networks * 2, periods=Periods(halves, PERIODS.end))
    assert (
        gf.sample_paths(9, 3, fine).design.numbers(0, 9) == gf.sample_paths(9, 3, HORIZON).design.numbers(0, 9)
    ).all()


def test_factors_have_mean_one_the_deviation_asked_for_and_persist():
    factors = np.log(drawn(20_000, demand=gf.AR1(0.08, 0.6, 0.02))[:10])
    assert np.exp(factors).mean(axis=1) == pytest.approx(np.ones(10), abs=0.003)
    spread = [0.02 if day.month in (6, 7, 8, 9) else 0.08 for day in STARTS]
    assert factors.std(axis=1) == pytest.approx(spread, rel=0.03)
    for lag in (1, 2, 3):
        correlation = np.mean([np.corrcoef(factors[k], factors[k + lag])[0, 1] for k in range(10 - lag)])
        assert correlation == pytest.approx(0.6**lag, abs=0.02)


def test_interruptions_take_the_exact_share_of_their_days():
    shares = drawn(20_000)[-10:]
    assert ((shares >= 0.0) & (shares <= 1.0)).all()
    happened = shares.sum(axis=0) > 0.0
    assert happened.mean() == pytest.approx(0.6, abs=0.02)
    days = (shares * PERIODS.days[:, None]).sum(axis=0)
    # A uniform begin and an exponential length, cut off at the end of the horizon.
    total = PERIODS.days.sum()
    expected = 50.0 * (1.0 - 50.0 / total * (1.0 - np.exp(-total / 50.0)))
    assert days[happened].mean() == pytest.approx(expected, rel=0.03)
    inner = (shares > 0.0) & (shares < 1.0)
    assert (inner.sum(axis=0) <= 2).all()


def test_a_route_that_closes_for_good_stays_closed():
    forever = gf.Outage("F->A", probability=1.0, mean_days=float("inf"))
    shares = gf.sample_paths(500, 3, HORIZON, outages=[forever]).design.numbers(0, 500)[-10:]
    assert (np.diff(shares, axis=0) >= 0.0).all()
    assert (shares[-1] > 0.0).all()


def test_winters_run_through_simulate_and_sweep_with_either_solver():
    winters = gf.sample_paths(120, 3, HORIZON, outages=[ROUTE])
    results = gf.simulate(HORIZON, winters, keep=["prices", "unserved"])
    assert results.diagnostics.certificate.accepted.all()
    reference = gf.simulate(HORIZON, winters.chunk(0, 10), keep=["prices"])
    assert results.array("prices")[:, :, :10] == pytest.approx(reference.array("prices"), abs=1e-5, nan_ok=True)
    swept = gf.sweep(gf.Model(HORIZON, solver="lanes"), winters, keep=["prices.A"], chunk=50)
    first = swept.summary.loc["prices.A@2022-06-01", "mean"]
    assert first == pytest.approx(float(results.prices["A"].xs("2022-06-01", level="period").mean()), abs=1e-6)


@pytest.mark.parametrize("terms", [{"deviation": -0.1}, {"persistence": 1.2}, {"summer_deviation": -1.0}])
def test_numbers_out_of_range_are_refused(terms):
    with pytest.raises(ShockError, match="out of range"):
        gf.AR1(**({"deviation": 0.1, "persistence": 0.5} | terms))


def test_nothing_to_draw_is_refused():
    with pytest.raises(GasflowError, match="a whole number from 1"):
        gf.sample_paths(0, 1, HORIZON)
    with pytest.raises(ShockError, match="out of range"):
        gf.Outage("F->A", probability=1.5)
