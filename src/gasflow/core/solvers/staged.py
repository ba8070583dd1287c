"""The solver for few scenarios of many periods: a horizon of weeks or days.

An interior-point method whose linear algebra follows the structure of a horizon: see `stages` for the structure,
`chain` for the factorisation, `staged_steps` for the method and `staged_face` for the polish. It is numpy throughout,
so that nothing has to be compiled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from gasflow.core.certificate import COLUMN_TOLERANCE, TOLERANCE, certify
from gasflow.core.problem import Array, FlowProblem
from gasflow.core.solvers.abstract import Candidate, Prepared, Solver, one_by_one
from gasflow.core.solvers.staged_face import guess, polish
from gasflow.core.solvers.staged_programme import Programme
from gasflow.core.solvers.staged_steps import interior_point, start
from gasflow.core.solvers.stages import Positions, Stages, stages_of

# A polished answer this far below the tolerances of the certificate needs no further iterations.
_GOOD = 0.1


@dataclass(frozen=True)
class StagedSolver(Solver):
    """The predictor-corrector method over periods, behind the contract of `Solver`.

    Attributes:
        period: period of each row, as in `FlowProblem`.
        tolerances: relative tolerances of the interior-point method at which the polish is tried, until accepted.
        iteration_limit: most interior-point iterations.
        rounds: how often the polish may mend its guess of the active columns, at each of the tolerances.
    """

    period: Positions | None
    tolerances: tuple[float, ...] = (1e-7, 1e-8, 1e-10, 1e-12)
    iteration_limit: int = 150
    rounds: tuple[int, ...] = (8, 8, 8, 24)

    def prepare(self, incidence: csc_array) -> Prepared:
        """Find the structure; without it, every scenario of the problem is left to another solver."""
        stages = None if self.period is None else stages_of(incidence, self.period)
        return _PreparedStages(stages, self)


@dataclass(frozen=True)
class _PreparedStages(Prepared):
    stages: Stages | None
    options: StagedSolver

    def solve(self, problem: FlowProblem) -> Candidate:
        """Solve scenario by scenario; NaN where there is no structure, or a lower bound is -inf."""
        return one_by_one(problem, self._solve_or_leave)

    def _solve_or_leave(self, problem: FlowProblem) -> tuple[Array, Array, bool, int]:
        if self.stages is None or not np.isfinite(problem.lower).all():
            return np.full(problem.column_count, np.nan), np.full(problem.row_count, np.nan), False, 0
        answer = _solve_one(problem, self.stages, self.options)
        return answer.flows, answer.prices, answer.polished, answer.iterations


@dataclass
class _Answer:
    """The best numbers so far, and the certificate as one number: accepted at or below one."""

    flows: Array
    prices: Array
    score: float
    polished: bool
    iterations: int = 0


def _solve_one(problem: FlowProblem, stages: Stages, options: StagedSolver) -> _Answer:
    """Iterate and polish at one tolerance after the other, and keep what has the best certificate."""
    programme = Programme.of(problem, stages)
    best = _Answer(np.full(problem.column_count, np.nan), np.full(problem.row_count, np.nan), np.inf, polished=False)
    with np.errstate(all="ignore"):  # a scenario that breaks down ends as NaN, which no certificate accepts
        point = start(programme)
        for tolerance, rounds in zip(options.tolerances, options.rounds, strict=True):
            reached = interior_point(programme, point, tolerance, options.iteration_limit)
            best = _better(best, _judged(problem, programme, point.x, point.price))
            face = guess(programme, point)
            polish(programme, face, rounds)
            if face.settled:
                best = _better(best, _judged(problem, programme, face.x, face.price, polished=True))
            if not reached or (best.polished and best.score <= _GOOD):
                break
        best.iterations = point.iterations
    return best


def _judged(problem: FlowProblem, programme: Programme, x: Array, price: Array, polished: bool = False) -> _Answer:
    """Numbers in the columns of the problem, with their certificate."""
    flows, prices = programme.complete(problem, x, price)
    certificate = certify(problem, flows[:, None], prices[:, None])
    score = float(np.maximum(certificate.worst[0] / TOLERANCE, certificate.worst_column[0] / COLUMN_TOLERANCE))
    return _Answer(flows, prices, score if score <= np.inf else np.inf, polished)


def _better(best: _Answer, other: _Answer) -> _Answer:
    """The one with the better certificate; polished numbers that are good enough win over unpolished ones."""
    if other.polished and not best.polished and other.score <= _GOOD:
        return other
    return other if other.score < best.score else best
