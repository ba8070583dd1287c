"""A case: a subject, scenarios of any number, and the sizes at which it is timed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from gasflow.network.network import Network
from gasflow.scenarios.horizon import Horizon
from gasflow.scenarios.sets import ScenarioSet


@dataclass(frozen=True)
class BenchmarkCase:
    """What is solved, and how often.

    Attributes:
        name: names the case in tables and test names.
        load: gives the network or horizon.
        scenarios: gives a set of about so many scenarios.
        sizes: numbers of scenarios to time, smallest first; the smoke run takes the first.
    """

    name: str
    load: Callable[[], Network | Horizon]
    scenarios: Callable[[int], ScenarioSet]
    sizes: tuple[int, ...]

    @cached_property
    def subject(self) -> Network | Horizon:
        """The network or horizon, loaded once."""
        return self.load()
