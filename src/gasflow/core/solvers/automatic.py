"""The solver that chooses: by the numbers of scenarios, periods and columns, the quickest of the others."""

from __future__ import annotations

from dataclasses import dataclass

from gasflow.core.problem import FlowProblem, Structure
from gasflow.core.solvers.abstract import NO_HINTS, Candidate, Hints, Preparations, Prepared, Solver
from gasflow.core.solvers.lanes.solver import LanesSolver
from gasflow.core.solvers.periods.solver import PeriodsSolver
from gasflow.core.solvers.reference import ReferenceSolver

# Loading the compiled lanes from disk costs about half a second, compiling them the first time twenty; the reference
# solver takes 2 to 10 ms per scenario of the European network. So lanes pay from about a hundred scenarios on.
FEW = 100
# On large networks they pay sooner. Processor time per scenario on 4,675 nodes (13,173 columns): the reference solver
# 0.7 s, lanes 0.40 for four scenarios, 0.10 for eight, 0.07 for 32: they solve eight in the time of one.
MUCH = 100_000  # columns of all scenarios together
A_HANDFUL = 4
# Lanes keep 64 scenarios of a programme and the fields of eight per thread, some 3 kB per column: 0.9 GB here.
LARGEST = 300_000

# On the European network, processor time per scenario: the solver over periods takes 0.07 s over 3 periods, 0.08 over
# 5, 0.15 over 13, 0.2 over 26, 3 over 365; the reference solver 0.06, 0.11, 0.31, 0.76 and 146.
SEVERAL = 8
# Lanes list every update of their factor: 0.3 million over 13 periods, 5 million over 53, too many over a year of days.
LONG = 100
# The solver over periods treats the stores of a period and the nodes next to them as one dense block. With some 60 rows
# of stores (1,100 columns per period) that is quick; with 466 of 4,908 (22,755 columns) over 12 periods one
# factorisation takes 6.6 s, while the reference solver, whose sparse factor hardly fills, takes 14 s for the whole.
BROAD = 5_000  # columns per period


def suited(scenarios: int, periods: int, columns: int) -> Solver:
    """Return the quickest solver for so many scenarios over so many periods, of a programme with so many columns.

    Example:
        >>> suited(1, 1, 922).name, suited(1, 365, 384_000).name, suited(1_000, 12, 12_648).name
        ('reference', 'periods', 'lanes')

        Ten scenarios of a network with thousands of nodes, and one horizon of it:

        >>> suited(10, 1, 13_173).name, suited(1, 12, 273_060).name
        ('lanes', 'reference')
    """
    many = scenarios > FEW or (scenarios >= A_HANDFUL and scenarios * columns > MUCH)
    if many and periods <= LONG and columns <= LARGEST:
        return LanesSolver()
    return PeriodsSolver() if periods >= SEVERAL and columns <= BROAD * periods else ReferenceSolver()


@dataclass(frozen=True)
class AutomaticSolver(Solver):
    """Behind the contract of `Solver`: each of the others, prepared when it is first chosen."""

    name = "auto"

    def prepare(self, structure: Structure) -> Prepared:
        """Prepare nothing yet."""
        return _PreparedAutomatic(Preparations(structure))


@dataclass(frozen=True)
class _PreparedAutomatic(Prepared):
    preparations: Preparations

    def solve(self, problem: FlowProblem, hints: Hints = NO_HINTS) -> Candidate:
        """Solve with the solver that suits all scenarios of which these are a part."""
        structure = self.preparations.structure
        count = hints.total or problem.scenario_count
        solver = suited(count, structure.period_count, structure.column_count)
        return self.preparations.of(solver).solve(problem, hints)
