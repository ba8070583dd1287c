"""scipy.optimize.linprog: the linear programme with steps, cold for every scenario."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from benchmarks.peers.peer import Peer, Solved
from benchmarks.problems import Rows


class LinprogLoop(Peer):
    """What scipy offers without further packages."""

    name = "scipy linprog"

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def solve(self, chosen: range) -> Solved:
        """Solve each scenario from the beginning."""
        rows = self.rows
        flows = np.empty((len(chosen), rows.problem.column_count))
        prices = np.empty((len(chosen), rows.problem.row_count))
        objective = np.empty(len(chosen))
        for place, scenario in enumerate(chosen):
            answer = linprog(
                rows.cost[scenario],
                A_eq=rows.problem.incidence,
                b_eq=rows.balance[scenario],
                bounds=np.column_stack([rows.lower[scenario], rows.upper[scenario]]),
                method="highs",
            )
            objective[place], flows[place], prices[place] = answer.fun, answer.x, answer.eqlin.marginals
        return Solved(flows, prices, objective)
