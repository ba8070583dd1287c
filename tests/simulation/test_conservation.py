"""Gas comes from somewhere: in every answer, whatever the network, the shock and the solver."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import gasflow as gf
from gasflow.core.solve import SolverChoice
from gasflow.results.results import Results
from gasflow.scenarios.shock import combined
from gasflow.simulation.conservation import CONSERVED
from tests.horizons import solved
from tests.simulation.strange_networks import strange_horizon, strange_network
from tests.solving import simulated

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
    assert results.judgement.imbalance.max() <= CONSERVED
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


@given(SEEDS, st.sampled_from([SolverChoice.REFERENCE, SolverChoice.BATCHED]))
def test_gas_is_conserved_on_every_day_whatever_closes(seed, solver):
    network = strange_network(seed)
    assert_conserved([network], simulated(network, everything(network), solver=solver))


@given(SEEDS, st.sampled_from([SolverChoice.REFERENCE, SolverChoice.BATCHED, SolverChoice.STAGED]))
def test_gas_is_conserved_over_every_horizon_whatever_closes(seed, solver):
    horizon = strange_horizon(seed)
    places = [*horizon.networks[0].nodes.index][:: 1 + seed % 3]
    shares = np.eye(1 + len(places))[:, 1:]
    closures = combined(gf.Closure(place, share=shares[:, k]) for k, place in enumerate(places))
    results = solved(horizon, closures, solver=solver)
    assert_conserved([*horizon.networks], results)
    assert_levels(horizon, results)
