"""What must hold in the world on every base: more capacity never hurts, and a loss never makes gas cheaper."""

from __future__ import annotations

import numpy as np
import pytest

import gasflow as gf
from gasflow.datasets.europe.tables import labels

# A base of every season and year, and the dated one.
SOME = (*labels()[::5], "2022-05-10")
STEP = 1.0  # GWh/d
# Thousand EUR/d and EUR/MWh; welfare is known to some 1e-9 of itself.
LEAST_WELFARE, LEAST_PRICE = 1e-2, 1e-5


@pytest.mark.slow
@pytest.mark.parametrize("label", SOME)
def test_one_more_of_any_pipe_never_lowers_welfare(label: str) -> None:
    network = gf.load_europe(label)
    names = network.pipes.index.to_numpy()
    # Scenario 0 is the base, scenario n has one more GWh/d on pipe n.
    more = np.eye(len(names) + 1)[1:] * STEP
    wider = [gf.CapacityChange(name, change=tuple(row)) for name, row in zip(names, more, strict=True)]
    results = gf.simulate(network, *wider, keep=("welfare",))
    assert results.diagnostics.status.max() <= 1
    welfare = results.total("welfare").sum(axis=1).to_numpy()
    assert (welfare[1:] - welfare[0]).min() >= -LEAST_WELFARE


@pytest.mark.slow
@pytest.mark.parametrize("label", SOME)
def test_a_cut_of_any_supply_never_lowers_the_price(label: str) -> None:
    network = gf.load_europe(label)
    names = network.supplies.index[network.supplies["volume"].to_numpy() > STEP]
    share = np.eye(len(names) + 1)[1:]
    cuts = [gf.SupplyCut(name, share=tuple(row)) for name, row in zip(names, share, strict=True)]
    results = gf.simulate(network, *cuts, keep=("prices",))
    assert results.diagnostics.status.max() <= 1
    price = results.price_at("TTF").to_numpy()
    assert (price[1:] - price[0]).min() >= -LEAST_PRICE
