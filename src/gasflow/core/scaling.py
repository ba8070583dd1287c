"""The same programme in other units, one per row and column, where its coefficients are orders of magnitude apart.

With ``R`` and ``C`` diagonal, ``x = C x'`` and ``y = R y'``:

    A' = R A C,   b' = R b,   c' = C c,   q' = C**2 q,   bounds' = bounds / C.

Units are powers of two, so that nothing is rounded on the way there and back, and one where the coefficients of a row
are between a quarter and four: then the programme is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, diags_array

from gasflow.core.problem import Array, FlowProblem, Structure

_NEAR = 2.0  # powers of two


@dataclass(frozen=True)
class Units:
    """The unit of each row's dual, shape (row,), and of each column, shape (column,)."""

    row: Array
    column: Array

    @classmethod
    def of(cls, incidence: csc_array) -> Units:
        """Units in which the largest coefficient of every row and column is near one.

        Example:
            The limit of a store that may be emptied a thousand times a day, and its headroom:

            >>> units = Units.of(csc_array(np.array([[1.0, -1000.0, 1.0], [0.0, 1.0, 0.0]])))
            >>> units.row.tolist(), units.column.tolist()
            ([0.0009765625, 1.0], [1024.0, 1.0, 1024.0])
        """
        if 0 in incidence.shape:
            return cls(np.ones(incidence.shape[0]), np.ones(incidence.shape[1]))
        size = abs(incidence)
        row = _near_one(size.max(axis=1).toarray())
        return cls(row, _near_one((diags_array(row) @ size).max(axis=0).toarray()))

    @property
    def plain(self) -> bool:
        """Whether every unit is one."""
        return bool((self.row == 1.0).all() and (self.column == 1.0).all())

    def structure(self, structure: Structure) -> Structure:
        """Return the structure in these units."""
        if self.plain:
            return structure
        incidence = csc_array(diags_array(self.row) @ structure.incidence @ diags_array(self.column))
        return Structure(incidence, structure.period)

    def applied(self, problem: FlowProblem, structure: Structure) -> FlowProblem:
        """Return the programme in these units, with its structure in them."""
        column = self.column[:, None]
        return FlowProblem(
            structure,
            cost=problem.cost * column,
            curvature=problem.curvature * column**2,
            lower=problem.lower / column,
            upper=problem.upper / column,
            balance=problem.balance * self.row[:, None],
        )


def _near_one(largest: Array) -> Array:
    """Powers of two by which numbers come near one."""
    power = np.log2(largest, out=np.zeros(largest.size), where=largest > 0)
    unit: Array = np.exp2(np.where(np.abs(power) > _NEAR, -np.round(power), 0.0))
    return unit
