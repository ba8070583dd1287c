"""How each scenario ended: certificate, status, solver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.core.certificate import Certificate
from gasflow.core.solution import Status
from gasflow.core.tolerances import COLUMN_TOLERANCE, TOLERANCE


@dataclass(frozen=True)
class Judgement:
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
            object.__setattr__(self, one.name, _each(getattr(self, one.name), read_only))

    @classmethod
    def joined(cls, judgements: Sequence[Judgement]) -> Judgement:
        """One judgement for the scenarios of several, one after another."""

        def together(kind: type[Any], parts: Sequence[Any]) -> dict[str, Any]:
            return {one.name: np.concatenate([getattr(part, one.name) for part in parts])
                    for one in fields(kind) if one.name != "certificate"}  # fmt: skip

        certificate = Certificate(**together(Certificate, [judgement.certificate for judgement in judgements]))
        return cls(certificate=certificate, **together(cls, judgements))

    def some(self, chosen: slice | NDArray[np.intp]) -> Judgement:
        """The same for some of the scenarios."""
        return replace(self, **{one.name: _each(getattr(self, one.name), lambda a: a[chosen]) for one in fields(self)})

    def table(self, scenarios: pd.Index[Any]) -> pd.DataFrame:
        """One row per scenario: ratios to their limits, tolerances, status, solver and iterations."""
        parts = self.certificate
        return pd.DataFrame(
            {
                "primal_residual": parts.primal_residual,
                "bound_violation": parts.bound_violation,
                "complementarity_gap": parts.complementarity_gap,
                "dual_infeasibility": parts.dual_infeasibility,
                "worst": parts.worst,
                "tolerance": TOLERANCE,
                "worst_column": parts.worst_column,
                "column_tolerance": COLUMN_TOLERANCE,
                "imbalance": self.imbalance,
                "status": [Status(code).name.lower() for code in self.status],
                "solver": self.solver,
                "iterations": self.iterations,
            },
            index=scenarios,
        )


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """A view of an array that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


def _each(value: Any, edit: Callable[[NDArray[Any]], NDArray[Any]]) -> Any:
    """An array, or every array of a certificate, edited."""
    if isinstance(value, Certificate):
        return replace(value, **{one.name: edit(getattr(value, one.name)) for one in fields(value)})
    return edit(value)
