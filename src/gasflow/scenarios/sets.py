"""Scenario sets: many scenarios that are numbered, and made only when they are asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from gasflow.errors import ShockError
from gasflow.scenarios.conditions import Array
from gasflow.scenarios.levers import Lever, address
from gasflow.scenarios.shock import Scenario, Shock, combined, is_distribution

SCENARIO = "scenario"
# Scenarios from which a notebook takes the first numbers of a lever.
_SHOWN = 1000
# Scenarios are numbered by whole numbers of 64 bits.
_MOST = 2**63 - 1


class Design(ABC):
    """Which number each lever has in each scenario."""

    @property
    @abstractmethod
    def count(self) -> int:
        """How many scenarios there are."""

    @property
    @abstractmethod
    def lengths(self) -> tuple[int, ...]:
        """How many values each lever takes if the scenarios are all their combinations; empty otherwise."""

    @abstractmethod
    def numbers(self, start: int, stop: int) -> Array:
        """Return the numbers of the levers in scenarios `start` to `stop` (excluded), shape (lever, scenario).

        They depend on the number of the scenario only, never on where a chunk begins or ends.
        """

    @abstractmethod
    def __str__(self) -> str:
        """Return what a manifest says about the design."""


@dataclass(frozen=True)
class ScenarioSet:
    """Scenarios 0 to ``count - 1`` of some shocks; nothing is held but the rule that makes them.

    Make one with `gasflow.grid`, `gasflow.sample` or `gasflow.scenarios_from_table`.

    Attributes:
        shocks: what happens; parameters that are levers are filled in per scenario.
        levers: the parameters that differ between scenarios.
        design: which number each lever has in each scenario.

    Example:
        >>> import gasflow as gf
        >>> scenarios = gf.grid(gf.Closure("Sokhranivka", share=[0, 0.5, 1]), gf.ElasticityChange(factor=[0.5, 2]))
        >>> scenarios.count, scenarios.dims
        (6, {'share': 3, 'factor': 2})
        >>> scenarios.labels(2, 4).tolist()
        [(0.5, 0.5), (0.5, 2.0)]
        >>> scenarios.chunk(2, 4).shocks[0].share
        (0.5, 0.5)
    """

    shocks: tuple[Shock, ...]
    levers: tuple[Lever, ...]
    design: Design

    def __post_init__(self) -> None:
        if self.design.count > _MOST:
            raise ShockError("ScenarioSet", f"there are more than {_MOST:.0e} scenarios", "draw a sample of them")
        for name, times in Counter(lever.name for lever in self.levers).items():
            if times > 1 or name == SCENARIO:
                raise ShockError("ScenarioSet", f"two levers are called {name!r}", "name one of them otherwise")

    @property
    def count(self) -> int:
        """How many scenarios there are."""
        return self.design.count

    @property
    def names(self) -> list[str]:
        """Names of the levers."""
        return [lever.name for lever in self.levers]

    @property
    def dims(self) -> dict[str, int]:
        """Length of each dimension if the set is a grid, one per lever; empty otherwise."""
        return dict(zip(self.names, self.design.lengths, strict=True)) if self.design.lengths else {}

    def chunk(self, start: int, stop: int) -> Scenario:
        """Scenarios `start` to `stop` (excluded)."""
        return self.filled(self.design.numbers(start, stop))

    def filled(self, numbers: Array) -> Scenario:
        """Scenarios with given numbers of the levers, shape (lever, scenario)."""
        filled: dict[int, dict[str, Any]] = {}
        for lever, row in zip(self.levers, numbers, strict=True):
            filled.setdefault(lever.shock, {})[lever.field] = row
        return Scenario(tuple(replace(shock, **filled.get(position, {})) for position, shock in enumerate(self.shocks)))

    def labels(self, start: int = 0, stop: int | None = None) -> pd.MultiIndex:
        """Return the values of the levers in scenarios `start` to `stop` (excluded), one level per lever.

        Where the scenarios are no grid, their number comes first: values alone would not tell them apart.
        """
        stop = self.count if stop is None else stop
        levels: list[Any] = list(self.design.numbers(start, stop))
        names = self.names
        if not self.design.lengths:
            levels, names = [np.arange(start, stop), *levels], [SCENARIO, *names]
        return pd.MultiIndex.from_arrays(levels, names=names)

    def described(self) -> str:
        """All that fixes the scenarios, as text that is the same in every process."""
        lines = [str(self.design)]
        for shock in self.shocks:
            kept = [(one.name, getattr(shock, one.name)) for one in fields(shock) if one.compare]
            lines.append(f"{type(shock).__name__}({', '.join(f'{name}={value_text(value)}' for name, value in kept)})")
        lines += [f"lever {lever.name} is {address(self.shocks[lever.shock], lever.field)}" for lever in self.levers]
        return "\n".join(lines)

    def __len__(self) -> int:
        return self.count

    def __repr__(self) -> str:
        levers = ", ".join(f"{name} {length}" for name, length in self.dims.items()) or ", ".join(self.names)
        return f"ScenarioSet: {self.count:,} scenarios; {levers or 'no lever'}"

    def _repr_html_(self) -> str:
        """Return what each lever moves, and its first numbers, for a notebook, all text escaped."""
        first = self.design.numbers(0, min(self.count, _SHOWN))
        table = pd.DataFrame(
            {
                "moves": [address(self.shocks[lever.shock], lever.field) for lever in self.levers],
                "first": [", ".join(f"{value:.4g}" for value in np.unique(row)[:5]) for row in first],
            },
            index=pd.Index(self.names, name="lever"),
        )
        return f"<p>{escape(repr(self))}</p>{table.to_html()}"


def with_fixed_shocks(
    shocks: Sequence[Shock | Scenario | ScenarioSet],
) -> tuple[ScenarioSet | None, tuple[Shock | Scenario, ...]]:
    """Return the one set among shocks with the others added to all its scenarios; without one, the shocks as they are.

    Raises:
        ShockError: if there are two sets, or a sequence beside a set.
    """
    sets = [shock for shock in shocks if isinstance(shock, ScenarioSet)]
    fixed = tuple(shock for shock in shocks if not isinstance(shock, ScenarioSet))
    if not sets:
        return None, fixed
    scenario = combined(fixed)
    if len(sets) > 1 or scenario.count > 1:
        raise ShockError("ScenarioSet", "stands beside another set or sequence", "put all sequences into one set")
    return replace(sets[0], shocks=sets[0].shocks + scenario.shocks), ()


def value_text(value: object) -> str:
    """Return a value of a shock as text without addresses in memory.

    Example:
        >>> from scipy import stats
        >>> value_text(stats.norm(1.0, scale=0.1)), value_text(0.5)
        ('norm(1.0, scale=0.1)', '0.5')
    """
    if not is_distribution(value):
        return repr(value)
    family = getattr(value, "dist", None)
    if family is None:
        return type(value).__name__
    parts = [*(repr(a) for a in getattr(value, "args", ()))]
    parts += [f"{name}={number!r}" for name, number in getattr(value, "kwds", {}).items()]
    return f"{family.name}({', '.join(parts)})"
