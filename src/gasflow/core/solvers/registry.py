"""Every solver by its name. One line here, and a solver can be chosen and runs every test that all of them run."""

from __future__ import annotations

from collections.abc import Mapping

from gasflow.core.solvers.abstract import Solver
from gasflow.core.solvers.automatic import AutomaticSolver
from gasflow.core.solvers.lanes.solver import LanesSolver
from gasflow.core.solvers.periods.solver import PeriodsSolver
from gasflow.core.solvers.reference import ReferenceSolver

SOLVERS: Mapping[str, Solver] = {
    solver.name: solver
    for solver in (
        AutomaticSolver(),
        ReferenceSolver(),
        LanesSolver(),
        PeriodsSolver(),
    )
}


def solver_of(choice: Solver | str) -> Solver:
    """Return the solver of a name, or the solver that is given.

    Raises:
        ValueError: if there is no such solver.

    Example:
        >>> solver_of("lanes").name, solver_of(ReferenceSolver(tolerance=1e-10)).name
        ('lanes', 'reference')
    """
    if isinstance(choice, Solver):
        return choice
    if choice not in SOLVERS:
        raise ValueError(f"there is no solver {choice!r}; choose from {', '.join(SOLVERS)}")
    return SOLVERS[choice]
