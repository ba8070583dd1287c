"""Solve a batch and judge it: nothing leaves this module without a certificate or the word that it has none."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gasflow.core.certificate import Certificate, certify
from gasflow.core.problem import FlowProblem
from gasflow.core.scaling import Units
from gasflow.core.solution import Solution, SolverName, Status
from gasflow.core.solvers.abstract import Candidate, Solver
from gasflow.core.solvers.batched import BatchedSolver
from gasflow.core.solvers.reference import ReferenceSolver
from gasflow.core.solvers.staged import StagedSolver

# Loading the compiled batch from disk costs about half a second, compiling it the first time twenty; the reference
# solver takes 2 to 10 ms per scenario of the European network. So the batch pays from about a hundred scenarios on.
FEW = 100
# On large networks it pays sooner. Processor time per scenario on 4,675 nodes (13,173 columns): the reference solver
# 0.7 s, the batch 0.40 for four scenarios, 0.10 for eight, 0.07 for 32: it solves eight in the time of one.
MUCH = 100_000  # columns of all scenarios together
A_HANDFUL = 4
# The batch keeps 64 scenarios of a programme and the fields of eight per thread, some 3 kB per column: 0.9 GB here.
LARGEST = 300_000

# On the European network, processor time per scenario: the staged solver takes 0.07 s over 3 periods, 0.08 over 5, 0.15
# over 13, 0.2 over 26, 3 over 365; the reference solver 0.06, 0.11, 0.31, 0.76 and 146.
SEVERAL = 8
# The batch lists every update of its factor: 0.3 million over 13 periods, 5 million over 53, too many over a year of
# days.
LONG = 100
# The staged solver treats the stores of a period and the nodes next to them as one dense block. With some 60 rows of
# stores (1,100 columns per period) that is quick; with 466 of 4,908 (22,755 columns) over 12 periods one factorisation
# takes 6.6 s, while the reference solver, whose sparse factor hardly fills, takes 14 s for the whole solve.
BROAD = 5_000  # columns per period


class SolverChoice(StrEnum):
    """Who solves: chosen by the numbers of scenarios, periods and columns, or one of the solvers."""

    AUTO = "auto"
    BATCHED = "batched"
    REFERENCE = "reference"
    STAGED = "staged"


_NAMES = {
    SolverChoice.BATCHED: SolverName.BATCHED,
    SolverChoice.REFERENCE: SolverName.REFERENCE,
    SolverChoice.STAGED: SolverName.STAGED,
}

# Who tries what another one missed; the batch does not, as it may have to be compiled first.
_OTHERS = (SolverChoice.REFERENCE, SolverChoice.STAGED)


def suited(scenarios: int, periods: int, columns: int) -> SolverChoice:
    """The quickest solver for so many scenarios over so many periods, of a programme with so many columns.

    Example:
        >>> suited(1, 1, 922).value, suited(1, 365, 384_000).value, suited(1_000, 12, 12_648).value
        ('reference', 'staged', 'batched')

        Ten scenarios of a network with thousands of nodes, and one horizon of it:

        >>> suited(10, 1, 13_173).value, suited(1, 12, 273_060).value
        ('batched', 'reference')
    """
    many = scenarios > FEW or (scenarios >= A_HANDFUL and scenarios * columns > MUCH)
    if many and periods <= LONG and columns <= LARGEST:
        return SolverChoice.BATCHED
    return SolverChoice.STAGED if periods >= SEVERAL and columns <= BROAD * periods else SolverChoice.REFERENCE


def solve(
    problem: FlowProblem,
    solver: SolverChoice | str = SolverChoice.AUTO,
    threads: int | None = None,
    reuse: int = 0,
) -> Solution:
    """Solve every scenario of a problem; scenarios that miss the certificate become NaN.

    A scenario that misses it is solved again by the reference solver and, over several periods, by the staged one
    first; `Solution.solver` says who produced which numbers.

    Args:
        problem: the programme.
        solver: "auto" takes the one that `suited` names: for a handful of scenarios the reference solver, or over
            many periods the staged one, and the batched one for many scenarios.
        threads: how many threads the batched solver and the certificate use; None takes one per processor.
        reuse: the length of a row where the scenarios are a grid, whose fastest lever varies within a row. The
            batched solver then tries the active columns of the scenario one row above first, see `BatchedSolver`.

    Raises:
        ValueError: if there is no such solver.

    Example:
        >>> import numpy as np
        >>> from scipy.sparse import csc_array
        >>> one = np.ones((1, 1))
        >>> answer = solve(FlowProblem(csc_array(one), 20 * one, 0 * one, 0 * one, 9 * one, 3 * one))
        >>> float(answer.flows[0, 0]), float(answer.prices[0, 0]), Status(answer.status[0]).name
        (3.0, 20.0, 'OPTIMAL')
    """
    choice = SolverChoice(solver)
    if choice is SolverChoice.AUTO:
        choice = suited(problem.scenario_count, problem.period_count, problem.column_count)
    name = _NAMES[choice]
    units = Units.of(problem.incidence)
    candidate = _candidate(_solver(choice, problem, threads, reuse), problem, units)
    producer = np.full(problem.scenario_count, name, dtype=np.int8)
    if name is SolverName.BATCHED:
        producer[candidate.polished & (candidate.iterations == 0)] = SolverName.REUSED
    certificate = certify(problem, candidate.flows, candidate.prices, threads)
    for other in _OTHERS:
        missed = np.flatnonzero(~certificate.accepted)
        if missed.size and other is not choice:
            part = problem.scenarios(missed)
            again = _candidate(_solver(other, part, threads, reuse=0), part, units)
            found = certify(part, again.flows, again.prices, threads)
            # Who makes it worse leaves the numbers as they are.
            better = found.accepted | ~np.isfinite(certificate.worst[missed])
            _replace(candidate, certificate, missed[better], again, found, better)
            producer[missed[better]] = _NAMES[other]
    accepted = certificate.accepted
    status = np.where(candidate.polished, Status.OPTIMAL, Status.UNPOLISHED)
    candidate.flows[:, ~accepted] = np.nan
    candidate.prices[:, ~accepted] = np.nan
    return Solution(
        flows=candidate.flows,
        prices=candidate.prices,
        status=np.where(accepted, status, Status.UNCERTIFIED).astype(np.int8),
        solver=producer,
        iterations=candidate.iterations,
        certificate=certificate,
    )


def _solver(choice: SolverChoice, problem: FlowProblem, threads: int | None, reuse: int) -> Solver:
    """The chosen solver."""
    if choice is SolverChoice.REFERENCE:
        return ReferenceSolver()
    return StagedSolver(problem.period) if choice is SolverChoice.STAGED else BatchedSolver(threads, reuse=reuse)


def _candidate(solver: Solver, problem: FlowProblem, units: Units) -> Candidate:
    """The numbers of a solver that is given the problem in units that suit it."""
    if units.plain:
        return solver.prepare(problem.incidence).solve(problem)
    scaled = units.applied(problem)
    found = solver.prepare(scaled.incidence).solve(scaled)
    flows, prices = found.flows * units.column[:, None], found.prices * units.row[:, None]
    return replace(found, flows=flows, prices=prices)


def _replace(
    candidate: Candidate,
    certificate: Certificate,
    places: NDArray[np.intp],
    again: Candidate,
    certificate_again: Certificate,
    better: NDArray[np.bool_],
) -> None:
    """Put another attempt, where it was better, in the places where the ones before missed."""
    candidate.flows[:, places] = again.flows[:, better]
    candidate.prices[:, places] = again.prices[:, better]
    candidate.polished[places] = again.polished[better]
    candidate.iterations[places] += again.iterations[better]
    for part in fields(certificate):
        getattr(certificate, part.name)[places] = getattr(certificate_again, part.name)[better]
