"""Words for sensitivities: what answers, and to what."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Effect(StrEnum):
    """What answers to a change."""

    PRICES = "prices"
    FLOWS = "flows"


class Cause(StrEnum):
    """What is changed."""

    CAPACITY = "capacity"
    DEMAND = "demand"
    COST = "cost"


class Responds(Protocol):
    """Whatever still holds the solved problem and can be asked about it."""

    def respond(self, effect: Effect, cause: Cause, place: str, period: int) -> NDArray[np.float64]:
        """Return derivatives, shape (node or pipe, period, scenario)."""
        ...

    def ambiguous_flows(self) -> NDArray[np.bool_]:
        """Pipes whose flow may differ between optima, shape (pipe, period, scenario)."""
        ...

    def some(self, chosen: slice) -> Responds:
        """Return the same for some of the scenarios."""
        ...

    def price_interval(self, node: str) -> tuple[float, float]:
        """Lowest and highest optimal price of a node of a single scenario and period, EUR/MWh."""
        ...


def unit_of(effect: Effect, cause: Cause) -> str:
    """Return the unit of a derivative.

    Example:
        >>> unit_of(Effect.PRICES, Cause.DEMAND)
        'EUR/MWh per GWh/d'
    """
    numerator = "EUR/MWh" if effect is Effect.PRICES else "GWh/d"
    return f"{numerator} per {'EUR/MWh' if cause is Cause.COST else 'GWh/d'}"
