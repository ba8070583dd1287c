"""gasflow itself: one call, certificate and polish included, on every core."""

from __future__ import annotations

import os

from benchmarks.peers.peer import Peer, Solved
from gasflow.core.problem import FlowProblem
from gasflow.core.solve import SolverChoice, solve


class GasflowBatch(Peer):
    """`gasflow.core.solve.solve` on the whole batch.

    Attributes:
        problem: the scenarios.
        choice: the batched solver, or whom gasflow picks by itself.
        row: for a grid, the length of a row, along which active columns are tried again; 0 elsewhere.
    """

    name = "gasflow"
    threads = os.cpu_count() or 1

    def __init__(self, problem: FlowProblem, choice: SolverChoice = SolverChoice.BATCHED, row: int = 0) -> None:
        self.problem, self.choice, self.row = problem, choice, row

    def solve(self, chosen: range) -> Solved:
        """Solve, polish, certify."""
        whole = len(chosen) == self.problem.scenario_count
        part = self.problem if whole else self.problem.scenarios(slice(chosen.start, chosen.stop))
        solution = solve(part, self.choice, reuse=self.row)
        return Solved(solution.flows.T, solution.prices.T)
