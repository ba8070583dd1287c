"""The programme that every question is turned into.

For each scenario, over *columns* ``k`` (flows, served demand, supply, storage, deficits, surpluses) and *rows*
``i`` (one balance per node and period, one level equation per storage and period):

    minimise    sum_k  c_k x_k + 1/2 q_k x_k**2
    subject to  A x = b,
                lower_k <= x_k <= upper_k,

with ``q >= 0``. It is the negative of welfare: served demand enters with the negative of its marginal value,
supply and transport with their cost. ``A`` is the same for every scenario; everything else may differ.

Units and signs, stated once for the whole library:

* a column is the energy moved in one period, in GWh (GWh/d when the period is one day);
* ``A[i, k]`` is +1 where column ``k`` brings gas to row ``i``, ``1 - loss`` after losses, -1 where it takes gas;
* the dual ``y_i`` of a row is the value of one more MWh at that node in that period, EUR/MWh, and is *not*
  scaled by the length of the period, since columns are energies and costs are per MWh;
* the reduced cost is ``r = c + q x - A' y``: positive on a column held at its lower bound, negative on one held
  at its upper bound, where ``-r`` is the rent of the capacity.
"""

from __future__ import annotations

import hashlib
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csc_matrix, csr_array, csr_matrix

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Structure:
    """What the scenarios of a batch share: the incidence matrix, and the period of each of its rows.

    Attributes:
        incidence: ``A``, shape (row, column), from any sparse or dense matrix; kept with its columns compressed.
        period: number of the period that each row belongs to, from 0, shape (row,); None where time plays no part.
            It changes no answer: a solver may use it to find what links one period to the next.

    Structures are equal if all their numbers are.

    Raises:
        ValueError: if the matrix has entries that are not finite, or a row has no period from 0.

    Example:
        >>> import numpy as np
        >>> one = Structure(np.array([[1.0, -1.0], [0.0, 1.0]]), period=np.array([0, 1]))
        >>> one.row_count, one.column_count, one.period_count
        (2, 2, 2)
        >>> one == Structure(np.array([[1.0, -1.0], [0.0, 1.0]])), one == Structure(one.incidence, one.period)
        (False, True)
    """

    incidence: csc_array
    period: NDArray[np.intp] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "incidence", compressed(self.incidence))
        if self.period is not None and (self.period.shape != (self.row_count,) or (self.period < 0).any()):
            raise ValueError(f"period must give every one of the {self.row_count} rows a number from 0")

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return int(self.incidence.shape[0])

    @property
    def column_count(self) -> int:
        """Number of columns."""
        return int(self.incidence.shape[1])

    @property
    def period_count(self) -> int:
        """Number of periods; 1 where time plays no part."""
        return 1 if self.period is None else int(self.period.max(initial=0)) + 1

    @cached_property
    def _digest(self) -> bytes:
        a = self.incidence
        digest = hashlib.blake2b(repr((a.shape, self.period is None)).encode())
        for array in (a.indptr, a.indices, a.data, *(() if self.period is None else (self.period,))):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Structure) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)


@dataclass(frozen=True)
class FlowProblem:
    """A batch of separable convex quadratic programmes that share one structure.

    Attributes:
        structure: the incidence matrix ``A`` and the periods of its rows.
        cost: ``c`` in EUR/MWh, shape (column, scenario), or (column, 1) when shared by all scenarios.
        curvature: ``q`` in EUR/MWh per GWh, not negative; same shapes.
        lower: lower bounds in GWh, finite or -inf; same shapes.
        upper: upper bounds in GWh, finite or +inf; same shapes.
        balance: ``b`` in GWh, shape (row, scenario) or (row, 1).

    A shared array keeps its single scenario: nothing is copied to the size of the batch.

    Raises:
        ValueError: if a shape does not fit, a number is not finite where it must be, a curvature is negative,
            or a lower bound lies above its upper bound.

    Example:
        Two nodes; 5 GWh of gas at 20 EUR/MWh at the first, a pipe, and 3 GWh of firm demand at the second.

        >>> import numpy as np
        >>> problem = FlowProblem(
        ...     Structure(np.array([[1.0, -1.0], [0.0, 1.0]])),
        ...     cost=np.array([[20.0], [1.5]]),
        ...     curvature=np.zeros((2, 1)),
        ...     lower=np.zeros((2, 1)),
        ...     upper=np.array([[5.0], [4.0]]),
        ...     balance=np.array([[0.0], [3.0]]),
        ... )
        >>> problem.row_count, problem.column_count, problem.scenario_count
        (2, 2, 1)
        >>> problem.reduced_costs(np.array([[3.0], [3.0]]), np.array([[20.0], [21.5]])).tolist()
        [[0.0], [0.0]]
    """

    structure: Structure
    cost: Array
    curvature: Array
    lower: Array
    upper: Array
    balance: Array

    def __post_init__(self) -> None:
        rows, columns = self.row_count, self.column_count
        counts = set()
        for name, size in (("cost", columns), ("curvature", columns), ("lower", columns), ("upper", columns),
                           ("balance", rows)):  # fmt: skip
            values = frozen(getattr(self, name))
            if values.ndim != 2 or values.shape[0] != size:
                raise ValueError(f"{name} must have shape ({size}, scenario) or ({size}, 1), not {values.shape}")
            counts.add(values.shape[1])
            object.__setattr__(self, name, values)
        if len(counts - {1}) > 1:
            raise ValueError(f"arrays disagree on the number of scenarios: {sorted(counts)}")
        _check_numbers(self)

    @property
    def incidence(self) -> csc_array:
        """``A``, shape (row, column)."""
        return self.structure.incidence

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return self.structure.row_count

    @property
    def column_count(self) -> int:
        """Number of columns."""
        return self.structure.column_count

    @property
    def scenario_count(self) -> int:
        """Number of scenarios in the batch."""
        return max(int(a.shape[1]) for a in (self.cost, self.curvature, self.lower, self.upper, self.balance))

    def scenarios(self, chosen: slice | NDArray[np.intp]) -> FlowProblem:
        """Return the same programme for some of its scenarios; shared arrays stay shared."""
        if self.scenario_count == 1:
            return self
        part = copy(self)  # what was checked as a whole needs no second check
        for name in ("cost", "curvature", "lower", "upper", "balance"):
            values = getattr(self, name)
            if values.shape[1] > 1:
                object.__setattr__(part, name, frozen(values[:, chosen]))
        return part

    def scenario(self, number: int | np.intp) -> FlowProblem:
        """Return the same programme for one of its scenarios."""
        return self.scenarios(slice(int(number), int(number) + 1))

    def objective(self, x: Array) -> Array:
        """``sum_k c x + q x**2 / 2`` per scenario, in thousand EUR; `x` has shape (column, scenario)."""
        marginal: Array = self.cost + 0.5 * self.curvature * x
        result: Array = np.einsum("ks,ks->s", marginal, x)
        return result

    def reduced_costs(self, x: Array, y: Array) -> Array:
        """``c + q x - A' y`` in EUR/MWh, shape (column, scenario), at columns `x` and duals `y` of these shapes."""
        reduced: Array = self.cost + self.curvature * x - self.incidence.T @ y
        return reduced


def compressed(incidence: Any) -> csc_array:
    """Return the incidence matrix with its columns compressed, as solvers read it.

    Compiled code walks through its lists of positions without looking: any other format, or a position outside the
    matrix, would have it read where nothing is.

    Raises:
        ValueError: if it is no matrix of finite numbers, or its positions contradict one another.

    Example:
        >>> import numpy as np
        >>> compressed(np.array([[1, 0], [-1, 1]])).indptr.tolist()
        [0, 2, 3]
    """
    if isinstance(incidence, csc_array | csc_matrix | csr_array | csr_matrix):
        incidence.check_format(full_check=True)
    a: csc_array = csc_array(incidence, dtype=np.float64)
    if not a.has_canonical_format:
        a = a.copy()
        a.sum_duplicates()
    if not np.isfinite(a.data).all():
        raise ValueError("incidence must be finite")
    return a


def frozen(values: Array) -> Array:
    """Rows one after the other in memory, and read-only."""
    values = np.ascontiguousarray(values, dtype=np.float64).view()
    values.flags.writeable = False
    return values


def _check_numbers(problem: FlowProblem) -> None:
    """Refuse numbers for which the programme has no meaning; NaN fails every test."""
    for name in ("cost", "curvature", "balance"):
        if not np.isfinite(getattr(problem, name)).all():
            raise ValueError(f"{name} must be finite")
    if not (problem.curvature >= 0).all():
        raise ValueError("curvature must not be negative: the programme would not be convex")
    if not (problem.lower <= problem.upper).all():
        raise ValueError("a lower bound lies above its upper bound, or is not a number")
    if (problem.lower == np.inf).any() or (problem.upper == -np.inf).any():
        raise ValueError("a lower bound of +inf or an upper bound of -inf leaves nothing to choose")
