"""Horizons: plan, carry storage over, plan again when something new is known.

With perfect foresight and every shock known from the beginning there is one plan, and one solve. Otherwise a plan is
made when news arrive (or in every period, when rolling): it starts from the levels that the one before left behind,
takes into account the shocks known by then, and is carried out until the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.core.certificate import Certificate
from gasflow.core.curves import Curve
from gasflow.core.problem import Array
from gasflow.core.solvers.automatic import FEW
from gasflow.errors import ShockError
from gasflow.results.judgement import Judgement
from gasflow.results.results import Results
from gasflow.scenarios.conditions import Conditions
from gasflow.scenarios.horizon import Foresight, Horizon
from gasflow.scenarios.shock import Scenario
from gasflow.simulation.answers import Answers, solve_conditions
from gasflow.simulation.assembly import Assembler
from gasflow.simulation.responses import Responder
from gasflow.simulation.storage_parts import limit_slope

# Each group of scenarios is assembled and solved by itself, some 50 ms on a horizon of a year of months.
_MOST_APART = 256
Answer = Callable[[Assembler, Conditions], Answers]


def plan(
    horizon: Horizon,
    scenario: Scenario,
    foresight: Foresight,
    keep: Sequence[str],
    curve: Curve,
    answer: Answer = solve_conditions,
) -> Results:
    """Results over a horizon; a scenario is as good as the worst of its plans.

    Where a shock changes how withdrawal from a store depends on its level, scenarios that differ in this are solved
    apart: it stands in the incidence, which scenarios solved together share.

    Args:
        horizon: networks, periods and storage policy.
        scenario: dated shocks; sequences in them give one scenario per entry.
        foresight: who knows what when.
        keep: quantities to keep.
        curve: demand with constant elasticity, or linear.
        answer: assembles and solves.

    Raises:
        ShockError: if too many scenarios would have to be solved apart.
    """
    groups = _solved_together(horizon, scenario, foresight)
    if len(groups) > 1:
        found = [plan(horizon, scenario.chosen(group), foresight, keep, curve, answer) for group in groups]
        return _side_by_side(found, groups)
    parts: dict[str, list[Array]] = {name: [] for name in keep}
    judgements = []
    done = 0
    for answers, carried_out in _plans(horizon, scenario, foresight, curve, answer):
        done += carried_out
        for name in keep:
            array = getattr(answers, name)[:, :carried_out]
            if name == "welfare" and done < horizon.periods.count:
                array = array.copy()
                array[:, -1] -= answers.welfare_of_stock(carried_out - 1)
            parts[name].append(np.broadcast_to(array, (*array.shape[:2], scenario.count)))
        judgements.append(answers.judgement)
    whole = answers.assembler.layout.period_count == carried_out == horizon.periods.count
    return Results(
        network=horizon.networks[0],
        periods=horizon.periods,
        scenarios=pd.RangeIndex(scenario.count, name="scenario"),
        arrays={name: np.concatenate(arrays, axis=1) for name, arrays in parts.items()},
        judgement=_worst(judgements, scenario.count),
        responder=Responder.of(answers) if whole and scenario.count <= FEW else None,
    )


def _plans(
    horizon: Horizon, scenario: Scenario, foresight: Foresight, curve: Curve, answer: Answer
) -> Iterator[tuple[Answers, int]]:
    """Every plan that is made, with the number of its periods that are carried out."""
    base = Conditions.of(horizon.networks, horizon.periods, horizon.policy)
    count = horizon.periods.count
    news = {foresight.known_in(shock, horizon.periods) for shock in scenario.shocks}
    stages = sorted({0, *news, *(range(count) if foresight.rolling else ())})
    level = None
    for start, following in pairwise([*stages, count]):
        known = _known(scenario, foresight, horizon, start)
        stop = count if foresight.lookahead is None else max(following, min(start + foresight.lookahead, count))
        conditions = known.apply(base).during(start, stop)
        if level is not None:
            conditions = conditions.with_start_level(level)
        answers = answer(Assembler(conditions, curve, horizon.policy), conditions)
        carried_out = following - start
        level = answers.levels[:, carried_out - 1]
        yield answers, carried_out


def _known(scenario: Scenario, foresight: Foresight, horizon: Horizon, period: int) -> Scenario:
    """The shocks that are known in a period."""
    known = [shock for shock in scenario.shocks if foresight.known_in(shock, horizon.periods) <= period]
    return Scenario(tuple(known))


def _solved_together(horizon: Horizon, scenario: Scenario, foresight: Foresight) -> list[NDArray[np.intp]]:
    """Numbers of the scenarios that may be solved together: in every plan the limits of withdrawal are the same."""
    base = Conditions.of(horizon.networks, horizon.periods, horizon.policy)
    # Refuses a shock that never holds, even one that no plan ever hears of.
    limits = [limit_slope(scenario.apply(base))]
    if limits[0].shape[-1] == 1:
        return [np.arange(scenario.count)]
    for period in {foresight.known_in(shock, horizon.periods) for shock in scenario.shocks}:
        limits.append(limit_slope(_known(scenario, foresight, horizon, period).apply(base)))
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


def _side_by_side(found: Sequence[Results], groups: Sequence[NDArray[np.intp]]) -> Results:
    """Results of groups of scenarios as those of all of them, in the order of their numbers."""
    order = np.argsort(np.concatenate(groups))
    return Results(
        network=found[0].network,
        periods=found[0].periods,
        scenarios=pd.RangeIndex(order.size, name="scenario"),
        arrays={
            name: np.concatenate([results.arrays[name] for results in found], axis=-1)[..., order]
            for name in found[0].arrays
        },
        judgement=Judgement.joined([results.judgement for results in found]).some(order),
    )


def _worst(judgements: list[Judgement], count: int) -> Judgement:
    """One judgement per scenario from those of its plans; NaN stays NaN."""

    def largest(name: str) -> Array:
        highest_ratio: Array = np.max(
            [np.broadcast_to(getattr(j.certificate, name), count) for j in judgements], axis=0
        )
        return highest_ratio

    def highest(name: str) -> Any:
        return np.max([np.broadcast_to(getattr(j, name), count) for j in judgements], axis=0)

    certificate = Certificate(**{part.name: largest(part.name) for part in fields(Certificate)})
    solver = np.broadcast_to(judgements[-1].solver, count)
    return Judgement(certificate, highest("status"), solver, highest("iterations"), highest("imbalance"))
