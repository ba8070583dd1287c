"""Solve a batch and judge it: nothing leaves this module without a certificate or the word that it has none."""

from __future__ import annotations

import numpy as np

from gasflow.core.certificate import certify
from gasflow.core.problem import FlowProblem
from gasflow.core.solution import Solution, SolverName, Status
from gasflow.core.solvers.reference import ReferenceSolver


def solve(problem: FlowProblem) -> Solution:
    """Solve every scenario of a problem; scenarios that miss the certificate become NaN.

    Example:
        >>> import numpy as np
        >>> from scipy.sparse import csc_array
        >>> one = np.ones((1, 1))
        >>> answer = solve(FlowProblem(csc_array(one), 20 * one, 0 * one, 0 * one, 9 * one, 3 * one))
        >>> float(answer.flows[0, 0]), float(answer.prices[0, 0]), Status(answer.status[0]).name
        (3.0, 20.0, 'OPTIMAL')
    """
    candidate = ReferenceSolver().prepare(problem.incidence).solve(problem)
    accepted = certify(problem, candidate.flows, candidate.prices).accepted
    status = np.where(candidate.polished, Status.OPTIMAL, Status.UNPOLISHED)
    return Solution(
        flows=np.where(accepted, candidate.flows, np.nan),
        prices=np.where(accepted, candidate.prices, np.nan),
        status=np.where(accepted, status, Status.UNCERTIFIED).astype(np.int8),
        solver=np.full(accepted.size, SolverName.REFERENCE, dtype=np.int8),
        iterations=candidate.iterations,
    )
