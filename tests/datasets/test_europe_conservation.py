"""Gas comes from somewhere on the bundled network, whatever closes and whoever stops supplying."""

from __future__ import annotations

import numpy as np
import pytest

import gasflow as gf
from tests.simulation.test_conservation import assert_conserved, everything
from tests.solving import simulated


@pytest.mark.parametrize("date", ["2021-11", "2022-05-10"])
def test_every_closure_and_cut_conserves_gas(date):
    network = gf.load_europe(date)
    results = simulated(network, everything(network), solver="lanes")
    assert_conserved([network], results)
    demand = network.demands["node"].unique()
    assert (results.unserved.drop(columns=demand) == 0.0).all(axis=None)


def test_the_loss_of_russia_is_no_shortage_of_the_transit_zone():
    network = gf.load_europe("2022-01")
    results = gf.simulate(network, gf.SupplyCut(exporter="RU"))
    assert {text.split(" is short")[0] for text in results.shortages() if " is short " in text} == {"MD"}
    assert not any("transit" in text for text in results.shortages())


@pytest.mark.parametrize("date", ["2021-03", "2022-05-10"])
def test_what_is_lost_in_transit_goes_with_the_throughput(date):
    network = gf.load_europe(date)
    results = gf.simulate(network, gf.Closure("Sokhranivka", share=[0.0, 1.0]))
    pipes, flows = network.pipes, results.flows
    entering = flows.loc[:, (pipes["destination"] == "UA transit").to_numpy()].sum(axis=1)
    leaving = flows.loc[:, (pipes["origin"] == "UA transit").to_numpy()].sum(axis=1)
    kept = (leaving / entering).to_numpy()
    assert kept[1] == pytest.approx(kept[0], abs=1e-9)
    assert np.all((kept > 0.94) & (kept < 0.98))


def test_a_new_pipe_from_norway_carries_nothing_that_nobody_produces():
    network = gf.load_europe("2022-05-10")
    base = gf.simulate(network, keep=("prices", "flows"))
    wider = network.with_pipe("NO->PL new", origin="NO", destination="PL", capacity=270.0, tariff=3.0)
    results = gf.simulate(wider, keep=("prices", "flows"))
    assert results.flows["NO->PL new"].item() == 0.0
    assert results.price_at("TTF").item() == pytest.approx(base.price_at("TTF").item(), abs=1e-6)
