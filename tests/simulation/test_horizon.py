"""Storage over a horizon, against formulae worked out by hand, by every solver."""

from __future__ import annotations

import numpy as np
import pytest

import gasflow as gf
from gasflow.errors import GasflowError
from tests.horizons import FIRST, conservation, horizon_of, one_node, solved, split

LOSS, INTO, OUT = 0.02, 1.8, 0.7


def summer_and_winter(**store) -> gf.Horizon:
    store = {"loss": LOSS, "injection_cost": INTO, "withdrawal_cost": OUT} | store
    return horizon_of([one_node(60.0, **store), one_node(160.0, **store)])


def prices(results, node: str = "A") -> list[float]:
    return results.prices[node].tolist()


def test_two_periods_are_linked_by_losses_and_costs(solver):
    results = solved(summer_and_winter(), solver=solver)
    one, two = prices(results)
    assert two == pytest.approx((one + INTO) / (1.0 - LOSS) + OUT, abs=1e-6)
    value = results.storage_values["store"].tolist()
    assert value == pytest.approx([(one + INTO) / (1.0 - LOSS)] * 2, abs=1e-6)
    into, out = -results.storage["store"].iloc[0], results.storage["store"].iloc[1]
    assert out == pytest.approx(into * (1.0 - LOSS), abs=1e-6)


def test_a_difference_smaller_than_the_costs_moves_nothing(solver):
    costs = {"loss": LOSS, "injection_cost": INTO, "withdrawal_cost": OUT}
    results = solved(horizon_of([one_node(99.0, **costs), one_node(101.0, **costs)]), solver=solver)
    assert results.storage["store"].abs().max() < 1e-6
    one, two = prices(results)
    assert one < two < (one + INTO) / (1.0 - LOSS) + OUT


def test_a_full_rate_earns_what_is_left_of_the_difference():
    results = solved(summer_and_winter(injection=10.0, withdrawal=5.0))
    assert results.storage["store"].tolist() == pytest.approx([-5.0 / (1.0 - LOSS), 5.0], abs=1e-6)
    one, two = prices(results)
    assert two > (one + INTO) / (1.0 - LOSS) + OUT + 1.0


def test_the_last_unit_at_the_full_rate_costs_more(solver):
    rise = 12.0
    results = solved(summer_and_winter(full_rate_cost=rise), solver=solver)
    into, out = -results.storage["store"].iloc[0], results.storage["store"].iloc[1]
    one, two = prices(results)
    paid = (one + INTO + rise * into / 60.0) / (1.0 - LOSS)
    assert two == pytest.approx(paid + OUT + rise * out / 60.0, abs=1e-6)


def test_a_target_that_binds_is_met_at_a_price(solver):
    base = summer_and_winter()
    free = solved(base).levels["store"].iloc[0]
    target = gf.FillingTarget(base.periods.starts[1], (free + 300.0) / 10_000.0, penalty=50.0)
    results = solved(base.with_policy(targets=(target,)), solver=solver)
    assert results.levels["store"].iloc[0] == pytest.approx(free + 300.0, abs=1e-6)
    assert results.shortfall["store"].max() < 1e-9
    assert prices(results)[0] > prices(solved(base))[0] + 0.1
    one, two = prices(results)
    assert two < (one + INTO) / (1.0 - LOSS) + OUT - 0.1


def test_a_target_out_of_reach_is_missed_by_what_cannot_be_injected(solver):
    base = summer_and_winter(injection=10.0)
    target = gf.FillingTarget(base.periods.starts[1], 0.5, penalty=50.0)
    results = solved(base.with_policy(targets=(target,)), solver=solver)
    reached = 10.0 * 30.0 * (1.0 - LOSS)
    assert results.levels["store"].iloc[0] == pytest.approx(reached, abs=1e-6)
    assert results.shortfall["store"].iloc[0] == pytest.approx(5_000.0 - reached, abs=1e-6)


def test_a_cheap_target_is_missed_where_the_gas_is_worth_more():
    base = summer_and_winter()
    target = gf.FillingTarget(base.periods.starts[1], 1.0, penalty=0.5)
    results = solved(base.with_policy(targets=(target,)))
    one, two = prices(results)
    # Gas in store is worth what winter pays for it and the penalty that it saves.
    assert two - OUT + 0.5 == pytest.approx((one + INTO) / (1.0 - LOSS), abs=1e-6)
    assert results.shortfall["store"].iloc[0] > 1_000.0


def limited(level: float) -> gf.Horizon:
    return horizon_of(
        [one_node(300.0, elasticity=0.0, level=level, withdrawal_when_empty=0.2, full_rate_level=0.5)], [10]
    )


@pytest.mark.parametrize("level", [9_000.0, 1_500.0])
def test_withdrawal_is_limited_only_when_the_level_is_low(level, solver):
    results = solved(limited(level), solver=solver)
    out = results.storage["store"].item()
    mean = level - out * 10.0 / 2.0
    envelope = 60.0 * (0.2 + 0.8 / 0.5 * mean / 10_000.0)
    assert out == pytest.approx(min(60.0, envelope), abs=1e-6)
    assert (out < 60.0 - 1.0) == (level < 5_000.0)


def test_a_closure_in_mid_period_takes_its_exact_share(solver):
    base = horizon_of([one_node(60.0), one_node(60.0)])
    closing = gf.Closure("F->A", share=0.5, start="2022-06-13")
    results = solved(base, closing, solver=solver)
    assert results.array("capacity")[0, :, 0].tolist() == pytest.approx([400.0 * (1 - 0.5 * 18 / 30), 200.0], rel=1e-12)


def test_a_ramp_and_a_recovery_take_their_integrals():
    base = horizon_of([one_node(60.0)] * 3)
    closing = gf.Closure("F->A", start="2022-06-11", ramp_days=20.0, end="2022-07-11", recovery_days=40.0)
    capacity = solved(base, closing).array("capacity")[0, :, 0]
    # Grows over the last 20 days of June, holds for 10 days of July, fades over 40 days from the 11th.
    july = (10.0 + (20.0 - 20.0**2 / 80.0)) / 30.0
    august = (20.0**2 / 80.0) / 30.0
    assert capacity.tolist() == pytest.approx([400.0 * (1 - 10 / 30), 400 * (1 - july), 400 * (1 - august)], rel=1e-9)


def test_nested_steps_agree_when_nothing_varies_within_and_no_limit_depends_on_the_level(solver):
    base = summer_and_winter()
    coarse, fine = solved(base, solver=solver), solved(split(base, 6), solver=solver)
    assert fine.prices["A"].to_numpy().reshape(2, 6) == pytest.approx(
        np.repeat(coarse.prices["A"].to_numpy()[:, None], 6, axis=1), abs=1e-6
    )
    assert fine.levels["store"].to_numpy()[5::6] == pytest.approx(coarse.levels["store"].to_numpy(), abs=1e-5)
    assert fine.total("demand").to_numpy() == pytest.approx(coarse.total("demand").to_numpy(), rel=1e-9)


def test_with_level_dependent_limits_finer_steps_take_out_less_late_and_the_difference_shrinks():
    """The mean of two levels is exact for a constant rate; within a long period the rate would fall day by day."""
    store = {"level": 4_000.0, "withdrawal_when_empty": 0.2, "full_rate_level": 1.0, "withdrawal": 200.0}
    base = horizon_of([one_node(300.0, elasticity=0.0, **store)], [30])
    taken = {parts: solved(split(base, parts)).total("storage").iloc[0, 0] for parts in (1, 2, 6, 30)}
    rate, empty, volume = 200.0, 0.2, 10_000.0
    # dL/dt = -rate (empty + (1 - empty) L / volume), worked out.
    fall = rate * (1 - empty) / volume
    rest = rate * empty / fall
    exact = 4_000.0 + rest - (4_000.0 + rest) * np.exp(-fall * 30)
    errors = [abs(taken[parts] / exact - 1.0) for parts in (1, 2, 6, 30)]
    assert errors[0] < 0.03
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-4


def test_gas_is_conserved_over_the_horizon(solver):
    base = split(summer_and_winter(withdrawal_when_empty=0.2, full_rate_level=0.6), 5)
    results = solved(base, gf.DemandChange(factor=(0.8, 1.0, 1.3)), solver=solver)
    assert conservation(base, results).max() <= 1e-9 * results.total("demand").to_numpy().max()
    supplied, used = results.total("supply").to_numpy().sum(axis=1), results.total("demand").to_numpy().sum(axis=1)
    stored = results.total("storage").to_numpy().sum(axis=1)
    assert supplied + stored - used == pytest.approx(np.zeros(3), abs=1e-9 * used.max())


def test_worth_at_the_end_falls_with_what_is_left():
    flat = horizon_of([one_node(60.0, loss=LOSS, injection=300.0)], policy=gf.StoragePolicy(end_value=40.0))
    falling = flat.with_policy(end_slope=30.0, end_level=0.1)
    results = solved(falling)
    level = results.levels["store"].item()
    value = results.storage_values["store"].item()
    assert value == pytest.approx(40.0 - 30.0 * (level / 10_000.0 - 0.1), abs=1e-6)
    assert prices(results)[0] == pytest.approx(value * (1.0 - LOSS), abs=1e-6)
    assert solved(flat).storage_values["store"].item() == pytest.approx(40.0, abs=1e-6)


def test_survival_is_the_day_on_which_demand_first_goes_unserved():
    base = horizon_of([one_node(150.0, elasticity=0.0, level=9_000.0, withdrawal=500.0)] * 6)
    results = solved(base, gf.Closure("F->A", share=(0.0, 1.0), start=FIRST))
    assert results.survival_days().tolist()[0] == np.inf
    assert results.survival_days().tolist()[1] in (0.0, 60.0)
    # Firm demand costs the same unserved on any day: what is short in all is what the store does not hold.
    assert results.total("unserved").iloc[1].sum() == pytest.approx(6 * 30 * 150.0 - 9_000.0, abs=1e-5)


def test_losses_of_pipes_are_those_of_each_period(solver):
    networks = [one_node(demand=100.0, elasticity=0.0).with_pipe("F->A", loss=loss) for loss in (0.0, 0.2, 0.5)]
    results = solved(horizon_of(networks), solver=solver)
    arriving = results.array("flows")[0, :, 0] - results.array("losses")[0, :, 0]
    assert results.array("losses")[0, :, 0] == pytest.approx(
        np.array([0.0, 0.2, 0.5]) * results.array("flows")[0, :, 0]
    )
    assert arriving + results.array("storage")[0, :, 0] == pytest.approx([100.0] * 3, abs=1e-6)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (one_node(loss=0.1), "storages.loss of store"),
        (one_node(withdrawal_when_empty=0.5), "storages.withdrawal_when_empty of store"),
        (one_node().replace(price_floor=1.0), "price_floor"),
        (one_node().with_node("A", group="other"), "nodes.group of A"),
    ],
)
def test_what_all_periods_share_may_not_differ(changed, said):
    with pytest.raises(GasflowError, match=said):
        horizon_of([one_node(), changed])
