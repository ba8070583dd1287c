"""What a solver returns: numbers, and per scenario how far they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gasflow.core.certificate import Certificate
from gasflow.core.problem import Array


class Status(IntEnum):
    """How a scenario ended; its `message` says what it means and what to try."""

    OPTIMAL = 0
    UNPOLISHED = 1
    ONE_WAY = 2
    UNCERTIFIED = 3
    UNBALANCED = 4

    @property
    def message(self) -> str:
        """One sentence for people."""
        return _MESSAGES[self]

    @property
    def is_answer(self) -> bool:
        """Whether the numbers of this scenario carry a certificate."""
        return self < Status.UNCERTIFIED


def are_answers(status: NDArray[np.signedinteger[Any]]) -> NDArray[np.bool_]:
    """Which of some codes of `Status` stand for an answer.

    Example:
        >>> are_answers(np.array([Status.UNPOLISHED, Status.UNBALANCED])).tolist()
        [True, False]
    """
    answers: NDArray[np.bool_] = status < Status.UNCERTIFIED
    return answers


_MESSAGES = {
    Status.OPTIMAL: "optimal: the certificate holds and columns at a bound sit exactly on it",
    Status.UNPOLISHED: "optimal: the certificate holds, but the polish was rejected, so columns at a bound "
    "may be a rounding away from it",
    Status.ONE_WAY: "optimal among the plans in which each store acts in the direction chosen for it in each period: "
    "without that a store would put gas in and take it out at once, to burn it; another choice may be worth more",
    Status.UNCERTIFIED: "no certified answer: the numbers are NaN; check the data for capacities or costs many "
    "orders of magnitude apart, or rescale them",
    Status.UNBALANCED: "no answer: the programme was solved, but gas is not conserved in what it says, so the numbers "
    "are NaN; please report the network and the scenario",
}


@dataclass(frozen=True)
class Solution:
    """Columns, duals and status of a batch, judged by `gasflow.core.certificate.certify`, not by who found them.

    Attributes:
        columns: ``x`` in GWh, shape (column, scenario). NaN where the status is no answer.
        duals: ``y`` in EUR/MWh, shape (row, scenario).
        status: codes of `Status`, shape (scenario,).
        solver: name of the solver whose numbers these are, shape (scenario,).
        iterations: iterations used, all attempts together, shape (scenario,).
        certificate: of the best numbers that were found, also where they were not good enough to be reported.
    """

    columns: Array
    duals: Array
    status: NDArray[np.int8]
    solver: NDArray[np.str_]
    iterations: NDArray[np.int32]
    certificate: Certificate

    def without(self, scenarios: NDArray[np.bool_], status: Status) -> Solution:
        """Return the same without the numbers of some scenarios, which end with a status that is no answer."""
        return replace(
            self,
            columns=np.where(scenarios, np.nan, self.columns),
            duals=np.where(scenarios, np.nan, self.duals),
            status=np.where(scenarios, status, self.status).astype(np.int8),
        )

    @property
    def certified(self) -> NDArray[np.bool_]:
        """Which scenarios carry a certified answer, shape (scenario,)."""
        return are_answers(self.status)
