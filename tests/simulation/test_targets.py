"""Filling targets: what is missing is missing, and worth what it would be worth."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

import gasflow as gf
from tests.horizons import FIRST, horizon_of, one_node, solved

LAST = FIRST + timedelta(days=60)


def target(share: float, penalty: float) -> gf.FillingTarget:
    return gf.FillingTarget(LAST, share, penalty)


@pytest.mark.slow
@pytest.mark.parametrize("penalty", [5.0, 100.0])
@pytest.mark.parametrize("slope", [0.0, 50.0])
@pytest.mark.parametrize("level", [5_000.0, 8_000.0, 9_000.0])
@pytest.mark.parametrize("by", ["targets", "end_share"])
def test_missing_gas_is_not_sold_at_the_end(solver, penalty, slope, level, by):
    wanted = {"targets": (target(0.8, penalty),)} if by == "targets" else {"end_share": 0.8, "end_penalty": penalty}
    policy = gf.StoragePolicy(end_value=74.0, end_slope=slope, end_level=0.5, **wanted)
    network = one_node(demand=0.0, elasticity=0.0, level=level, injection=0.0, withdrawal=0.0)
    network = network.with_supply("field", volume=0.0)
    results = solved(horizon_of([network] * 2, policy=policy), solver=solver)
    missing = max(8_000.0 - level, 0.0)
    assert results.array("levels")[0, :, 0] == pytest.approx([level, level])
    assert results.array("shortfall")[0, :, 0] == pytest.approx([0.0, missing], abs=1e-6)
    first = 74.0 + 0.5 * slope
    worth = first * level - slope * level**2 / 20_000.0 - penalty * missing
    assert results.array("welfare").sum(axis=0)[:, 0] @ [30.0, 30.0] == pytest.approx(worth, rel=1e-9)
    if missing:
        value = first - slope * level / 10_000.0 + penalty
        assert results.array("storage_values")[0, :, 0] == pytest.approx([value, value], rel=1e-6)


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_targets_in_one_period_the_highest_counts(order):
    targets = (target(0.8, 1000.0), target(0.3, 5.0))[::order]
    network = one_node(demand=10.0, level=2_000.0, injection=400.0)
    results = solved(horizon_of([network] * 2, policy=gf.StoragePolicy(end_value=0.0, targets=targets)))
    assert results.array("levels")[0, -1, 0] == pytest.approx(8_000.0, rel=1e-6)


def test_what_is_burnt_no_more_is_said(solver):
    network = one_node(demand=10.0, elasticity=0.0, level=10_000.0, loss=0.05)
    network = network.with_pipe("F->A", wedge=-60.0, slope=0.0)
    results = solved(horizon_of([network] * 3), solver=solver)
    assert results.certificate["status"].tolist() == ["one_way"]
    assert np.array_equal(results.array("storage"), np.zeros((1, 3, 1)))
