"""What must hold for every network: symmetries, monotonicity, and accounts that add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gasflow as gf
from gasflow.core.solvers.registry import SOLVERS
from gasflow.results.quantities import QUANTITIES
from tests.simulation.random_networks import random_network
from tests.solving import answers

pytestmark = pytest.mark.slow

SEEDS = st.integers(0, 10_000)
QUANTITY_COLUMNS = ("statistical_difference", "capacity", "booked", "nominated", "volume", "minimum", "injection",
                    "withdrawal", "level", "action")  # fmt: skip
PRICE_COLUMNS = ("tariff", "wedge", "slope", "cost", "anchor_price", "value", "injection_cost", "withdrawal_cost")
TABLES = ("nodes", "pipes", "supplies", "demands", "storages")


def same(one: pd.DataFrame, other: pd.DataFrame, within: float = 1e-5) -> None:
    """Equal by label, and NaN in the same places."""
    other = other[one.columns]
    difference = np.abs(one.to_numpy() - other.to_numpy())
    assert (np.isnan(one.to_numpy()) == np.isnan(other.to_numpy())).all()
    assert not (difference > within * (1 + np.abs(one.to_numpy()))).any()


def changed(network: gf.Network, quantity: float = 1.0, money: float = 1.0) -> gf.Network:
    """The network in other units of quantity and money."""
    tables = {}
    for name in TABLES:
        table = getattr(network, name)
        for column in table.columns.intersection(QUANTITY_COLUMNS):
            table[column] *= quantity
        for column in table.columns.intersection(PRICE_COLUMNS):
            table[column] *= money / (quantity if column == "slope" else 1.0)
        tables[name] = table
    return gf.Network(**tables, date=network.date, value_of_lost_load=3000.0 * money)


def shuffled(network: gf.Network, seed: int) -> gf.Network:
    """The network with the rows of every table in another order."""
    tables = {name: getattr(network, name).sample(frac=1, random_state=seed) for name in TABLES}
    return gf.Network(**tables, date=network.date)


@given(SEEDS)
def test_the_order_of_rows_does_not_matter(seed):
    network = random_network(seed)
    one, other = gf.simulate(network), gf.simulate(shuffled(network, seed))
    for quantity in ("flows", "duals", "demand", "supply", "storage", "welfare"):
        if quantity == "duals":
            same(one.prices, other.prices)
        else:
            same(one.table(quantity), other.table(quantity))


@given(SEEDS, st.sampled_from([1e-2, 0.5, 40.0, 1e3]))
def test_scaling_quantities_scales_flows_and_keeps_prices(seed, factor):
    network = random_network(seed)
    one, other = gf.simulate(network), gf.simulate(changed(network, quantity=factor))
    same(one.flows * factor, other.flows)
    same(one.demand * factor, other.demand)
    same(one.prices, other.prices)


@given(SEEDS, st.sampled_from([0.1, 0.5, 7.0]))
def test_scaling_prices_scales_prices_and_keeps_flows(seed, factor):
    network = random_network(seed)
    one, other = gf.simulate(network), gf.simulate(changed(network, money=factor))
    same(one.flows, other.flows)
    same(one.prices * factor, other.prices)


@given(SEEDS, st.lists(st.floats(0, 1), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_permuting_scenarios_permutes_the_answer(seed, shares, random):
    network = random_network(seed)
    order = list(range(len(shares)))
    random.shuffle(order)
    one = gf.simulate(network, gf.Closure("Entry", share=shares))
    other = gf.simulate(network, gf.Closure("Entry", share=[shares[k] for k in order]))
    for quantity in QUANTITIES:
        assert np.array_equal(one.array(quantity)[..., order], other.array(quantity), equal_nan=True)


@given(SEEDS, st.lists(st.floats(0.1, 2), min_size=2, max_size=4))
def test_many_scenarios_are_as_many_single_calls(seed, factors):
    network = random_network(seed)
    together = gf.simulate(network, gf.LngPriceChange(factors))
    for scenario, factor in enumerate(factors):
        alone = gf.simulate(network, gf.LngPriceChange(factor))
        for quantity in QUANTITIES:
            one, other = together.array(quantity)[..., scenario], alone.array(quantity)[..., 0]
            if quantity in ("flows", "duals", "unserved", "storage"):  # columns and duals themselves, to the last bit
                assert np.array_equal(one, other)
            assert one == pytest.approx(other, rel=1e-12, abs=1e-9, nan_ok=True)


@given(SEEDS, st.floats(0, 1), st.booleans())
def test_less_capacity_never_raises_welfare(seed, factor, curved):
    network = random_network(seed, curved)
    for pipe in network.pipes.index[:3]:
        found = gf.simulate(network, gf.CapacityChange(pipe, factor=[1.0, factor, 0.0]))
        full, less, none = found.welfare.sum(axis=1)
        scale = 1e-7 * (1 + np.abs(found.welfare.to_numpy()).sum())
        assert full >= less - scale
        assert less >= none - scale


@given(SEEDS)
def test_an_empty_shock_is_identity(seed):
    network = random_network(seed)
    one = gf.simulate(network)
    nothing = [gf.Scenario(), gf.Closure("Entry", share=0.0), gf.DemandChange(1.0), gf.LngPriceChange(1.0),
               gf.ElasticityChange(), gf.CapacityChange("Entry"), gf.StorageResponse(), gf.Siphoning("Entry"),
               gf.SupplyCut(exporter="RU", share=0.0),
               gf.NodeChange("value_of_lost_load"), gf.PipeChange("tariff"), gf.SupplyChange("cost")]  # fmt: skip
    if network.demands.empty:
        nothing = [shock for shock in nothing if not isinstance(shock, gf.DemandChange | gf.ElasticityChange)]
    for shock in nothing:
        other = gf.simulate(network, shock)
        for quantity in QUANTITIES:
            assert np.array_equal(one.array(quantity), other.array(quantity), equal_nan=True)


@given(SEEDS, st.permutations([gf.Closure("Entry", share=0.7), gf.LngPriceChange(1.3),
                               gf.StorageResponse(slope_factor=2.0),
                               gf.CapacityChange("LNG", factor=0.5), gf.Siphoning("Entry", volume=4.0),
                               gf.SupplyCut(exporter="RU", share=0.2)]))  # fmt: skip
def test_disjoint_shocks_commute(seed, shocks):
    network = random_network(seed)
    one, other = gf.simulate(network, *shocks), gf.simulate(network, *sorted(shocks, key=repr))
    for quantity in QUANTITIES:
        assert one.array(quantity) == pytest.approx(other.array(quantity), rel=1e-7, abs=1e-5, nan_ok=True)


@given(SEEDS, st.booleans())
def test_surpluses_add_up_to_welfare(seed, curved):
    found = answers(random_network(seed, curved), gf.LngPriceChange([1.0, 1.2]))
    frame, lost_load = found.assembler.index, 3000.0
    firm = found.assembler.demand.firm(found.assembler.demand.curves(found.conditions)).sum(axis=(0, 1))
    total = found.welfare.sum(axis=(0, 1))
    assert total == pytest.approx(lost_load * firm - found.objective, rel=1e-7, abs=1e-3)
    assert found.welfare.shape[0] == 12
    assert frame.days.tolist() == [[[1.0]]]


@given(SEEDS)
def test_prices_stay_between_floor_and_value_of_lost_load(seed):
    results = gf.simulate(random_network(seed, curved=False), gf.Closure("Entry", share=[0.0, 1.0]))
    assert results.table("duals").to_numpy().min() >= -0.01 - 1e-6
    assert results.table("duals").to_numpy().max() <= 3000.0 + 1e-6


@given(SEEDS, st.booleans())
def test_every_solver_finds_the_same(seed, curved):
    network = random_network(seed, curved)
    first, *others = (answers(network, solver=name) for name in SOLVERS)
    scale = 1 + np.abs(first.problem.cost * first.solution.columns).sum()
    for other in others:
        assert first.objective == pytest.approx(other.objective, abs=1e-7 * scale)
        if curved:
            assert first.flows == pytest.approx(other.flows, abs=1e-4)
            assert first.prices == pytest.approx(other.prices, abs=1e-4, nan_ok=True)
