"""How each scenario ended: certificate, status, solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.core.certificate import COLUMN_TOLERANCE, TOLERANCE, Certificate
from gasflow.core.solution import SolverName, Status


@dataclass(frozen=True)
class Judgement:
    """How each scenario ended.

    Attributes:
        certificate: recomputed from problem and numbers alone.
        status: codes of `Status`, shape (scenario,).
        solver: codes of `SolverName`, shape (scenario,).
        iterations: shape (scenario,).
        imbalance: largest violation of conservation, relative, shape (scenario,).
    """

    certificate: Certificate
    status: NDArray[np.int8]
    solver: NDArray[np.int8]
    iterations: NDArray[np.int32]
    imbalance: NDArray[np.float64]

    def table(self, scenarios: pd.Index[Any]) -> pd.DataFrame:
        """One row per scenario: ratios to their limits, tolerances, status, solver and iterations."""
        parts = self.certificate
        return pd.DataFrame(
            {
                "balance": parts.balance,
                "bounds": parts.bounds,
                "gap": parts.gap,
                "sign": parts.sign,
                "worst": parts.worst,
                "tolerance": TOLERANCE,
                "worst_column": parts.worst_column,
                "column_tolerance": COLUMN_TOLERANCE,
                "imbalance": self.imbalance,
                "status": [Status(code).name.lower() for code in self.status],
                "solver": [SolverName(code).name.lower() for code in self.solver],
                "iterations": self.iterations,
            },
            index=scenarios,
        )
