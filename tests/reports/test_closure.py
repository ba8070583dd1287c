"""The closure report on a toy: keys, sums and refusals."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import gasflow as gf
from gasflow.cli import commands
from gasflow.errors import AmbiguousPlace, GasflowError, UnknownPlace
from gasflow.io.csv_folder import write_csv_folder
from gasflow.plots import price_ranges
from gasflow.reports.closure import closure_report, routes_of
from gasflow.reports.same_loss import same_loss
from gasflow.reports.scarcity import dearest
from gasflow.reports.transit import Transit

HUB = gf.toys.transit_hub().with_node("SK", hub="TTF")
STEEP = HUB.with_storage("SK store", slope=0.08)
FLAT = HUB.with_storage("SK store", slope=0.005)
REPORT = closure_report(HUB, gf.Closure("novopskov"), ends=(STEEP, FLAT))


def test_the_object_has_every_key_and_is_json() -> None:
    report = REPORT.as_dict()
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert {"date", "closed", "baseline", "after", "change", "absorbed", "prices", "flows", "certificate"} <= set(
        report
    )
    assert set(report["closed"][0]) >= {"place", "share", "reroute", "limit"}
    for when in ("baseline", "after"):
        assert set(report[when]) == {
            "transit_gwh_per_day", "transit_mcm_per_day", "exit_gwh_per_day", "hub_mcm_per_day", "marker_eur_per_mwh",
            "unserved_gwh_per_day", "exporter_revenue_million_eur_per_day",
        }  # fmt: skip
    assert set(report["change"]) == {
        "transit_percent", "exit_percent", "marker_percent", "marker_percent_low", "marker_percent_high",
        "revenue_percent",
    }  # fmt: skip
    assert set(report["flows"][0]) == {
        "pipe", "origin", "destination", "capacity_gwh_per_day", "baseline", "after"
    }  # fmt: skip
    assert set(report["prices"][0]) >= {"node", "baseline", "after"}
    assert set(report["certificate"]) >= {"worst", "worst_column", "tolerance", "status"}


def test_figures_of_a_closed_hub() -> None:
    report = REPORT.as_dict()
    assert report["closed"][0]["place"] == "Sokhranivka"
    assert report["closed"][0]["booked_percent"] == pytest.approx(100 * 340 / (340 + 806))
    assert report["baseline"]["hub_mcm_per_day"] == pytest.approx(249 / 10.45)
    assert report["after"]["hub_mcm_per_day"] == 0.0
    assert report["change"]["transit_percent"] == pytest.approx(-100 * 249 / 1001)
    assert report["change"]["exit_percent"] == pytest.approx(-100 * 249 / 1001)
    assert sum(entry["gwh_per_day"] for entry in report["absorbed"]) == pytest.approx(249.0)
    closed = next(entry for entry in report["prices"] if entry["node"] == "Sokhranivka")
    assert closed["after"] is None


def test_low_and_high_enclose_the_central_case() -> None:
    low, central, high = REPORT.marker_percent
    assert 0 < low < central < high
    sk = REPORT.prices.loc["SK"]
    assert sk["low"] < sk["after"] < sk["high"]
    assert REPORT.as_dict()["certificate"]["solves"] == 6


def test_a_report_without_ends_has_no_band_and_says_so(capsys) -> None:
    report = closure_report(HUB, gf.Closure("Sudzha"))
    assert not report.has_band
    assert report.prices[["low", "high"]].isna().all(axis=None)
    assert np.isnan(report.marker_percent).tolist() == [True, False, True]
    change, prices = report.as_dict()["change"], report.as_dict()["prices"]
    assert change["marker_percent_low"] is change["marker_percent_high"] is None
    assert {price["low"] for price in prices} == {price["high"] for price in prices} == {None}
    print(report)
    page = capsys.readouterr().out
    assert "no ends of the parameters' ranges were given" in page
    assert "over the stated ranges" not in page
    assert "after: low" not in page
    assert price_ranges(report).axes[0].get_title(loc="left").endswith("central case only")
    banded = closure_report(HUB, gf.Closure("Sudzha"), ends=[HUB])
    print(banded)
    assert "after: low" in capsys.readouterr().out
    assert banded.prices["low"].equals(banded.prices["after"].rename("low"))


def test_a_report_is_not_changed_through_its_tables() -> None:
    report = closure_report(HUB, gf.Closure("Sudzha"))
    before = report.as_dict()
    for table in (report.prices, report.absorbed, report.central.prices):
        table.drop(table.index[0], inplace=True)
        table.loc[table.index[0]] = np.nan
    assert report.as_dict() == before


def test_a_report_shows_as_its_page() -> None:
    report = closure_report(HUB.replace(name="<b>hub"), gf.Closure("Sokhranivka"))
    assert "who made up for the loss" in repr(report)
    assert "<b>hub" in repr(report)
    page = report._repr_html_()
    assert "&lt;b&gt;hub" in page
    assert "<b>hub" not in page


@pytest.mark.parametrize(
    ("network", "closures", "message"),
    [
        (HUB, [gf.SupplyCut("RU via Sudzha")], "closures is SupplyCut"),
        (HUB, ["Sudzha"], "closures is 'Sudzha'"),
        ("europe", [gf.Closure("Sudzha")], "model is 'europe'"),
        (HUB, [], "Nothing closes"),
    ],
    ids=["supply cut", "text", "network", "nothing"],
)
def test_what_is_no_closure_is_refused(network, closures, message) -> None:
    with pytest.raises(GasflowError, match=message):
        closure_report(network, *closures)


def test_rerouted_gas_is_named() -> None:
    report = closure_report(HUB, gf.Closure("Sokhranivka", reroute=1.0, limit="booked"))
    assert report.rerouted == pytest.approx(806.0 - 752.0)
    assert report.absorbed["other contract routes"] == pytest.approx(54.0)


def test_a_place_named_twice_closes_once() -> None:
    report = closure_report(HUB, gf.Closure("Sudzha", share=0.5), gf.Closure("Suja", share=0.5))
    assert len(report.closures) == 1
    assert report.after.through == pytest.approx(376.0)


def test_places_together_lose_what_each_carried() -> None:
    report = closure_report(HUB, gf.Closure("Sudzha"), gf.Closure("Sokhranivka"))
    assert report.baseline.through == pytest.approx(1001.0)
    assert report.absorbed.sum() == pytest.approx(1001.0)
    assert report.exporters == ("RU",)


def test_a_terminal_has_no_exporter_but_a_price() -> None:
    report = closure_report(HUB, gf.Closure("Gate LNG")).as_dict()
    assert report["exporters"] == []
    assert report["baseline"]["exporter_revenue_million_eur_per_day"] is None
    assert report["change"]["marker_percent"] > 0


def test_any_marker_and_any_codes_make_the_whole_page(tmp_path) -> None:
    """A network of one's own: other countries, another zone of transit, another marker."""
    network = gf.Network(pd.DataFrame({"name": ["Field", "Zone", "Town", "Port"], "country": ["AU", "NZ", "JP", "JP"],
                                       "kind": ["entry", "transit", "country", "entry"],
                                       "hub": ["", "", "Town hub", ""]}), name="South", marker="town HUB")  # fmt: skip
    network = network.with_pipe("Field->Zone", origin="Field", destination="Zone", capacity=90.0, tariff=1.0)
    network = network.with_pipe("Zone->Town", origin="Zone", destination="Town", capacity=90.0, tariff=1.0)
    network = network.with_pipe("Port->Town", origin="Port", destination="Town", capacity=90.0, tariff=1.0)
    network = network.with_supply("field", node="Field", volume=80.0, cost=10.0)
    network = network.with_supply("ships", node="Port", volume=80.0, cost=30.0)
    network = network.with_demand("people", node="Town", volume=60.0)
    assert network.marker_node == "Town"
    write_csv_folder(network, tmp_path / "south")
    day = CliRunner().invoke(commands, ["close", "zone", "--network", str(tmp_path / "south")])
    assert day.exit_code == 0, day.output
    for text in ("Zone, entries", "price at town HUB", "Town hub (Town)", "Zone->Town"):
        assert text in day.output
    months = ["horizon", "zone", "--network", str(tmp_path / "south"), "--end", "2022-08-01"]
    over = CliRunner().invoke(commands, months)
    assert over.exit_code == 0, over.output
    assert "town HUB" in over.output


def test_networks_without_transit_say_null_and_the_marker_is_where_most_is_demanded() -> None:
    report = closure_report(gf.toys.two_nodes(), gf.Closure("A->B", share=0.5)).as_dict()
    assert report["baseline"]["transit_gwh_per_day"] is None
    assert report["baseline"]["marker_eur_per_mwh"] == pytest.approx(22.0)
    assert report["change"]["marker_percent_low"] is None
    assert report["after"]["unserved_gwh_per_day"] == pytest.approx(15.0)
    assert report["shortages"] == ["B is short 15.0 GWh/d; A->B is at capacity"]


def test_own_offtake_is_not_transit() -> None:
    network = HUB.with_pipe("UA transit->UA", origin="UA transit", destination="UA", capacity=50.0)
    network = network.with_supply("UA fields", volume=480.0)
    results = gf.simulate(network)
    transit = Transit.of(network, results.array("flows")[:, 0, 0])
    assert transit.offtake == pytest.approx(20.0)
    assert transit.entries == pytest.approx(1001.0)
    assert transit.exits == pytest.approx(981.0)


def test_the_dearest_place_names_the_full_pipe() -> None:
    dear = dearest(gf.simulate(gf.toys.two_nodes(), gf.Closure("A->B", share=0.5)), 1)[0]
    assert (dear.node, dear.full) == ("B", ("A->B",))
    assert dear.price == pytest.approx(3000.0)
    assert str(dear) == "B at 3,000.00 EUR/MWh, short of 15.0 GWh/d: A->B is full"


def test_tables_name_their_units() -> None:
    tables = REPORT.tables()
    assert {"summary", "absorbed", "prices", "flows", "welfare", "revenue", "demand", "supply"} <= set(tables)
    assert "baseline_eur_per_mwh" in tables["prices"]
    assert "capacity_gwh_per_day" in tables["flows"]


def test_what_cannot_be_reported_is_refused() -> None:
    with pytest.raises(GasflowError, match="Nothing closes"):
        closure_report(HUB)
    with pytest.raises(UnknownPlace, match="Did you mean 'Sudzha'"):
        closure_report(HUB, gf.Closure("Sudza"))
    with pytest.raises(AmbiguousPlace):
        closure_report(HUB.with_node("Sudzha 2", aliases="Suja"), gf.Closure("Suja"))
    with pytest.raises(GasflowError, match="one scenario"):
        closure_report(HUB, gf.Closure("Sudzha", share=(0.0, 1.0)))
    with pytest.raises(GasflowError, match="exporters by route are RU"):
        routes_of(HUB, "NO")


def test_the_same_loss_weighs_more_where_the_market_gives_less() -> None:
    stiff = HUB.with_storage("SK store", slope=0.2).replace(name="stiff")
    result = same_loss(249.0, [HUB, stiff], ["Sokhranivka", "Sudzha"])
    assert result.larger == "stiff"
    assert "response of storage" in result.reason
    assert np.allclose(result.table["marker_after"] > result.table["marker_before"], True)
    with pytest.raises(GasflowError, match=r"carry 1,001\.0 GWh/d"):
        same_loss(2000.0, [HUB], ["Sokhranivka", "Sudzha"])


def test_nothing_lost_is_no_division_by_zero() -> None:
    report = closure_report(HUB, gf.Closure("Sokhranivka", share=0.0))
    assert report.absorbed.abs().max() == 0.0
    assert not math.isnan(report.marker_percent[1])
