"""From plans to results: the one place in which labels, arrays and diagnostics of all scenarios come together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from gasflow.core.problem import Array
from gasflow.core.records import concatenated, each, take, worst
from gasflow.core.solvers.automatic import FEW
from gasflow.errors import GasflowError
from gasflow.results.diagnostics import Diagnostics
from gasflow.results.results import Results
from gasflow.simulation.model import Model
from gasflow.simulation.planning import Plan, Positions
from gasflow.simulation.responses import Responder

# Results beyond this do not fit beside the other things on a laptop; a sweep streams instead.
KEPT_BYTES = 2 * 2**30


def gathered(model: Model, plans: Iterator[Plan], labels: pd.Index[Any], keep: Sequence[str]) -> Results:
    """Results with the quantities to keep; a scenario is as good as the worst of its plans.

    Args:
        model: what is solved.
        plans: all plans of all scenarios, those of the same scenarios one after another.
        labels: one per scenario.
        keep: names of quantities.

    Raises:
        GasflowError: if what is to be kept would take more than `KEPT_BYTES`.
    """
    arrays: dict[str, Array] = {}
    found: list[tuple[Positions, Diagnostics]] = []
    for plan in plans:
        if not found:
            arrays = _room(plan, keep, (model.periods.count, len(labels)))
        where = _as_slice(plan.scenarios)
        for name in keep:
            arrays[name][:, plan.start : plan.stop, where] = plan.quantity(name)
        diagnostics = _spread(plan.answers.diagnostics, plan.scenarios.size)
        if found and found[-1][0] is plan.scenarios:
            diagnostics = worst([found.pop()[1], diagnostics])
        found.append((plan.scenarios, diagnostics))
    order = np.argsort(np.concatenate([scenarios for scenarios, _ in found]))
    whole = plan.start == 0 and plan.last and len(found) == 1 and len(labels) <= FEW
    return Results(
        network=model.network,
        periods=model.periods,
        scenarios=labels,
        arrays=arrays,
        diagnostics=take(concatenated([one for _, one in found]), order),
        responder=Responder.of(plan.answers) if whole else None,
    )


def _room(first: Plan, keep: Sequence[str], size: tuple[int, int]) -> dict[str, Array]:
    """Memory for the quantities of all periods and scenarios, with as many items as in the first plan."""
    shapes = {name: (first.quantity(name).shape[0], *size) for name in keep}
    need = 8 * sum(int(np.prod(shape)) for shape in shapes.values())
    if need > KEPT_BYTES:
        raise GasflowError(
            f"{size[1]:,} scenarios with {', '.join(shapes)} take {need / 2**30:z.1f} GiB, more than "
            f"{KEPT_BYTES / 2**30:z.0f}",
            "keep less, such as keep=['prices'], or stream them with gasflow.sweep",
        )
    return {name: np.empty(shape) for name, shape in shapes.items()}


def _as_slice(positions: Positions) -> slice | Positions:
    """Positions that follow one another as a slice, which is quicker to write to."""
    first = int(positions[0])
    return slice(first, first + positions.size) if int(positions[-1]) - first + 1 == positions.size else positions


def _spread(diagnostics: Diagnostics, count: int) -> Diagnostics:
    """Of a plan that is the same for all scenarios, the diagnostics of each."""
    return each(lambda array: np.broadcast_to(array, (count,)), diagnostics)
