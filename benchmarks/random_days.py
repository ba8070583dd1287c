"""Random days beside every peer."""

from __future__ import annotations

import time
from collections.abc import Sequence

import gasflow as gf
from benchmarks.cases import CASES
from benchmarks.field import Programmes, gasflow_runner, peer_runners, result_table
from benchmarks.phases import peak_memory, seconds
from benchmarks.problems import Ready
from benchmarks.race import race
from benchmarks.tables import markdown


def compare(count: int, peers: Sequence[str], rounds: int) -> None:
    """Print the comparison, the cost per column, and where gasflow's time goes."""
    case = CASES["monte_carlo"]
    scenarios = case.scenarios(count)
    ready = Ready.of(case.subject, scenarios)
    problem = ready.problem(scenarios)
    programmes = Programmes(problem, ready.base_problem(), ready.assembler.layout)
    # What each gets done in about a minute and a half.
    counts = {"clarabel": count, "highs": count, "manylp": min(count, 2_000), "osqp": min(count, 200),
              "linprog": min(count, 500), "pypsa": min(count, 3)}  # fmt: skip
    runners = peer_runners(peers, programmes, counts)  # before gasflow starts threads: some fork
    runners = [gasflow_runner(problem), *runners]
    load = race(runners, rounds)
    print(f"{count:,} random days of the bundled network of 2022-05-10, {problem.row_count} rows, "
          f"{problem.column_count} columns; load {load[0]:.1f} before, {load[1]:.1f} after\n")  # fmt: skip
    print(result_table(runners))
    per_column = 1e3 * runners[0].microseconds / problem.column_count
    print(f"\ngasflow: {per_column:.0f} ns per scenario and column, from arrays to certified answers")
    print(f"\nWhere its time goes\n\n{_split(count)}")


def _split(count: int) -> str:
    case = CASES["monte_carlo"]
    size = min(count, 4096)  # a chunk
    spent = seconds(case, size)
    rows = [[name, f"{1e6 * s / size:.1f}", f"{s / sum(spent.values()):.0%}"] for name, s in spent.items()]
    scenarios = case.scenarios(count)
    begun = time.perf_counter()
    gf.simulate(case.subject, scenarios, keep=["prices"])
    whole = time.perf_counter() - begun
    rows.append(["gasflow.simulate, prices kept", f"{1e6 * whole / count:.1f}", "-"])
    peak = peak_memory(lambda: gf.simulate(case.subject, scenarios, keep=["prices"]))
    table = markdown(["phase", "us/scenario", "share"], rows)
    return f"{table}\n\nPeak memory of the last: {peak / 2**20:.0f} MiB"
