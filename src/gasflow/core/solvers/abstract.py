"""The contract that every solver keeps.

What depends on the structure is prepared once; what depends on the scenario is solved many times. A solver returns
its best numbers for every scenario, and never raises because one of them is hard: whether they are an answer is for
the certificate to say, outside. The certificate judges the numbers as they are, so what a rounding left outside its
bounds is put back by the solver, before it returns.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gasflow.core.problem import Array, FlowProblem, Structure

WARM_START = "warm start"  # named instead of the solver whose own work it spared
_NAME = "U16"


@dataclass(frozen=True)
class Candidate:
    """Numbers that still wait for their certificate.

    Attributes:
        columns: ``x``, inside its bounds or NaN, shape (column, scenario).
        duals: ``y``, shape (row, scenario).
        polished: whether the polish was kept, shape (scenario,).
        iterations: shape (scenario,).
        solver: name of the solver that found them, shape (scenario,).
    """

    columns: Array
    duals: Array
    polished: NDArray[np.bool_]
    iterations: NDArray[np.int32]
    solver: NDArray[np.str_]

    @classmethod
    def empty(cls, problem: FlowProblem, solver: str) -> Candidate:
        """Room for the numbers of a problem, NaN until a solver fills it in."""
        count = problem.scenario_count
        return cls(
            np.full((problem.column_count, count), np.nan),
            np.full((problem.row_count, count), np.nan),
            np.zeros(count, dtype=np.bool_),
            np.zeros(count, dtype=np.int32),
            np.full(count, solver, dtype=_NAME),
        )


@dataclass(frozen=True)
class Hints:
    """What a solver may know besides the problem; it changes no answer but for the last digits.

    Attributes:
        threads: how many threads to use; None: one per processor.
        total: number of scenarios of which the problem is a part; None: the problem is all of them. A part is then
            solved as the whole would be.
        row: length of a row where the scenarios are a grid whose fastest lever varies within a row; None: they are
            no grid. Neighbouring rows differ little, which a warm start can use.
    """

    threads: int | None = None
    total: int | None = None
    row: int | None = None


NO_HINTS = Hints()


class Prepared(ABC):
    """A solver made ready for one structure."""

    @abstractmethod
    def solve(self, problem: FlowProblem, hints: Hints = NO_HINTS) -> Candidate:
        """Solve every scenario of a problem with the prepared structure."""


class Solver(ABC):
    """Something that can be prepared for a structure; a value, equal to every other one with the same options.

    Attributes:
        name: what it is called in certificates and where one is chosen, at most sixteen letters.
    """

    name: ClassVar[str]

    @abstractmethod
    def prepare(self, structure: Structure) -> Prepared:
        """Do once what depends on the structure alone."""


class Preparations:
    """Solvers made ready for one structure, each when it is first asked for; threads may ask side by side."""

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self._prepared: dict[Solver, Prepared] = {}
        self._lock = Lock()

    def of(self, solver: Solver) -> Prepared:
        """Return the prepared solver."""
        with self._lock:
            if solver not in self._prepared:
                self._prepared[solver] = solver.prepare(self.structure)
            return self._prepared[solver]


def one_by_one(
    problem: FlowProblem, solver: str, solve_one: Callable[[FlowProblem], tuple[Array, Array, bool, int]]
) -> Candidate:
    """Solve scenario by scenario.

    Args:
        problem: any number of scenarios.
        solver: name of the solver.
        solve_one: columns, duals, whether polished, and iterations of a problem of one scenario.
    """
    found = Candidate.empty(problem, solver)
    for s in range(problem.scenario_count):
        found.columns[:, s], found.duals[:, s], found.polished[s], found.iterations[s] = solve_one(problem.scenario(s))
    return found
