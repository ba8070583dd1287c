"""A calibrated network returns what was seen, whatever was seen, and says what it made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import gasflow as gf
from gasflow.calibration import Observations, calibrate
from gasflow.errors import GasflowError, ObservationsError
from gasflow.network.toys import two_nodes
from tests.simulation.random_networks import random_network

SEEDS = st.integers(0, 10_000)


def world(seed: int) -> gf.Network:
    """A random network whose exporter and world market are called so, and that can bring gas to where it is used."""
    network = random_network(seed)
    nodes, pipes = network.nodes, network.pipes
    nodes.loc["LNG", ["kind", "group"]] = ["world", "exporter"]
    nodes.loc["RU", ["kind", "group"]] = ["country", "exporter"]
    nodes.loc["Entry", ["kind", "group"]] = ["entry", "EU"]
    nodes.loc[nodes.index.str.startswith("N"), ["kind", "group"]] = ["country", "EU"]
    return network.replace(nodes=nodes, pipes=pipes)


def seen_in(network: gf.Network, results: gf.Results) -> Observations:
    """Everything that an answer says, as if it had been observed."""
    flows, prices = results.flows.iloc[0], results.prices.iloc[0]
    demands, supplies = network.demands, network.supplies
    fields = supplies[supplies["kind"] == "production"]
    made = results.supply.iloc[0][fields.index].groupby(fields["node"]).sum()
    used = results.demand.iloc[0].reindex(demands.index).clip(lower=0.0)
    stored = results.storage.iloc[0]
    same = {"date": "2022-05", "deviation": 0.5}
    marker = network.marker_node
    return Observations.from_tables(
        flows=pd.DataFrame({"pipe": flows.index, "value": flows.clip(lower=0.0).to_numpy(), **same}),
        demand=pd.DataFrame({"node": demands["node"].to_numpy(), "sector": demands["sector"].to_numpy(),
                             "value": used.to_numpy(), **same}),
        production=pd.DataFrame({"node": made.index, "value": made.clip(lower=0.0).to_numpy(), **same}),
        storage=pd.DataFrame({"storage": stored.index, "value": stored.to_numpy(), **same, "level": 200.0}),
        prices=pd.DataFrame({"date": ["2022-05"], "node": marker, "price": prices[marker]}),
    )  # fmt: skip


@given(SEEDS)
def test_what_was_seen_comes_back(seed: int) -> None:
    network = world(seed)
    assume(len(network.demands))
    results = gf.simulate(network)
    short = results.unserved.to_numpy().sum() + results.table("spilled").to_numpy().sum()
    # Curves have no anchor near the value of lost load.
    assume(short < 1e-6 and 1.0 < results.prices.iloc[0][network.marker_node] < 500.0)
    seen = seen_in(network, results)
    found = calibrate(network, seen, "2022-05")
    again = gf.simulate(found.network)
    marker = network.marker_node
    assert again.prices.iloc[0][marker] == pytest.approx(results.prices.iloc[0][marker], rel=0.005, abs=0.25)
    flow = found.equilibrium.items.set_index("name")["flow"]
    # Five deviations: a round trip of less, which only the errors of meters made, is not in the network.
    assert np.abs(again.flows.iloc[0] - flow[again.flows.columns]).max() < 2.5
    assert np.abs(again.demand.iloc[0].sum() - seen.demand["value"].sum()) < 0.05 * seen.demand["value"].sum() + 1.0
    assert found.estimated.empty


@given(SEEDS)
def test_a_sum_stands_in_for_its_parts(seed: int) -> None:
    """Two terminals that nobody saw share the sum that is known as they did before."""
    draw = np.random.default_rng(seed)
    share, total = draw.uniform(0.1, 0.9), draw.uniform(20.0, 60.0)
    network = fork()
    past = [{"date": f"2024-{month:02d}", "pipe": f"P->{end}", "value": 50.0 * part}
            for month in range(1, 13) for end, part in (("Q", share), ("R", 1.0 - share))]  # fmt: skip
    totals = [{"date": "2025-01", "title": "both", "places": "P->Q;P->R", "value": total, "deviation": 0.5}]
    seen = Observations.from_tables(
        flows=pd.DataFrame(past),
        totals=pd.DataFrame(totals),
        demand=pd.DataFrame(
            {"date": "2025-01", "node": ["Q", "R"], "value": total / 2, "deviation": 20.0, "bound": 1.0}
        ),
        prices=pd.DataFrame({"date": ["2025-01"], "node": ["R"], "price": [30.0]}),
    )
    found = calibrate(network, seen, "2025-01")
    estimated = found.estimated.query("table == 'flows'").set_index("place")
    assert estimated["value"].to_dict() == pytest.approx({"P->Q": share * total, "P->R": (1.0 - share) * total})
    assert set(estimated["rule"]) == {"share of both"}
    flow = found.equilibrium.items.set_index("name")["reconciled"]
    assert flow["P->Q"] + flow["P->R"] == pytest.approx(total, abs=1.5)


def fork() -> gf.Network:
    pipes = pd.DataFrame(
        {"name": ["P->Q", "P->R"], "origin": "P", "destination": ["Q", "R"], "capacity": 100.0, "slope": 0.01}
    )
    supplies = pd.DataFrame({"name": ["field"], "node": ["P"], "volume": [50.0], "cost": [5.0]})
    demands = pd.DataFrame({"name": ["q", "r"], "node": ["Q", "R"], "volume": 20.0, "elasticity": -0.2,
                            "anchor_price": 30.0})  # fmt: skip
    return gf.Network(pd.DataFrame({"name": ["P", "Q", "R"]}), pipes, supplies, demands, marker="R")


def test_what_nobody_saw_is_named_with_its_rule() -> None:
    prices = pd.DataFrame({"date": ["2025-01"], "node": ["R"], "price": [30.0]})
    demand = pd.DataFrame({"date": ["2024-01", "2024-01"], "node": ["Q", "R"], "value": [21.0, 19.0]})
    found = calibrate(fork(), Observations.from_tables(prices=prices, demand=demand), "2025-01")
    rules = found.estimated.set_index(["table", "place"])["rule"].to_dict()
    assert rules["demand", "Q total"] == "last season (2024-01)"
    assert rules["production", "P"] == "the network itself"
    estimates = found.adjustments[found.adjustments["quality"] == "estimated"]
    assert set(estimates["name"]) >= {"Q total", "R total", "P"}


def test_use_follows_the_weather() -> None:
    months = [f"{year}-{month:02d}" for year in (2022, 2023, 2024) for month in range(1, 13)]
    cold = {month: 15.0 if month[5:] in ("12", "01", "02") else 2.0 for month in months} | {"2025-01": 20.0}
    demand = [{"date": month, "node": node, "value": 10.0 + 2.0 * cold[month]} for month in months for node in "QR"]
    weather = [{"date": month, "node": node, "degree_days": value} for month, value in cold.items() for node in "QR"]
    seen = Observations.from_tables(
        demand=pd.DataFrame(demand),
        weather=pd.DataFrame(weather),
        prices=pd.DataFrame({"date": ["2025-01"], "node": ["R"], "price": [30.0]}),
    )
    found = calibrate(fork(), seen, "2025-01").estimated.set_index("place")
    assert found.at["Q total", "rule"] == "weather"
    assert found.at["Q total", "value"] == pytest.approx(50.0, abs=0.1)


def test_a_country_known_as_one_figure_is_split_by_sector() -> None:
    network = two_nodes()
    demands = pd.DataFrame({"name": ["h", "p"], "node": "B", "sector": ["households", "power"], "volume": [30.0, 10.0]})
    seen = Observations.from_tables(
        demand=pd.DataFrame({"date": ["2025-01"], "node": ["B"], "value": [44.0]}),
        prices=pd.DataFrame({"date": ["2025-01"], "node": ["B"], "price": [30.0]}),
    )
    found = calibrate(network.replace(demands=demands), seen, "2025-01")
    volumes = found.network.demands["volume"]
    assert volumes["h"] / volumes["p"] == pytest.approx(3.0, rel=0.05)


def test_unknown_places_and_a_missing_marker_are_named_together() -> None:
    flows = pd.DataFrame({"date": "2025-01", "pipe": ["A-B", "A->B"], "value": [3.0, 4.0]})
    demand = pd.DataFrame({"date": "2025-01", "node": ["b"], "value": [3.0]})
    with pytest.raises(ObservationsError) as caught:
        calibrate(two_nodes(), Observations.from_tables(flows=flows, demand=demand), "2025-01")
    text = str(caught.value)
    assert "'A-B' is not in the network; did you mean 'A->B'?" in text
    assert "'b' is not in the network" in text
    assert "no price of the marker B on 2025-01" in text


def test_a_figure_above_what_there_is_room_for_is_said() -> None:
    seen = Observations.from_tables(
        flows=pd.DataFrame({"date": "2025-01", "pipe": ["A->B"], "value": [9_000.0]}),
        demand=pd.DataFrame({"date": "2025-01", "node": ["B"], "value": [40.0], "bound": 1.0}),
        prices=pd.DataFrame({"date": ["2025-01"], "node": ["B"], "price": [30.0]}),
    )
    (finding,) = calibrate(two_nodes(), seen, "2025-01").findings
    assert "9000.0 GWh/d is more than there is room for" in str(finding)


def test_what_cannot_be_says_where() -> None:
    """A pipe of 50 GWh/d cannot bring 90."""
    seen = Observations.from_tables(
        demand=pd.DataFrame({"date": ["2025-01"], "node": ["B"], "value": [90.0]}),
        prices=pd.DataFrame({"date": ["2025-01"], "node": ["B"], "price": [30.0]}),
    )
    with pytest.raises(GasflowError, match=r"do not fit: B lacks .* GWh/d"):
        calibrate(two_nodes(), seen, "2025-01")
