"""A changed number is a changed answer: a shock on a column equals the network with that column changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.errors import ShockError
from gasflow.network.columns import Kind
from gasflow.network.schema import SCHEMA, TABLES
from gasflow.results.results import Results
from gasflow.scenarios.conditions import COLUMNS
from gasflow.scenarios.periods import Periods

CHANGES = {
    "nodes": gf.NodeChange, "pipes": gf.PipeChange, "supplies": gf.SupplyChange, "demands": gf.DemandChange,
    "storages": gf.StorageChange,
}  # fmt: skip
COMPARED = ("flows", "duals", "demand", "supply", "storage", "levels", "unserved", "untaken", "welfare", "revenue")
# Gas goes elsewhere within what is booked: without it, nothing asks what is.
REROUTED = gf.Closure("Sokhranivka", share=0.5, reroute=1.0, limit="booked")
POLICY = gf.StoragePolicy((gf.FillingTarget(date(2022, 7, 1), 0.6, penalty=20.0),), end_share=0.1)


@dataclass(frozen=True)
class Case:
    """A change of a column that moves something, in a single day and over a horizon."""

    column: str
    factor: float
    change: float = 0.0
    day: bool = True
    horizon: bool = True

    @property
    def key(self) -> tuple[str, str]:
        table, _, column = self.column.partition(".")
        return table, column

    def shock(self, **more) -> gf.Scenario:
        """The change as a shock."""
        table, column = self.key
        return CHANGES[table](column=column, factor=self.factor, change=self.change, **more)

    def made(self, network: gf.Network) -> gf.Network:
        """The network with the column changed."""
        table, column = self.key
        frame = getattr(network, table)
        old = frame[column]
        if column == "value_of_lost_load":
            old = old.fillna(network.value_of_lost_load)
        return network.with_table(table, frame.assign(**{column: old * self.factor + self.change}))


CASES = [
    Case("nodes.statistical_difference", 2.0, -1.0),
    Case("nodes.value_of_lost_load", 0.4, 10.0),
    Case("pipes.capacity", 0.75),
    Case("pipes.booked", 0.9, 3.0),
    Case("pipes.nominated", 0.7, 2.0),
    Case("pipes.tariff", 3.0, 0.5),
    Case("pipes.wedge", 1.0, -0.4),
    Case("pipes.slope", 4.0),
    Case("supplies.volume", 0.9, 1.0),
    Case("supplies.minimum", 1.0, 70.0),
    Case("supplies.cost", 1.5, 2.0),
    Case("supplies.elasticity", 1.7),
    Case("supplies.anchor_price", 0.6),
    Case("demands.volume", 1.1, 5.0),
    Case("demands.elasticity", 1.6),
    Case("demands.anchor_price", 1.3),
    Case("storages.volume", 0.6, 10.0),
    Case("storages.injection", 0.2),
    Case("storages.withdrawal", 0.3),
    Case("storages.level", 0.5, 30.0),
    Case("storages.action", 1.0, 10.0, horizon=False),
    Case("storages.value", 1.1, -3.0),
    Case("storages.slope", 3.0, horizon=False),
    Case("storages.injection_cost", 1.0, 4.0, day=False),
    Case("storages.withdrawal_cost", 1.0, 4.0, day=False),
    Case("storages.full_rate_cost", 2.0, 1.0, day=False),
]
DAY = [case for case in CASES if case.day]
HORIZON = [case for case in CASES if case.horizon]


def name(case: Case) -> str:
    return case.column


def network(level: float = 8_000.0, households: float = 900.0) -> gf.Network:
    """The transit hub, in which every number of every table counts for something."""
    hub = gf.toys.transit_hub()
    hub = hub.with_node("SK", statistical_difference=7.0).with_node("UA", statistical_difference=-4.0)
    hub = hub.with_pipe("UA->SK", origin="UA", destination="SK", capacity=60.0, nominated=25.0, tariff=2.0, slope=0.02)
    hub = hub.with_supply("UA fields", volume=560.0, cost=70.0, minimum=300.0)
    hub = hub.with_supply("swing", node="SK", volume=80.0, cost=95.0, exporter="SK")
    hub = hub.with_supply("spot", node="SK", kind="contract", volume=90.0, cost=84.0, minimum=10.0, exporter="AT")
    hub = hub.with_node("AT", country="AT").with_pipe("SK->AT", origin="SK", destination="AT", capacity=8.0)
    hub = hub.with_demand("AT total", node="AT", volume=12.0)
    hub = hub.with_demand("SK households", volume=households)
    cells = {"injection_cost": 1.0, "withdrawal_cost": 0.5, "full_rate_cost": 3.0, "withdrawal_when_empty": 0.3}
    hub = hub.with_storage(
        "SK store", level=level, volume=15_000.0, withdrawal=300.0, injection=150.0, action=-20.0, **cells
    )
    free = {"volume": 600.0, "injection": 15.0, "withdrawal": 30.0, "level": 368.0, "action": -3.0, "value": 75.0}
    return hub.with_storage("UA store", node="UA", slope=0.3, loss=0.02, **free)


def horizon(one: gf.Network, two: gf.Network, three: gf.Network) -> gf.Horizon:
    """A summer and a winter with different demand."""
    periods = Periods((date(2022, 5, 10), date(2022, 7, 1), date(2022, 9, 10)), date(2022, 12, 1))
    return gf.Horizon((one, two, three), periods, POLICY)


NETWORK = network()
SEASONS = (NETWORK, network(households=500.0), network(households=1000.0))
BASE = gf.simulate(NETWORK, REROUTED)
BASE_OVER_TIME = gf.simulate(horizon(*SEASONS), REROUTED)


def same(one: Results, other: Results, scenario: int = 0) -> bool:
    """Whether a scenario equals the only one of another call."""
    return all(
        np.allclose(one.array(name)[..., scenario], other.array(name)[..., 0], rtol=1e-6, atol=1e-4, equal_nan=True)
        for name in COMPARED
    )


def certified(results: Results) -> Results:
    assert results.diagnostics.certificate.accepted.all()
    return results


def test_every_number_of_every_table_is_tried():
    assert {case.key for case in CASES} == {(table, column) for table in COLUMNS for column in COLUMNS[table]}


@pytest.mark.parametrize("case", DAY, ids=name)
def test_on_a_day(case):
    shocked = certified(gf.simulate(NETWORK, case.shock(), REROUTED))
    assert same(shocked, certified(gf.simulate(case.made(NETWORK), REROUTED)))
    assert not same(shocked, BASE)


@pytest.mark.slow
@pytest.mark.parametrize("case", HORIZON, ids=name)
def test_over_a_horizon(case):
    shocked = certified(gf.simulate(horizon(*SEASONS), case.shock(), REROUTED))
    assert same(shocked, certified(gf.simulate(horizon(*map(case.made, SEASONS)), REROUTED)))
    assert not same(shocked, BASE_OVER_TIME)


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in HORIZON if case.column != "storages.level"], ids=name)
def test_over_part_of_a_horizon(case):
    shocked = certified(gf.simulate(horizon(*SEASONS), case.shock(start="2022-07-01"), REROUTED))
    made = horizon(SEASONS[0], *map(case.made, SEASONS[1:]))
    assert same(shocked, certified(gf.simulate(made, REROUTED)))
    assert not same(shocked, BASE_OVER_TIME)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_scenarios_of_one_call_may_differ_in_it(case):
    subject = NETWORK if case.day else horizon(*SEASONS)
    table, column = case.key
    shock = CHANGES[table](column=column, factor=[1.0, case.factor, 1.0], change=[0.0, case.change, 0.0])
    several = certified(gf.simulate(subject, shock, REROUTED))
    assert same(several, certified(gf.simulate(subject, case.shock(), REROUTED)), scenario=1)
    base = BASE if case.day else BASE_OVER_TIME
    assert same(several, base, scenario=0)
    assert same(several, base, scenario=2)


@pytest.mark.parametrize("column", ["volume", "withdrawal"])
def test_stores_that_differ_over_a_horizon_are_solved_apart(column):
    factors = [0.5, 1.0, 0.8, 0.5]
    several = certified(gf.simulate(horizon(*SEASONS), gf.StorageChange(column, factors)))
    for scenario, factor in enumerate(factors):
        alone = gf.simulate(horizon(*SEASONS), gf.StorageChange(column, factor))
        assert same(several, alone, scenario)
    with pytest.raises(ShockError, match="differ in 300 ways; give at most 256"):
        gf.simulate(horizon(*SEASONS), gf.StorageChange(column, np.linspace(0.5, 1.0, 300)))


@pytest.mark.parametrize("case", [case for case in CASES if not (case.day and case.horizon)], ids=name)
def test_what_does_not_count_is_refused(case):
    with pytest.raises(ShockError, match="it counts"):
        gf.simulate(horizon(*SEASONS) if case.day else NETWORK, case.shock())


def test_a_value_counts_at_the_end_of_a_horizon_only_without_an_end_value():
    with pytest.raises(ShockError, match=r"storages\.value: it counts within a single day"):
        gf.simulate(horizon(*SEASONS).with_policy(end_value=50.0), gf.StorageChange("value", change=5.0))


def test_a_level_counts_at_the_start():
    with pytest.raises(ShockError, match="let it hold on the first day"):
        gf.simulate(horizon(*SEASONS), gf.StorageChange("level", 0.5, start="2022-07-01"))


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, entry.name) for table in TABLES for entry in SCHEMA[table].columns
     if not (entry.kind is Kind.NUMBER and entry.name in COLUMNS[table])],
)  # fmt: skip
def test_every_other_column_is_refused_at_once(table, column):
    with pytest.raises(ShockError, match=f"column='{column}' is no number that a shock may change; these are"):
        CHANGES[table](column=column)


@pytest.mark.parametrize(
    ("shock", "words"),
    [
        (gf.PipeChange("capacity", change=-1e4), "capacity of 'RU->Sokhranivka' would become -9660 GWh/d"),
        (gf.SupplyChange("cost", supply="LNG"), "only production and contracts have one"),
        (gf.SupplyChange("anchor_price", supply="UA fields"), "only markets have one"),
        (gf.SupplyChange("minimum", exporter="RU"), "contracts without a route"),
        (gf.SupplyChange("elasticity", factor=0.0), "elasticity of 'LNG' would become 0"),
        (gf.PipeChange("nominated", 0.5, place="RU->Sudzha"), "carry the volume of its supply"),
        (gf.PipeChange("booked", 0.5, place="UA->SK"), "it is empty there"),
        (gf.DemandChange(2.0, sector="power", column="anchor_price"), "would not be that of the node's other sectors"),
        (gf.DemandChange(20.0, column="anchor_price"), "too near to the value of lost load"),
        (gf.DemandChange(0.0, column="anchor_price"), "would be elastic about an anchor price of 0"),
        (gf.DemandChange(change=-0.1, node="AT", column="elasticity"), "'AT total' would be elastic about"),
        (gf.NodeChange("value_of_lost_load", 0.05), "too near to the value of lost load"),
        (gf.NodeChange("value_of_lost_load", 0.0, node="AT"), "of 'AT' would become 0 EUR/MWh"),
        (gf.StorageChange("volume", storage="SK store", country="UA"), "no storage with name='SK store', country='UA'"),
    ],
)
def test_what_no_network_may_hold_is_refused(shock, words):
    with pytest.raises(ShockError) as caught:
        gf.simulate(NETWORK, shock)
    assert words in str(caught.value)


def test_a_country_is_all_its_nodes_and_a_node_is_one():
    """Greece goes by GR and EL, Britain by UK and GB; a country may have several nodes."""
    nodes = pd.DataFrame({"name": ["DE", "NCG", "Athens", "EL", "UK"], "country": ["DE", "DE", "EL", "GR", "GB"]})
    demands = pd.DataFrame({"name": nodes["name"] + " town", "node": nodes["name"], "volume": 10.0})
    supplies = pd.DataFrame({"name": nodes["name"] + " field", "node": nodes["name"], "volume": 30.0, "cost": 20.0})
    supplies["exporter"] = nodes["country"]
    country = gf.Network(nodes, None, supplies, demands)
    for code, places in (("DE", {"DE", "NCG"}), ("EL", {"Athens", "EL"}), ("gr", {"Athens", "EL"}), ("GB", {"UK"}),
                         ("UK", {"UK"})):  # fmt: skip
        served = gf.simulate(country, gf.DemandChange(2.0, country=code)).demand.iloc[0]
        assert {place for place in nodes["name"] if served[f"{place} town"] > 15.0} == places
        for by in ("country", "exporter"):
            cut = gf.simulate(country, gf.SupplyCut(**{by: code})).supply.iloc[0]
            assert {place for place in nodes["name"] if cut[f"{place} field"] == 0.0} == places
    served = gf.simulate(country, gf.DemandChange(2.0, node="DE")).demand.iloc[0]
    assert served[served > 15.0].index.tolist() == ["DE town"]


def test_a_value_of_lost_load_is_that_of_its_country():
    """Two towns behind one field: the one that values gas less goes without, and its price is its own value."""
    nodes = pd.DataFrame({"name": ["A", "B", "C"], "country": ["AT", "BE", "CZ"]})
    pipes = pd.DataFrame({"name": ["A->B", "A->C"], "origin": "A", "destination": ["B", "C"], "capacity": 50.0})
    supplies = pd.DataFrame({"name": ["field"], "node": "A", "volume": 50.0, "cost": 20.0})
    demands = pd.DataFrame({"name": ["b", "c"], "node": ["B", "C"], "volume": 40.0})
    scarce = gf.Network(nodes, pipes, supplies, demands)
    less_in = [gf.NodeChange("value_of_lost_load", change=less, country=code)
               for code, less in (("BE", [-1000.0, 0.0]), ("CZ", [0.0, -500.0]))]  # fmt: skip
    results = gf.simulate(scarce, *less_in)
    assert results.unserved[["B", "C"]].to_numpy().round(6).tolist() == [[30.0, 0.0], [0.0, 30.0]]
    assert results.price_at("A").tolist() == pytest.approx([2000.0, 2500.0])
