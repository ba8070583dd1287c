"""The main job on real figures: what must hold for the closure of Sokhranivka, and for every other place."""

from functools import cache

import numpy as np
import pytest

import gasflow as gf
from gasflow.network.network import Network
from gasflow.reports.closure import ClosureReport, closure_report, routes_of
from gasflow.reports.same_loss import same_loss

pytestmark = pytest.mark.slow

DAY, WINTER = "2022-05-10", "2022-01"
ENDS = ("low", "high")


@cache
def europe(date: str = DAY) -> Network:
    return gf.load_europe(date)


@cache
def sokhranivka(reroute: float = 0.0, limit: str = "technical") -> ClosureReport:
    ends = [gf.load_europe(DAY, elasticity=one, storage_slope=two) for one in ENDS for two in ENDS]
    return closure_report(europe(), gf.Closure("Sokhranivka", reroute=reroute, limit=limit), ends=ends)


def ttf(network: Network, *shocks):
    prices: np.ndarray[tuple[int], np.dtype[np.float64]] = gf.simulate(network, *shocks).price_at("TTF").to_numpy()
    return prices


def test_the_baseline_is_what_was_nominated() -> None:
    report = sokhranivka().as_dict()
    assert report["baseline"]["transit_mcm_per_day"] == pytest.approx(95.8, rel=0.01)
    assert report["baseline"]["hub_mcm_per_day"] == pytest.approx(23.8, rel=0.01)
    assert report["closed"][0]["booked_percent"] == pytest.approx(29.7, abs=0.05)


def test_a_closure_without_rerouting() -> None:
    report = sokhranivka().as_dict()
    change = report["change"]
    assert report["after"]["hub_mcm_per_day"] == 0.0
    assert -26 < change["transit_percent"] < -23
    assert -26 < change["exit_percent"] < -15
    assert 0 < change["marker_percent_low"] < change["marker_percent"] < 6
    assert change["marker_percent"] < change["marker_percent_high"]
    assert change["revenue_percent"] < 0
    assert report["after"]["unserved_gwh_per_day"] == 0.0


def test_the_loss_is_accounted_for() -> None:
    report = sokhranivka()
    assert report.absorbed.sum() == pytest.approx(report.baseline.through, abs=1e-6)
    assert report.absorbed.idxmax() == "less injection into storage"


def test_ukraine_itself_does_not_absorb_it() -> None:
    report = sokhranivka()
    demand = report.central.demand
    own = demand.index[report.network.demands.loc[demand.index, "node"] == "UA"]
    assert demand.loc[own, "change"].abs().max() < 0.5
    assert report.after.transit.offtake == pytest.approx(report.baseline.transit.offtake, abs=1e-6)


def test_with_full_rerouting_nothing_changes() -> None:
    report = sokhranivka(reroute=1.0).as_dict()
    assert abs(report["change"]["transit_percent"]) < 0.1
    assert abs(report["change"]["marker_percent"]) < 0.1
    assert abs(report["change"]["revenue_percent"]) < 0.1


def test_within_bookings_only_what_sudzha_leaves_free_moves() -> None:
    report = sokhranivka(reroute=1.0, limit="booked")
    assert report.rerouted / 10.45 == pytest.approx(5.2, abs=0.1)


def test_the_price_rises_with_the_share_that_closes() -> None:
    prices = ttf(europe(), gf.Closure("Sokhranivka", share=np.linspace(0.0, 1.0, 6)))
    assert (np.diff(prices) > 0).all()


def test_the_price_falls_with_what_is_rerouted() -> None:
    prices = ttf(europe(), gf.Closure("Sokhranivka", reroute=np.linspace(0.0, 1.0, 6)))
    assert (np.diff(prices) < 0).all()


def test_the_price_rises_with_the_slope_of_storage() -> None:
    slopes = gf.StorageResponse(slope_factor=(0.25, 0.5, 1.0, 2.0, 4.0))
    assert (np.diff(ttf(europe(), gf.Closure("Sokhranivka"), slopes)) > 0).all()


def test_the_same_loss_in_may_and_in_january() -> None:
    result = same_loss(150.0, [europe(), europe(WINTER)], ["Sokhranivka", "Sudzha"])
    assert (result.table["marker_percent"] > 0).all()
    one, two = result.table.loc[europe().name], result.table.loc[europe(WINTER).name]
    assert two["demand"] > one["demand"]
    assert two["withdrawal_use"] > one["withdrawal_use"]
    assert result.larger in result.reason


@pytest.mark.parametrize("date", [DAY, WINTER])
@pytest.mark.parametrize("place", ["Nord Stream 1", "Kondratki", "Almeria", "Zeebrugge ZPT"])
def test_a_lost_pipeline_never_lowers_the_price(place: str, date: str) -> None:
    report = closure_report(europe(date), gf.Closure(place))
    assert report.after.marker >= report.baseline.marker - 1e-6
    assert report.absorbed.sum() == pytest.approx(report.baseline.through, abs=1e-6)


def _terminals(date: str) -> list[str]:
    nodes, pipes = europe(date).nodes, europe(date).pipes
    return [name for name in nodes.index[nodes["kind"] == "terminal"] if (pipes["origin"] == name).any()]


@pytest.mark.parametrize("date", [DAY, WINTER])
def test_a_closed_terminal_never_lowers_the_price(date: str) -> None:
    for terminal in _terminals(date):
        report = closure_report(europe(date), gf.Closure(terminal))
        assert report.after.marker >= report.baseline.marker - 1e-6, terminal
        assert report.absorbed.sum() == pytest.approx(report.baseline.through, abs=1e-6)


def test_cargoes_that_go_to_other_terminals_can_lower_the_price_there() -> None:
    """Sines is all that Portugal has: what lands elsewhere instead is a loss to Portugal alone."""
    change = closure_report(europe(), gf.Closure("Sines LNG", reroute=1.0)).central.prices["change"]
    assert change["PT"] > 10
    assert change["NL"] < 0


def test_all_of_russia_in_january() -> None:
    network = europe(WINTER)
    report = closure_report(network, *(gf.Closure(route) for route in routes_of(network, "RU")))
    dear = report.dearest[0]
    assert dear.full
    assert dear.price > 2 * report.baseline.marker
    assert (report.after.unserved > 0) == bool(report.central.after.shortages())
    assert report.as_dict()["certificate"]["status"] in ("optimal", "unpolished")
