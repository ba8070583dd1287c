"""A case: a network or a horizon made ready once, to be solved under many scenarios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any

import pandas as pd

from gasflow.core.curves import Curve
from gasflow.core.problem import Structure
from gasflow.core.solve import Engine
from gasflow.core.solvers.abstract import NO_HINTS, Hints, Solver
from gasflow.core.solvers.automatic import FEW
from gasflow.errors import ShockError
from gasflow.network.days import day_of
from gasflow.network.network import Network
from gasflow.results.quantities import quantity_called
from gasflow.results.results import Results
from gasflow.scenarios.conditions import Conditions
from gasflow.scenarios.horizon import Foresight, Horizon
from gasflow.scenarios.periods import Periods
from gasflow.scenarios.shock import Scenario
from gasflow.simulation.answers import How, Ties, labelled, solve_conditions
from gasflow.simulation.assembly import Assembler
from gasflow.simulation.planning import plan
from gasflow.simulation.responses import Responder

_UNDATED = date(2000, 1, 1)
# Structures of a case: one, but for horizons that are planned anew, or whose scenarios are solved apart.
_KEPT = 16


@dataclass(frozen=True)
class Case:
    """What is solved, and how; everything that scenarios share is built when it is first needed.

    Attributes:
        subject: a network, or a horizon.
        curve: demand with constant elasticity, or linear.
        foresight: over a horizon, who knows what when.
        solver: who solves.
        threads: how many threads one call may use; none: one per processor.
        ties: which of several optimal flows is returned.
    """

    subject: Network | Horizon
    curve: Curve = Curve.CONSTANT
    foresight: Foresight | None = None
    solver: Solver | str = "auto"
    threads: int | None = None
    ties: Ties = Ties.ANY

    @property
    def network(self) -> Network:
        """The network, or the first of a horizon."""
        return self.subject.networks[0] if isinstance(self.subject, Horizon) else self.subject

    @property
    def periods(self) -> Periods:
        """The time axis."""
        if isinstance(self.subject, Horizon):
            return self.subject.periods
        return Periods.single(day_of(self.subject.date) if self.subject.date else _UNDATED)

    def results(
        self, scenario: Scenario, labels: pd.Index[Any], keep: Sequence[str], hints: Hints = NO_HINTS
    ) -> Results:
        """Labelled results of some scenarios, with the quantities to keep.

        Args:
            scenario: what happens.
            labels: one label per scenario.
            keep: names of quantities.
            hints: of how many scenarios these are a part, and whether they are a grid.
        """
        _check(keep, scenario, dated=isinstance(self.subject, Horizon) or bool(self.subject.date))
        how = How(self.engine, replace(hints, threads=self.threads), self.ties)
        if isinstance(self.subject, Horizon):
            answer = partial(solve_conditions, how=how)
            results = plan(self.subject, scenario, self.foresight or Foresight(), keep, self.curve, answer)
            return replace(results, scenarios=labels)
        conditions = scenario.apply(self._base)
        assembler = self._assembler if self._assembler.holds(conditions) else Assembler(conditions, self.curve)
        answers = solve_conditions(assembler, conditions, how)
        results = labelled(answers, labels, keep)
        return replace(results, responder=Responder.of(answers)) if len(labels) <= FEW else results

    @cached_property
    def engine(self) -> Callable[[Structure], Engine]:
        """Solves the problems of a structure; what depends on the structure alone is kept for the next time."""
        return lru_cache(maxsize=_KEPT)(partial(Engine, solver=self.solver))

    @cached_property
    def _base(self) -> Conditions:
        return Conditions.of((self.network,), self.periods)

    @cached_property
    def _assembler(self) -> Assembler:
        return Assembler(self._base, self.curve)


def _check(keep: Sequence[str], scenario: Scenario, dated: bool) -> None:
    """Refuse quantities that do not exist, and dates that would silently miss an undated network."""
    for name in keep:
        quantity_called(name)
    for shock in scenario.shocks:
        if not dated and (shock.start or shock.end):
            remedy = "give the network a date, or leave out start and end"
            raise ShockError(type(shock).__name__, "it has dates, but the network has none", remedy)
