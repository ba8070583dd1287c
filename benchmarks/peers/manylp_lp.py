"""manylp: a pool of certified bases, and warm-started simplex where none fits.

It takes one objective for all members, so it takes part where only bounds and balances differ.
"""

from __future__ import annotations

import os

import numpy as np
from manylp import BatchLPSolver, LexLP

from benchmarks.peers.peer import Peer, Solved
from benchmarks.problems import Rows


class ManyLp(Peer):
    """The whole batch in one call, on every core; the pool stays from call to call."""

    name = "manylp, bounds only"
    threads = os.cpu_count() or 1
    in_this_process = False

    def __init__(self, rows: Rows) -> None:
        problem = rows.problem
        if problem.cost.shape[1] > 1:
            raise ValueError("manylp takes one objective for all scenarios")
        differs = (np.ptp(_finite(rows.lower), axis=0) > 0) | (np.ptp(_finite(rows.upper), axis=0) > 0)
        self.columns, self.balances = np.flatnonzero(differs), np.flatnonzero(np.ptp(rows.balance, axis=0) > 0)
        self.rows = rows
        program = LexLP(
            A=problem.incidence,
            objectives=-rows.cost[0],
            col_lb=rows.lower[0],
            col_ub=rows.upper[0],
            row_lb=rows.balance[0],
            row_ub=rows.balance[0],
            param_cols=self.columns,
            param_rows=self.balances,
        )
        self.solver = BatchLPSolver(device="cpu", n_workers=self.threads)
        self.solver.warm_up_processes()
        self.group = self.solver.register_group(program, out_z=np.arange(problem.column_count))

    def solve(self, chosen: range) -> Solved:
        """Solve all members; one that is not certified is NaN."""
        part, rows = slice(chosen.start, chosen.stop), self.rows
        balance = rows.balance[part][:, self.balances]
        low = np.hstack([rows.lower[part][:, self.columns], balance])
        high = np.hstack([rows.upper[part][:, self.columns], balance])
        answer = self.solver.solve_batch(self.group, low, high)
        return Solved(stated=np.where(answer.certified, -answer.objective[:, 0], np.nan))


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, 0.0)
