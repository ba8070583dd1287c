"""Odd networks: nothing to sell, nothing to buy, nowhere to go, and cycles that pay."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.errors import NetworkError
from gasflow.results.quantities import QUANTITIES
from tests.solving import answers, demand_network, price, simulated

A = gf.Network(pd.DataFrame({"name": ["A"]}))
TWO = gf.toys.two_nodes()


def every_table(results: gf.Results) -> None:
    """Every quantity can be shown, whatever the network lacks."""
    for quantity in QUANTITIES:
        table = results.table(quantity)
        assert len(table) == len(results.scenarios) * results.periods.count
        assert table.attrs["unit"] == results.unit(quantity)
    assert repr(results)
    assert (results.certificate["status"] == "optimal").all()


@pytest.mark.parametrize(
    "network",
    [
        A,
        A.with_node("A", statistical_difference=5.0),
        A.with_node("A", statistical_difference=-5.0),
        A.with_supply("field", node="A", volume=0.0),
        A.with_supply("field", node="A", volume=10.0, cost=3.0),
        A.with_supply("field", node="A", volume=10.0).with_demand("town", node="A", volume=0.0),
        TWO.without("demands", "town"),
        TWO.without("demands", "town").without("supplies", "field"),
        TWO.with_pipe("A->B", capacity=0.0),
        TWO.with_pipe("A->B", capacity=1e9),
        TWO.with_supply("field", volume=1e9, cost=1e6),
        TWO.with_demand("town", volume=1e-9),
        TWO.with_node("islet"),
    ],
    ids=repr,
)  # fmt: skip
def test_it_has_an_answer(network, solver):
    every_table(simulated(network, solver=solver))


def test_a_network_without_nodes_has_an_empty_answer():
    every_table(gf.simulate(gf.Network()))


def test_a_negative_statistical_difference_is_met_or_missed():
    met = gf.simulate(TWO.with_node("B", statistical_difference=-5.0))
    assert met.flows["A->B"].item() == pytest.approx(45.0)
    missed = gf.simulate(A.with_node("A", statistical_difference=-5.0))
    assert missed.shortages() == ["nothing settles 5.0 GWh/d of the statistical difference of A"]


@pytest.mark.parametrize("wedge", [-5.0, -30.0, -3500.0])
def test_a_cycle_that_pays_is_refused_or_goes_round_as_far_as_slopes_allow_and_breaks_nothing(solver, wedge):
    back = {"origin": "B", "destination": "A", "capacity": 30.0, "wedge": wedge}
    with pytest.raises(NetworkError, match="go round for money"):
        TWO.with_pipe("B->A", **back)
    network = TWO.with_pipe("B->A", **back, slope=-(2.0 + wedge) / 8.0)
    assert ["up to 8 GWh/d" in finding.problem for finding in network.findings] == [True]
    results = simulated(network, solver=solver)
    assert results.flows.iloc[0].tolist() == pytest.approx([48.0, 8.0], abs=1e-5)
    assert results.demand["town"].item() == pytest.approx(40.0, abs=1e-6)
    every_table(results)


def test_a_cycle_at_no_cost_is_harmless(solver):
    network = TWO.with_pipe("A->B", tariff=0.0).with_pipe("B->A", origin="B", destination="A", capacity=30.0)
    results = simulated(network, solver=solver)
    net = results.flows["A->B"] - results.flows["B->A"]
    assert net.item() == pytest.approx(40.0, abs=1e-6)
    assert results.prices.iloc[0].tolist() == pytest.approx([20.0, 20.0], abs=1e-6)


def test_a_loop_with_losses_is_not_travelled(solver):
    network = TWO
    for origin, destination in ("BC", "CA"):
        network = network.with_node("C") if "C" not in network.nodes.index else network
        network = network.with_pipe(f"{origin}->{destination}", origin=origin, destination=destination, capacity=20.0,
                                    loss=0.1)  # fmt: skip
    results = simulated(network, solver=solver)
    assert results.flows.iloc[0].tolist() == pytest.approx([40.0, 0.0, 0.0], abs=1e-7)


def test_twins_between_two_nodes_are_one_larger_pipe(solver):
    twin = TWO.with_pipe("A->B", capacity=25.0).with_pipe(
        "twin", origin="A", destination="B", capacity=25.0, tariff=2.0
    )
    results = simulated(twin, solver=solver)
    assert results.flows.sum(axis=1).item() == pytest.approx(40.0, abs=1e-7)
    assert price(results, "B") == pytest.approx(22.0, abs=1e-6)
    assert results.shortages() == []


def test_contracts_may_not_share_a_route():
    hub = gf.toys.transit_hub()
    with pytest.raises(NetworkError, match="earlier contract"):
        hub.with_supply("more", node="RU", kind="contract", exporter="RU", volume=1.0, route="RU->Sudzha")


def test_sectors_of_a_node_must_share_their_anchor():
    rows = [{"volume": 10.0, "elasticity": -0.2, "anchor_price": anchor} for anchor in (20.0, 30.0)]
    with pytest.raises(NetworkError, match="not that of the node's other sectors"):
        demand_network(20.0, 100.0, *rows)
    firm = demand_network(20.0, 100.0, rows[0], {"volume": 5.0, "anchor_price": 99.0})
    assert price(gf.simulate(firm), "A") == pytest.approx(20.0, abs=1e-6)


@pytest.mark.parametrize("anchor", [3000.0 / 3.4, 2999.0, 1e6])
def test_an_anchor_without_room_below_the_value_of_lost_load_is_a_finding(anchor):
    row = {"volume": 10.0, "elasticity": -0.2, "anchor_price": anchor}
    with pytest.raises(NetworkError, match="value of lost load over"):
        demand_network(20.0, 100.0, row)
    with pytest.raises(NetworkError, match="value of lost load over"):
        A.with_supply("LNG", node="A", kind="market", volume=9.0, elasticity=0.3, anchor_price=anchor)


@pytest.mark.parametrize("anchor", [3000.0 / 3.5, 0.01])
def test_an_anchor_at_the_edge_has_an_answer(solver, anchor):
    row = {"volume": 10.0, "elasticity": -0.2, "anchor_price": anchor}
    results = simulated(demand_network(anchor, 100.0, row), solver=solver)
    assert results.demand.iloc[0].item() == pytest.approx(10.0, rel=1e-7)


@pytest.mark.parametrize("elasticity", [0.0, -1e-9, -1e-3, -1.0, -3.0, -6.5, -10.0])
def test_any_elasticity_has_an_answer_at_the_anchor(solver, elasticity):
    row = {"volume": 50.0, "elasticity": elasticity, "anchor_price": 20.0}
    results = simulated(demand_network(20.0, 100.0, row), solver=solver)
    assert results.demand.iloc[0].item() == pytest.approx(50.0, rel=1e-6)


def test_an_absurd_elasticity_is_a_finding():
    with pytest.raises(NetworkError, match="is below -10"):
        demand_network(20.0, 100.0, {"volume": 50.0, "elasticity": -11.0, "anchor_price": 20.0})


def test_several_markets_and_hubs_at_one_node(solver):
    network = A
    for name, anchor in (("LNG", 80.0), ("other", 60.0)):
        network = network.with_supply(name, node="A", kind="market", volume=50.0, elasticity=0.5, anchor_price=anchor)
    results = simulated(network.with_demand("town", node="A", volume=80.0), solver=solver)
    found = price(results, "A")
    exact = [50.0 * (found / anchor) ** 0.5 for anchor in (80.0, 60.0)]
    assert results.supply.iloc[0].tolist() == pytest.approx(exact, rel=0.02)
    assert sum(exact) == pytest.approx(80.0, rel=0.02)


def test_spilled_gas_is_real_gas(solver):
    """Contract gas bid at the floor is never bought to be spilled."""
    for shock in (gf.Scenario(), gf.Closure("Veľké Kapušany"), gf.DemandChange(0.0)):
        found = answers(gf.toys.transit_hub(), shock, solver=solver)
        assert found.spilled[found.assembler.index.nodes.get_loc("RU")].item() == pytest.approx(0.0, abs=1e-6)


def test_uncertified_scenarios_are_nan_and_say_so():
    """A problem beyond double precision: no number may come out as an answer."""
    network = TWO.with_pipe("A->B", slope=1e9, capacity=1e9).with_demand("town", volume=1e9)
    results = gf.simulate(network.with_supply("field", volume=1e9, cost=1e-9))
    bad = results.certificate["status"] == "uncertified"
    assert np.isnan(results.flows[bad.to_numpy()].to_numpy()).all()
    assert not np.isnan(results.flows[~bad.to_numpy()].to_numpy()).any()
