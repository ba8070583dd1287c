"""Programmes made beforehand, as gasflow and as its peers want them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from gasflow.core.curves import Curve
from gasflow.core.problem import Array, FlowProblem
from gasflow.network.network import Network
from gasflow.scenarios.conditions import Conditions
from gasflow.scenarios.horizon import Horizon
from gasflow.scenarios.periods import Periods
from gasflow.scenarios.sets import ScenarioSet
from gasflow.simulation.assembly import Assembler


@dataclass(frozen=True)
class Ready:
    """A subject with everything that its scenarios share."""

    assembler: Assembler
    base: Conditions

    @classmethod
    def of(cls, subject: Network | Horizon, scenarios: ScenarioSet | None = None) -> Ready:
        """Lay out the programme of a subject and some scenarios."""
        if isinstance(subject, Horizon):
            base, policy = Conditions.of(subject.networks, subject.periods), subject.policy
        else:
            day = Periods.single(date.fromisoformat(subject.date[:10]))
            base, policy = Conditions.of((subject,), day), None
        touched = scenarios.chunk(0, 1).apply(base) if scenarios else base
        return cls(Assembler(touched, Curve.CONSTANT, policy), base)

    def problem(self, scenarios: ScenarioSet, start: int = 0, stop: int | None = None) -> FlowProblem:
        """The programme of some scenarios."""
        stop = scenarios.count if stop is None else stop
        return self.assembler.problem(scenarios.chunk(start, stop).apply(self.base))

    def base_problem(self) -> FlowProblem:
        """The programme in which nothing happens."""
        return self.assembler.problem(self.base)


class Rows:
    """The numbers of a problem one scenario after the other, contiguous, as a loop over scenarios wants them.

    Made before any clock starts.
    """

    def __init__(self, problem: FlowProblem) -> None:
        self.problem = problem
        for name in ("cost", "curvature", "lower", "upper", "balance"):
            values = getattr(problem, name)
            full = np.broadcast_to(values, (values.shape[0], problem.scenario_count))
            setattr(self, name, np.ascontiguousarray(full.T))

    cost: Array
    curvature: Array
    lower: Array
    upper: Array
    balance: Array
