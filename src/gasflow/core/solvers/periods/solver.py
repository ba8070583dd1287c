"""The solver for few scenarios of many periods: a horizon of weeks or days.

An interior-point method whose linear algebra follows the structure of a horizon: see `structure` for what that is,
`cholesky` for the factorisation, `interior_point` for the method and `active_set` for the polish. It is numpy
throughout, so that nothing has to be compiled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gasflow.core.certificate import certify
from gasflow.core.problem import Array, FlowProblem, Structure
from gasflow.core.solvers.abstract import NO_HINTS, Candidate, Hints, Prepared, Solver, one_by_one
from gasflow.core.solvers.periods.active_set import estimate, polish
from gasflow.core.solvers.periods.interior_point import interior_point, start
from gasflow.core.solvers.periods.programme import Programme
from gasflow.core.solvers.periods.structure import BlockTridiagonal, block_tridiagonal
from gasflow.core.tolerances import GOOD


@dataclass(frozen=True)
class PeriodsSolver(Solver):
    """The predictor-corrector method over periods, behind the contract of `Solver`.

    Attributes:
        tolerances: relative tolerances of the interior-point method at which the polish is tried, until accepted.
        iteration_limit: most interior-point iterations.
        rounds: how often the polish may repair its estimate of the active columns, at each of the tolerances.
    """

    tolerances: tuple[float, ...] = (1e-7, 1e-8, 1e-10, 1e-12)
    iteration_limit: int = 150
    rounds: tuple[int, ...] = (8, 8, 8, 24)

    name = "periods"

    def prepare(self, structure: Structure) -> Prepared:
        """Find the blocks; without them, every scenario of the problem is left to another solver."""
        return _PreparedPeriods(block_tridiagonal(structure), self)


@dataclass(frozen=True)
class _PreparedPeriods(Prepared):
    blocks: BlockTridiagonal | None
    options: PeriodsSolver

    def solve(self, problem: FlowProblem, hints: Hints = NO_HINTS) -> Candidate:
        """Solve scenario by scenario; NaN where there are no blocks, or a lower bound is -inf."""
        return one_by_one(problem, self.options.name, self._solve_or_leave)

    def _solve_or_leave(self, problem: FlowProblem) -> tuple[Array, Array, bool, int]:
        if self.blocks is None or not np.isfinite(problem.lower).all():
            return np.full(problem.column_count, np.nan), np.full(problem.row_count, np.nan), False, 0
        answer = _solve_one(problem, self.blocks, self.options)
        return answer.columns, answer.duals, answer.polished, answer.iterations


@dataclass
class _Answer:
    """The best numbers so far, and the certificate as one number: accepted at or below one."""

    columns: Array
    duals: Array
    score: float
    polished: bool
    iterations: int = 0


def _solve_one(problem: FlowProblem, blocks: BlockTridiagonal, options: PeriodsSolver) -> _Answer:
    """Iterate and polish at one tolerance after the other, and keep what has the best certificate."""
    programme = Programme.of(problem, blocks)
    best = _Answer(np.full(problem.column_count, np.nan), np.full(problem.row_count, np.nan), np.inf, polished=False)
    with np.errstate(all="ignore"):  # a scenario that breaks down ends as NaN, which no certificate accepts
        point = start(programme)
        for tolerance, rounds in zip(options.tolerances, options.rounds, strict=True):
            reached = interior_point(programme, point, tolerance, options.iteration_limit)
            best = _better(best, _scored(problem, programme, point.x, point.y))
            active = estimate(programme, point)
            polish(programme, active, rounds)
            if active.settled:
                best = _better(best, _scored(problem, programme, active.x, active.y, polished=True))
            if not reached or (best.polished and best.score <= GOOD):
                break
        best.iterations = point.iterations
    return best


def _scored(problem: FlowProblem, programme: Programme, x: Array, y: Array, polished: bool = False) -> _Answer:
    """Numbers in the columns of the problem, with their certificate."""
    columns, duals = programme.complete(problem, x, y)
    score = float(certify(problem, columns[:, None], duals[:, None]).score[0])
    return _Answer(columns, duals, score, polished)


def _better(best: _Answer, other: _Answer) -> _Answer:
    """Return the one with the better certificate; polished numbers that are good enough win over unpolished ones."""
    if other.polished and not best.polished and other.score <= GOOD:
        return other
    return other if other.score < best.score else best
