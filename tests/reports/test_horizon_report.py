"""The horizon report on a toy: what it holds adds up, and winters are told apart."""

from __future__ import annotations

import numpy as np
import pytest

import gasflow as gf
from gasflow.errors import GasflowError
from gasflow.reports.horizon import HorizonReport, horizon_report
from tests.horizons import horizon_of, one_node

STORE = {"loss": 0.01, "level": 2_000.0, "injection": 40.0}


def year(elasticity: float = -0.2) -> gf.Horizon:
    networks = [one_node(demand, elasticity, **STORE) for demand in (60.0, 80.0, 150.0, 130.0)]
    return horizon_of(networks, policy=gf.StoragePolicy(end_value=20.0))


@pytest.fixture(scope="module")
def report() -> HorizonReport:
    return horizon_report(year(), gf.Closure("F->A", share=0.85, start="2022-08-01"))


def test_the_course_has_levels_and_values(report):
    course = report.course
    levels = report.central.after.levels["store"].to_numpy()
    assert course["level_after"].to_numpy() == pytest.approx(levels / 100.0)
    assert (course["value_after"].iloc[:2].to_numpy() > course["value_before"].iloc[:2].to_numpy()).all()
    most_demanded = report.central.base.network.marker_node
    prices = report.central.base.prices[most_demanded].to_numpy()
    assert course["marker_before"].to_numpy() == pytest.approx(prices)


def test_welfare_is_the_change_of_the_objective(report):
    pair = report.central
    change = sum(sign * one.total("welfare").to_numpy().sum() for sign, one in ((1, pair.after), (-1, pair.base)))
    assert report.welfare.loc["total", "total"] == pytest.approx(change / 1000.0)
    assert report.welfare.loc["total", "total"] < 0.0


def test_json_holds_plain_values(report):
    figures = report.as_dict()
    assert figures["survival_days"] == {"before": None, "after": None}
    assert figures["closed"][0]["start"] == "2022-08-01"
    assert len(figures["periods"]) == 4
    assert figures["certificate"]["status"] == "optimal"


@pytest.mark.parametrize("count", [1, 2])
def test_tables_have_a_level_for_periods_however_many_there_are(count):
    horizon = horizon_of([one_node(60.0, **STORE)] * count, policy=gf.StoragePolicy(end_value=20.0))
    report = horizon_report(horizon, gf.Closure("F->A", share=0.85))
    assert report.prices.index.names == ["hub", "period"]
    assert report.levels.index.tolist() == [(period, "store") for period in horizon.periods.labels]
    assert report.levels["after"].tolist() == report.central.after.levels["store"].tolist()
    assert len(report.as_dict()["levels_gwh"]) == count


def test_short_supply_has_its_day():
    report = horizon_report(year(0.0), gf.Closure("F->A", share=1.0, start="2022-08-01"))
    before, after = report.survival_days
    assert before == np.inf
    assert after in (0.0, 30.0, 60.0, 90.0)
    assert report.as_dict()["survival_days"]["after"] == after
    assert report.course["unserved_after"].sum() > 1.0


def test_winters_have_fans():
    winters = gf.sample_paths(30, 2, year(), outages=[gf.Outage("F->A", 0.3)])
    report = horizon_report(year(), gf.Closure("F->A", share=0.5, start="2022-08-01"), winters=winters)
    fans = report.fans
    assert (fans["level_before_q05"] <= fans["level_before_q50"]).all()
    assert (fans["level_before_q50"] <= fans["level_before_q95"]).all()
    assert report.as_dict()["winters"]["count"] == 30
    assert report.certificate["solves"] == 62


def test_nothing_to_close_is_refused():
    with pytest.raises(GasflowError, match="Nothing closes"):
        horizon_report(year())
