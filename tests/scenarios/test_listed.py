from __future__ import annotations

import pandas as pd
import pytest

import gasflow as gf
from gasflow.errors import StudyError


def test_columns_that_share_shock_and_place_are_one_shock():
    table = pd.DataFrame(
        {
            "closure.Sokhranivka.share": [0.5, 1.0],
            "closure.Sokhranivka.reroute": [0.0, 1.0],
            "demand_change.SK/industry.factor": [0.9, 1.1],
            "demand_change./power.factor": [0.8, 1.2],
            "storage_response.slope_factor": [1.0, 2.0],
        }
    )
    scenarios = gf.scenarios_from_table(table)
    first, second, third, fourth = scenarios.chunk(1, 2).shocks
    assert (first.place, first.share, first.reroute) == ("Sokhranivka", (1.0,), (1.0,))
    assert (second.country, second.sector, second.factor) == ("SK", "industry", (1.1,))
    assert (third.country, third.sector) == (None, "power")
    assert fourth.slope_factor == (2.0,)
    assert scenarios.names == list(table.columns)


def test_a_table_answers_as_its_rows_do():
    table = pd.DataFrame({"closure.Sokhranivka.share": [0.0, 0.7], "lng_price_change.factor": [1.0, 1.1]})
    hub = gf.toys.transit_hub()
    listed = gf.simulate(hub, gf.scenarios_from_table(table), keep=["flows"])
    one = gf.simulate(hub, gf.Closure("Sokhranivka", share=0.7) + gf.LngPriceChange(1.1), keep=["flows"])
    assert listed.flows.iloc[1].tolist() == one.flows.iloc[0].tolist()


def test_everything_wrong_with_a_table_is_found_at_once():
    table = pd.DataFrame(
        {
            "closure.Sokhranivka.share": [0.5, 1.5],
            "closre.Sokhranivka.share": [0.5, 1.0],
            "closure.Sokhranivka.size": [0.5, 1.0],
            "closure.share": [0.5, 1.0],
            "lng_price_change.factor": ["x", None],
        },
        index=["low", "high"],
    )
    with pytest.raises(StudyError) as caught:
        gf.scenarios_from_table(table)
    found = [(finding.row, finding.column) for finding in caught.value.findings]
    assert found == [
        ("high", "closure.Sokhranivka.share"),
        ("", "closre.Sokhranivka.share"),
        ("", "closure.Sokhranivka.size"),
        ("", "closure.share"),
        ("low", "lng_price_change.factor"),
        ("high", "lng_price_change.factor"),
    ]


def test_an_empty_table_is_refused():
    with pytest.raises(StudyError, match="is empty"):
        gf.scenarios_from_table(pd.DataFrame())
