"""The model: one description of what is solved and how, which everything that solves goes by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any

import pandas as pd

from gasflow.arguments import instance, one_of, whole
from gasflow.core.curves import Curve
from gasflow.core.problem import Structure
from gasflow.core.solve import Engine
from gasflow.core.solvers.abstract import Solver
from gasflow.core.solvers.registry import SOLVERS, solver_of
from gasflow.core.ties import Ties
from gasflow.errors import ArgumentError
from gasflow.network.days import day_of
from gasflow.network.network import Network
from gasflow.scenarios.conditions import Conditions
from gasflow.scenarios.horizon import Foresight, Horizon
from gasflow.scenarios.periods import Periods
from gasflow.scenarios.storage_policy import StoragePolicy
from gasflow.simulation.assembly import Assembler

# The day of a network that has none; no shock may have dates then.
_UNDATED = date(2000, 1, 1)
# Structures whose preparation is kept: one, but for horizons planned anew, or whose scenarios are solved apart.
_KEPT = 16
# Threads beyond the processors of any machine only wait for one another.
_MOST_THREADS = 1024


@dataclass(frozen=True)
class Model:
    """What is solved, and how. A network or a horizon by itself is a model with the defaults.

    Models are values; what depends on the structure of the network alone is prepared when it is first needed and kept,
    so that a model that is simulated again and again pays for it once.

    Attributes:
        subject: the network, whose date is the day that dated shocks are held against; or a horizon.
        curve: demand with constant elasticity, or linear.
        foresight: over a horizon, who knows what when; none: everything is known from the beginning.
        ties: "least" picks, where tariffs leave several flows optimal, the least sum of flow**2 / capacity, the same
            from every solver; "any" returns what the solver finds, and `Results.ambiguous_flows` says which may differ.
        solver: who solves: "auto", "reference", "lanes", "periods", or a solver of one's own.
        threads: how many threads one call may use; none: one per processor.

    Raises:
        ArgumentError: if an argument is none of what is said above.

    Example:
        >>> import gasflow as gf
        >>> hub = gf.toys.transit_hub()
        >>> gf.simulate(gf.Model(hub, curve="linear"), gf.Closure("Sokhranivka")).price_at("SK").round(1).tolist()
        [82.0]
    """

    subject: Network | Horizon
    curve: Curve | str = Curve.CONSTANT
    foresight: Foresight | None = None
    ties: Ties | str = Ties.ANY
    solver: Solver | str = "auto"
    threads: int | None = None

    def __post_init__(self) -> None:
        where = "Model"
        what = "give a network or a horizon, such as gasflow.toys.transit_hub()"
        instance((Network, Horizon), self.subject, where, "subject", what)
        object.__setattr__(self, "curve", one_of(Curve, self.curve, where, "curve"))
        object.__setattr__(self, "ties", one_of(Ties, self.ties, where, "ties"))
        if self.foresight is not None:
            instance(Foresight, self.foresight, where, "foresight", "give a gasflow.Foresight")
            instance(Horizon, self.subject, where, "subject", "give a horizon, or leave out foresight")
        if not isinstance(self.solver, Solver) and not (isinstance(self.solver, str) and self.solver in SOLVERS):
            known = ", ".join(map(repr, SOLVERS))
            raise ArgumentError(where, "solver", self.solver, f"give one of {known}")
        object.__setattr__(self, "solver", solver_of(self.solver))
        if self.threads is not None:
            object.__setattr__(self, "threads", whole(self.threads, where, "threads", 1, _MOST_THREADS))

    @classmethod
    def of(cls, subject: Model | Network | Horizon) -> Model:
        """Return the model itself, or that of a network or a horizon with the defaults."""
        return subject if isinstance(subject, Model) else cls(subject)

    @property
    def networks(self) -> tuple[Network, ...]:
        """The network of each period."""
        return self.subject.networks if isinstance(self.subject, Horizon) else (self.subject,)

    @property
    def network(self) -> Network:
        """The network, or the first of a horizon."""
        return self.networks[0]

    @property
    def periods(self) -> Periods:
        """The time axis."""
        if isinstance(self.subject, Horizon):
            return self.subject.periods
        return Periods.single(day_of(self.subject.date) if self.subject.date else _UNDATED)

    @property
    def policy(self) -> StoragePolicy | None:
        """What storage aims at over a horizon; none for a network."""
        return self.subject.policy if isinstance(self.subject, Horizon) else None

    @property
    def dated(self) -> bool:
        """Whether days have a meaning."""
        return isinstance(self.subject, Horizon) or bool(self.subject.date)

    @cached_property
    def base(self) -> Conditions:
        """The conditions before any shock."""
        return Conditions.of(self.networks, self.periods, self.policy)

    def assembler(self, conditions: Conditions) -> Assembler:
        """Return what turns conditions of this model, over all of its periods or some, into problems."""
        if conditions.periods == self.periods and self._assembler.holds(conditions):
            return self._assembler
        return Assembler(conditions, Curve(self.curve), self.policy)

    @cached_property
    def _assembler(self) -> Assembler:
        return Assembler(self.base, Curve(self.curve), self.policy)

    @cached_property
    def engine(self) -> Callable[[Structure], Engine]:
        """Solves the problems of a structure; what depends on the structure alone is kept for the next time."""
        return lru_cache(maxsize=_KEPT)(partial(Engine, solver=self.solver))

    def _repr_html_(self) -> str:
        """Return what is solved and how for a notebook, all text escaped."""
        told = pd.Series({one.name: str(getattr(self, one.name)) for one in fields(self)}, name="Model")
        return told.to_frame().to_html()

    def __getstate__(self) -> dict[str, Any]:
        """Only what was given: another process prepares by itself."""
        return {one.name: getattr(self, one.name) for one in fields(self)}
