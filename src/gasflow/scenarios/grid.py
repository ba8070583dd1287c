"""Grids: all combinations of the sequences in some shocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

import numpy as np

from gasflow.errors import ShockError
from gasflow.scenarios.conditions import Array
from gasflow.scenarios.levers import distributions, named_levers, sequences
from gasflow.scenarios.sets import Design, ScenarioSet
from gasflow.scenarios.shock import Scenario, Shock


@dataclass(frozen=True)
class Product(Design):
    """All combinations of some values, the last lever fastest.

    Attributes:
        values: the values of each lever.
    """

    values: tuple[tuple[float, ...], ...]

    @property
    def lengths(self) -> tuple[int, ...]:
        """Number of values of each lever."""
        return tuple(len(values) for values in self.values)

    @property
    def count(self) -> int:
        """The product of the lengths."""
        return prod(self.lengths)

    def numbers(self, start: int, stop: int) -> Array:
        """Decompose the scenario numbers into positions along each lever."""
        positions = np.unravel_index(np.arange(start, stop), self.lengths)
        return np.array([np.asarray(values)[position] for values, position in zip(self.values, positions, strict=True)])

    def __str__(self) -> str:
        return "grid of " + "; ".join(", ".join(map(repr, values)) for values in self.values)


def grid(*shocks: Shock | Scenario) -> ScenarioSet:
    """All combinations of all sequences in some shocks.

    Every parameter that is a sequence becomes a dimension, named after the parameter (``share``), with the kind of
    shock in front where two clash (``elasticity_change_factor``). The last one varies fastest.

    Args:
        shocks: what happens; parameters without a sequence are the same in all scenarios.

    Raises:
        ShockError: if there is no sequence, or a parameter is a distribution.

    Example:
        >>> import gasflow as gf
        >>> gf.grid(gf.Closure("Sokhranivka", share=[0, 0.5, 1], reroute=[0, 1]))
        ScenarioSet: 6 scenarios; share 3, reroute 2
    """
    given = combined_parts(shocks)
    drawn = [f"{type(given[at]).__name__}.{name}" for at, name in distributions(given)]
    if drawn:
        raise ShockError("grid", f"{', '.join(drawn)} are distributions", "draw from them in a sample")
    parameters = list(sequences(given))
    if not parameters:
        raise ShockError("grid", "no shock holds a sequence", "give at least one, such as share=[0, 0.5, 1]")
    values = tuple(getattr(given[at], name) for at, name in parameters)
    # The shocks that are kept hold the first value in place of each sequence, so that they are valid by themselves.
    first: list[Shock] = list(given)
    for (at, name), sequence in zip(parameters, values, strict=True):
        first[at] = replace(first[at], **{name: sequence[0]})
    return ScenarioSet(tuple(first), named_levers(given, parameters), Product(values))


def combined_parts(shocks: tuple[Shock | Scenario, ...]) -> tuple[Shock, ...]:
    """Return the shocks of shocks and scenarios, in order.

    Raises:
        ShockError: if something is neither.
    """
    for shock in shocks:
        if not isinstance(shock, Shock | Scenario):
            raise ShockError("grid", f"{shock!r:.80} is not a shock", "give one, such as gasflow.Closure(place)")
    return tuple(part for shock in shocks for part in (shock.shocks if isinstance(shock, Scenario) else (shock,)))
