"""Shocks as values: equality, sequences, and errors that name everything at once."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.errors import AmbiguousPlace, GasflowError, ShockError, UnknownPlace
from gasflow.scenarios.conditions import Conditions
from gasflow.scenarios.periods import Periods
from gasflow.scenarios.shocks import Limit

HUB = gf.toys.transit_hub()
BASE = Conditions.of((HUB,), Periods.single(date(2022, 5, 10)))
EVERY = [
    gf.Closure("Sokhranivka", share=[0.5, 1.0], reroute=0.5, via="Sudzha", limit="booked"),
    gf.CapacityChange("Sudzha", factor=0.5, change=[1.0, 2.0]),
    gf.SupplyCut(exporter="RU", share=0.3),
    gf.DemandChange([0.9, 1.1], country="SK", sector="power"),
    gf.NodeChange("value_of_lost_load", 0.5, country="SK"),
    gf.PipeChange("tariff", change=[0.0, 1.0], place="Sudzha"),
    gf.SupplyChange("cost", change=[0.0, 1.0], node="UA"),
    gf.StorageChange("injection", [0.0, 1.0], country="SK"),
    gf.ElasticityChange(0.5),
    gf.LngPriceChange([1.0, 1.5]),
    gf.StorageResponse(slope_factor=2.0, value_change=[-1.0, 1.0], persistence=0.2),
    gf.Siphoning("Sokhranivka", volume=[0.0, 10.0]),
]


def after(*shocks) -> Conditions:
    scenario = gf.Scenario()
    for shock in shocks:
        scenario = scenario + shock
    return scenario.apply(BASE)


def volumes(*shocks) -> list[float]:
    """Nominations of both routes after shocks, in the last scenario."""
    return after(*shocks).value("supplies", "volume")[:2, 0, -1].tolist()


@pytest.mark.parametrize("shock", EVERY, ids=lambda shock: type(shock).__name__)
def test_shocks_are_values(shock):
    twin = pickle.loads(pickle.dumps(shock))  # noqa: S301
    assert twin == shock
    assert hash(twin) == hash(shock)
    assert shock + gf.LngPriceChange() == twin + gf.LngPriceChange()
    assert len({shock, twin}) == 1
    with pytest.raises(AttributeError):
        shock.start = None


@pytest.mark.parametrize("shares", [(0.5, 1.0), [0.5, 1], np.array([0.5, 1.0]), pd.Series([0.5, 1.0], index=[7, 9])])
def test_any_sequence_is_a_tuple(shares):
    shock = gf.Closure("Sokhranivka", share=shares)
    assert shock.share == (0.5, 1.0)
    assert shock == gf.Closure("Sokhranivka", share=(0.5, 1.0))
    assert hash(shock) == hash(gf.Closure("Sokhranivka", share=(0.5, 1.0)))
    assert shock.count == 2


@pytest.mark.parametrize("share", [1, np.float32(1.0), np.int64(1), np.array(1.0), Fraction(1)])
def test_any_number_is_a_float(share):
    assert gf.Closure("Sokhranivka", share=share) == gf.Closure("Sokhranivka")
    assert isinstance(gf.Closure("Sokhranivka", share=share).share, float)


@pytest.mark.parametrize(
    "day", ["2022-05-11", date(2022, 5, 11), datetime(2022, 5, 11), pd.Timestamp("2022-05-11"),
            np.datetime64("2022-05-11"), np.datetime64("2022-05-11", "ns")],
)  # fmt: skip
def test_any_day_is_a_date(day):
    assert gf.Closure("Sokhranivka", start=day).start == date(2022, 5, 11)


@pytest.mark.parametrize("day", ["11.5.2022", "2022-5-11", "2022-05-11 or so", "2022-13-01", "", 5, pd.NaT, ["x"]])
def test_what_is_no_day_is_refused(day):
    with pytest.raises(ShockError, match="is not a day"):
        gf.Closure("Sokhranivka", start=day)


def test_all_problems_at_once():
    with pytest.raises(ShockError) as caught:
        gf.Closure(
            "Sokhranivka", share=1.5, reroute=[0.1, np.nan], limit="contractual", start="soon", ramp_days="long",
            recovery_days=-1,
        )  # fmt: skip
    message = str(caught.value)
    for part in ("share=1.5", "reroute=[0.1, nan]", "limit='contractual'", "start='soon'", "ramp_days='long'",
                 "recovery_days=-1", "'technical', 'booked'", "between 0 and 1"):  # fmt: skip
        assert part in message


@pytest.mark.parametrize(
    "share",
    [[], -0.1, np.nan, np.inf, "much", None, [[0.1]], [0.1, "x"], {"a": 1}, pd.NA, True, "0.5", ["0.5"], [True, 0.5],
     np.array([True]), np.array(["0.5"]), np.ma.masked_array([0.5, 0.6], [False, True]), np.ma.masked, 0.5 + 0j,
     datetime(1970, 1, 1), pd.Timestamp(0), np.datetime64(0, "s"), np.array([0, 1], "timedelta64[D]"), 10**400,
     pd.Series([0.5, None], dtype=object), pd.Series([0.5, None], dtype="Float64"), pd.Series([True, False])],
    ids=repr,
)  # fmt: skip
def test_what_is_no_share_is_refused(share):
    with pytest.raises(ShockError, match="share="):
        gf.Closure("Sokhranivka", share=share)


@pytest.mark.parametrize("place", [["Sokhranivka", "Sudzha"], 5, b"Sudzha"])
def test_a_place_is_one_name(place):
    with pytest.raises(ShockError, match=r"place=.* is not one name"):
        gf.Closure(place)


def test_ends_come_after_starts():
    with pytest.raises(ShockError, match="is not after"):
        gf.Closure("Sokhranivka", start="2022-05-11", end="2022-05-11")


def test_lengths_agree():
    with pytest.raises(ShockError, match="different lengths"):
        gf.simulate(HUB, gf.Closure("Sokhranivka", share=[0.1, 0.2], reroute=[0.1, 0.2, 0.3]))  # only a grid may
    with pytest.raises(ShockError, match="different numbers of scenarios"):
        gf.Closure("Sokhranivka", share=[0.1, 0.2]) + gf.LngPriceChange([1.0, 2.0, 3.0])
    assert (gf.Closure("Sokhranivka", share=[0.3]) + gf.LngPriceChange([1.0, 2.0, 3.0])).count == 3


@pytest.mark.parametrize("stranger", ["Sokhranivka", 1.0, None, gf.Closure])
def test_what_is_no_shock_is_refused(stranger):
    with pytest.raises(ShockError, match="is not a shock"):
        gf.simulate(HUB, stranger)


@pytest.mark.parametrize(
    ("shock", "error", "words"),
    [
        (gf.Closure("Sokranivka"), UnknownPlace, "Sokhranivka"),
        (gf.Closure("Gate LNG", reroute=0.5), ShockError, "no contract is nominated"),
        (gf.Closure("Sokhranivka", reroute=1.0, via="Gate LNG"), ShockError, "no other route"),
        (gf.Closure("Sokhranivka", reroute=1.0, via="Atlantis"), UnknownPlace, "Atlantis"),
        (gf.Closure("RU->Sudzha", reroute=1.0, via="RU->Sudzha"), ShockError, "no other route"),
        (gf.Closure("Sokhranivka", via="Atlantis"), UnknownPlace, "Atlantis"),
        (gf.CapacityChange("Atlantis"), UnknownPlace, "Atlantis"),
        (gf.SupplyCut("RU"), ShockError, "give node='RU' or country='RU' or exporter='RU'"),
        (gf.SupplyCut("UA field"), UnknownPlace, "UA fields"),
        (gf.SupplyCut(node="SK"), ShockError, "no supply with node='SK'; countries are RU, UA"),
        (gf.SupplyCut(country="SK"), ShockError, "no supply with country='SK'; countries are RU, UA"),
        (gf.SupplyCut(exporter="NO"), ShockError, "exporters are RU, UA"),
        (gf.SupplyCut(exporter="Russia"), ShockError, "no country code"),
        (gf.SupplyCut("LNG", exporter="RU"), ShockError, "no supply with name='LNG', exporter='RU'"),
        (gf.DemandChange(country="RU"), ShockError, "no demand with country='RU'; countries are SK, UA; sectors are"),
        (gf.DemandChange(country="Slovakia"), ShockError, "no country code"),
        (gf.DemandChange(node="RU->Sudzha"), UnknownPlace, "RU->Sudzha"),
        (gf.DemandChange(change=-1e3), ShockError, "would become -7"),
        (gf.DemandChange(sector="steel"), ShockError, "sectors are"),
        (gf.ElasticityChange(100.0), ShockError, "elasticity of 'SK industry' would become -15"),
        (gf.LngPriceChange(supply="UA fields"), ShockError, "no supply with name='UA fields', kind='market'"),
        (gf.LngPriceChange(0.0), ShockError, "anchor_price of 'LNG' would become 0"),
        (gf.Siphoning("RU->Sudzha"), ShockError, "is a pipe"),
        (gf.Siphoning("UA transit", volume=5.0), ShockError, "no contract brings gas"),
    ],
)
def test_a_shock_that_does_not_fit_says_why(shock, error, words):
    with pytest.raises(error, match=words):
        gf.simulate(HUB, shock)


def test_an_ambiguous_place_lists_its_candidates():
    network = HUB.with_node("SK", aliases="Twin").with_node("UA", aliases="Twin")
    with pytest.raises(AmbiguousPlace, match="SK"):
        gf.simulate(network, gf.Closure("twin"))


def test_dates_need_a_dated_network():
    with pytest.raises(ShockError, match="the network has none"):
        gf.simulate(gf.toys.two_nodes(), gf.Closure("A->B", start="2022-05-11"))


def test_a_misspelt_quantity_is_named():
    with pytest.raises(GasflowError, match="no quantity 'flow'"):
        gf.simulate(HUB, keep=("flow",))


def test_closing_a_node_closes_all_its_pipes_and_closing_a_pipe_only_itself():
    capacity = after(gf.Closure("Sokhranivka")).value("pipes", "capacity")[:, 0, 0]
    assert HUB.pipes.index[capacity == 0].tolist() == ["RU->Sokhranivka", "Sokhranivka->UA transit"]
    capacity = after(gf.Closure("Sokhranivka->UA transit")).value("pipes", "capacity")[:, 0, 0]
    assert HUB.pipes.index[capacity == 0].tolist() == ["Sokhranivka->UA transit"]


def test_nominations_fall_with_the_share():
    assert volumes(gf.Closure("Sokhranivka", share=0.25)) == pytest.approx([249.0 * 0.75, 752.0])


def test_rerouting_keeps_to_the_technical_and_the_booked_room():
    assert volumes(gf.Closure("Sokhranivka", reroute=1.0)) == [0.0, 1001.0]
    assert volumes(gf.Closure("Sokhranivka", reroute=0.5)) == [0.0, 752.0 + 124.5]
    assert volumes(gf.Closure("Sokhranivka", reroute=1.0, limit=Limit.BOOKED)) == [0.0, 806.0]
    narrow = gf.CapacityChange("RU->Sudzha", change=-1600.0)  # leaves 950
    assert volumes(gf.Closure("Sokhranivka", reroute=1.0) + narrow) == [0.0, 950.0]
    assert volumes(narrow + gf.Closure("Sokhranivka", reroute=1.0)) == [0.0, 950.0]
    wide = gf.CapacityChange("RU->Sudzha", factor=0.1) + gf.CapacityChange("RU->Sudzha", change=1000.0)
    assert volumes(gf.Closure("Sokhranivka", reroute=1.0) + wide) == [0.0, 1001.0]


def test_rerouting_never_exceeds_a_full_route():
    assert volumes(gf.Closure("Sudzha", reroute=1.0)) == [340.0, 0.0]
    assert volumes(gf.Closure("Sudzha", reroute=1.0, limit="booked")) == [340.0, 0.0]


def test_two_closures_reroute_to_what_the_other_leaves():
    one, other = gf.Closure("Sokhranivka", reroute=1.0), gf.Closure("Sudzha", reroute=1.0)
    assert volumes(one + other) == volumes(other + one) == [0.0, 0.0]
    booked = gf.Closure("Sokhranivka", reroute=1.0, limit="booked")
    assert volumes(booked + gf.Closure("Sudzha")) == [0.0, 0.0]


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_partial_closures_do_not_close_what_was_moved(share):
    one, other = gf.Closure("Sokhranivka", share, reroute=1.0), gf.Closure("Sudzha", share, reroute=1.0)
    assert volumes(one + other) == pytest.approx(volumes(other + one))
    room = 340.0 * (1 - share) - 249.0 * (1 - share)
    moved = min(752.0 * (1 - share) + 249.0 * share, 2550.0 * (1 - share))
    assert volumes(one + other) == pytest.approx([249.0 * (1 - share) + min(room, 752.0 * share), moved])


def test_an_entry_with_several_contracts_loses_them_all():
    nodes = HUB.with_node("KZ", country="KZ", group="exporter")
    network = nodes.with_pipe("KZ->Sokhranivka", origin="KZ", destination="Sokhranivka", capacity=50.0)
    network = network.with_supply(
        "KZ via Sokhranivka", node="KZ", kind="contract", exporter="KZ", volume=40.0, route="KZ->Sokhranivka"
    )
    closed = gf.simulate(network, gf.Closure("Sokhranivka", share=[0.0, 1.0]))
    assert closed.supply["KZ via Sokhranivka"].tolist() == pytest.approx([40.0, 0.0])
    with pytest.raises(ShockError, match="KZ via Sokhranivka"):
        gf.simulate(network, gf.Closure("Sokhranivka", reroute=1.0))


def test_siphoned_gas_enters_and_does_not_arrive():
    results = gf.simulate(HUB, gf.Siphoning("Sokhranivka", volume=[0.0, 10.0, 1e6]))
    assert results.flows["RU->Sokhranivka"].tolist() == pytest.approx([249.0] * 3)
    assert results.flows["Sokhranivka->UA transit"].tolist() == pytest.approx([249.0, 239.0, 0.0], abs=1e-7)
    assert results.unserved.to_numpy().max() == pytest.approx(0.0, abs=1e-9)


def test_siphoning_takes_no_more_than_arrives():
    lossy = HUB.with_pipe("RU->Sokhranivka", loss=0.1)
    shocks = gf.Siphoning("Sokhranivka", volume=1e6), gf.CapacityChange("RU->Sokhranivka", change=-240.0)
    results = gf.simulate(lossy, *shocks)
    assert results.flows["RU->Sokhranivka"].item() == pytest.approx(100.0)
    assert results.unserved.to_numpy().max() == pytest.approx(0.0, abs=1e-9)
    closed = gf.simulate(HUB, gf.Siphoning("Sokhranivka", volume=10.0), gf.Closure("Sokhranivka"))
    assert closed.unserved.to_numpy().max() == pytest.approx(0.0, abs=1e-9)


def test_a_dated_shock_holds_on_its_days():
    for start, end in (("2022-05-10", None), (None, "2022-05-11"), ("2022-05-10", "2022-05-11")):
        results = gf.simulate(HUB, gf.Closure("Sokhranivka", start=start, end=end))
        assert results.flows["RU->Sokhranivka"].item() == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [("2022-05-11", None, "it holds from 2022-05-11, but the day is 2022-05-10"),
     (None, "2022-05-10", "it holds until 2022-05-10, but the day is"),
     ("2021-01-01", "2021-02-01", "from 2021-01-01 until 2021-02-01, but")],
)  # fmt: skip
@pytest.mark.parametrize("kind", [gf.Closure, gf.CapacityChange, gf.Siphoning])
def test_a_dated_shock_that_never_holds_is_an_error(start, end, words, kind):
    with pytest.raises(ShockError, match=words):
        gf.simulate(HUB, kind("Sokhranivka", start=start, end=end))


@pytest.mark.parametrize("notice", [np.inf, 0.0, 60.0])
def test_a_shock_after_a_horizon_is_an_error_whenever_it_is_known(notice):
    periods = Periods((date(2022, 5, 10), date(2022, 6, 1)), date(2022, 7, 1))
    summer, late = gf.Horizon((HUB, HUB), periods), gf.Closure("Sokhranivka", start="2030-01-01")
    with pytest.raises(ShockError, match="from 2030-01-01, but the days are 2022-05-10 to 2022-06-30; give it a day"):
        gf.simulate(gf.Model(summer, foresight=gf.Foresight(notice_days=notice)), late)
    for subject in (summer, HUB):
        late_set = gf.grid(gf.Closure("Sokhranivka", share=[0.0, 1.0], start="2030-01-01"))
        for call in (gf.simulate, gf.sweep):
            with pytest.raises(ShockError, match="it holds from 2030-01-01, but the day"):
                call(subject, late_set)


def test_a_shock_without_a_place_is_an_error():
    for kind in (gf.Closure, gf.CapacityChange, gf.Siphoning, gf.SupplyCut):
        with pytest.raises(ShockError, match="does not say what it acts on: give"):
            kind()
    for kind in (gf.NodeChange, gf.PipeChange, gf.SupplyChange, gf.StorageChange):
        with pytest.raises(ShockError, match="column='' is no number that a shock may change"):
            kind()


@pytest.mark.parametrize(
    "shock", [gf.LngPriceChange(1e-3), gf.DemandChange(0.0), gf.SupplyCut("LNG"), gf.ElasticityChange(0.0)]
)
def test_nothing_breaks_at_zero(shock):
    results = gf.simulate(HUB, shock)
    assert results.certificate["status"].tolist() == ["optimal"]
