"""A grid of two levers beside the loops."""

from __future__ import annotations

import time
from collections.abc import Sequence

import gasflow as gf
from benchmarks.cases import CASES
from benchmarks.field import Programmes, gasflow_runner, peer_runners, result_table
from benchmarks.problems import Ready
from benchmarks.race import race


def compare(side: int, peers: Sequence[str], rounds: int) -> None:
    """Print the comparison on a grid of closure share by elasticity."""
    case = CASES["grid"]
    count = side * side
    scenarios = case.scenarios(count)
    ready = Ready.of(case.subject, scenarios)
    problem = ready.problem(scenarios)
    programmes = Programmes(problem, ready.base_problem(), ready.assembler.layout)
    counts = {"clarabel": count, "highs": count, "manylp": count, "osqp": min(count, 200),
              "linprog": min(count, 500), "pypsa": min(count, 3)}  # fmt: skip
    runners = peer_runners(peers, programmes, counts)  # before gasflow starts threads: some fork
    runners = [gasflow_runner(problem, side), gasflow_runner(problem), *runners]
    load = race(runners, rounds)
    print(f"Grid of {side} x {side}, closure share by elasticity, {problem.column_count} columns; "
          f"load {load[0]:.1f} before, {load[1]:.1f} after\n")  # fmt: skip
    print(result_table(runners))
    begun = time.perf_counter()
    gf.simulate(case.subject, case.scenarios(count), keep=["prices"])
    whole = time.perf_counter() - begun
    print(
        f"\ngasflow.simulate with prices kept: {1e6 * whole / count:.1f} us per scenario, assembly and labels included"
    )
