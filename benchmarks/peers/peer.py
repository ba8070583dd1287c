"""What everyone who takes part in the comparison does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gasflow.core.certificate import certify
from gasflow.core.problem import Array, FlowProblem


@dataclass(frozen=True)
class Solved:
    """Answers to some scenarios.

    Attributes:
        flows: shape (scenario, column); none where the peer does not give them in these columns.
        prices: shape (scenario, row); none likewise.
        stated: the objective that the peer states itself, thousand EUR, shape (scenario,); none: it is that of `flows`.
    """

    flows: Array | None = None
    prices: Array | None = None
    stated: Array | None = None

    def objective(self, problem: FlowProblem, chosen: range) -> Array:
        """The objective of each scenario, shape (scenario,)."""
        if self.stated is not None:
            return self.stated
        if self.flows is None:
            raise ValueError("a peer gives flows or an objective")
        return problem.scenarios(slice(chosen.start, chosen.stop)).objective(np.ascontiguousarray(self.flows.T))

    def certified(self, problem: FlowProblem, chosen: range) -> Array | None:
        """Whether each scenario meets the certificate that gasflow holds itself to; none where nobody can say."""
        if self.flows is None or self.prices is None:
            return None
        part = problem.scenarios(slice(chosen.start, chosen.stop))
        certificate = certify(part, np.ascontiguousarray(self.flows.T), np.ascontiguousarray(self.prices.T))
        return certificate.accepted


class Peer(ABC):
    """Solves scenarios of one problem; what they share is made ready when the object is, before any clock starts.

    Attributes:
        name: as printed.
        threads: how many threads or processes it uses.
        in_this_process: whether the processor time of this process is all that it takes.
    """

    name: ClassVar[str]
    threads: ClassVar[int] = 1
    in_this_process: ClassVar[bool] = True

    @abstractmethod
    def solve(self, chosen: range) -> Solved:
        """Solve consecutive scenarios; this is what is timed."""
