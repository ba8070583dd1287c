"""What a quantity is decides what may be done with it, and every quantity is at hand."""

from __future__ import annotations

import numpy as np
import pytest

import gasflow as gf
from gasflow.errors import GasflowError, UnknownPlace
from gasflow.results.comparison import Comparison
from gasflow.results.quantities import QUANTITIES, Nature
from gasflow.results.results import Results
from tests.horizons import horizon_of, one_node

HUB = gf.toys.transit_hub()
HORIZON = gf.simulate(horizon_of([one_node(100.0), one_node(150.0), one_node(80.0)], [10, 20, 31]))
OF = {nature: [name for name, one in QUANTITIES.items() if one.nature is nature] for nature in Nature}


def test_the_nature_follows_from_the_unit() -> None:
    wanted = {"EUR/MWh": Nature.PRICE, "GWh": Nature.STOCK}
    assert all(one.nature is wanted.get(one.unit, Nature.RATE) for one in QUANTITIES.values())


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_is_an_attribute(name: str) -> None:
    assert getattr(HORIZON, name).equals(HORIZON.table(name))
    assert getattr(Results, name).__doc__.endswith(f"{QUANTITIES[name].unit}.")
    if name not in ("welfare", "revenue"):
        both = gf.compare(HORIZON, HORIZON)
        assert getattr(both, name).equals(both.table(name))
        assert name in vars(Comparison)


@pytest.mark.parametrize("name", OF[Nature.RATE])
def test_rates_add_up_and_have_a_mean(name: str) -> None:
    days = np.array([10.0, 20.0, 31.0])
    total, mean = HORIZON.total(name), HORIZON.mean(name)
    assert total.attrs["unit"] == QUANTITIES[name].unit.removesuffix("/d")
    np.testing.assert_allclose(total.to_numpy()[0], days @ HORIZON.table(name).to_numpy(), atol=1e-9)
    np.testing.assert_allclose(mean.to_numpy() * days.sum(), total.to_numpy(), atol=1e-9)


@pytest.mark.parametrize("name", [*OF[Nature.PRICE], *OF[Nature.STOCK]])
def test_prices_and_stocks_have_no_total(name: str) -> None:
    with pytest.raises(GasflowError, match="does not add up over time"):
        HORIZON.total(name)


def test_a_price_has_a_mean_and_a_stock_has_none() -> None:
    days = np.array([10.0, 20.0, 31.0])
    mean = HORIZON.mean("prices")
    assert mean.attrs["unit"] == "EUR/MWh"
    np.testing.assert_allclose(mean.to_numpy()[0], days / 61.0 @ HORIZON.prices.to_numpy())
    with pytest.raises(GasflowError, match="no mean over time"):
        HORIZON.mean("levels")


def test_a_column_is_found_by_hub_alias_and_any_spelling() -> None:
    hub = HUB.with_node("SK", hub="TTF", aliases="Bratislava")
    results = gf.simulate(hub, gf.Closure("Sudzha"))
    for name in ("TTF", "bratislava", "SK"):
        assert results.prices[name].equals(results.price_at("SK"))
    assert results.prices[["TTF", "RU"]].columns.tolist() == ["SK", "RU"]
    assert results.flows["velke kapusany->sk"].equals(results.flows["Veľké Kapušany->SK"])
    assert results.storage["sk STORE"].equals(results.storage["SK store"])
    for kind in (KeyError, UnknownPlace):
        with pytest.raises(kind, match="There is no 'TFT'"):
            results.prices["TFT"]
    assert (results.prices[results.prices["TTF"] > 0]).shape == results.prices.shape


def test_what_bounds_a_pipe_is_named_beside_its_rent() -> None:
    results = gf.simulate(HUB, gf.Closure("Sokhranivka", share=[0.0, 1.0]))
    for row, bounds in enumerate(results.bounded_by.itertuples(index=False)):
        flows, capacity, technical = (
            results.table(name).iloc[row] for name in ("flows", "capacity", "technical_capacity")
        )
        for pipe, bound in zip(results.flows.columns, bounds, strict=True):
            full = flows[pipe] > capacity[pipe] - 1e-6 * (1 + flows[pipe])
            assert bound == ("" if not full else "nomination" if capacity[pipe] < technical[pipe] else "capacity")
            assert full or results.rents[pipe].iloc[row] == 0.0
    assert results.bounded_by["RU->Sokhranivka"].tolist() == ["nomination", "capacity"]
