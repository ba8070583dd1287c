"""Solve a batch and certify it: nothing leaves this module without a certificate, or the status that there is none."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from gasflow.core.certificate import Certificate, certify
from gasflow.core.problem import FlowProblem, Structure
from gasflow.core.records import placed, take
from gasflow.core.scaling import Units
from gasflow.core.solution import Solution, Status
from gasflow.core.solvers.abstract import NO_HINTS, Candidate, Hints, Preparations, Solver
from gasflow.core.solvers.periods.solver import PeriodsSolver
from gasflow.core.solvers.reference import ReferenceSolver
from gasflow.core.solvers.registry import solver_of

# Who tries what another one missed; lanes do not, as they may have to be compiled first.
_OTHERS: tuple[Solver, ...] = (ReferenceSolver(), PeriodsSolver())


class Engine:
    """A structure made ready to be solved: what depends on it alone is done when it is first needed, and kept.

    Args:
        structure: what the problems to be solved have in common.
        solver: who solves, or its name; "auto" chooses by the numbers of scenarios, periods and columns.

    Raises:
        ValueError: if there is no such solver.
    """

    def __init__(self, structure: Structure, solver: Solver | str = "auto") -> None:
        self.structure = structure
        self.solver = solver_of(solver)

    def solve(self, problem: FlowProblem, hints: Hints = NO_HINTS) -> Solution:
        """Solve every scenario; those that miss the certificate become NaN.

        A scenario that misses it is solved again by the reference solver and by the one over periods;
        `Solution.solver` says who produced which numbers.

        Args:
            problem: a problem of this structure.
            hints: what a solver may know besides.
        """
        candidate = self._candidate(self.solver, problem, hints)
        certificate = certify(problem, candidate.columns, candidate.duals, hints.threads)
        for other in _OTHERS:
            missed = np.flatnonzero(~certificate.accepted & (candidate.solver != other.name))
            if missed.size:
                part = problem.scenarios(missed)
                again = self._candidate(other, part, replace(hints, row=None))
                found = certify(part, again.columns, again.duals, hints.threads)
                # Who makes it worse leaves the numbers as they are.
                better = found.accepted | ~np.isfinite(certificate.worst[missed])
                again = replace(again, iterations=again.iterations + candidate.iterations[missed])
                candidate = placed(candidate, missed[better], take(again, better))
                certificate = placed(certificate, missed[better], take(found, better))
        return _solution(candidate, certificate)

    def _candidate(self, solver: Solver, problem: FlowProblem, hints: Hints) -> Candidate:
        """Return the numbers of a solver, which is given the problem in units that suit it."""
        prepared, units = self._preparations.of(solver), self._units
        if units.plain:
            return prepared.solve(problem, hints)
        found = prepared.solve(units.applied(problem, self._preparations.structure), hints)
        return replace(found, columns=found.columns * units.column[:, None], duals=found.duals * units.row[:, None])

    @cached_property
    def _units(self) -> Units:
        return Units.of(self.structure.incidence)

    @cached_property
    def _preparations(self) -> Preparations:
        return Preparations(self._units.structure(self.structure))


def solve(problem: FlowProblem, solver: Solver | str = "auto", hints: Hints = NO_HINTS) -> Solution:
    """Solve every scenario of a problem once; see `Engine.solve`.

    Example:
        >>> import numpy as np
        >>> one = np.ones((1, 1))
        >>> answer = solve(FlowProblem(Structure(one), 20 * one, 0 * one, 0 * one, 9 * one, 3 * one))
        >>> float(answer.columns[0, 0]), float(answer.duals[0, 0]), Status(answer.status[0]).name
        (3.0, 20.0, 'OPTIMAL')
    """
    return Engine(problem.structure, solver).solve(problem, hints)


def _solution(candidate: Candidate, certificate: Certificate) -> Solution:
    """Return what has a certificate, with its status; the rest is NaN."""
    accepted = certificate.accepted
    status = np.where(candidate.polished, Status.OPTIMAL, Status.UNPOLISHED)
    candidate.columns[:, ~accepted] = np.nan
    candidate.duals[:, ~accepted] = np.nan
    return Solution(
        columns=candidate.columns,
        duals=candidate.duals,
        status=np.where(accepted, status, Status.UNCERTIFIED).astype(np.int8),
        solver=candidate.solver,
        iterations=candidate.iterations,
        certificate=certificate,
    )
