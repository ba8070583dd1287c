"""gasflow itself: one call, certificate and polish included, on every core."""

from __future__ import annotations

import os

from benchmarks.peers.peer import Peer, Solved
from gasflow.core.problem import FlowProblem
from gasflow.core.solve import SolverChoice, solve


class GasflowBatch(Peer):
    """`gasflow.core.solve.solve` on the whole batch."""

    name = "gasflow"
    threads = os.cpu_count() or 1

    def __init__(self, problem: FlowProblem) -> None:
        self.problem = problem

    def solve(self, chosen: range) -> Solved:
        """Solve, polish, certify."""
        return _solved(self.problem, chosen, SolverChoice.BATCHED)


class GasflowAuto(Peer):
    """The same with the solver that gasflow picks by itself."""

    name = "gasflow"
    threads = os.cpu_count() or 1

    def __init__(self, problem: FlowProblem) -> None:
        self.problem = problem

    def solve(self, chosen: range) -> Solved:
        """Solve, polish, certify."""
        return _solved(self.problem, chosen, SolverChoice.AUTO)


def _solved(problem: FlowProblem, chosen: range, choice: SolverChoice) -> Solved:
    part = problem.scenarios(slice(chosen.start, chosen.stop))
    solution = solve(part, choice)
    return Solved(part.objective(solution.flows), solution.flows.T, solution.prices.T)
