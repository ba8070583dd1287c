"""Ties: the same flows from both solvers, still optimal, and no larger than any other optimum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

import gasflow as gf
from gasflow.core.certificate import Certificate, certify
from gasflow.core.problem import FlowProblem, Structure
from gasflow.core.solution import Solution
from gasflow.core.solve import Engine, solve
from gasflow.core.ties import ambiguous_columns, break_ties
from tests.core.independent import on_cycles_by_null_space
from tests.core.networks import Shape, random_problem
from tests.core.random_horizons import Stores, random_horizon
from tests.core.torture import strange_problem
from tests.solving import answers, network_of


def _tied(seed):
    """A linear network without losses in which every pipe costs the same."""
    problem = random_problem(np.random.default_rng(seed), 6, Shape(nodes=10, chords=10, curved=False, losses=0.0))
    cost = problem.cost.copy()
    cost[np.diff(problem.incidence.indptr) == 2] = 1.0
    return replace(problem, cost=cost)


@pytest.mark.parametrize("problem", [_tied(1), _tied(2), strange_problem(np.random.default_rng(61), 10)])
def test_both_solvers_return_the_same_flows(problem):
    answers = []
    for solver in ("reference", "lanes"):
        engine = Engine(problem.structure, solver)
        solution = engine.solve(problem)
        answers.append((solution, break_ties(problem, solution, engine)))
    (raw, one), (_, other) = answers
    np.testing.assert_allclose(one.columns, other.columns, atol=1e-6)
    np.testing.assert_array_equal(one.duals, raw.duals)
    assert certify(problem, one.columns, one.duals).accepted.all()


def test_flows_do_not_grow():
    problem = _tied(3)
    solution = solve(problem, "lanes")
    least = break_ties(problem, solution)
    width = np.where(np.isfinite(problem.upper) & (problem.upper > problem.lower), problem.upper - problem.lower, 1.0)
    assert ((least.columns**2 / width).sum(axis=0) <= (solution.columns**2 / width).sum(axis=0) + 1e-9).all()
    assert np.abs(least.columns - solution.columns).max() > 1e-3


def _strange(draw):
    return strange_problem(draw, 1)


def _with_losses(draw):
    return random_problem(draw, 1, Shape(nodes=12, chords=8, losses=float(draw.choice([0.0, 0.01, 0.2]))))


def _over_periods(draw):
    return random_horizon(draw, 3, Shape(nodes=3, chords=2, losses=0.01), Stores(count=2))


@pytest.mark.parametrize("kind", [_strange, _with_losses, _over_periods])
@pytest.mark.parametrize("share", [0.1, 0.4, 1.0])
@pytest.mark.parametrize("curved", [False, True])
def test_ambiguous_columns_are_those_of_the_null_space(kind, share, curved):
    """Every tied column is looked at, whatever the number of rows that it touches and the losses on its way."""
    for seed in range(4):
        draw = np.random.default_rng(seed)
        incidence = kind(draw).incidence
        tied = np.flatnonzero(draw.random(incidence.shape[1]) < share)
        bent = (draw.random(incidence.shape[1]) < 0.2) & curved
        found = ambiguous_columns(*_at_no_cost(incidence, tied, bent))[:, 0]
        tied = tied[~bent[tied]]
        wanted = np.zeros(incidence.shape[1], dtype=bool)
        wanted[tied] = on_cycles_by_null_space(incidence, tied)
        np.testing.assert_array_equal(found, wanted)


def _at_no_cost(incidence, tied, bent):
    """Nothing flows and nothing costs anything, so that every column that may move and is straight is tied."""
    columns, one = incidence.shape[1], np.zeros(1)
    upper = np.zeros((columns, 1))
    upper[tied] = 1.0
    none, rows = np.zeros((columns, 1)), np.zeros((incidence.shape[0], 1))
    problem = FlowProblem(Structure(incidence), none, bent[:, None].astype(float), none, upper, rows)
    fine = Certificate(one, one, one, one, one)
    return problem, Solution(none, rows, np.zeros(1, np.int8), np.zeros(1, np.int8), np.zeros(1, np.int32), fine)


def test_on_a_large_network_every_pipe_on_a_cycle_is_ambiguous():
    incidence = random_problem(np.random.default_rng(4), 1, Shape(nodes=2000, chords=700, losses=0.0)).incidence
    pipes = np.flatnonzero(np.diff(incidence.indptr) == 2)[::2]  # one way only
    found = ambiguous_columns(*_at_no_cost(incidence, pipes, np.zeros(incidence.shape[1], dtype=bool)))[pipes, 0]
    ends = incidence.indices[incidence.indptr[pipes][:, None] + [0, 1]]
    islands = [connected(np.delete(ends, k, axis=0), incidence.shape[0]) for k in range(0, pipes.size, 50)]
    whole = connected(ends, incidence.shape[0])
    assert [count == whole for count in islands] == found[::50].tolist()
    assert 0 < np.mean(found) < 1


def connected(ends, nodes):
    """Number of islands of a graph."""
    return connected_components(coo_array((np.ones(len(ends)), ends.T), shape=(nodes, nodes)), directed=False)[0]


@pytest.mark.parametrize("slope", [1e-4, 1e-6, 1e-8, 1e-10, 0.0])
def test_a_flow_is_pinned_or_named_as_one_of_several(slope):
    town = pd.DataFrame(
        {"name": ["town"], "node": ["C"], "volume": [40.0], "elasticity": [-0.2], "anchor_price": [50.0]}
    )
    field = pd.DataFrame({"name": ["field"], "node": ["A"], "volume": [200.0], "cost": [20.0]})
    ends = [("A", "B", 100.0), ("B", "C", 100.0), ("A", "C", 100.0), ("B", "D", 100.0), ("D", "C", 100.0)]
    network = network_of(ends, field, town)
    pipes = network.pipes.assign(tariff=[1.0, 1.0, 2.0, 0.5, 0.5], slope=slope)
    found = [answers(gf.Network(network.nodes, pipes, network.supplies, network.demands), solver=one)
             for one in ("reference", "lanes")]  # fmt: skip
    named = ambiguous_columns(found[0].problem, found[0].solution)[:5, 0]
    differ = np.abs(found[0].flows - found[1].flows)[:, 0, 0] > 1e-3
    assert not (differ & ~named).any()
    assert named.all() == (slope <= 1e-7)
