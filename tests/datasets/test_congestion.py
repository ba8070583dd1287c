"""A full pipe has a value: its rent is the difference of prices, and what one more GWh/d would be worth."""

from __future__ import annotations

import numpy as np
import pytest

import gasflow as gf
from gasflow.datasets.europe.load import calibration_of
from gasflow.datasets.europe.tables import base_of, labels

# Bases on which Great Britain had more gas than its interconnectors could carry away, and how dear that was.
FULL = ["2022-04", "2022-05", "2022-07", "2022-08", "2022-05-10"]
STEP = 1.0  # GWh/d


def full_pipes(label: str) -> list[str]:
    items = calibration_of(base_of(label)).equilibrium.items
    return [str(name) for name in items.loc[items["available"].notna(), "name"]]


@pytest.mark.parametrize("label", FULL)
def test_the_rent_is_the_gap_of_the_prices_less_tariff_and_slope(label: str) -> None:
    network = gf.load_europe(label)
    results = gf.simulate(network)
    names = full_pipes(label)
    assert "UK->BBL" in names
    pipes = network.pipes.loc[names]
    flow = results.flows[names].iloc[0].to_numpy()
    prices = results.duals.iloc[0]
    gap = (1 - pipes["loss"]).to_numpy() * prices[pipes["destination"]].to_numpy() - prices[pipes["origin"]].to_numpy()
    margin = gap - (pipes["tariff"] + pipes["wedge"] + pipes["slope"] * flow).to_numpy()
    rents = results.rents[names].iloc[0].to_numpy()
    assert np.allclose(rents, margin, atol=1e-5)
    assert (pipes["wedge"] == 0.0).all()
    assert rents.max() > 20.0


@pytest.mark.parametrize("label", FULL)
def test_the_rent_is_the_welfare_of_one_more(label: str) -> None:
    network = gf.load_europe(label)
    for name in full_pipes(label):
        changes = gf.CapacityChange(name, change=(0.0, STEP, -STEP))
        results = gf.simulate(network, changes)
        welfare = results.total("welfare").sum(axis=1).to_numpy()
        rent = results.rents[name].iloc[0]
        assert welfare[2] <= welfare[0] <= welfare[1]
        assert (welfare[1] - welfare[2]) / (2 * STEP) == pytest.approx(rent, rel=0.02, abs=0.05)


def test_where_both_ways_out_are_full_the_other_takes_nothing_more() -> None:
    """In July 2022 gas from BBL had no other pipe to go to."""
    network = gf.load_europe("2022-07")
    assert {"UK->BBL", "UK->IUK"} <= set(full_pipes("2022-07"))
    results = gf.simulate(network, gf.Closure("BBL", share=(0.0, 1.0)))
    assert results.flows["UK->IUK"].iloc[1] == pytest.approx(results.flows["UK->IUK"].iloc[0], abs=1e-4)
    assert results.prices["UK"].iloc[1] < results.prices["UK"].iloc[0] - 0.1
    assert results.prices["NL"].iloc[1] > results.prices["NL"].iloc[0]


def test_a_wider_pipe_brings_prices_together_and_a_narrower_one_apart() -> None:
    results = gf.simulate(gf.load_europe("2022-05-10"), gf.CapacityChange("UK->BBL", factor=(1.0, 0.5, 1.5)))
    british, continental = (results.prices[node].to_numpy() for node in ("UK", "NL"))
    assert british[1] < british[0] < british[2]
    assert continental[1] > continental[0] > continental[2]


@pytest.mark.slow
@pytest.mark.parametrize("label", labels())
def test_no_pipe_is_full_and_paid_for_it(label: str) -> None:
    """A positive wedge on a pipe without room would be a rent that is called a cost."""
    found = calibration_of(base_of(label)).equilibrium.items
    pipes = found[found["available"].notna()]
    assert (pipes["wedge"] == 0.0).all()
    assert (pipes["available"] <= pipes["upper"] + 1e-6).all()
