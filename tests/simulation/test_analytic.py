"""Networks with an answer that can be worked out by hand, solved by every solver."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from tests.solving import answers, network_of, price, simulated

SUPPLY = {"name": ["field"], "node": ["A"], "volume": [100.0], "cost": [20.0]}
TOWN = {"name": ["town"], "node": ["B"], "volume": [40.0]}


def one_pipe(capacity: float = 50.0, **cells) -> gf.Network:
    """Field at A for 20 EUR/MWh, town of 40 GWh/d at B."""
    return network_of([("A", "B", capacity)], pd.DataFrame(SUPPLY), pd.DataFrame(TOWN), **cells)


def test_two_nodes_one_pipe(solver):
    results = simulated(gf.toys.two_nodes(), solver=solver)
    assert results.flows["A->B"].item() == pytest.approx(40.0, abs=1e-9)
    assert results.prices.iloc[0].tolist() == pytest.approx([20.0, 22.0], abs=1e-6)
    assert results.supply["field"].item() == pytest.approx(40.0, abs=1e-9)
    assert results.demand["town"].item() == pytest.approx(40.0, abs=1e-9)
    assert results.shortages() == []


def test_the_spread_over_a_full_pipe_is_tariff_and_rent(solver):
    network = one_pipe(30.0, tariff=2.0).with_supply("dear field", node="B", volume=100.0, cost=50.0)
    results = simulated(network, solver=solver)
    assert results.flows["A->B"].item() == 30.0
    assert results.rents["A->B"].item() == pytest.approx(28.0, abs=1e-6)
    assert price(results, "B") - price(results, "A") == pytest.approx(2.0 + 28.0, abs=1e-6)


def test_slope_and_loss_stand_in_the_price(solver):
    tariff, slope, loss = 2.0, 0.1, 0.04
    results = simulated(one_pipe(tariff=tariff, slope=slope, loss=loss), solver=solver)
    sent = 40.0 / (1 - loss)
    assert results.flows["A->B"].item() == pytest.approx(sent, rel=1e-9)
    assert price(results, "B") == pytest.approx((20.0 + tariff + slope * sent) / (1 - loss), rel=1e-7)


def test_a_wedge_adds_to_the_tariff(solver):
    results = simulated(one_pipe(tariff=2.0, wedge=-1.5), solver=solver)
    assert price(results, "B") == pytest.approx(20.5, abs=1e-6)


def test_parallel_pipes_share_by_their_slopes(solver):
    pipes = pd.DataFrame({"name": ["one", "two"], "origin": "A", "destination": "B", "capacity": 50.0,
                          "tariff": [1.0, 2.0], "slope": [0.1, 0.05]})  # fmt: skip
    network = gf.Network(pd.DataFrame({"name": ["A", "B"]}), pipes, pd.DataFrame(SUPPLY), pd.DataFrame(TOWN))
    results = simulated(network, solver=solver)
    # 1 + 0.1 f = 2 + 0.05 (40 - f)
    assert results.flows.iloc[0].tolist() == pytest.approx([20.0, 20.0], abs=1e-6)
    assert price(results, "B") == pytest.approx(23.0, abs=1e-6)


def test_the_way_round_sets_the_price_of_a_full_direct_pipe(solver):
    results = simulated(gf.toys.triangle(), solver=solver)
    assert results.flows.iloc[0].tolist() == pytest.approx([10.0, 15.0, 15.0], abs=1e-7)
    assert results.prices.iloc[0].tolist() == pytest.approx([10.0, 11.0, 12.0], abs=1e-6)
    assert results.rents.iloc[0].tolist() == pytest.approx([1.0, 0.0, 0.0], abs=1e-6)


def test_a_line_adds_up_its_tariffs(solver):
    results = simulated(gf.toys.line(), solver=solver)
    assert results.prices.iloc[0].tolist() == pytest.approx([10.0, 11.0, 12.0], abs=1e-6)


def test_a_closed_hub_carries_exactly_nothing_and_has_no_price(solver):
    results = simulated(gf.toys.transit_hub(), gf.Closure("Sokhranivka"), solver=solver)
    assert results.flows[["RU->Sokhranivka", "Sokhranivka->UA transit"]].to_numpy().tolist() == [[0.0, 0.0]]
    assert results.supply["RU via Sokhranivka"].item() == 0.0
    assert np.isnan(price(results, "Sokhranivka"))
    assert price(results, "UA transit") > 0


def test_an_isolated_node_is_short_at_the_value_of_lost_load(solver):
    closed = simulated(gf.toys.two_nodes(), gf.Closure("A->B"), solver=solver)
    assert price(closed, "B") == pytest.approx(3000.0, abs=1e-6)
    assert closed.unserved["B"].item() == pytest.approx(40.0, abs=1e-9)
    assert closed.demand["town"].item() == pytest.approx(0.0, abs=1e-9)
    assert closed.shortages() == ["B is short 40.0 GWh/d; A->B is at capacity"]


def test_a_shortage_names_the_full_pipe(solver):
    short = simulated(one_pipe(36.9), solver=solver)
    assert short.shortages() == ["B is short 3.1 GWh/d; A->B is at capacity"]


@pytest.mark.parametrize("floor", [0.0, 5.0, -3.0])
def test_surplus_gas_is_worth_the_floor(solver, floor):
    network = one_pipe().with_node("B", statistical_difference=47.0)
    network = gf.Network(network.nodes, network.pipes, network.supplies, network.demands, price_floor=floor)
    results = simulated(network, solver=solver)
    assert price(results, "B") == pytest.approx(floor, abs=1e-6)
    assert results.table("spilled")["B"].item() == pytest.approx(7.0, abs=1e-9)
    assert results.flows["A->B"].item() == 0.0


@pytest.mark.parametrize("floor", [0.0, 5.0])
def test_contract_gas_bids_at_the_floor_and_names_what_is_untaken(solver, floor):
    contract = pd.DataFrame({"name": ["RU via A"], "node": ["RU"], "kind": "contract", "exporter": "RU",
                             "volume": [100.0], "route": "RU->A"})  # fmt: skip
    network = network_of([("RU", "A", 200.0), ("A", "B", 60.0)], contract, pd.DataFrame(TOWN), tariff=1.0)
    network = gf.Network(network.nodes, network.pipes, network.supplies, network.demands, price_floor=floor)
    results = simulated(network, solver=solver)
    # Contract gas does not pass through the node of its exporter.
    prices = {"RU": np.nan, "A": floor + 1, "B": floor + 2}
    assert results.prices.iloc[0].to_dict() == pytest.approx(prices, abs=1e-6, nan_ok=True)
    assert results.supply["RU via A"].item() == pytest.approx(40.0, abs=1e-9)
    assert results.untaken["RU via A"].item() == pytest.approx(60.0, abs=1e-9)
    assert results.table("spilled").to_numpy().tolist() == [[0.0, 0.0, 0.0]]
    assert results.revenue["RU"].item() == pytest.approx(40.0 * (floor + 1) / 1000, abs=1e-9)
    assert results.shortages() == ["RU via A cannot place 60.0 GWh/d"]


def test_a_minimum_is_given_in_any_case(solver):
    network = one_pipe().with_supply("field", minimum=45.0).with_supply("cheap", node="B", volume=40.0, cost=1.0)
    results = simulated(network, solver=solver)
    assert results.supply["field"].item() == pytest.approx(45.0, abs=1e-9)
    cut = simulated(network, gf.SupplyCut("field", share=0.8), solver=solver)
    assert cut.supply["field"].item() == pytest.approx(20.0, abs=1e-9)


def test_an_unmeetable_minimum_of_a_contract_is_named(solver):
    hub = gf.toys.transit_hub().with_supply("RU via Sudzha", minimum=700.0)
    results = simulated(hub, gf.CapacityChange("Veľké Kapušany->SK", factor=0.25), solver=solver)
    delivered = results.supply["RU via Sudzha"].item()
    assert f"{700 - delivered:,.1f} GWh/d below its minimum" in " ".join(results.shortages())


def test_a_storage_sells_and_buys_around_its_value(solver):
    cells = {"volume": 900.0, "injection": 12.0, "withdrawal": 15.0, "level": 300.0, "action": -2.0, "value": 30.0}
    network = gf.toys.two_nodes().with_pipe("A->B", capacity=70.0).with_storage("cavern", node="B", slope=0.5, **cells)
    base = simulated(network, solver=solver)  # 22 = 30 + 0.5 (x + 2): more than it can inject
    assert base.storage["cavern"].item() == -12.0
    shifted = simulated(network, gf.StorageResponse(value_change=-6.0), solver=solver)  # 22 = 24 + 0.5 (x + 2)
    assert shifted.storage["cavern"].item() == pytest.approx(-6.0, abs=1e-7)
    assert price(shifted, "B") == pytest.approx(22.0, abs=1e-6)
    closed = simulated(network.with_demand("town", volume=10.0), gf.Closure("A->B"), solver=solver)
    assert closed.storage["cavern"].item() == pytest.approx(10.0, abs=1e-7)
    assert price(closed, "B") == pytest.approx(30.0 + 0.5 * 12.0, abs=1e-6)
    empty = simulated(network.with_storage("cavern", level=4.0), gf.Closure("A->B"), solver=solver)
    assert empty.storage["cavern"].item() == 4.0
    assert empty.unserved["B"].item() == pytest.approx(36.0, abs=1e-9)
    full = simulated(network.with_storage("cavern", volume=303.0), solver=solver)
    assert full.storage["cavern"].item() == -3.0
    assert full.levels["cavern"].item() == pytest.approx(303.0, abs=1e-9)


def test_persistence_flattens_the_storage_slope(solver):
    cells = {"volume": 900.0, "injection": 40.0, "withdrawal": 45.0, "level": 300.0, "action": 5.0, "value": 30.0}
    network = gf.toys.two_nodes().with_storage("cavern", node="B", slope=0.5, **cells)
    network = network.with_demand("town", volume=25.0)
    shock = gf.Closure("A->B") + gf.StorageResponse(slope_factor=2.0, persistence=[0.0, 0.5])
    results = simulated(network, shock, solver=solver)
    assert price(results, "B", 0) == pytest.approx(30.0 + 2.0 * 0.5 * 20.0, abs=1e-6)
    assert price(results, "B", 1) == pytest.approx(30.0 + 4.0 * 0.5 * 20.0, abs=1e-6)


def test_belgium(solver):
    found = answers(gf.toys.belgium(), solver=solver)
    assert float(found.objective[0]) == pytest.approx(89.08584, abs=1e-5)
    assert found.prices[:, 0, 0] == pytest.approx(np.full(20, 2.28), abs=1e-6)
    supply = dict(zip(found.assembler.index.supplies.index, found.supply[:, 0, 0], strict=True))
    assert supply["Voeren"] == pytest.approx(22.012, abs=1e-7)
    assert supply["Anderlues"] == pytest.approx(1.2, abs=1e-7)
    assert supply["Peronnes"] == pytest.approx(0.96, abs=1e-7)
    assert supply["Zeebrugge"] >= 8.870 - 1e-7
    assert sum(supply.values()) == pytest.approx(46.318, abs=1e-6)
