"""Everyone who takes part in the comparison says the same; a few scenarios, and only who is installed."""

import numpy as np
import pytest

from benchmarks.cases import CASES
from benchmarks.field import Programmes, gasflow_runner, peer_runners
from benchmarks.problems import Ready
from benchmarks.race import race

COUNT = 6
# Relative to the objective; OSQP stops at 1e-6, and manylp and PyPSA are too slow to start for a smoke run.
PEERS = {"clarabel": ("clarabel", 1e-7), "highs": ("highspy", 1e-7), "linprog": ("scipy", 1e-7), "osqp": ("osqp", 1e-5)}


@pytest.fixture(scope="module")
def programmes():
    case = CASES["monte_carlo"]
    scenarios = case.scenarios(COUNT)
    ready = Ready.of(case.subject, scenarios)
    return Programmes(ready.problem(scenarios), ready.base_problem(), ready.assembler.layout)


@pytest.mark.parametrize("name", PEERS)
def test_peer_agrees_with_gasflow(name, programmes):
    package, tolerance = PEERS[name]
    pytest.importorskip(package)
    counts = dict.fromkeys(PEERS, COUNT)
    for runner in peer_runners([name], programmes, counts):
        own = gasflow_runner(runner.problem)
        race([own, runner], rounds=1)
        assert own.certified.all()
        assert own.off(runner) <= tolerance


def test_steps_leave_bounds_as_they_are(programmes):
    for name in ("lower", "upper"):
        stepped, whole = getattr(programmes.lp.problem, name), getattr(programmes.problem, name)
        totals = [np.where(np.isfinite(values), values, 0.0).sum(axis=0) for values in (stepped, whole)]
        np.testing.assert_allclose(*totals, rtol=1e-12)


def test_steps_share_costs_that_no_scenario_changes(programmes):
    assert programmes.bounds.problem.cost.shape[1] == 1
    assert not programmes.lp.problem.curvature.any()
