"""Many scenarios in chunks, with all that is kept in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from gasflow.core.problem import Array
from gasflow.core.solvers.abstract import Hints
from gasflow.errors import GasflowError
from gasflow.results.judgement import Judgement
from gasflow.results.results import Results
from gasflow.scenarios.sets import ScenarioSet
from gasflow.simulation.case import Case

# Large enough that what is paid per chunk (some 10 ms) does not count, small enough to stay in the tens of MiB.
CHUNK = 4096
# A grid whose fastest lever has fewer values is too coarse for neighbours to share their active columns.
_SHORTEST_ROW = 16
# Results beyond this do not fit beside the other things on a laptop; a sweep streams instead.
KEPT_BYTES = 2 * 2**30


def spans(count: int, chunk: int) -> Iterator[tuple[int, int]]:
    """First scenario and end of each chunk.

    Example:
        >>> list(spans(10, 4))
        [(0, 4), (4, 8), (8, 10)]
    """
    return ((start, min(start + chunk, count)) for start in range(0, count, chunk))


def simulate_set(case: Case, scenario_set: ScenarioSet, keep: Sequence[str]) -> Results:
    """Results of all scenarios of a set.

    Raises:
        GasflowError: if what is to be kept would take more than `KEPT_BYTES`.
    """
    row = next(reversed(scenario_set.dims.values()), 0)
    chunk = CHUNK if row < _SHORTEST_ROW else row * max(1, CHUNK // row)
    hints = Hints(total=scenario_set.count, row=row if row >= _SHORTEST_ROW else None)
    kept: dict[str, Array] = {}
    judgements = []
    for start, stop in spans(scenario_set.count, chunk):
        results = case.results(scenario_set.chunk(start, stop), pd.RangeIndex(start, stop), keep, hints)
        if not kept:
            kept = _allocate(results, scenario_set.count)
        for name, array in results.arrays.items():
            kept[name][:, :, start:stop] = array
        judgements.append(results.judgement)
    responder = results.responder if len(judgements) == 1 else None
    return Results(case.network, case.periods, scenario_set.labels(), kept, Judgement.joined(judgements), responder)


def _allocate(first: Results, count: int) -> dict[str, Array]:
    """Memory for the quantities of all scenarios, shaped as those of the first chunk."""
    shapes = {name: (*array.shape[:2], count) for name, array in first.arrays.items()}
    need = 8 * sum(int(np.prod(shape)) for shape in shapes.values())
    if need > KEPT_BYTES:
        raise GasflowError(
            f"{count:,} scenarios with {', '.join(shapes)} take {need / 2**30:z.1f} GiB, more than "
            f"{KEPT_BYTES / 2**30:z.0f}; keep less, such as keep=['prices'], or stream them with gasflow.sweep"
        )
    return {name: np.empty(shape) for name, shape in shapes.items()}
