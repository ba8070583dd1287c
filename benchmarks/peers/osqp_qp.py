"""OSQP: operator splitting, set up once, numbers replaced in place, warm from the scenario before, tolerance 1e-6."""

from __future__ import annotations

import numpy as np
import osqp
import scipy.sparse as sp

from benchmarks.peers.peer import Peer, Solved
from benchmarks.problems import Rows


class OsqpLoop(Peer):
    """The quadratic programme, one scenario at a time."""

    name = "OSQP loop, 1e-6"

    def __init__(self, rows: Rows) -> None:
        problem = rows.problem
        self.rows = rows
        count = problem.column_count
        matrix = sp.csc_matrix(sp.vstack([problem.incidence, sp.eye_array(count)]))
        positions = np.arange(count + 1)
        curvature = sp.csc_matrix((np.ones(count), positions[:-1], positions))
        self.solver = osqp.OSQP()
        low, high = self._limits(0)
        self.solver.setup(
            curvature, rows.cost[0], matrix, low, high,
            verbose=False, eps_abs=1e-6, eps_rel=1e-6, max_iter=20_000, polishing=True,
        )  # fmt: skip

    def _limits(self, scenario: int) -> tuple[np.ndarray, np.ndarray]:
        rows = self.rows
        balance = rows.balance[scenario]
        return np.concatenate([balance, rows.lower[scenario]]), np.concatenate([balance, rows.upper[scenario]])

    def solve(self, chosen: range) -> Solved:
        """Replace numbers and solve; a scenario that runs out of iterations keeps what it has."""
        rows = self.rows
        flows = np.empty((len(chosen), rows.problem.column_count))
        prices = np.empty((len(chosen), rows.problem.row_count))
        for place, scenario in enumerate(chosen):
            low, high = self._limits(scenario)
            self.solver.update(q=rows.cost[scenario], l=low, u=high, Px=rows.curvature[scenario])
            answer = self.solver.solve(raise_error=False)
            flows[place] = answer.x
            prices[place] = -answer.y[: rows.problem.row_count]
        return Solved(flows, prices)
