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

from gasflow.core.certificate import Certificate
from gasflow.core.curves import Curve
from gasflow.core.problem import Array
from gasflow.core.solve import FEW
from gasflow.results.judgement import Judgement
from gasflow.results.results import Results
from gasflow.scenarios.conditions import Conditions
from gasflow.scenarios.horizon import Foresight, Horizon
from gasflow.scenarios.shock import Scenario
from gasflow.simulation.answers import Answers, solve_conditions
from gasflow.simulation.assembly import Assembler
from gasflow.simulation.responses import Responder
from gasflow.simulation.slack_parts import GivingWay

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

    Args:
        horizon: networks, periods and storage policy.
        scenario: dated shocks; sequences in them give one scenario per entry.
        foresight: who knows what when.
        keep: quantities to keep.
        curve: demand with constant elasticity, or linear.
        answer: assembles and solves.
    """
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
    base = Conditions.of(horizon.networks, horizon.periods)
    count = horizon.periods.count
    known_in = [foresight.known_in(shock, horizon.periods) for shock in scenario.shocks]
    news = {period for period in known_in if period < count}
    stages = sorted({0, *news, *(range(count) if foresight.rolling else ())})
    level = None
    for start, following in pairwise([*stages, count]):
        known = Scenario(tuple(s for s, period in zip(scenario.shocks, known_in, strict=True) if period <= start))
        stop = count if foresight.lookahead is None else max(following, min(start + foresight.lookahead, count))
        applied = known.apply(base)
        giving, conditions = GivingWay.of(base, applied), applied.during(start, stop)
        if level is not None:
            conditions = conditions.with_start_level(level)
        answers = answer(Assembler(base.during(start, stop), curve, horizon.policy, giving), conditions)
        carried_out = following - start
        level = answers.levels[:, carried_out - 1]
        yield answers, carried_out


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
    return Judgement(certificate, highest("status"), highest("solver"), highest("iterations"), highest("imbalance"))
