"""Clarabel in a loop: one solver object, its numbers replaced in place, default tolerances (1e-8).

Replacing numbers spares Clarabel the set-up of each scenario; a new object per scenario takes longer.
"""

from __future__ import annotations

import clarabel
import numpy as np
import scipy.sparse as sp

from benchmarks.peers.peer import Peer, Solved
from benchmarks.problems import Rows


class ClarabelLoop(Peer):
    """The quadratic programme, one scenario at a time."""

    name = "Clarabel loop"

    def __init__(self, rows: Rows) -> None:
        problem = rows.problem
        self.rows = rows
        self.has_upper = np.isfinite(rows.upper).any(axis=0)
        eye = sp.eye_array(problem.column_count, format="csr")
        matrix = sp.csc_matrix(sp.vstack([problem.incidence.tocsr(), eye[self.has_upper], -eye]))
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.max_threads = 1
        settings.presolve_enable = False  # numbers can only be replaced without it
        cones = [
            clarabel.ZeroConeT(problem.row_count),
            clarabel.NonnegativeConeT(int(self.has_upper.sum()) + problem.column_count),
        ]
        positions = np.arange(problem.column_count + 1)
        curvature = sp.csc_matrix((rows.curvature[0].copy(), positions[:-1], positions))
        self.solver = clarabel.DefaultSolver(curvature, rows.cost[0], matrix, self._limits(0), cones, settings)

    def _limits(self, scenario: int) -> np.ndarray:
        rows = self.rows
        return np.concatenate([rows.balance[scenario], rows.upper[scenario][self.has_upper], -rows.lower[scenario]])

    def solve(self, chosen: range) -> Solved:
        """Replace P, q and b, and solve."""
        rows, solver = self.rows, self.solver
        flows = np.empty((len(chosen), rows.problem.column_count))
        prices = np.empty((len(chosen), rows.problem.row_count))
        for place, scenario in enumerate(chosen):
            solver.update(P=rows.curvature[scenario], q=rows.cost[scenario], b=self._limits(scenario))
            answer = solver.solve()
            flows[place] = answer.x
            prices[place] = np.negative(answer.z[: rows.problem.row_count])
        return Solved(flows, prices)
