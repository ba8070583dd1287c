"""Comparisons: shapes, sums and refusals."""

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.errors import GasflowError

HUB = gf.toys.transit_hub()
BASE = gf.simulate(HUB)


@pytest.mark.parametrize("name", ["prices", "flows", "demand", "supply", "storage"])
def test_one_scenario_has_one_row_per_place(name: str) -> None:
    table = getattr(gf.compare(BASE, gf.simulate(HUB, gf.Closure("Sudzha"))), name)
    assert list(table.columns) == ["baseline", "after", "change", "percent"]
    assert table.index.equals(BASE.items(name))
    assert np.allclose(table["after"] - table["baseline"], table["change"], equal_nan=True)
    assert table.attrs["unit"] == BASE.unit(name)


def test_many_scenarios_are_labelled_and_equal_single_ones() -> None:
    shares = (0.0, 0.5, 1.0)
    many = gf.compare(BASE, gf.simulate(HUB, gf.Closure("Sudzha", share=shares))).flows
    assert many.index.names == ["scenario", "period", "pipe"]
    for scenario, share in enumerate(shares):
        one = gf.compare(BASE, gf.simulate(HUB, gf.Closure("Sudzha", share=share))).flows
        pd.testing.assert_frame_equal(many.loc[(scenario, "2022-05-10")], one, atol=1e-6, check_index_type=False)


def test_one_scenario_of_many_is_what_it_was_alone() -> None:
    many = gf.simulate(HUB, gf.Closure("Sudzha", share=(0.0, 1.0)))
    assert np.array_equal(many.scenario(1).flows.to_numpy(), many.flows.to_numpy()[[1]])
    assert len(many.scenario(1).certificate) == 1
    with pytest.raises(GasflowError, match="position is 2, which cannot be used; give a whole number from 0 to 1"):
        many.scenario(2)


def test_nothing_changes_without_a_shock() -> None:
    comparison = gf.compare(BASE, gf.simulate(HUB))
    assert (comparison.flows["change"] == 0).all()
    assert (comparison.welfare.to_numpy() == 0).all()


def test_welfare_adds_up_both_ways_to_the_change_of_the_objective() -> None:
    after = gf.simulate(HUB, gf.Closure("Sudzha"))
    welfare = gf.compare(BASE, after).welfare
    parts = welfare.drop(index="total", columns="total")
    assert np.allclose(parts.sum(axis=1), welfare["total"].drop("total"))
    assert np.allclose(parts.sum(axis=0), welfare.loc["total"].drop("total"))
    total = after.array("welfare").sum() - BASE.array("welfare").sum()
    assert welfare.loc["total", "total"] == pytest.approx(total)
    assert total < 0


def test_lost_contract_gas_is_lost_by_its_exporter() -> None:
    welfare = gf.compare(BASE, gf.simulate(HUB, gf.Closure("Sudzha"))).welfare
    revenue = gf.compare(BASE, gf.simulate(HUB, gf.Closure("Sudzha"))).revenue
    assert welfare.loc["producers", "exporter"] < 0
    assert abs(welfare.loc["pipes", "other"]) < 0.02 * abs(welfare.loc["producers", "exporter"])
    assert revenue.loc["RU", "change"] < 0
    assert "" not in revenue.index


def test_a_price_that_is_not_unique_stays_unknown() -> None:
    prices = gf.compare(BASE, gf.simulate(HUB, gf.Closure("Sokhranivka"))).prices
    assert np.isnan(prices.loc["Sokhranivka", "after"])
    assert np.isnan(prices.loc["Sokhranivka", "percent"])


def test_results_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(GasflowError, match="different nodes"):
        gf.compare(BASE, gf.simulate(gf.toys.line().replace(date="2022-05-10")))
    with pytest.raises(GasflowError, match="different periods"):
        gf.compare(BASE, gf.simulate(HUB.replace(date="2022-05-11")))
    two = gf.simulate(HUB, gf.Closure("Sudzha", share=(0.0, 1.0)))
    with pytest.raises(GasflowError, match="2 and 1 scenarios"):
        gf.compare(two, BASE)
    with pytest.raises(GasflowError, match="was not kept"):
        gf.compare(BASE, gf.simulate(HUB, keep=("flows",))).prices  # noqa: B018
