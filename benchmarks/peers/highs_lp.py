"""HiGHS through highspy: one model, bounds and costs changed in place, each solve warm from the one before."""

from __future__ import annotations

import highspy
import numpy as np

from benchmarks.peers.peer import Peer, Solved
from benchmarks.problems import Rows


class HighsWarm(Peer):
    """The linear programme with steps, one scenario at a time; whatever does not differ is not passed again."""

    name = "HiGHS warm"

    def __init__(self, rows: Rows) -> None:
        problem = rows.problem
        self.rows = rows
        self.costs_differ = problem.cost.shape[1] > 1
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = problem.column_count, problem.row_count
        model.col_cost_, model.col_lower_, model.col_upper_ = rows.cost[0], rows.lower[0], rows.upper[0]
        model.row_lower_ = model.row_upper_ = rows.balance[0]
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = problem.incidence.indptr
        model.a_matrix_.index_ = problem.incidence.indices
        model.a_matrix_.value_ = problem.incidence.data
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("solver", "simplex")
        self.highs.passModel(model)
        self.columns = np.arange(problem.column_count, dtype=np.int32)
        self.row_numbers = np.arange(problem.row_count, dtype=np.int32)

    def solve(self, chosen: range) -> Solved:
        """Change bounds and costs in place, and solve from the last basis."""
        rows, highs, columns = self.rows, self.highs, self.columns
        flows = np.empty((len(chosen), columns.size))
        prices = np.empty((len(chosen), self.row_numbers.size))
        objective = np.empty(len(chosen))
        for place, scenario in enumerate(chosen):
            highs.changeColsBounds(columns.size, columns, rows.lower[scenario], rows.upper[scenario])
            balance = rows.balance[scenario]
            highs.changeRowsBounds(self.row_numbers.size, self.row_numbers, balance, balance)
            if self.costs_differ:
                highs.changeColsCost(columns.size, columns, rows.cost[scenario])
            highs.run()
            objective[place] = highs.getInfo().objective_function_value
            solution = highs.getSolution()
            flows[place] = solution.col_value
            prices[place] = solution.row_dual
        return Solved(flows, prices, objective)


class HighsWarmBounds(HighsWarm):
    """The same where costs do not differ."""

    name = "HiGHS warm, bounds only"
