"""The verb of the library: what happens to a network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from gasflow.core.curves import Curve
from gasflow.errors import GasflowError, ShockError
from gasflow.network.network import Network
from gasflow.results.quantities import QUANTITIES
from gasflow.results.results import Results
from gasflow.scenarios.conditions import Conditions
from gasflow.scenarios.horizon import Foresight, Horizon
from gasflow.scenarios.periods import Periods
from gasflow.scenarios.shock import Scenario, Shock, combined
from gasflow.simulation.answers import Answers, solve_conditions
from gasflow.simulation.assembly import Assembler
from gasflow.simulation.planning import plan

_UNDATED = date(2000, 1, 1)


def simulate(
    network: Network | Horizon,
    *shocks: Shock | Scenario,
    keep: Sequence[str] = tuple(QUANTITIES),
    curve: Curve = Curve.CONSTANT,
    foresight: Foresight | None = None,
) -> Results:
    """Solve a network or a horizon under shocks, one scenario or many.

    Args:
        network: the network; its date is the day that dated shocks are held against. Or a horizon.
        shocks: what happens; none: the base. Sequences in shocks give one scenario per entry.
        keep: the quantities to keep.
        curve: demand with constant elasticity, or linear.
        foresight: over a horizon, who knows what when; none: everything is known from the beginning.

    Returns:
        Labelled results with a certificate per scenario; a scenario without one is NaN.

    Raises:
        ShockError: if a shock does not fit the network, or has dates where the network has none.
        UnknownPlace: if a shock names a place that does not exist.
        GasflowError: if a quantity to keep does not exist.

    Example:
        >>> import gasflow as gf
        >>> hub = gf.toys.transit_hub()
        >>> closed = gf.simulate(hub, gf.Closure("Sokhranivka"))
        >>> float(closed.flows["RU->Sokhranivka"].iloc[0])
        0.0
    """
    scenario = combined(shocks)
    _check(keep, scenario, dated=isinstance(network, Horizon) or bool(network.date))
    if isinstance(network, Horizon):
        return plan(network, scenario, foresight or Foresight(), keep, curve)
    day = date.fromisoformat(network.date[:10]) if network.date else _UNDATED
    base = Conditions.of((network,), Periods.single(day))
    answers = solve_conditions(Assembler(base, curve), scenario.apply(base))
    return labelled(answers, pd.RangeIndex(scenario.count, name="scenario"), keep)


def _check(keep: Sequence[str], scenario: Scenario, dated: bool) -> None:
    """Refuse quantities that do not exist, and dates that would silently miss an undated network."""
    unknown = [name for name in keep if name not in QUANTITIES]
    if unknown:
        raise GasflowError(f"There is no quantity {unknown[0]!r}; keep some of {', '.join(QUANTITIES)}.")
    for shock in scenario.shocks:
        if not dated and (shock.start or shock.end):
            remedy = "give the network a date, or leave out start and end"
            raise ShockError(type(shock).__name__, "it has dates, but the network has none", remedy)


def labelled(answers: Answers, scenarios: pd.Index[int], keep: Sequence[str]) -> Results:
    """Results with the quantities to keep."""
    return Results(
        network=answers.conditions.network,
        periods=answers.conditions.periods,
        scenarios=scenarios,
        arrays={name: getattr(answers, name) for name in keep},
        judgement=answers.judgement,
    )
