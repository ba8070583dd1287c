"""The verb of the library: what happens to a network."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gasflow.arguments import instance, one_of, texts
from gasflow.core.curves import Curve
from gasflow.network.network import Network
from gasflow.results.quantities import QUANTITIES
from gasflow.results.results import Results
from gasflow.scenarios.horizon import Foresight, Horizon
from gasflow.scenarios.sets import ScenarioSet, with_fixed_shocks
from gasflow.scenarios.shock import Scenario, Shock, combined
from gasflow.simulation.answers import Ties
from gasflow.simulation.case import Case
from gasflow.simulation.chunks import simulate_set


def simulate(
    network: Network | Horizon,
    *shocks: Shock | Scenario | ScenarioSet,
    keep: str | Sequence[str] = tuple(QUANTITIES),
    curve: Curve | str = Curve.CONSTANT,
    foresight: Foresight | None = None,
    ties: Ties | str = Ties.ANY,
) -> Results:
    """Solve a network or a horizon under shocks, one scenario or many.

    Args:
        network: the network; its date is the day that dated shocks are held against. Or a horizon.
        shocks: what happens; none: the base. Sequences in shocks give one scenario per entry; a set of scenarios
            (`gasflow.grid`, `gasflow.sample`) is solved in chunks, and the values of its levers label the results.
        keep: the quantities to keep.
        curve: demand with constant elasticity, or linear.
        foresight: over a horizon, who knows what when; none: everything is known from the beginning.
        ties: "least" picks, where tariffs leave several flows optimal, the least sum of flow**2 / capacity, the same
            from every solver; "any" returns what the solver finds, and `Results.ambiguous_flows` says which may differ.

    Returns:
        Labelled results with a certificate per scenario; a scenario without one is NaN.

    Raises:
        ShockError: if a shock does not fit the network, or has dates where the network has none.
        UnknownPlace: if a shock names a place that does not exist.
        ArgumentError: if an argument is none of what is said above.
        GasflowError: if a quantity to keep does not exist, or what is to be kept of a set does not fit into memory.

    Example:
        >>> import gasflow as gf
        >>> hub = gf.toys.transit_hub()
        >>> closed = gf.simulate(hub, gf.Closure("Sokhranivka"))
        >>> float(closed.flows["RU->Sokhranivka"].iloc[0])
        0.0
        >>> grid = gf.grid(gf.Closure("Sokhranivka", share=[0.0, 1.0]), gf.Elasticity(factor=[0.5, 2.0]))
        >>> gf.simulate(hub, grid).price_at("SK").round(1)
        share  factor  period
        0.0    0.5     2022-05-10    77.1
               2.0     2022-05-10    77.4
        1.0    0.5     2022-05-10    82.0
               2.0     2022-05-10    82.0
        Name: SK, dtype: float64
    """
    where = "simulate"
    subject = 'give a network or a horizon, such as gasflow.load_europe("2022-05-10")'
    instance((Network, Horizon), network, where, "network", subject)
    if foresight is not None:
        instance(Foresight, foresight, where, "foresight", "give a gasflow.Foresight")
        instance(Horizon, network, where, "network", "give a horizon, or leave out foresight")
    kept = texts(keep, where, "keep")
    case = Case(network, one_of(Curve, curve, where, "curve"), foresight, ties=one_of(Ties, ties, where, "ties"))
    scenario_set, fixed = with_fixed_shocks(shocks)
    if scenario_set is not None:
        return simulate_set(case, scenario_set, kept)
    scenario = combined(fixed)
    return case.results(scenario, pd.RangeIndex(scenario.count, name="scenario"), kept)
