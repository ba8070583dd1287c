"""The contract that every solver keeps.

What depends on the topology is prepared once; what depends on the scenario is solved many times. A solver returns
its best numbers for every scenario, and never raises because one of them is hard: whether they are an answer is for
the certificate to say, outside.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from gasflow.core.problem import Array, FlowProblem


@dataclass(frozen=True)
class Candidate:
    """Numbers that still wait for their certificate.

    Attributes:
        flows: ``x``, shape (column, scenario).
        prices: ``y``, shape (row, scenario).
        polished: whether the polish was kept, shape (scenario,).
        iterations: shape (scenario,).
    """

    flows: Array
    prices: Array
    polished: NDArray[np.bool_]
    iterations: NDArray[np.int32]


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
