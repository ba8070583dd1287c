"""One long table: the same as pandas would make, whatever the levers are called."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.results.distribution import long_table
from gasflow.results.places import joined

HUB = gf.toys.transit_hub()
GRID = gf.grid(gf.Closure("Sokhranivka", share=[0.0, 1.0]), gf.ElasticityChange(factor=[0.5, 2.0, 3.0]))


def melted(table: pd.DataFrame, quantity: str, unit: str) -> pd.DataFrame:
    """The same by the general method of pandas, which takes the square of the number of places."""
    keys = [str(name) for name in table.index.names]
    flat = table.set_axis(pd.Index([joined(label) for label in table.columns]), axis="columns")
    long = flat.reset_index().melt(id_vars=keys, var_name="place", value_name="value")
    return long.assign(quantity=quantity, unit=unit)[[*keys, "quantity", "place", "value", "unit"]]


@pytest.mark.parametrize("shock", [gf.Closure("Sokhranivka"), gf.Closure("Sokhranivka", share=[0.0, 0.5, 1.0]), GRID])
def test_the_long_table_is_that_of_pandas(shock):
    results = gf.simulate(HUB, shock)
    for quantity in results.arrays:
        table = results.table(quantity)
        pd.testing.assert_frame_equal(long_table(table, quantity, "x"), melted(table, quantity, "x"))


def test_a_lever_may_have_the_name_of_a_column():
    scenarios = gf.grid(gf.StorageResponse(value_change=[0.0, 5.0]), gf.ElasticityChange(factor=[0.5, 2.0]))
    first, second = scenarios.levers
    results = gf.simulate(HUB, replace(scenarios, levers=(replace(first, name="value"), second)))
    tidy = results.tidy("prices")
    assert tidy.columns.tolist() == ["value (lever)", "factor", "period", "quantity", "place", "value", "unit"]
    assert np.array_equal(tidy["value"], results.prices.to_numpy().ravel(order="F"), equal_nan=True)
    assert tidy["value (lever)"].tolist()[:4] == [0.0, 0.0, 5.0, 5.0]
