from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import gasflow as gf
from gasflow.errors import FolderError, GasflowError, ShockError, StudyError
from gasflow.scenarios.periods import Periods
from gasflow.simulation import gathering
from gasflow.sweeps import plan as planning
from gasflow.sweeps.plan import plan_sweep
from gasflow.sweeps.summary import Summary

OUTPUTS = ["prices", "unserved.total", "flows.RU->Sudzha", "welfare.consumers.EU"]


def draws(count: int = 400):
    shares = gf.Closure("Sokhranivka", share=stats.uniform(0, 1), reroute=stats.uniform(0, 1))
    return gf.sample(count, 5, shares, demand=stats.uniform(0.8, 0.6), outages={"Gate LNG": 0.2, "Sudzha": 0.1})


def summary_of(chunk: int, backwards: bool = False) -> pd.DataFrame:
    plan = plan_sweep(gf.toys.transit_hub(), draws(), OUTPUTS, chunk)
    order = range(plan.chunk_count)
    parts = [plan.summary(plan.columns(number)) for number in (reversed(order) if backwards else order)]
    return Summary.merged(parts).table(plan.units)


@pytest.mark.slow
@pytest.mark.parametrize("exact", [True, False])
def test_summaries_do_not_depend_on_chunks_or_order(exact, monkeypatch):
    if not exact:
        monkeypatch.setattr(planning, "EXACT_BYTES", 0)
    whole = summary_of(400)
    for chunk, backwards in ((400, True), (128, True), (53, False), (53, True), (1, False)):
        other = summary_of(chunk, backwards)
        means = ["mean", "deviation", "cvar95"]
        np.testing.assert_allclose(other[means], whole[means], rtol=1e-12, atol=1e-12)
        # Prices and flows come from the solver and are the same to the last bit; sums over places may not be.
        exactly = ["prices.SK", "flows.RU->Sudzha"]
        pd.testing.assert_frame_equal(other.loc[exactly], whole.loc[exactly], check_exact=True)
        pd.testing.assert_frame_equal(other, whole, rtol=1e-12, atol=1e-12)


def test_a_sweep_says_what_simulate_says(tmp_path):
    hub, scenarios = gf.toys.transit_hub(), draws()
    results = gf.simulate(hub, scenarios, keep=["prices", "unserved"])
    done = gf.sweep(gf.Model(hub, threads=2), scenarios, ["prices.SK", "unserved.total"], tmp_path / "out", chunk=64)
    table = done.table()
    np.testing.assert_array_equal(table["prices.SK"], results.prices["SK"])
    np.testing.assert_allclose(table["unserved.total"], results.unserved.sum(axis=1), rtol=1e-14, atol=1e-12)
    np.testing.assert_array_equal(table["worst"] <= 1e-8, True)
    assert set(table["status"]) <= {"optimal", "unpolished"}
    numbers = table["prices.SK"].to_numpy()
    row = done.summary.loc["prices.SK"]
    assert row["mean"] == pytest.approx(numbers.mean(), rel=1e-13)
    assert row["q50"] == np.quantile(numbers, 0.5, method="inverted_cdf")
    assert numbers[row["highest_scenario"]] == row["highest"] == numbers.max()
    assert row["cvar95"] == pytest.approx(np.sort(numbers)[-20:].mean(), rel=1e-13)
    assert done.shortage_probability == (results.unserved.to_numpy().sum(axis=1) > 1e-6).mean()
    assert done.certificates["scenarios"].sum() == 400


def test_levers_label_the_scenarios():
    grid = gf.grid(gf.Closure("Sokhranivka", share=[0.0, 0.5, 1.0]), gf.LngPriceChange([1.0, 1.1]))
    results = gf.simulate(gf.toys.transit_hub(), grid, gf.DemandChange(1.02), keep=["prices"])
    assert results.prices.index.names == ["share", "factor", "period"]
    data = results.to_xarray()
    one = gf.simulate(
        gf.toys.transit_hub(), gf.Closure("Sokhranivka", share=0.5), gf.LngPriceChange(1.1), gf.DemandChange(1.02)
    )
    assert float(data["prices"].sel(share=0.5, factor=1.1, node="SK")[0]) == float(one.prices["SK"].iloc[0])
    assert data["prices"].attrs["unit"] == "EUR/MWh"
    sampled = gf.simulate(gf.toys.transit_hub(), draws(3), keep=["demand"])
    assert sampled.demand.index.names[0] == "scenario"
    assert sampled.to_xarray()["demand_lever"].dims == ("scenario",)


def test_scenarios_become_long_tables_quantiles_and_probabilities():
    results = gf.simulate(gf.toys.transit_hub(), draws(60), keep=["prices", "unserved"])
    tidy = results.tidy("prices")
    assert len(tidy) == 60 * len(results.network.nodes)
    assert list(tidy.columns[-4:]) == ["quantity", "place", "value", "unit"]
    prices = results.prices["SK"].to_numpy()
    lower = results.quantiles([0.1], "prices")["SK"].iloc[0]
    assert lower == np.quantile(prices, 0.1, method="inverted_cdf")
    share = results.exceedance("prices", "Slovakia", 80.0).iloc[0]
    assert share == (prices > 80.0).mean()
    with pytest.raises(GasflowError, match="Atlantis"):
        results.exceedance("prices", "Atlantis", 1.0)


def test_what_does_not_fit_into_memory_names_the_way_out(monkeypatch):
    monkeypatch.setattr(gathering, "KEPT_BYTES", 1000)
    with pytest.raises(GasflowError, match=r"keep=.*gasflow\.sweep"):
        gf.simulate(gf.toys.transit_hub(), draws(60), keep=["prices"])


def test_one_set_at_a_time():
    with pytest.raises(ShockError, match="another set"):
        gf.simulate(gf.toys.transit_hub(), draws(3), draws(3))
    with pytest.raises(ShockError, match="another set"):
        gf.simulate(gf.toys.transit_hub(), draws(3), gf.LngPriceChange([1.0, 1.1]))


def test_all_wrong_outputs_are_found_at_once():
    with pytest.raises(StudyError) as caught:
        plan_sweep(gf.toys.transit_hub(), draws(3), ["price", "prices.total", "flows.RU->Sudza", "prices.SK"])
    assert [finding.column for finding in caught.value.findings] == ["price", "prices.total", "flows.RU->Sudza"]
    assert "RU->Sudzha" in str(caught.value)


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(FolderError, match="other files"):
        gf.sweep(gf.toys.transit_hub(), draws(3), ["prices.SK"], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_another_sweep_in_the_folder_is_named_by_what_differs(tmp_path):
    hub = gf.toys.transit_hub()
    gf.sweep(hub, draws(3), ["prices.SK"], tmp_path / "a")
    with pytest.raises(FolderError, match="already holds"):
        gf.sweep(hub, draws(3), ["prices.SK"], tmp_path / "a")
    with pytest.raises(FolderError, match="fingerprint"):
        gf.sweep(hub.with_pipe("RU->Sudzha", tariff=1.5), draws(3), ["prices.SK"], tmp_path / "a", resume=True)
    with pytest.raises(FolderError, match="count"):
        gf.sweep(hub, draws(4), ["prices.SK"], tmp_path / "a", resume=True)
    assert len(gf.sweep(hub, draws(3), ["prices.SK"], tmp_path / "a", resume=True).table()) == 3


def test_a_horizon_sweeps_too():
    from datetime import date

    hub = gf.toys.transit_hub()
    periods = Periods((date(2022, 5, 1), date(2022, 6, 1)), date(2022, 7, 1))
    horizon = gf.Horizon((hub, hub), periods)
    grid = gf.grid(gf.Closure("Sokhranivka", share=[0.0, 1.0], start="2022-06-01"))
    done = gf.sweep(horizon, grid, ["prices.SK", "flows.RU->Sokhranivka"])
    assert list(done.summary.index[:2]) == ["prices.SK@2022-05-01", "prices.SK@2022-06-01"]
    assert done.summary.loc["flows.RU->Sokhranivka@2022-05-01", "lowest"] == pytest.approx(249.0)
    assert done.summary.loc["flows.RU->Sokhranivka@2022-06-01", "lowest"] == pytest.approx(0.0)
