"""How each scenario ended: certificate, status, solver."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.core.certificate import Certificate
from gasflow.core.records import each
from gasflow.core.solution import Status
from gasflow.core.tolerances import COLUMN_TOLERANCE, TOLERANCE


@dataclass(frozen=True)
class Diagnostics:
    """How each scenario ended.

    Attributes:
        certificate: recomputed from problem and numbers alone.
        status: codes of `Status`, shape (scenario,).
        solver: name of the solver, shape (scenario,).
        iterations: shape (scenario,).
        imbalance: largest violation of conservation, relative, shape (scenario,).
    """

    certificate: Certificate
    status: NDArray[np.int8]
    solver: NDArray[np.str_]
    iterations: NDArray[np.int32]
    imbalance: NDArray[np.float64]

    def __post_init__(self) -> None:
        for one in fields(self):
            object.__setattr__(self, one.name, each(read_only, getattr(self, one.name)))

    def table(self, scenarios: pd.Index[Any]) -> pd.DataFrame:
        """One row per scenario: ratios to their limits, tolerances, status, solver and iterations."""
        certificate = {one.name: getattr(self.certificate, one.name) for one in fields(self.certificate)}
        column = certificate.pop("worst_column")
        return pd.DataFrame(
            {
                **certificate,
                "worst": self.certificate.worst,
                "tolerance": TOLERANCE,
                "worst_column": column,
                "column_tolerance": COLUMN_TOLERANCE,
                "imbalance": self.imbalance,
                "status": [Status(code).name.lower() for code in self.status],
                "solver": self.solver,
                "iterations": self.iterations,
            },
            index=scenarios,
        )


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a view of an array that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view
