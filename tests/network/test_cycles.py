"""Cycles that earn money: found wherever there is one, and nowhere else."""

import numpy as np
import pandas as pd
import pytest

import gasflow as gf
from gasflow.datasets.europe import load_europe
from gasflow.datasets.europe.tables import labels
from gasflow.errors import NetworkError, Severity
from gasflow.network import toys
from gasflow.network.cycles import earning_cycles

TWO = toys.two_nodes()


def _back(**cells: float) -> gf.Network:
    return TWO.with_pipe("B->A", origin="B", destination="A", capacity=30.0, **cells)


def _cheapest_closed_walk(origins: np.ndarray, destinations: np.ndarray, costs: np.ndarray, count: int) -> float:
    """The least cost of coming back to a node, by the method of Floyd and Warshall."""
    cost = np.full((count, count), np.inf)
    np.minimum.at(cost, (origins, destinations), costs)
    for middle in range(count):
        cost = np.minimum(cost, cost[:, [middle]] + cost[[middle], :])
    return float(np.diag(cost).min(initial=np.inf))


def test_a_cycle_is_found_where_one_earns_and_only_there() -> None:
    draw = np.random.default_rng(7)
    earning = 0
    for _ in range(400):
        nodes, pipes = int(draw.integers(2, 9)), int(draw.integers(1, 25))
        origins, destinations = draw.integers(0, nodes, (2, pipes))
        potential = draw.normal(0.0, 5.0, nodes) * (draw.random() < 0.5)
        costs = potential[destinations] - potential[origins] + draw.choice([-0.5, 0.0, 0.3, 1.0, 2.0], pipes)
        found = list(earning_cycles(pd.Series(origins), pd.Series(destinations), costs))
        assert bool(found) == (_cheapest_closed_walk(origins, destinations, costs, nodes) < -1e-6)
        earning += bool(found)
        for cycle in found:
            assert costs[cycle].sum() < -1e-6
            assert (destinations[cycle] == origins[np.roll(cycle, -1)]).all()
            assert len(set(cycle.tolist())) == len(cycle)
    assert 100 < earning < 300


def test_a_long_cycle_among_thousands_of_pipes_is_found() -> None:
    nodes = np.arange(3000)
    ends = pd.Series(nodes), pd.Series(np.roll(nodes, -1))
    costs = np.where(nodes == 5, 2998.5, -1.0)
    assert [len(cycle) for cycle in earning_cycles(*ends, costs)] == [3000]
    costs[5] = 2999.0
    assert not list(earning_cycles(*ends, costs))


def test_gas_that_goes_round_for_money_is_no_network_and_the_message_says_why() -> None:
    with pytest.raises(NetworkError) as caught:
        _back(wedge=-3.0)
    (finding,) = caught.value.findings
    assert str(finding) == (
        "pipes, row 'B->A', column 'wedge': -3.0 EUR/MWh lets gas go round for money: "
        "B->A (-3), A->B (2) cost -1 EUR/MWh together; raise it by 1 or more."
    )
    assert not _back(wedge=-2.0).findings


@pytest.mark.parametrize(
    "cells", [{"wedge": -3.0, "capacity": 0.0}, {"wedge": -3.0, "nominated": 0.0}, {"wedge": -2.0, "tariff": 0.5}]
)
def test_what_carries_nothing_goes_nowhere(cells: dict[str, float]) -> None:
    assert not TWO.with_pipe("B->A", origin="B", destination="A", **({"capacity": 30.0} | cells)).findings


def test_losses_cost_at_least_the_price_floor() -> None:
    assert not _back(wedge=-2.0, loss=0.1).findings
    with pytest.raises(NetworkError, match="go round"):
        _back(wedge=-3.0, loss=0.1)
    there = TWO.replace(price_floor=12.0).with_pipe("B->A", origin="B", destination="A", capacity=30.0, loss=0.1)
    assert not there.with_pipe("B->A", wedge=-3.0).findings
    with pytest.raises(NetworkError, match="go round"):
        there.with_pipe("B->A", wedge=-3.5)
    # To burn gas at a negative floor is no round trip.
    assert not TWO.replace(price_floor=-9.0).with_pipe("A->B", tariff=0.0, loss=0.1).findings


def test_slopes_that_bound_the_round_trip_make_it_a_warning() -> None:
    with pytest.raises(NetworkError):
        _back(wedge=-3.0, slope=0.02)
    (finding,) = _back(wedge=-3.0, slope=0.04).findings
    assert finding.severity is Severity.WARNING
    assert "up to 25 GWh/d" in finding.problem


def test_a_long_round_trip_is_shown_in_part() -> None:
    nodes = pd.DataFrame({"name": [f"N{k}" for k in range(12)]})
    pipes = pd.DataFrame({"origin": nodes["name"], "destination": np.roll(nodes["name"], -1), "capacity": 1.0})
    with pytest.raises(NetworkError, match=r"6 more pipes cost -0\.1 EUR/MWh"):
        gf.Network(nodes, pipes.assign(name=pipes["origin"] + "->", wedge=[-0.1, *[0.0] * 11]))


@pytest.mark.slow
def test_in_the_bundled_bases_no_gas_goes_round_for_money() -> None:
    found = {label: [finding.row for finding in load_europe(label).findings] for label in labels()}
    assert not {label: rows for label, rows in found.items() if rows}
