"""Numbers orders of magnitude apart: "no limit" and "never" get a certified answer from every solver."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import gasflow as gf
from gasflow.core.problem import FlowProblem
from gasflow.core.solve import solve
from gasflow.scenarios.conditions import Conditions
from gasflow.scenarios.periods import Periods
from gasflow.simulation.assembly import Assembler
from tests.horizons import horizon_of
from tests.simulation.random_networks import random_network
from tests.solving import assert_optimal

EUROPE = gf.load_europe("2022-05-10")
WINTER = gf.horizon("2022-09-01", "2022-12-01", "month")
TABLES = ("nodes", "pipes", "supplies", "demands", "storages")
SOLVERS = ("reference", "lanes", "periods")
# Columns, and what they may be set to or, where a change of size is meant, multiplied by.
NO_LIMIT = {("storages", "injection"): (1e5, 1e7), ("storages", "withdrawal"): (1e5, 1e7),
            ("pipes", "capacity"): (1e6, 1e9), ("supplies", "cost"): (1e6,)}  # fmt: skip
FACTORS = {("demands", "volume"): (1e-6, 1e3), ("pipes", "tariff"): (1e-6, 1e4), ("storages", "slope"): (1e-4, 1e4),
           ("pipes", "slope"): (1e-4, 1e4), ("supplies", "volume"): (1e-6, 1e3)}  # fmt: skip
LOST_LOAD = (3000.0, 1e5, 1e8)


def changed(network: gf.Network, draw: np.random.Generator) -> gf.Network:
    """A network in which some columns, or some of their rows, hold numbers far away from all others."""
    tables = {name: network.tables[name].copy() for name in TABLES}
    for (table, column), numbers in (NO_LIMIT | FACTORS).items():
        frame = tables[table]
        if draw.random() < 0.4 and len(frame):
            chosen = draw.random(len(frame)) < draw.choice([0.2, 1.0])
            number = draw.choice(numbers)
            new = number if (table, column) in NO_LIMIT else frame[column] * number
            frame[column] = np.where(chosen, new, frame[column])
    if len(tables["storages"]):
        tables["storages"]["level"] = np.minimum(tables["storages"]["level"], tables["storages"]["volume"])
    lost_load = draw.choice(LOST_LOAD)
    return gf.Network(**tables, name=network.name, date=network.date or "2022-05-10", value_of_lost_load=lost_load)


def problem_of(network: gf.Network) -> FlowProblem:
    base = Conditions.of((network,), Periods.single(date(2022, 5, 10)))
    return Assembler(base).problem(base)


def problem_over(horizon: gf.Horizon) -> FlowProblem:
    base = Conditions.of(horizon.networks, horizon.periods)
    return Assembler(base, policy=horizon.policy).problem(base)


def assert_all_solvers_agree(problem: FlowProblem) -> None:
    objectives = []
    for solver in SOLVERS if problem.structure.period_count > 1 else SOLVERS[:2]:
        solution = solve(problem, solver)
        assert_optimal(problem, solution)
        objectives.append(problem.objective(solution.columns)[0])
        size = 1.0 + float(
            np.abs(problem.cost * solution.columns).sum() + (problem.curvature * solution.columns**2).sum()
        )
        assert abs(objectives[-1] - objectives[0]) <= 1e-7 * size


@pytest.mark.parametrize("seed", range(30))
def test_random_scalings_of_a_day(seed):
    draw = np.random.default_rng([7, seed])
    toys = (gf.toys.two_nodes, gf.toys.triangle, gf.toys.transit_hub, gf.toys.belgium)
    network = toys[seed // 5 % 4]() if seed % 5 == 0 else random_network(seed, curved=bool(seed % 2))
    assert_all_solvers_agree(problem_of(changed(network, draw)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_random_scalings_of_a_horizon(seed):
    draw = np.random.default_rng([8, seed])
    network = changed(random_network(seed, curved=bool(seed % 2)), draw)
    horizon = horizon_of([network] * int(draw.integers(2, 7)), None, gf.StoragePolicy(end_value=draw.uniform(40, 90)))
    assert_all_solvers_agree(problem_over(horizon))


@pytest.mark.parametrize("seed", range(4))
def test_random_scalings_of_europe(seed):
    assert_all_solvers_agree(problem_of(changed(EUROPE, np.random.default_rng([9, seed]))))


@pytest.mark.parametrize("rate", [1e5, 1e7])
def test_stores_of_europe_without_a_limit_to_their_rates(rate):
    networks = [replace_storages(network, injection=rate, withdrawal=rate) for network in WINTER.networks]
    assert_all_solvers_agree(problem_over(replace(WINTER, networks=tuple(networks))))


def test_a_rate_beyond_what_the_store_holds_is_no_limit():
    """Half of the gas in store is never more than all of it, whatever the rate."""
    flows = []
    for rate in (500.0, 1e5, 1e9):
        store = {"volume": 500.0, "level": 250.0, "injection": rate, "withdrawal": rate, "value": 60.0}
        network = replace_storages(gf.toys.transit_hub(), **store)
        horizon = horizon_of([network] * 3, None, gf.StoragePolicy(end_value=60.0))
        solution = solve(problem_over(horizon), "reference")
        assert solution.certified.all()
        flows.append(solution.columns)
    np.testing.assert_allclose(flows[1], flows[0], atol=1e-6)
    np.testing.assert_allclose(flows[2], flows[0], atol=1e-6)


def replace_storages(network: gf.Network, **numbers: float) -> gf.Network:
    tables = {name: network.tables[name] for name in TABLES} | {"storages": network.storages.assign(**numbers)}
    return gf.Network(**tables, name=network.name, date=network.date, value_of_lost_load=network.value_of_lost_load)
