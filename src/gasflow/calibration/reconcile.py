"""Observed figures that balance: weighted least squares over all items of a date.

Observed sources and uses do not add up. Find the nearest figures that do:

    minimise    sum over what was seen   1/2 ((x_k - seen_k) / deviation_k)**2
                + a trace of the cost of transport on pipes that nobody saw
    subject to  every node balances, capacities hold, demand stays within its bound,
                a total that is known equals the sum of its parts,

over route flows, send-out of terminals, demand by sector, production, net withdrawal from storage, totals, and one
statistical difference per node with demand, seen as nil and bounded by a share of demand. It is one `FlowProblem` with
curvature ``1 / deviation**2`` and cost ``-seen / deviation**2``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.sparse import csc_array, hstack, vstack

from gasflow.calibration.items import Item, incidence_of
from gasflow.calibration.observations import Observations, filled
from gasflow.calibration.schema import Summed
from gasflow.core.problem import Array, FlowProblem, Structure
from gasflow.core.solve import solve
from gasflow.errors import GasflowError
from gasflow.network import Network
from gasflow.network.schema import NodeKind

# Unobserved pipes fill by cost, but must never outweigh an observation: one standard
# deviation of a large flow (20 GWh/d) is worth 0.05 in the units of the least squares. Their curvature
# keeps the solution unique and well conditioned.
TRACE = 1e-3
LEAST_DEVIATION = 0.5  # GWh/d; keeps the programme well scaled
# Of a balance that is off, in the units of the least squares; and which ones a message names.
_DEAR, _SLIGHT, _SHOWN = 1e3, 0.05, 5
_REMEDY = "look at figures there that are exact, at capacities, and at how far use may be moved"


def reconcile(topology: Network, items: pd.DataFrame, seen: Observations, label: str) -> pd.DataFrame:
    """Return the items with a column ``reconciled`` (GWh/d) that balances at every node.

    Args:
        topology: the network.
        items: the items of a date.
        seen: what was seen on the date, for its totals.
        label: what the date is called in an error.

    Raises:
        GasflowError: if the programme has no certified solution.
    """
    nodes = topology.nodes.index
    sums, totals = _sums(topology, items, seen)
    known = items["observed"].notna().to_numpy()
    target = np.append(items["observed"].fillna(0.0).to_numpy(), totals["value"].to_numpy())
    deviation = np.append(items["deviation"].fillna(1.0).to_numpy(), filled(totals).to_numpy())
    seen_here = np.append(known, np.ones(len(totals), dtype=np.bool_))
    weight = np.where(seen_here, np.maximum(deviation, LEAST_DEVIATION) ** -2.0, 0.0)
    exact = seen_here & (deviation == 0.0)
    open_cost, open_slope = (np.append(items[name].fillna(0.0).to_numpy(), np.zeros(len(totals)))
                             for name in ("cost", "slope"))  # fmt: skip
    lower = np.append(items["lower"].to_numpy(), np.full(len(totals), -np.inf))
    upper = np.append(items["upper"].to_numpy(), np.full(len(totals), np.inf))
    problem = FlowProblem(
        Structure(_matrix(items, nodes, sums)),
        cost=_column(np.where(seen_here, -weight * target, TRACE * open_cost)),
        curvature=_column(np.where(seen_here, weight, 10.0 * TRACE * open_slope)),
        lower=_column(np.where(exact, target, lower)),
        upper=_column(np.where(exact, target, upper)),
        balance=np.zeros((len(nodes) + len(totals), 1)),
    )
    answer = solve(problem)
    if not answer.certified.all():
        raise GasflowError(f"The observations of {label} do not fit: {_why(problem, nodes, totals)}", _REMEDY)
    return items.assign(reconciled=answer.columns[: len(items), 0])


def _why(problem: FlowProblem, nodes: pd.Index, totals: pd.DataFrame) -> str:
    """Say where gas is missing or left over, at the least, by letting every balance be off at a high price."""
    count = problem.balance.shape[0]
    unit, free = np.ones((count, 1)), np.full((count, 1), np.inf)
    loose = FlowProblem(
        Structure(csc_array(hstack([problem.structure.incidence, csc_array(np.eye(count))], format="csc"))),
        cost=np.vstack([problem.cost, 0.0 * unit]),
        curvature=np.vstack([problem.curvature, _DEAR * unit]),
        lower=np.vstack([problem.lower, -free]),
        upper=np.vstack([problem.upper, free]),
        balance=problem.balance,
    )
    off = solve(loose).columns[-count:, 0]
    names = [*nodes, *totals["title"]]
    worst = [place for place in np.argsort(-np.abs(off))[:_SHOWN] if abs(off[place]) > _SLIGHT]
    told = [f"{names[k]} {'lacks' if off[k] > 0.0 else 'has too much by'} {abs(off[k]):.3g} GWh/d" for k in worst]
    return ", ".join(told) or "no certified solution"


def members(places: str) -> Iterator[tuple[str, float]]:
    """Return the parts of a total with their signs.

    Example:
        >>> list(members("A->B; -C->D"))
        [('A->B', 1.0), ('C->D', -1.0)]
    """
    for part in filter(None, (word.strip() for word in places.split(";"))):
        yield part.removeprefix("-").strip(), -1.0 if part.startswith("-") else 1.0


def _matrix(items: pd.DataFrame, nodes: pd.Index, sums: csc_array) -> csc_array:
    """Nodes over totals: a total is one more column, which equals the sum of its parts."""
    balance = incidence_of(items, nodes)
    if not sums.shape[0]:
        return balance
    nothing = csc_array((len(nodes), sums.shape[0]))
    itself = csc_array(-np.eye(sums.shape[0]))
    return csc_array(vstack([hstack([balance, nothing]), hstack([sums, itself])], format="csc"))


def _sums(topology: Network, items: pd.DataFrame, seen: Observations) -> tuple[csc_array, pd.DataFrame]:
    """Return which items each total adds up, shape (total, item), and the totals all of whose parts are there."""
    pipes = items[items["quantity"] == Item.PIPE]
    of_pipe = {name: [position] for position, name in zip(pipes.index, pipes["name"], strict=True)}
    nodes = topology.nodes
    terminals = pipes[pipes["origin"].isin(nodes.index[nodes["kind"] == NodeKind.TERMINAL])]
    of_node = {str(node): list(rows) for node, rows in terminals.groupby("destination").groups.items()}
    rows, kept = [], []
    for position, total in enumerate(seen.totals.itertuples(index=False)):
        known = of_pipe if total.table == Summed.FLOWS else of_node
        row = np.zeros(len(items))
        for place, sign in members(str(total.places)):
            row[known.get(place, [])] = sign
        if row.any():
            rows.append(row)
            kept.append(position)
    matrix = csc_array(np.array(rows)) if rows else csc_array((0, len(items)))
    return matrix, seen.totals.iloc[kept]


def _column(values: Array) -> Array:
    return np.asarray(values, dtype=np.float64)[:, None]
