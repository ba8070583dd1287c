"""The batched solver: many scenarios of one topology in lockstep, exactly, on every core.

See `kernel` for the method, `face` for the polish, `ordering` for what is prepared. Compiled code is kept on disk by
numba, and numba itself is imported when the first batch is prepared: who never solves a batch never waits for it.

The compiled code is single-threaded and lets go of the interpreter; the threads belong to this module. A scenario's
numbers do not depend on how many there are, nor on the other scenarios, to the last bit.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from gasflow.core.problem import FlowProblem
from gasflow.core.solvers.abstract import Candidate, Prepared, Solver
from gasflow.core.solvers.ordering import Topology, analyse

LANES = 8  # scenarios per block; the width of the vectors in `simd`
_TASK = 64  # scenarios per task
_REUSE = 8  # rounds of polish that reuse may take, before the interior-point method is quicker

Scenarios = NDArray[np.int64]


@dataclass(frozen=True)
class BatchedSolver(Solver):
    """The predictor-corrector method over lanes, behind the contract of `Solver`.

    Attributes:
        threads: how many threads solve blocks side by side; None takes one per processor.
        tolerances: relative tolerances of the interior-point method at which the polish is tried, until accepted.
        iteration_limit: most interior-point iterations.
        rounds: how often the polish may mend its guess of the active columns, at each of the tolerances.
        reuse: try the active columns of the scenario eight places before first. For grids, where neighbours differ little;
            a scenario's last bits then depend on its group of 64 consecutive scenarios, though on nothing else.
    """

    threads: int | None = None
    tolerances: tuple[float, ...] = (1e-6, 1e-8, 1e-10, 1e-12)
    iteration_limit: int = 60
    rounds: tuple[int, ...] = (6, 6, 6, 24)
    reuse: bool = False

    def prepare(self, incidence: csc_array) -> Prepared:
        """Order the rows and work out where every product goes."""
        return _PreparedBatch(analyse(incidence), self)


@dataclass(frozen=True)
class _PreparedBatch(Prepared):
    topology: Topology
    options: BatchedSolver

    def solve(self, problem: FlowProblem) -> Candidate:
        """Solve every scenario; one with a lower bound of -inf is left to the reference solver, as NaN."""
        count = problem.scenario_count
        answers = (
            np.full((problem.column_count, count), np.nan),
            np.full((problem.row_count, count), np.nan),
            np.zeros(count, dtype=np.bool_),
            np.zeros(count, dtype=np.int32),
        )
        bounded = np.broadcast_to(np.isfinite(problem.lower).all(axis=0), (count,))
        self._solve_chosen(problem, np.flatnonzero(bounded), answers)
        return Candidate(*answers)

    def _solve_chosen(self, problem: FlowProblem, chosen: Scenarios, answers: Any) -> None:
        """Solve the chosen scenarios, in tasks that the threads take one after the other."""
        if chosen.size == 0:
            return
        block: Any = import_module("gasflow.core.solvers.block")
        padded = np.concatenate([chosen, np.repeat(chosen[-1:], -chosen.size % LANES)])
        numbers = block.Numbers(problem.cost, problem.curvature, problem.lower, problem.upper, problem.balance)
        one_sided = np.isinf(problem.upper).all(axis=1).astype(np.uint8)
        options = (
            np.array(self.options.tolerances),
            self.options.iteration_limit,
            np.array(self.options.rounds),
            _REUSE if self.options.reuse else 0,
        )
        places = block.Answers(*answers)

        def task(part: Scenarios) -> None:
            work = block.workspace(self.topology, numbers)
            block.solve_blocks(self.topology, one_sided, numbers, part, work, places, options)

        parts = np.split(padded, np.arange(_TASK, padded.size, _TASK))
        threads = min(self.options.threads or os.cpu_count() or 1, len(parts))
        if threads == 1:
            for part in parts:
                task(part)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(task, parts))
