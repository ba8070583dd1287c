from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import gasflow as gf
from gasflow.errors import GasflowError, ShockError
from gasflow.scenarios import draws

METHODS = ["random", "sobol", "latin"]


def drawn(method: str, count: int = 257, **more):
    levers = {"demand": stats.norm(1.0, 0.05), "lng_price": stats.lognorm(0.2)}
    closure = gf.Closure("Sokhranivka", share=stats.uniform(0, 1))
    return gf.sample(count, 11, closure, method=method, outages={"Gate LNG": 0.3}, **levers, **more)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("tied", [False, True])
def test_draws_depend_neither_on_chunk_nor_on_order(method, tied):
    names = ["demand", "lng_price"]
    matrix = pd.DataFrame([[1.0, 0.6], [0.6, 1.0]], index=names, columns=names)
    scenarios = drawn(method, correlation=matrix if tied else None)
    whole = scenarios.design.numbers(0, scenarios.count)
    for size in (1, 2, 7, 64, 256):
        starts = list(range(0, scenarios.count, size))[::-1]
        parts = {at: scenarios.design.numbers(at, min(at + size, scenarios.count)) for at in starts}
        np.testing.assert_array_equal(np.concatenate([parts[at] for at in sorted(parts)], axis=1), whole)


FIRST_DRAWS = [
    [0.2639596603294704, 0.9151063514361443],
    [1.0413406096897533, 1.0165887977021584],
    [1.0355076055252508, 0.8957502578028707],
    [1.0, 1.0],
]


def test_another_process_draws_the_same():
    # Fixed numbers: a change of the generator would silently change every published study.
    numbers = drawn("random").design.numbers(0, 2)
    np.testing.assert_allclose(numbers, FIRST_DRAWS, rtol=1e-12)


def test_adding_a_lever_leaves_the_draws_of_the_others():
    one = gf.sample(50, 3, demand=stats.uniform(0.9, 0.2))
    two = gf.sample(50, 3, demand=stats.uniform(0.9, 0.2), lng_price=stats.lognorm(0.2))
    np.testing.assert_array_equal(one.design.numbers(0, 50)[0], two.design.numbers(0, 50)[0])


def test_another_seed_draws_otherwise():
    one, two = (gf.sample(50, seed, demand=stats.uniform(0.9, 0.2)).design.numbers(0, 50) for seed in (3, 4))
    assert not (one == two).any()


@pytest.mark.parametrize("method", METHODS)
def test_samples_follow_their_distributions(method):
    scenarios = drawn(method, count=4096)
    share, demand, price, outage = scenarios.design.numbers(0, scenarios.count)
    assert scenarios.names == ["share", "demand", "lng_price", "outage_Gate LNG"]
    for numbers, one in ((share, stats.uniform()), (demand, stats.norm(1.0, 0.05)), (price, stats.lognorm(0.2))):
        assert stats.kstest(numbers, one.cdf).pvalue > 1e-3
    assert set(outage) == {0.0, 1.0}
    assert outage.mean() == pytest.approx(0.3, abs=0.03)


def test_the_copula_ties_ranks():
    names = ["demand", "lng_price"]
    matrix = pd.DataFrame([[1.0, 0.8], [0.8, 1.0]], index=names, columns=names)
    share, demand, price, _ = drawn("random", count=20_000, correlation=matrix).design.numbers(0, 20_000)
    assert stats.spearmanr(demand, price).statistic == pytest.approx(6 / np.pi * np.arcsin(0.4), abs=0.02)
    assert abs(stats.spearmanr(share, price).statistic) < 0.02


@pytest.mark.parametrize(
    ("matrix", "why"),
    [
        ([[1.0, 1.2], [1.2, 1.0]], "positive definite"),
        ([[1.0, 0.2], [0.3, 1.0]], "symmetric"),
        ([[2.0, 0.2], [0.2, 1.0]], "ones on its diagonal"),
    ],
)
def test_a_matrix_that_is_no_correlation_is_refused(matrix, why):
    names = ["demand", "lng_price"]
    with pytest.raises(ShockError, match=why):
        drawn("random", correlation=pd.DataFrame(matrix, index=names, columns=names))


def test_a_correlation_of_unknown_levers_names_the_known_ones():
    with pytest.raises(ShockError, match="outage_Gate LNG"):
        drawn("random", correlation=pd.DataFrame([[1.0]], index=["x"], columns=["x"]))


def test_a_latin_hypercube_hits_every_stratum_once():
    share = drawn("latin", count=128).design.numbers(0, 128)[0]
    assert sorted(np.floor(share * 128).astype(int)) == list(range(128))


def test_a_latin_hypercube_beyond_its_memory_names_the_way_out():
    with pytest.raises(ShockError, match="method='sobol'"):
        gf.sample(draws.LATIN_BYTES, 1, demand=stats.uniform(0.9, 0.2), method="latin")


def test_a_distribution_that_can_leave_its_limits_is_refused_before_anything_is_drawn():
    with pytest.raises(ShockError, match="share may be"):
        gf.sample(10, 1, gf.Closure("Sokhranivka", share=stats.norm(0.5, 0.5)))


@pytest.mark.parametrize(
    "arguments",
    [{}, {"demand": 1.0}, {"weather": stats.norm()}, {"outages": {"Gate LNG": 1.5}}],
)
def test_samples_without_meaning_are_refused(arguments):
    with pytest.raises(GasflowError):
        gf.sample(10, 1, **arguments)


def test_a_million_scenarios_hold_nothing():
    scenarios = drawn("random", count=10**9)
    assert scenarios.chunk(10**9 - 3, 10**9).count == 3


def test_a_grid_is_a_product_with_the_last_lever_fastest():
    grid = gf.grid(gf.Closure("Sokhranivka", share=[0, 0.5, 1], reroute=[0, 1]), gf.LngPriceChange([1.0, 1.2]))
    assert grid.dims == {"share": 3, "reroute": 2, "factor": 2}
    expected = pd.MultiIndex.from_product([[0, 0.5, 1], [0.0, 1.0], [1.0, 1.2]], names=["share", "reroute", "factor"])
    pd.testing.assert_index_equal(grid.labels(), expected)
    parts = [grid.labels(at, min(at + 5, 12)) for at in (0, 5, 10)]
    pd.testing.assert_index_equal(parts[0].append(parts[1:]), expected)


def test_levers_that_clash_take_the_name_of_their_shock_and_then_its_place():
    grid = gf.grid(
        gf.Closure("Sokhranivka", share=[0, 1]), gf.Closure("Sudzha", share=[0, 1]), gf.ElasticityChange([1, 2]),
        gf.DemandChange([1, 2]),
    )  # fmt: skip
    expected = ["closure.Sokhranivka.share", "closure.Sudzha.share", "elasticity_change_factor", "demand_change_factor"]
    assert grid.names == expected


@pytest.mark.parametrize("shocks", [[gf.Closure("A")], [gf.Closure("A", share=stats.uniform())], []])
def test_grids_without_sequences_are_refused(shocks):
    with pytest.raises(ShockError):
        gf.grid(*shocks)


def test_sequences_of_different_lengths_in_one_shock_need_a_grid():
    uneven = gf.Closure("Sokhranivka", share=[0, 0.5, 1], reroute=[0, 1])
    with pytest.raises(ShockError, match="grid of all combinations"):
        gf.simulate(gf.toys.transit_hub(), uneven)
    assert gf.grid(uneven).count == 6


def test_sets_pickle_and_describe_themselves_alike():
    scenarios = drawn("sobol")
    copy = pickle.loads(pickle.dumps(scenarios))  # noqa: S301 - made here
    assert copy.described() == scenarios.described()
    assert "0x" not in scenarios.described()
    np.testing.assert_array_equal(copy.design.numbers(5, 9), scenarios.design.numbers(5, 9))
