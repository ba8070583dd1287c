"""The account of a lost flow closes, whatever is lost and wherever."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gasflow as gf
from gasflow.network.network import Network
from gasflow.results.absorption import CONTRACTS, INJECTION, LNG, PIPES, UNSERVED, absorbed, lost_flow

HUB = gf.toys.transit_hub()
PLACES = ["Sokhranivka", "Sudzha", "Gate LNG", "Velke Kapusany", "UA transit", "SK", "RU", "LNG", "RU->Sudzha"]


def wide() -> Network:
    """A hub with losses, a second terminal, a second exit, a link back to the exporter, and an exporter with demand."""
    pipes = HUB.pipes
    pipes["loss"] = np.linspace(0.0, 0.05, len(pipes))
    network = HUB.with_table("pipes", pipes).with_node("Krk LNG", kind="terminal").with_node("Budince", kind="entry")
    for name, capacity, tariff in [
        ("LNG->Krk LNG", 900.0, 1.0),
        ("Krk LNG->SK", 900.0, 35.0),
        ("UA transit->Budince", 700.0, 12.0),
        ("Budince->SK", 300.0, 1.0),
        ("SK->RU", 50.0, 1.0),
        ("SK->UA", 80.0, 1.0),
    ]:
        origin, destination = name.split("->")
        cells = {"capacity": capacity, "tariff": tariff, "slope": 0.002}
        network = network.with_pipe(name, origin=origin, destination=destination, **cells)
    return network.with_demand("RU total", node="RU", volume=20.0)


WIDE = wide()


@pytest.mark.parametrize("network", [HUB, WIDE], ids=["hub", "wide"])
@pytest.mark.parametrize("place", PLACES)
def test_the_account_adds_up_to_the_loss(network: Network, place: str) -> None:
    comparison = gf.compare(gf.simulate(network), gf.simulate(network, gf.Closure(place)))
    loss = lost_flow(comparison, place).iloc[0]
    assert loss > 0
    assert absorbed(comparison, place).iloc[0].sum() == pytest.approx(loss, abs=1e-6)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([*WIDE.pipes.index, *WIDE.nodes.index]), st.floats(0.0, 1.0)), min_size=1,
             max_size=3, unique_by=lambda pair: pair[0]),
)  # fmt: skip
def test_any_closures_add_up(closures: list[tuple[str, float]]) -> None:
    after = gf.simulate(WIDE, *(gf.Closure(place, share=share) for place, share in closures))
    comparison = gf.compare(gf.simulate(WIDE), after)
    places = [place for place, _ in closures]
    assert absorbed(comparison, *places).sum(axis=1).iloc[0] == pytest.approx(
        lost_flow(comparison, *places).iloc[0], abs=1e-5
    )


def test_a_lost_entry_is_made_up_by_storage_and_demand() -> None:
    account = _account(HUB, "Sokhranivka")
    assert account[INJECTION] > 200
    assert account["demand: power"] > account["demand: industry"] > account["demand: households"] > 0


def test_rerouted_gas_counts_as_another_route() -> None:
    account = _account(HUB, "Sokhranivka", reroute=1.0)
    assert account[CONTRACTS] == pytest.approx(249.0)


def test_cargoes_go_to_other_terminals() -> None:
    assert _account(WIDE, "Gate LNG")[LNG] > 0


def test_an_inner_pipe_is_replaced_by_other_pipes_as_far_as_they_reach() -> None:
    flows = gf.compare(gf.simulate(WIDE), gf.simulate(WIDE, gf.Closure("Velke Kapusany"))).flows["change"]
    account = _account(WIDE, "Velke Kapusany")
    # The other exit has room left; what it cannot take, and the fuel that this gas used on its way, is not sent.
    assert account[PIPES] == pytest.approx(flows["UA transit->Budince"], rel=0.1)
    assert account[PIPES] + account[INJECTION] < account.sum()


def test_unserved_demand_is_not_counted_as_demand_response() -> None:
    comparison = gf.compare(gf.simulate(HUB), gf.simulate(HUB, gf.Closure("SK")))
    account = absorbed(comparison, "SK").iloc[0]
    served = comparison.demand["change"].sum()
    sectors = account[account.index.str.startswith("demand")].sum()
    assert account[UNSERVED] > 0
    assert sectors + account[UNSERVED] == pytest.approx(-served)


def test_many_scenarios_have_one_row_each() -> None:
    shares = (0.25, 0.5, 1.0)
    comparison = gf.compare(gf.simulate(HUB), gf.simulate(HUB, gf.Closure("Sudzha", share=shares)))
    account = absorbed(comparison, "Sudzha")
    assert account.index.equals(comparison.after.rows)
    assert np.allclose(account.sum(axis=1), 752.0 * np.array(shares))


def _account(network: Network, place: str, reroute: float = 0.0) -> "pd.Series[float]":
    after = gf.simulate(network, gf.Closure(place, reroute=reroute))
    return absorbed(gf.compare(gf.simulate(network), after), place).iloc[0]
