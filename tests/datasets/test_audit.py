"""An audit of the shipped tables: what must hold between rows, whatever their source says."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from gasflow.calibration.schema import OBSERVED
from gasflow.datasets.europe.observed import observations, observed
from gasflow.datasets.europe.tables import base_of, in_service, labels, read_table

MONTHS = [label for label in labels() if len(label) == 7]
# Countries whose industry is the same on every day of a year.
FLAT = ["AT", "BG", "CZ", "DK", "EE", "ES", "FI", "GR", "HR", "LT", "LV", "PL", "SI", "SK"]
# Of what is not burnt in power stations.
MOST_INDUSTRY = 0.85
# GWh; small stores turn over within days, so that a monthly mean says little of the next month's level.
SMALL = {"UK": 5000.0}
# Pipes that were seen above the capacity that the base gives them, and how often; the flow then counts as a full pipe.
ABOVE_CAPACITY = {"RU->Sokhranivka": 10}


def days(label: str) -> int:
    return pd.Period(label, freq="M").days_in_month


@pytest.mark.parametrize("country", FLAT)
@pytest.mark.parametrize("year", ["2021", "2022", "2023", "2024", "2025"])
def test_industry_burns_the_same_every_day_but_where_others_burn_too_little(country: str, year: str) -> None:
    daily = {}
    for label in (month for month in MONTHS if month.startswith(year)):
        table = observed("demand", base_of(label))
        sectors = table[table["node"] == country].set_index("sector")["value"]
        if (
            "industry" in sectors
            and sectors["industry"] < MOST_INDUSTRY * (sectors["industry"] + sectors["households"]) - 0.02
        ):
            daily[label] = sectors["industry"]
    assert max(daily.values(), default=0.0) - min(daily.values(), default=0.0) <= 0.02


def test_sweden_burns_what_its_only_pipe_can_bring() -> None:
    pipes = read_table("pipes").set_index("name")["capacity"]
    for label in labels():
        table = observed("demand", base_of(label))
        assert table.loc[table["node"] == "SE", "value"].sum() <= pipes["DK->SE"]


def test_every_observed_flow_is_on_a_pipe_in_service() -> None:
    for label in labels():
        base = base_of(label)
        flows = observed("flows", base)
        known = in_service(read_table("pipes"), base).index
        lost = flows[~flows["pipe"].isin(known) & (flows["value"] > 0.0)]
        assert lost.empty, f"{label}: {lost['place'].tolist()}"


def test_flows_above_capacity_are_the_known_ones() -> None:
    above: dict[str, int] = {}
    for label in labels():
        base = base_of(label)
        flows = observed("flows", base).set_index("pipe")["value"]
        capacity = in_service(read_table("pipes"), base)["capacity"].reindex(flows.index)
        for name in flows.index[(flows > capacity + 0.05).to_numpy()]:
            above[str(name)] = above.get(str(name), 0) + 1
    assert above == ABOVE_CAPACITY


def test_gas_in_store_follows_from_what_went_in_and_out() -> None:
    levels = observations().storage.set_index(["storage", "date"])
    for first, second in pairwise(MONTHS[12:]):
        for node in levels.loc[(slice(None), first), :].index.get_level_values("storage"):
            if (node, second) not in levels.index:
                continue
            begin, action = levels.loc[(node, first), ["level", "value"]]
            gap = levels.loc[(node, second), "level"] - (begin - action * days(first))
            spread = 3.0 * days(first) * levels.loc[(node, first), "deviation"]
            room = max(0.15 * levels.loc[node, "level"].max(), spread, SMALL.get(node, 2500.0))
            assert abs(gap) <= room, f"{node} {second}: {gap:.0f} GWh from nowhere"


def test_every_row_names_a_source_that_is_told() -> None:
    told = set(read_table("sources")["code"])
    for table in ("nodes", "pipes", "storages", "routes", *(f"observations/{kind}" for kind in OBSERVED)):
        used = set(read_table(table)["source"])
        assert "" not in used
        assert used <= told
    assert not np.isnan(read_table("pipes")["capacity"]).any()
