"""The solver for many scenarios: all of one structure in lockstep, exactly, on every core.

See `interior_point` for the method, `active_set` for the polish, `ordering` for what is prepared. Where nothing can be
compiled, every scenario is left to the reference solver.

The compiled code is single-threaded and lets go of the interpreter; the threads belong to this module. A scenario's
numbers do not depend on how many there are, nor on the other scenarios, to the last bit.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gasflow.core.kernels import kernels
from gasflow.core.problem import FlowProblem, Structure
from gasflow.core.solvers.abstract import NO_HINTS, WARM_START, Candidate, Hints, Prepared, Solver
from gasflow.core.solvers.lanes.ordering import Topology, analyse

LANES = 8  # scenarios per block; the width of the vectors in `simd`
_TOGETHER = 64  # scenarios copied together, as in `batch`
_WARM_ROUNDS = 8  # rounds of polish that a warm start may take, before the interior-point method is quicker

Scenarios = NDArray[np.int64]


@dataclass(frozen=True)
class LanesSolver(Solver):
    """The predictor-corrector method over lanes, behind the contract of `Solver`.

    A grid is walked from its first row to its last: a scenario tries the active columns of the one above it first. The
    last bits of a scenario then depend on those above it in its column of the grid, though on nothing else.

    Attributes:
        tolerances: relative tolerances of the interior-point method at which the polish is tried, until accepted.
        iteration_limit: most interior-point iterations.
        rounds: how often the polish may repair its estimate of the active columns, at each of the tolerances.
    """

    tolerances: tuple[float, ...] = (1e-8, 1e-10, 1e-12)
    iteration_limit: int = 60
    rounds: tuple[int, ...] = (6, 6, 24)

    name = "lanes"

    def prepare(self, structure: Structure) -> Prepared:
        """Order the rows and work out where every product goes."""
        return _PreparedLanes(analyse(structure.incidence), self)


@dataclass(frozen=True)
class _PreparedLanes(Prepared):
    topology: Topology
    options: LanesSolver

    def solve(self, problem: FlowProblem, hints: Hints = NO_HINTS) -> Candidate:
        """Solve every scenario; one with a lower bound of -inf is left to the reference solver, as NaN.

        Raises:
            ValueError: if the problem has another shape than the structure that was prepared.
        """
        rows, columns = self.topology.row_order.size, self.topology.entry_start.size - 1
        if problem.incidence.shape != (rows, columns):
            raise ValueError(f"prepared for {rows} rows and {columns} columns, not {problem.incidence.shape}")
        found = Candidate.empty(problem, self.options.name)
        bounded = np.broadcast_to(np.isfinite(problem.lower).all(axis=0), found.iterations.shape)
        self._solve_chosen(problem, np.flatnonzero(bounded), found, hints)
        found.solver[found.polished & (found.iterations == 0)] = WARM_START
        return found

    def _solve_chosen(self, problem: FlowProblem, chosen: Scenarios, found: Candidate, hints: Hints) -> None:
        """Solve the chosen scenarios, in walks that the threads take one after the other."""
        block = kernels("gasflow.core.solvers.lanes.batch") if chosen.size else None
        if block is None:
            return
        answers = block.Answers(found.columns, found.duals, found.polished, found.iterations)
        numbers = block.Numbers(problem.cost, problem.curvature, problem.lower, problem.upper, problem.balance)
        one_sided = np.isinf(problem.upper).all(axis=1).astype(np.uint8)
        options = self.options
        how = (np.array(options.tolerances), options.iteration_limit, np.array(options.rounds))
        rounds = _WARM_ROUNDS if hints.row else 0

        def task(walk: Scenarios) -> None:
            work = block.workspace(self.topology, numbers)
            for start in range(0, max(walk.size, 1), _TOGETHER):
                part = walk[start : start + _TOGETHER]
                block.solve_blocks(self.topology, one_sided, numbers, part, work, answers, (*how, rounds, start > 0))

        task(chosen[:0])  # nothing to solve: what has to be compiled is compiled once, before there are threads
        walks = _grid_walks(chosen, hints.row) if hints.row else _plain_walks(chosen)
        threads = min(hints.threads or os.cpu_count() or 1, len(walks))
        if threads == 1:
            for walk in walks:
                task(walk)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(task, walks))


def _plain_walks(chosen: Scenarios) -> list[Scenarios]:
    """Scenarios in their order, so many as are copied together; the last block filled up with its last scenario."""
    padded = np.concatenate([chosen, np.repeat(chosen[-1:], -chosen.size % LANES)])
    return np.split(padded, np.arange(_TOGETHER, padded.size, _TOGETHER))


def _grid_walks(chosen: Scenarios, row: int) -> list[Scenarios]:
    """Eight neighbouring columns of the grid at a time, from its first row to its last.

    Example:
        >>> [walk.tolist() for walk in _grid_walks(np.arange(4), row=2)]
        [[0, 1, 1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3, 3]]
    """
    walks = []
    for column in range(0, row, LANES):
        blocks = [chosen[start + column : start + min(column + LANES, row)] for start in range(0, chosen.size, row)]
        filled = [np.concatenate([b, np.repeat(b[-1:], LANES - b.size)]) for b in blocks if b.size]
        walks += [np.concatenate(filled)] if filled else []
    return walks
