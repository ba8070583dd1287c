"""Numbers that differ by rounding: brought to their limit; what differs by more is a finding."""

import numpy as np
import pandas as pd
import pytest

from gasflow.errors import NetworkError
from gasflow.network import toys
from gasflow.network.columns import Kind
from gasflow.network.network import Network
from gasflow.network.schema import SCHEMA
from gasflow.network.tables import typed_table
from gasflow.network.tolerance import settled
from gasflow.units import UNITS, Quantity

FLOWS = sorted(suffix for suffix, unit in UNITS.items() if unit.quantity is Quantity.FLOW)
ENERGIES = sorted(suffix for suffix, unit in UNITS.items() if unit.quantity is Quantity.ENERGY)
STORE = {"volume": 900.0, "injection": 8.0, "withdrawal": 15.0, "level": 300.0, "value": 22.0}
ELASTIC = {"elasticity": -0.3, "anchor_price": 30.0}


def _network() -> Network:
    network = toys.two_nodes().with_storage("store", node="B", **STORE).with_demand("town", **ELASTIC)
    return network.with_demand("works", node="B", volume=3.0, **ELASTIC).with_pipe("A->B", nominated=50.0)


def _amounts(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of a frame in the units used inside, brought back from rounding as at the door."""
    typed, _ = typed_table(SCHEMA[table], frame)
    return settled(NETWORK.tables | {table: typed})[table]


@pytest.mark.parametrize("seed", range(12))
def test_equal_amounts_in_any_two_units_are_equal(seed: int) -> None:
    draw = np.random.default_rng([5, seed])
    amounts = 10.0 ** draw.uniform(-6, 6, 200)
    names = [f"{k}" for k in range(200)]

    def given(column: str, units: list[str], sign: float = 1.0) -> dict[str, np.ndarray]:
        suffix = draw.choice(units)
        return {f"{column}_{suffix}": sign * amounts / UNITS[suffix].factor}

    pipes = {"name": names, "origin": "A", "destination": "B", **given("capacity", FLOWS), **given("nominated", FLOWS)}
    pipe = _amounts("pipes", pd.DataFrame(pipes))
    assert (pipe["nominated"] <= pipe["capacity"]).all()
    assert pipe["nominated"].to_numpy() == pytest.approx(amounts, rel=1e-12)
    supply = {"name": names, "node": "A", **given("volume", FLOWS), **given("minimum", FLOWS)}
    field = _amounts("supplies", pd.DataFrame(supply))
    assert (field["minimum"] <= field["volume"]).all()
    store = {"name": names, "node": "A", "value": 0.0, **given("volume", ENERGIES), **given("level", ENERGIES)}
    for sign in (1.0, -1.0):
        rates = given("injection", FLOWS) | given("withdrawal", FLOWS) | given("action", FLOWS, sign)
        row = _amounts("storages", pd.DataFrame(store | rates))
        assert (row["level"] <= row["volume"]).all()
        assert (row["action"] <= row["withdrawal"]).all()
        assert (-row["action"] <= row["injection"]).all()


# Every comparison of two numbers: table, row, the column that passes its limit, the limit, which side it lies on.
NETWORK = _network()
# Columns that other columns depend on have limits of their own tests.
TIED = ("anchor_price", "elasticity", "capacity", "volume", "withdrawal", "injection")
LIMITS = [
    ("pipes", "A->B", "nominated", 50.0, 1),
    ("storages", "store", "level", 900.0, 1),
    ("storages", "store", "action", 15.0, 1),
    ("storages", "store", "action", -8.0, -1),
    ("supplies", "field", "minimum", 80.0, 1),
    ("demands", "works", "anchor_price", 30.0, 1),
    ("demands", "works", "anchor_price", 30.0, -1),
    *(
        (name, str(NETWORK.tables[name].index[0]), entry.name, limit, side)
        for name, table in SCHEMA.items()
        for entry in table.columns
        if entry.kind is Kind.NUMBER and name != "network"
        for limit, side in ((entry.minimum, -1), (entry.maximum, 1))
        if abs(limit) < 1e9
        and entry.name not in ("anchor_price", "elasticity", "capacity", "volume", "withdrawal", "injection")
    ),
]


@pytest.mark.parametrize(("table", "row", "column", "limit", "side"), LIMITS)
def test_what_passes_a_limit_by_rounding_is_the_limit(
    table: str, row: str, column: str, limit: float, side: int
) -> None:
    for share, kept in ((1e-16, False), (0.9e-9, False), (1.1e-9, True)):
        given = limit + side * share * max(1.0, abs(limit))
        frame = NETWORK.tables[table]
        frame.loc[row, column] = given
        assert settled({**NETWORK.tables, table: frame})[table].loc[row, column] == (given if kept else limit)


@pytest.mark.parametrize(("table", "row", "column", "limit", "side"), LIMITS[:7])
def test_what_passes_a_limit_by_more_is_found(table: str, row: str, column: str, limit: float, side: int) -> None:
    frame = NETWORK.tables[table]
    frame.loc[row, column] = limit + side * 1.1e-9 * max(1.0, abs(limit))
    with pytest.raises(NetworkError) as caught:
        NETWORK.with_table(table, frame)
    assert {(finding.table, finding.column) for finding in caught.value.findings} == {(table, column)}


def test_the_curve_of_an_anchor_fits_below_the_value_of_lost_load_up_to_rounding() -> None:
    most = 3000.0 / 3.5
    for anchor in (most, most * (1.0 + 5e-10)):
        market = toys.transit_hub().with_supply("LNG", anchor_price=anchor)
        assert market.supplies.loc["LNG", "anchor_price"] == most
    with pytest.raises(NetworkError, match="value of lost load over"):
        toys.transit_hub().with_supply("LNG", anchor_price=most * (1.0 + 1e-8))


def test_limits_that_must_not_be_reached_are_not_reached_by_rounding_either() -> None:
    assert NETWORK.with_pipe("A->B", loss=0.999).pipes["loss"].item() == 0.999
    for loss in (1.0, np.nextafter(1.0, 0.0)):
        with pytest.raises(NetworkError, match="is not below 1"):
            NETWORK.with_pipe("A->B", loss=loss)
    with pytest.raises(NetworkError, match="is not above the price floor"):
        NETWORK.replace(value_of_lost_load=50.0 * (1.0 + 1e-12), price_floor=50.0)


def test_what_was_settled_is_kept_as_it_is() -> None:
    again = Network(**{name: getattr(NETWORK, name) for name in ("nodes", "pipes", "supplies", "demands", "storages")})
    pd.testing.assert_frame_equal(again.pipes, NETWORK.pipes)
