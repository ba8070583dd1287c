"""Torture: random topologies, as strange as they come, through the batched solver, against Clarabel called by hand.

    python -m benchmarks.torture --topologies 1000 --scenarios 100

Counted as wrong: a certified scenario whose objective is off by more than 1e-7 relative, or whose price is off by more
than 0.01 EUR/MWh where it is uniquely determined. Where Clarabel disagrees on a price, HiGHS has the last word; where
it claims an optimum above a point that balances to 1e-10, that point refutes it. Both are counted, and so is what finds
no independent answer. The unit of the relative error is the sum of the sizes of the terms of the objective, because
served demand and its supply nearly cancel.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from gasflow.core.problem import FlowProblem
from gasflow.core.solution import Status
from gasflow.core.solve import solve
from gasflow.core.solvers.abstract import Hints
from gasflow.core.uniqueness import determined_rows
from tests.core.independent import clarabel_by_hand, price_interval_by_highs
from tests.core.torture import strange_problem

OBJECTIVE_OFF = 1e-7
PRICE_OFF = 0.01
BALANCED = 1e-10


def examine(seed: int, scenarios: int) -> tuple[Counter, list[tuple[int, int, float, float]]]:
    """Solve one topology; counts, and the scenarios that look wrong with both errors."""
    problem = strange_problem(np.random.default_rng(seed), scenarios)
    solution = solve(problem, "lanes", Hints(threads=1))
    counts = Counter(Status(code).name for code in solution.status)
    counts["by the reference solver"] = int((solution.solver == "reference").sum())
    counts["scenarios"] = problem.scenario_count
    certified = solution.certified
    flows = np.where(certified, solution.columns, 0.0)
    objective = problem.objective(flows)
    determined = determined_rows(problem, flows, np.where(certified, solution.duals, 0.0))
    suspects = []
    for scenario in np.flatnonzero(certified):
        wanted, prices = clarabel_by_hand(problem, int(scenario))
        if not np.isfinite(wanted):
            counts["without an independent answer"] += 1
            continue
        one = problem.scenarios(slice(scenario, scenario + 1))
        terms = np.abs((one.cost + 0.5 * one.curvature * flows[:, [scenario]]) * flows[:, [scenario]]).sum()
        off = (objective[scenario] - wanted) / max(1.0, terms)
        if off < -OBJECTIVE_OFF and solution.certificate.primal_residual[scenario] <= BALANCED:
            counts["Clarabel refuted by a cheaper point"] += 1
            off = 0.0
        known = determined[:, scenario]
        price_off = 0.0
        for row in np.flatnonzero(known & (np.abs(solution.duals[:, scenario] - prices) > PRICE_OFF)):
            price_off = max(price_off, outside(one, flows[:, [scenario]], int(row), solution.duals[row, scenario]))
        if np.isinf(price_off):
            counts["price without an independent answer"] += 1
            price_off = 0.0
        if not (abs(off) <= OBJECTIVE_OFF and price_off <= PRICE_OFF):
            suspects.append((seed, int(scenario), float(off), float(price_off)))
    return counts, suspects


def outside(problem: FlowProblem, flows: np.ndarray, row: int, price: float) -> float:
    """How far a price lies outside the interval of optimal ones, by HiGHS: Clarabel's own duals have few digits."""
    low, high = price_interval_by_highs(problem, flows, row)
    return max(low - price, price - high, 0.0) if np.isfinite([low, high]).all() else np.inf


def main() -> None:
    """Run from the command line and print the report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--topologies", type=int, default=1000)
    options.add_argument("--scenarios", type=int, default=100)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--threads", type=int, default=2)
    chosen = options.parse_args()
    seeds = range(chosen.first, chosen.first + chosen.topologies)
    total, suspects, begun = Counter(), [], time.perf_counter()
    with ProcessPoolExecutor(chosen.workers) as pool:
        for counts, found in pool.map(examine, seeds, [chosen.scenarios] * len(seeds), chunksize=5):
            total += counts
            suspects += found
    print(f"{len(seeds)} topologies in {time.perf_counter() - begun:.0f} s")
    for name, count in sorted(total.items()):
        print(f"{name:32s} {count:9d}  {count / total['scenarios']:9.4%}")
    print(f"{'wrong and certified':32s} {len(suspects):9d}")
    for suspect in suspects[:50]:
        print("topology {} scenario {}: objective off {:.1e}, price off {:.1e}".format(*suspect))


if __name__ == "__main__":
    main()
