"""The verb of the library: what happens to a network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import pandas as pd

from gasflow.arguments import instance, texts
from gasflow.core.solvers.abstract import Hints
from gasflow.errors import ShockError
from gasflow.network.network import Network
from gasflow.results.quantities import QUANTITIES, quantity_called
from gasflow.results.results import Results
from gasflow.scenarios.horizon import Horizon
from gasflow.scenarios.sets import ScenarioSet, with_fixed_shocks
from gasflow.scenarios.shock import Scenario, Shock, combined
from gasflow.simulation.gathering import gathered
from gasflow.simulation.model import Model
from gasflow.simulation.planning import plans

# Large enough that what is paid per chunk (some 10 ms) does not count, small enough to stay in the tens of MiB.
CHUNK = 4096
# A grid whose fastest lever has fewer values is too coarse for neighbours to share their active columns.
_SHORTEST_ROW = 16


def simulate(
    model: Model | Network | Horizon,
    *shocks: Shock | Scenario | ScenarioSet,
    keep: str | Sequence[str] = tuple(QUANTITIES),
) -> Results:
    """Solve a network or a horizon under shocks, one scenario or many.

    Args:
        model: a network, a horizon, or a `gasflow.Model`, which also says how it is solved.
        shocks: what happens; none: the base. Sequences in shocks give one scenario per entry; a set of scenarios
            (`gasflow.grid`, `gasflow.sample`) is solved in chunks, and the values of its levers label the results.
        keep: the quantities to keep.

    Returns:
        Labelled results with a certificate per scenario; a scenario without one is NaN.

    Raises:
        ShockError: if a shock does not fit the network, or has dates where the network has none.
        UnknownPlace: if a shock names a place that does not exist.
        ArgumentError: if an argument is none of what is said above.
        GasflowError: if a quantity to keep does not exist, or what is to be kept does not fit into memory.

    Example:
        >>> import gasflow as gf
        >>> hub = gf.toys.transit_hub()
        >>> closed = gf.simulate(hub, gf.Closure("Sokhranivka"))
        >>> float(closed.flows["RU->Sokhranivka"].iloc[0])
        0.0
        >>> grid = gf.grid(gf.Closure("Sokhranivka", share=[0.0, 1.0]), gf.ElasticityChange(factor=[0.5, 2.0]))
        >>> gf.simulate(hub, grid).price_at("SK").round(1)
        share  factor  period
        0.0    0.5     2022-05-10    77.1
               2.0     2022-05-10    77.4
        1.0    0.5     2022-05-10    82.0
               2.0     2022-05-10    82.0
        Name: SK, dtype: float64
    """
    instance((Model, Network, Horizon), model, "simulate", "model", "give a network, a horizon or a gasflow.Model")
    model, kept = Model.of(model), texts(keep, "simulate", "keep")
    scenario_set, fixed = with_fixed_shocks(shocks)
    if scenario_set is None:
        scenario = combined(fixed)
        labels: pd.Index[Any] = pd.RangeIndex(scenario.count, name="scenario")
        return solved(model, scenario, labels, kept, Hints())
    row = next(reversed(scenario_set.dims.values()), 0)
    row = row if row >= _SHORTEST_ROW else 0
    chunk = row * max(1, CHUNK // row) if row else CHUNK
    hints = Hints(total=scenario_set.count, row=row or None)
    _check(kept, scenario_set.chunk(0, 1), model.dated)
    each_chunk = (plans(model, scenario_set.chunk(*span), hints, span[0]) for span in spans(scenario_set.count, chunk))
    return gathered(model, chain.from_iterable(each_chunk), scenario_set.labels(), kept)


def solved(model: Model, scenario: Scenario, labels: pd.Index[Any], keep: Sequence[str], hints: Hints) -> Results:
    """Results of the scenarios of one chunk; see `simulate`.

    Args:
        model: what is solved.
        scenario: what happens.
        labels: one per scenario.
        keep: names of quantities.
        hints: of how many scenarios these are a part, and whether they are a grid.
    """
    _check(keep, scenario, model.dated)
    return gathered(model, plans(model, scenario, hints), labels, keep)


def spans(count: int, chunk: int) -> Iterator[tuple[int, int]]:
    """First scenario and end of each chunk.

    Example:
        >>> list(spans(10, 4))
        [(0, 4), (4, 8), (8, 10)]
    """
    return ((start, min(start + chunk, count)) for start in range(0, count, chunk))


def _check(keep: Sequence[str], scenario: Scenario, dated: bool) -> None:
    """Refuse quantities that do not exist, and dates that would silently miss an undated network."""
    for name in keep:
        quantity_called(name)
    for shock in scenario.shocks:
        if not dated and (shock.start or shock.end):
            remedy = "give the network a date, or leave out start and end"
            raise ShockError(type(shock).__name__, "it has dates, but the network has none", remedy)
