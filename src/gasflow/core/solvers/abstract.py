"""The contract that every solver keeps.

What depends on the topology is prepared once; what depends on the scenario is solved many times. A solver returns
its best numbers for every scenario, and never raises because one of them is hard: whether they are an answer is for
the certificate to say, outside. The certificate judges the numbers as they are, so what a rounding left outside its
bounds is put back by the solver, before it returns.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from gasflow.core.problem import Array, FlowProblem


@dataclass(frozen=True)
class Candidate:
    """Numbers that still wait for their certificate.

    Attributes:
        flows: ``x``, inside its bounds or NaN, shape (column, scenario).
        prices: ``y``, shape (row, scenario).
        polished: whether the polish was kept, shape (scenario,).
        iterations: shape (scenario,).
    """

    flows: Array
    prices: Array
    polished: NDArray[np.bool_]
    iterations: NDArray[np.int32]


def one_by_one(problem: FlowProblem, solve_one: Callable[[FlowProblem], tuple[Array, Array, bool, int]]) -> Candidate:
    """Solve scenario by scenario.

    Args:
        problem: any number of scenarios.
        solve_one: columns, duals, whether polished, and iterations of a problem of one scenario.
    """
    count = problem.scenario_count
    flows = np.empty((problem.column_count, count))
    prices = np.empty((problem.row_count, count))
    polished = np.empty(count, dtype=np.bool_)
    iterations = np.empty(count, dtype=np.int32)
    for scenario in range(count):
        one = problem.scenarios(slice(scenario, scenario + 1))
        flows[:, scenario], prices[:, scenario], polished[scenario], iterations[scenario] = solve_one(one)
    return Candidate(flows, prices, polished, iterations)


class Prepared(ABC):
    """A solver made ready for one incidence matrix."""

    @abstractmethod
    def solve(self, problem: FlowProblem) -> Candidate:
        """Solve every scenario of a problem with the prepared incidence matrix."""


class Solver(ABC):
    """Something that can be prepared for a topology."""

    @abstractmethod
    def prepare(self, incidence: csc_array) -> Prepared:
        """Do once what depends on the incidence matrix alone."""
