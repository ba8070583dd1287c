"""gasflow itself: one call, certificate and polish included, on every core."""

from __future__ import annotations

import os

from benchmarks.peers.peer import Peer, Solved
from gasflow.core.problem import FlowProblem
from gasflow.core.solve import solve
from gasflow.core.solvers.abstract import Hints


class GasflowBatch(Peer):
    """`gasflow.core.solve.solve` on the whole batch.

    Attributes:
        problem: the scenarios.
        choice: the solver over lanes, or "auto".
        row: for a grid, the length of a row, whose neighbours a warm start uses; none elsewhere.
    """

    name = "gasflow"
    threads = os.cpu_count() or 1

    def __init__(self, problem: FlowProblem, choice: str = "lanes", row: int | None = None) -> None:
        self.problem, self.choice, self.row = problem, choice, row

    def solve(self, chosen: range) -> Solved:
        """Solve, polish, certify."""
        whole = len(chosen) == self.problem.scenario_count
        part = self.problem if whole else self.problem.scenarios(slice(chosen.start, chosen.stop))
        solution = solve(part, self.choice, Hints(row=self.row))
        return Solved(solution.columns.T, solution.duals.T)
