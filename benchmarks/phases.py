"""The phases of a run, each with its inputs made beforehand, so that each can be timed by itself."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.case import BenchmarkCase
from benchmarks.problems import Ready
from gasflow.core.certificate import certify
from gasflow.core.solve import solve
from gasflow.core.solvers.automatic import suited
from gasflow.results.quantities import QUANTITIES
from gasflow.results.results import Results
from gasflow.simulation.answers import Answers
from gasflow.simulation.gathering import gathered
from gasflow.simulation.model import Model
from gasflow.simulation.planning import Plan

PHASES = ("draw", "assemble", "prepare", "solve", "certify", "label")


def phases(case: BenchmarkCase, count: int) -> dict[str, Callable[[], Any]]:
    """What each phase does, for scenarios of a case.

    * draw: the numbers of the levers, applied to the network;
    * assemble: arrays of the programme;
    * prepare: ordering and symbolic factorisation;
    * solve: interior point and polish;
    * certify: the certificate of every scenario;
    * label: all quantities that people ask for, and two tables of them.
    """
    scenarios = case.scenarios(count)
    ready = Ready.of(case.subject, scenarios)
    conditions = scenarios.chunk(0, scenarios.count).apply(ready.base)
    problem = ready.assembler.problem(conditions)
    solver = suited(scenarios.count, problem.structure.period_count, problem.column_count)
    prepared = solver.prepare(problem.structure)
    candidate = prepared.solve(problem)
    solution = solve(problem)

    def label() -> Results:
        answers = Answers(ready.assembler, conditions, problem, solution)
        network, everyone = ready.base.network, np.arange(scenarios.count)
        plan = Plan(answers, everyone, 0, ready.base.periods.count, last=True)
        results = gathered(Model(case.subject), iter([plan]), scenarios.labels(), tuple(QUANTITIES))
        assert results.prices.shape[1] == len(network.nodes)
        assert results.flows.shape[1] == len(network.pipes)
        return results

    return {
        "draw": lambda: scenarios.chunk(0, scenarios.count).apply(ready.base),
        "assemble": lambda: ready.assembler.problem(conditions),
        "prepare": lambda: solver.prepare(problem.structure),
        "solve": lambda: prepared.solve(problem),
        "certify": lambda: certify(problem, candidate.columns, candidate.duals),
        "label": label,
    }


def seconds(case: BenchmarkCase, count: int, rounds: int = 3) -> dict[str, float]:
    """Median wall time of each phase."""
    todo = phases(case, count)
    measured: dict[str, list[float]] = {name: [] for name in PHASES}
    for _ in range(rounds):
        for name in PHASES:
            begun = time.perf_counter()
            todo[name]()
            measured[name].append(time.perf_counter() - begun)
    return {name: float(np.median(times)) for name, times in measured.items()}


def peak_memory(work: Callable[[], Any]) -> int:
    """Most bytes that numpy and Python held during some work, beyond what they held before."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak
