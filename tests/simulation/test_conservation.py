"""Gas comes from somewhere: in every answer, whatever the network, the shock and the solver."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gasflow as gf
from gasflow.core.solution import Status
from gasflow.core.tolerances import CONSERVED
from gasflow.results.results import Results
from gasflow.scenarios.shock import combined
from tests.horizons import horizon_of, one_node, solved
from tests.simulation.strange_networks import strange_horizon, strange_network
from tests.solving import answers, simulated

SEEDS = st.integers(0, 10_000)
WITHIN = 1e-5  # GWh/d


def everything(network: gf.Network) -> gf.Scenario:
    """One scenario for each: nothing happens, each node and pipe closes, each supply is cut."""
    places, supplies = [*network.nodes.index, *network.pipes.index], [*network.supplies.index]
    marks = np.eye(1 + len(places) + len(supplies))[:, 1:]
    closures = [gf.Closure(place, share=marks[:, k]) for k, place in enumerate(places)]
    cuts = [gf.SupplyCut(name, share=marks[:, len(places) + k]) for k, name in enumerate(supplies)]
    return combined([*closures, *cuts])


def at_nodes(network: gf.Network, nodes, values: np.ndarray) -> np.ndarray:
    """Items (item, period, scenario) added up at their nodes."""
    total = np.zeros((len(network.nodes), *values.shape[1:]))
    np.add.at(total, network.nodes.index.get_indexer(nodes), values)
    return total


def column(networks, table: str, name: str) -> np.ndarray:
    """A column of a table over the periods, shape (item, period, 1)."""
    return np.stack([getattr(network, table)[name].to_numpy(float) for network in networks], axis=1)[:, :, None]


def assert_conserved(networks: list[gf.Network], results: Results) -> None:
    """What a reader of the tables asks of an answer, from the tables and the results alone."""
    assert results.diagnostics.imbalance.max() <= CONSERVED
    network = networks[0]
    pipes, flows = network.pipes, results.array("flows")
    supply, storage, demand = (results.array(name) for name in ("supply", "storage", "demand"))
    unserved, unsettled, spilled = (results.array(name) for name in ("unserved", "unsettled", "spilled"))
    difference = column(networks, "nodes", "statistical_difference")
    coming = at_nodes(network, pipes["destination"], flows * (1 - pipes["loss"].to_numpy()[:, None, None]))
    coming += at_nodes(network, network.supplies["node"], supply) + np.maximum(difference, 0.0)
    coming += at_nodes(network, network.storages["node"], np.maximum(storage, 0.0)) + unsettled
    going = at_nodes(network, pipes["origin"], flows) + at_nodes(network, network.demands["node"], demand) + spilled
    going += at_nodes(network, network.storages["node"], np.maximum(-storage, 0.0)) + np.maximum(-difference, 0.0)
    assert np.abs(coming - going).max() <= WITHIN
    asked = at_nodes(
        network, network.demands["node"], np.broadcast_to(column(networks, "demands", "volume"), demand.shape)
    )
    assert not (unserved[np.broadcast_to(asked == 0.0, unserved.shape)] != 0.0).any()
    assert (unserved <= asked + WITHIN).all()
    assert (unsettled <= np.maximum(-difference, 0.0) + WITHIN).all()
    routed = (network.supplies["route"] != "").to_numpy()
    shipped = flows[network.pipes.index.get_indexer(network.supplies["route"][routed])]
    assert (supply[routed] <= shipped + WITHIN).all()
    limited = (network.supplies["kind"] != "market").to_numpy()
    assert (supply <= column(networks, "supplies", "volume") + WITHIN)[limited].all()
    for array in (flows, supply, demand, unserved, unsettled, spilled, results.array("levels")):
        assert (array >= 0.0).all()
        assert not np.signbit(array[array == 0.0]).any()


def assert_levels(horizon: gf.Horizon, results: Results) -> None:
    """The level of a store follows from its net action alone."""
    storages, days = horizon.networks[0].storages, horizon.periods.days[None, :, None]
    kept = 1.0 - storages["loss"].to_numpy()[:, None, None]
    action = results.array("storage")
    change = np.where(action < 0.0, -kept * action, -action) * days
    levels = storages["level"].to_numpy()[:, None, None] + np.cumsum(change, axis=1)
    assert np.abs(results.array("levels") - levels).max(initial=0.0) <= 1e-4


@pytest.mark.slow
@given(SEEDS, st.sampled_from(["reference", "lanes"]))
def test_gas_is_conserved_on_every_day_whatever_closes(seed, solver):
    network = strange_network(seed)
    assert_conserved([network], simulated(network, everything(network), solver=solver))


@pytest.mark.slow
@given(SEEDS, st.sampled_from(["reference", "lanes", "periods"]))
def test_gas_is_conserved_over_every_horizon_whatever_closes(seed, solver):
    horizon = strange_horizon(seed)
    places = [*horizon.networks[0].nodes.index][:: 1 + seed % 3]
    shares = np.eye(1 + len(places))[:, 1:]
    closures = combined(gf.Closure(place, share=shares[:, k]) for k, place in enumerate(places))
    results = solved(horizon, closures, solver=solver)
    assert_conserved([*horizon.networks], results)
    assert_levels(horizon, results)


@pytest.mark.parametrize("wedge", [-5.0, -3.0, -2.0, 0.0])
def test_a_node_without_demand_buys_nothing_at_the_value_of_lost_load(solver, wedge):
    network = gf.toys.two_nodes().with_pipe("A->B", wedge=wedge)
    results = simulated(network, gf.SupplyCut("field"), solver=solver)
    assert results.unserved.iloc[0].to_dict() == {"A": 0.0, "B": 40.0}
    for quantity in ("flows", "demand", "supply"):
        assert results.table(quantity).iloc[0].tolist() == [0.0]
    assert results.shortages()[0] == "B is short 40.0 GWh/d"


@pytest.mark.parametrize("cut", [0.0, 1.0])
def test_what_a_contract_does_not_ship_it_does_not_ship_elsewhere(solver, cut):
    network = gf.toys.transit_hub()
    network = network.with_pipe("RU->SK", origin="RU", destination="SK", capacity=900.0, tariff=0.1)
    results = simulated(network, gf.CapacityChange("RU->Sudzha", factor=1.0 - cut), solver=solver)
    assert results.flows["RU->SK"].item() == 0.0
    assert results.supply["RU via Sudzha"].item() == pytest.approx(752.0 * (1.0 - cut), abs=1e-6)
    # A contract without a route is how a network says that it may go anywhere.
    free = network.with_supply("RU spot", node="RU", kind="contract", exporter="RU", volume=100.0)
    assert simulated(free, solver=solver).flows["RU->SK"].item() == pytest.approx(100.0, abs=1e-6)


@pytest.mark.parametrize("solver", ["reference", "lanes", "periods"])
@pytest.mark.parametrize(("wedge", "minimum"), [(-60.0, 0.0), (0.0, 100.0), (-60.0, 100.0)])
@pytest.mark.parametrize("level", [0.0, 5_000.0, 10_000.0])
def test_no_store_burns_gas(solver, wedge, minimum, level):
    network = one_node(demand=10.0, elasticity=0.0, level=level, loss=0.05)
    network = network.with_pipe("F->A", wedge=wedge, slope=0.0).with_supply("field", minimum=minimum, cost=0.0)
    horizon = horizon_of([network] * 3)
    results = solved(horizon, solver=solver)
    assert_conserved([*horizon.networks], results)
    assert_levels(horizon, results)


def test_an_island_of_idle_pipes_has_an_answer_and_prices_stay_near(solver):
    # Nothing flows on them, so that their prices could be anything.
    network = strange_network(45)
    found = answers(network, everything(network), solver=solver)
    assert np.abs(found.solution.duals).max() < 1e6
    assert (found.solution.status == Status.OPTIMAL).all()


@pytest.mark.slow
@given(SEEDS, st.floats(0, 1))
def test_more_capacity_never_hurts_and_a_larger_cut_never_helps(seed, share):
    network = strange_network(seed)
    shares = [0.0, share, 1.0]
    what = [gf.Closure(str(network.pipes.index[seed % len(network.pipes)]), share=shares)]
    wanted = network.supplies.index[network.supplies["minimum"] == 0.0]  # to be rid of gas that must be taken may help
    what += [gf.SupplyCut(str(wanted[seed % len(wanted)]), share=shares)]
    for shock in what:
        found = answers(network, shock)
        scale = 1e-6 * (1.0 + np.abs(found.problem.cost * found.solution.columns).sum())
        assert found.objective[0] <= found.objective[1] + scale
        assert found.objective[1] <= found.objective[2] + scale
