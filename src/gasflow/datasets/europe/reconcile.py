"""Make the observations of a base balance: weighted least squares over everything observed.

Observed sources and uses do not add up (by -6 to +11 % of the total). Find the nearest figures that do:

    minimise    sum_k (x_k - observed_k)**2 / (2 deviation_k**2)  +  a trace of the tariff of unobserved pipes
    subject to  every node balances, capacities hold, demand stays within its bound,

over route flows, send-out of terminals, demand by sector, production, net withdrawal from storage, and one
statistical difference per country, observed as nil and bounded by a share of demand. It is one `FlowProblem` with
curvature ``1 / deviation**2`` and cost ``-observed / deviation**2``, solved by the reference solver.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gasflow.core.problem import Array, FlowProblem, Structure
from gasflow.core.solve import solve
from gasflow.datasets.europe.items import incidence_of, items_of
from gasflow.datasets.europe.tables import Base, read_table
from gasflow.errors import GasflowError

# Unobserved pipes fill by cost, but must never outweigh an observation: one standard
# deviation of a large flow (20 GWh/d) is worth 0.05 in the units of the least squares. Their curvature
# keeps the solution unique and well conditioned.
TRACE = 1e-3
LEAST_DEVIATION = 0.5  # GWh/d; keeps the programme well scaled


def reconcile(base: Base) -> pd.DataFrame:
    """Return the items of a base with a column ``reconciled`` (GWh/d) that balances at every node.

    Raises:
        GasflowError: if the programme has no certified solution.

    Example:
        >>> from gasflow.datasets.europe.tables import base_of
        >>> items = reconcile(base_of("2022-05-10")).set_index("name")
        >>> round(float(items.at["RU->Sokhranivka", "reconciled"]), 1)
        248.7
    """
    items = items_of(base)
    nodes = pd.Index(read_table("nodes")["name"])
    incidence = incidence_of(items["origin"], items["destination"], items["loss"], nodes)
    seen = items["observed"].notna().to_numpy()
    target = items["observed"].fillna(0.0).to_numpy()
    weight = np.where(seen, np.maximum(items["deviation"].fillna(1.0), LEAST_DEVIATION) ** -2.0, 0.0)
    exact = seen & (items["deviation"] == 0.0).to_numpy()
    cost = np.where(seen, -weight * target, TRACE * items["cost"].fillna(0.0))
    curvature = np.where(seen, weight, 10.0 * TRACE * items["slope"].fillna(0.0))
    problem = FlowProblem(
        Structure(incidence),
        cost=_column(cost),
        curvature=_column(curvature),
        lower=_column(np.where(exact, target, items["lower"])),
        upper=_column(np.where(exact, target, items["upper"])),
        balance=np.zeros((len(nodes), 1)),
    )
    answer = solve(problem)
    if not answer.certified.all():
        raise GasflowError(f"The observations of {base.label} cannot be reconciled: no certified solution")
    return items.assign(reconciled=answer.columns[:, 0])


def _column(values: Array) -> Array:
    return np.asarray(values, dtype=np.float64)[:, None]
