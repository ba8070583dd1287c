"""Results: one shape for one scenario or many, labels, units, and accounts by actor."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.errors import GasflowError
from gasflow.results.quantities import QUANTITIES
from tests.solving import network_of

HUB = gf.toys.transit_hub()
SHARES = (0.0, 0.5, 1.0)
CLOSED = gf.simulate(HUB, gf.Closure("Sokhranivka", share=SHARES))


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_tables_have_one_shape(quantity):
    table = CLOSED.table(quantity)
    assert table.index.names == ["scenario", "period"]
    assert len(table) == 3
    assert table.columns.equals(CLOSED.items(quantity))
    assert table.attrs["unit"] == CLOSED.unit(quantity)
    assert table.to_numpy() == pytest.approx(CLOSED.array(quantity)[:, 0].T, nan_ok=True)


def test_the_certificate_is_shown_per_scenario():
    certificate = CLOSED.certificate
    assert (certificate["worst"] <= certificate["tolerance"]).all()
    assert (certificate["worst_column"] <= certificate["column_tolerance"]).all()
    assert certificate["status"].tolist() == ["optimal"] * 3


def test_what_was_not_kept_is_named():
    few = gf.simulate(HUB, keep=("prices",))
    assert few.prices.shape == (1, 9)
    with pytest.raises(GasflowError, match="'flows' was not kept"):
        _ = few.flows


def test_a_price_is_found_by_any_name_of_its_node():
    assert CLOSED.price_at("Slovakia").equals(CLOSED.prices["SK"])


def test_sentences_name_the_scenario():
    assert all(sentence.startswith("scenario ") for sentence in CLOSED.shortages())
    short = gf.simulate(gf.toys.two_nodes(), gf.Closure("A->B", share=[0.0, 1.0]))
    assert short.shortages() == ["scenario 1: B is short 40.0 GWh/d; A->B is at capacity"]


def test_welfare_by_hand():
    """A field at 10 with a volume of 100, a pipe at 2 with rent, and a firm town whose own gas costs 50."""
    supplies = pd.DataFrame({"name": ["field", "own"], "node": ["A", "B"], "volume": 100.0, "cost": [10.0, 50.0]})
    demands = pd.DataFrame({"name": ["town"], "node": ["B"], "volume": [40.0]})
    network = network_of([("A", "B", 30.0)], supplies, demands, tariff=2.0)
    network = network.with_node("A", group="exporter").with_node("B", group="EU")
    welfare = gf.simulate(network).welfare.iloc[0]
    assert welfare["consumers", "EU"] == pytest.approx((3000.0 - 50.0) * 40.0, rel=1e-8)
    assert welfare["producers", "exporter"] == pytest.approx(0.0, abs=1e-4)
    assert welfare["pipes", "EU"] == pytest.approx((50.0 - 10.0 - 2.0) * 30.0, rel=1e-7)
    assert welfare.drop([("consumers", "EU"), ("pipes", "EU")]).to_numpy() == pytest.approx(np.zeros(10), abs=1e-4)
    assert welfare.sum() == pytest.approx(3000.0 * 40 - 12.0 * 30 - 50.0 * 10, rel=1e-9)


def test_closing_a_hub_costs_welfare_and_the_exporter_revenue():
    assert CLOSED.welfare.sum(axis=1).is_monotonic_decreasing
    assert CLOSED.price_at("SK").is_monotonic_increasing
    price, delivered = CLOSED.prices["Veľké Kapušany"], CLOSED.supply.filter(like="RU").sum(axis=1)
    assert CLOSED.revenue["RU"].to_numpy() == pytest.approx((price * delivered / 1000).to_numpy(), rel=1e-6)


def test_levels_follow_the_action():
    drawn = CLOSED.levels["SK store"] + CLOSED.storage["SK store"]
    assert drawn.to_numpy() == pytest.approx(np.full(3, 12_000.0))
