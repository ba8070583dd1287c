"""gasflow itself: one call, certificate and polish included, on every core."""

from __future__ import annotations

import os

from benchmarks.peers.peer import Peer, Solved
from benchmarks.problems import Rows
from gasflow.core.solve import solve


class GasflowBatch(Peer):
    """`gasflow.core.solve.solve` on the whole batch."""

    name = "gasflow"
    threads = os.cpu_count() or 1

    def __init__(self, rows: Rows) -> None:
        self.problem = rows.problem

    def solve(self, chosen: range) -> Solved:
        """Solve, polish, certify."""
        part = self.problem.scenarios(slice(chosen.start, chosen.stop))
        solution = solve(part, "batched")
        return Solved(part.objective(solution.flows), solution.flows.T, solution.prices.T)
