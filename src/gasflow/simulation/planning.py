"""Plans: which problems the scenarios of a model make, one after another, and how far each is carried out.

A network is one plan for its day. Over a horizon with perfect foresight and every shock known from the beginning there
is one plan, too. Otherwise a plan is made when news arrive (or in every period, when rolling): it starts from the
levels that the one before left behind, takes into account the shocks known by then, and is carried out until the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gasflow.core.problem import Array
from gasflow.core.solvers.abstract import Hints
from gasflow.core.ties import Ties
from gasflow.errors import ShockError
from gasflow.scenarios.horizon import Foresight
from gasflow.scenarios.shock import Scenario
from gasflow.simulation.answers import Answers, solve_conditions
from gasflow.simulation.model import Model
from gasflow.simulation.storage_components import limit_slope

# Each group of scenarios is assembled and solved by itself, some 50 ms on a horizon of a year of months.
_MOST_APART = 256
Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Plan:
    """A plan, and what of it is carried out.

    Attributes:
        answers: what was found for the periods that the plan sees.
        scenarios: numbers of the scenarios that it is for.
        start: first period.
        stop: the period in which the next plan takes over, or the end of the horizon.
        last: whether no plan follows.
    """

    answers: Answers
    scenarios: Positions
    start: int
    stop: int
    last: bool

    def quantity(self, name: str) -> Array:
        """Return a quantity in the periods carried out, shape (item, period, scenario), or one scenario for all."""
        count = self.stop - self.start
        array: Array = getattr(self.answers, name)[:, :count]
        if name == "welfare" and not self.last:
            array = array.copy()
            array[:, -1] -= self.answers.welfare_of_stock(count - 1)
        return array


def plans(model: Model, scenario: Scenario, hints: Hints, first: int = 0) -> Iterator[Plan]:
    """Solve every plan that the scenarios call for.

    Where a shock changes how withdrawal from a store depends on its level, scenarios that differ in this are solved
    apart: it stands in the incidence, which scenarios solved together share.

    Args:
        model: what is solved.
        scenario: what happens, one scenario or many.
        hints: what solvers may know besides.
        first: number of the first of these scenarios, where they are a chunk of more.

    Raises:
        ShockError: if a shock does not fit the model, or too many scenarios would have to be solved apart.
    """
    hints = replace(hints, threads=model.threads)
    groups = _solved_together(model, scenario)
    for group in groups:
        part = scenario if len(groups) == 1 else scenario.chosen(group)
        yield from _plans(model, part, group + first, hints)


def _plans(model: Model, scenario: Scenario, numbers: Positions, hints: Hints) -> Iterator[Plan]:
    """Return the plans of scenarios that are solved together, in the order of time."""
    foresight, count = model.foresight or Foresight(), model.periods.count
    news = {foresight.known_in(shock, model.periods) for shock in scenario.shocks}
    starts = sorted({0, *news, *(range(count) if foresight.rolling else ())})
    level = None
    for start, following in pairwise([*starts, count]):
        stop = count if foresight.lookahead is None else max(following, min(start + foresight.lookahead, count))
        conditions = _known(model, scenario, start).apply(model.base).during(start, stop)
        if level is not None:
            conditions = conditions.with_start_level(level)
        answers = solve_conditions(model.assembler(conditions), conditions, model.engine, hints, Ties(model.ties))
        level = answers.levels[:, following - start - 1]
        yield Plan(answers, numbers, start, following, last=following == count)


def _known(model: Model, scenario: Scenario, period: int) -> Scenario:
    """Return the shocks that are known in a period."""
    foresight = model.foresight or Foresight()
    known = [shock for shock in scenario.shocks if foresight.known_in(shock, model.periods) <= period]
    return Scenario(tuple(known))


def _solved_together(model: Model, scenario: Scenario) -> list[Positions]:
    """Numbers of the scenarios that may be solved together: in every plan the limits of withdrawal are the same."""
    everything = [np.arange(scenario.count)]
    if model.policy is None:
        return everything
    # Refuses a shock that never holds, even one that no plan ever hears of.
    limits = [limit_slope(scenario.apply(model.base))]
    if limits[0].shape[-1] == 1:
        return everything
    foresight = model.foresight or Foresight()
    for period in {foresight.known_in(shock, model.periods) for shock in scenario.shocks}:
        limits.append(limit_slope(_known(model, scenario, period).apply(model.base)))
    rows = [np.broadcast_to(one, (*one.shape[:2], scenario.count)).reshape(-1, scenario.count) for one in limits]
    _, group = np.unique(np.concatenate(rows), axis=1, return_inverse=True)
    count = int(group.max()) + 1
    if count > _MOST_APART:
        raise ShockError(
            "Scenario",
            f"volume or withdrawal of stores whose withdrawal depends on the level differ in {count:,} ways",
            f"give at most {_MOST_APART} different values, or let withdrawal not depend on the level",
        )
    return [np.flatnonzero(group == number) for number in range(count)]
