"""Results are never changed, and go wherever pickle, copy and other processes take them."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import FrozenInstanceError, fields
from multiprocessing import get_context

import numpy as np
import pytest

import gasflow as gf
from gasflow.results.comparison import Comparison
from gasflow.results.results import Results
from tests.horizons import horizon_of, one_node

HUB = gf.toys.transit_hub()
MANY = {count: gf.simulate(HUB, gf.Closure("Sudzha", share=np.linspace(0.0, 1.0, count).tolist()))
        for count in (2, 100, 101)}  # fmt: skip
HORIZON = gf.simulate(horizon_of([one_node(), one_node(150.0)]))
CASES = [
    gf.simulate(HUB),
    *MANY.values(),
    HORIZON,
    gf.simulate(HUB, gf.grid(gf.Closure("Sudzha", share=[0.0, 0.5]), gf.ElasticityChange(factor=[0.5, 1.0]))),
]


def mean_price(results: Results) -> float:
    return float(np.nanmean(results.array("prices")))


def mean_change(comparison: Comparison) -> float:
    return float(np.nanmean(comparison.changes("flows")))


def same(one: Results, other: Results) -> None:
    assert one.scenarios.equals(other.scenarios)
    assert one.network == other.network
    assert list(one.arrays) == list(other.arrays)
    for name, array in one.arrays.items():
        np.testing.assert_array_equal(array, other.array(name))
    assert one.certificate.equals(other.certificate)
    assert (one.responder is None) == (other.responder is None)
    if one.responder is not None:
        assert one.ambiguous_flows().equals(other.ambiguous_flows())


@pytest.mark.parametrize("results", CASES, ids=repr)
def test_results_survive_pickle_and_deepcopy(results: Results) -> None:
    for again in (pickle.loads(pickle.dumps(results)), copy.deepcopy(results), copy.copy(results)):  # noqa: S301
        same(results, again)
        assert not any(array.flags.writeable for array in again.arrays.values())
    both = pickle.loads(pickle.dumps(gf.compare(results, results)))  # noqa: S301 - our own bytes
    same(both.base, results)
    same(copy.deepcopy(both).after, results)


def test_results_go_through_a_process_pool() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        assert list(pool.map(mean_price, CASES)) == [mean_price(one) for one in CASES]
        comparisons = [gf.compare(CASES[0], one) for one in CASES[:4]]
        assert list(pool.map(mean_change, comparisons)) == [mean_change(one) for one in comparisons]


@pytest.mark.parametrize("results", CASES, ids=repr)
def test_nothing_in_results_can_be_written_to(results: Results) -> None:
    for array in results.arrays.values():
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0
    with pytest.raises(TypeError):
        results.arrays["prices"] = np.zeros(1)  # type: ignore[index]
    for one in [*fields(results), *fields(results.diagnostics)]:
        with pytest.raises(FrozenInstanceError):
            setattr(results if one in fields(results) else results.diagnostics, one.name, None)
    diagnostics = results.diagnostics
    for array in (
        diagnostics.status,
        diagnostics.solver,
        diagnostics.iterations,
        diagnostics.certificate.complementarity_gap,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_a_table_is_a_copy() -> None:
    for results in CASES:
        table = results.flows
        table.iloc[:] = -1.0
        assert (results.flows.to_numpy() != -1.0).all()
