"""Who knows what when: surprises, announcements, rolling plans; and the batch over horizons."""

from __future__ import annotations

import numpy as np
import pytest

import gasflow as gf
from tests.horizons import horizon_of, one_node, solved

STORE = {"loss": 0.01, "injection_cost": 1.0, "withdrawal_cost": 0.5, "level": 1_500.0}
DEMAND = (80.0, 60.0, 70.0, 120.0, 170.0, 150.0)
CLOSURE = gf.Closure("F->A", share=0.75, start="2022-09-29")


def year(**store) -> gf.Horizon:
    return horizon_of([one_node(demand, **(STORE | store)) for demand in DEMAND])


def test_rolling_equals_perfect_foresight_when_nothing_is_new():
    perfect, rolling = solved(year()), solved(year(), foresight=gf.Foresight(rolling=True))
    for name in ("prices", "levels", "storage", "storage_values"):
        assert rolling.array(name) == pytest.approx(perfect.array(name), abs=1e-5), name


@pytest.mark.parametrize("lookahead", [None, 3, 1])
def test_welfare_adds_up_over_plans(lookahead):
    """What demand is worth less what is spent, and the gas left at the end at its worth, whoever planned it."""
    limits = {"withdrawal_when_empty": 0.3, "full_rate_level": 0.9, "withdrawal": 40.0, "elasticity": 0.0}
    horizon = year(**limits, value=28.0).with_policy(end_value=None)
    results = solved(horizon, foresight=gf.Foresight(rolling=True, lookahead=lookahead))
    flow, field, action = (results.array(name)[0, :, 0] for name in ("flows", "supply", "storage"))
    moved = STORE["injection_cost"] * np.maximum(-action, 0.0) + STORE["withdrawal_cost"] * np.maximum(action, 0.0)
    spent = 20.0 * field + 0.05 * flow**2 + moved
    worth = 3_000.0 * results.array("demand")[0, :, 0] @ horizon.periods.days
    worth += 28.0 * results.levels["store"].iloc[-1]
    total = float(results.total("welfare").sum(axis=1).item())
    assert total == pytest.approx(worth - spent @ horizon.periods.days, rel=1e-9)
    assert results.unserved.to_numpy().max() < 1e-6


@pytest.mark.parametrize("notice", [400.0, 8e5, 1e9, 1e300])
def test_a_shock_known_from_the_beginning_is_one_plan_whatever_the_notice(notice):
    known, early = solved(year(), CLOSURE), solved(year(), CLOSURE, foresight=gf.Foresight(notice_days=notice))
    assert early.array("prices") == pytest.approx(known.array("prices"), abs=1e-6)


def test_until_it_is_known_a_surprise_changes_nothing():
    base = solved(year())
    surprised = solved(year(), CLOSURE, foresight=gf.Foresight(notice_days=0.0))
    assert surprised.array("prices")[:, :4] == pytest.approx(base.array("prices")[:, :4], abs=1e-6)


def test_the_same_loss_announced_moves_the_price_less_when_it_comes_than_a_surprise():
    base = solved(year()).prices["A"]
    after = {days: solved(year(), CLOSURE, foresight=gf.Foresight(notice_days=days)) for days in (0.0, 60.0)}
    begins = after[0.0].periods.containing(CLOSURE.first_day)
    rise = {days: results.prices["A"].iloc[begins] - base.iloc[begins] for days, results in after.items()}
    assert 0.5 < rise[60.0] < rise[0.0] - 0.5
    # Announced, stores fill before it comes, at a higher price and value of stored gas than without the news.
    assert after[60.0].levels["store"].iloc[begins - 1] > after[0.0].levels["store"].iloc[begins - 1] + 100.0
    value = {days: results.storage_values["store"].iloc[begins - 1] for days, results in after.items()}
    assert value[60.0] > value[0.0] + 0.2


def test_surprises_cost_welfare():
    totals = [
        float(solved(year(), CLOSURE, foresight=gf.Foresight(notice_days=days)).total("welfare").sum(axis=1).item())
        for days in (0.0, 60.0, float("inf"))
    ]
    assert totals == sorted(totals)


def test_a_short_view_values_what_is_left_by_the_horizon():
    results = solved(year(), foresight=gf.Foresight(rolling=True, lookahead=2))
    assert results.levels.shape == (6, 1)
    assert results.diagnostics.certificate.accepted.all()


@pytest.mark.parametrize("foresight", [gf.Foresight(), gf.Foresight(notice_days=0.0)], ids=["known", "surprise"])
def test_the_batch_equals_the_reference_on_horizons(foresight):
    rng = np.random.default_rng(5)
    draws = gf.DemandChange(factor=rng.uniform(0.7, 1.4, 24)) + gf.Closure(
        "F->A", share=rng.uniform(0, 1, 24), start="2022-09-29"
    )
    one, two = (
        solved(year(withdrawal_when_empty=0.3, full_rate_level=0.5), draws, foresight=foresight, solver=solver)
        for solver in ("reference", "lanes")
    )
    for name, close in (("prices", 1e-5), ("levels", 1e-3), ("demand", 1e-5), ("unserved", 1e-5)):
        assert two.array(name) == pytest.approx(one.array(name), abs=close, nan_ok=True), name
    assert (two.diagnostics.solver != one.diagnostics.solver).all()
