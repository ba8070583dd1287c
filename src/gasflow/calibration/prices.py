"""From reconciled quantities to prices and wedges, so that the no-shock solve returns what was observed.

With every quantity held, the *level* of prices is free, and full pipes split the network into parts whose levels are
free of one another. So hold the quantities softly, pin the marker, and tie every node weakly to a prior price:

    minimise    tariffs and slopes of the unobserved pipes
                + sum over observed pipes k   1/2 (wedge_k / W)**2 ...   (flow may leave the reconciled one by
                                                                          W**2 * wedge_k, W small)
                + sum over nodes i            1/2 ((price_i - prior_i) / P_i)**2 ...   (likewise)
    subject to  every node balances with demand, production, storage and contracts as reconciled.

Both ties are columns. The column of a node brings ``P_i v`` at cost ``P_i prior_i`` with curvature 1, so at the
optimum ``v = P_i (price_i - prior_i)``; the column of an observed pipe moves ``W v`` beside the reconciled flow,
so ``v = W wedge``. The flows thus leave the reconciled ones by less than 0.001 GWh/d, which is written into the
base. The marker is tied with ``P = 1`` and hence exact; other observed prices and that of a world market are inputs and
tied harder than the rest. The second pass needs no solve: each curve is anchored at its own node's price, each store is
valued at it, each observed pipe carries its wedge, and the first-order conditions of the solve above are
those of the no-shock problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import diags_array, hstack

from gasflow.calibration.congestion import with_rents
from gasflow.calibration.items import Item, incidence_of, nominated_pipes
from gasflow.calibration.observations import Observations
from gasflow.calibration.priors import prior_prices
from gasflow.core.problem import Array, FlowProblem, Structure
from gasflow.core.solve import solve
from gasflow.errors import GasflowError
from gasflow.network import Network
from gasflow.network.cycles import bound_of, costs_of, earning_cycles
from gasflow.network.schema import NodeKind

Mask = NDArray[np.bool_]

WEDGE_TIE = 3e-3
PRICE_TIE = 1e-3
INPUT_TIE = 0.1
MARGIN = 0.05  # EUR/MWh
AT_BOUND = 1e-6  # GWh/d


@dataclass(frozen=True)
class Equilibrium:
    """What the first pass finds.

    Attributes:
        items: the reconciled items with ``flow`` (GWh/d, as calibrated), ``wedge`` (EUR/MWh, pipes) and ``available``
            (GWh/d, pipes that were full; NaN: what is technically possible).
        price: EUR/MWh per node.
        residual: gas that the ties bring to each node, GWh/d; added to its statistical difference.
    """

    items: pd.DataFrame
    price: pd.Series
    residual: pd.Series


def equilibrium(topology: Network, items: pd.DataFrame, seen: Observations, label: str) -> Equilibrium:
    """Find prices and wedges for reconciled items.

    Args:
        topology: the network.
        items: the items of `reconcile`.
        seen: what was seen on the date, for its prices.
        label: what the date is called in an error.

    Raises:
        GasflowError: if the programme has no certified solution.
    """
    nodes = topology.nodes.index
    world = topology.nodes["kind"] == NodeKind.WORLD
    prior = prior_prices(topology, seen)
    tie = pd.Series(PRICE_TIE, index=nodes)
    tie[nodes.isin(seen.prices["node"]) | world] = INPUT_TIE
    tie[topology.marker_node] = 1.0
    pinned = pinned_pipes(topology, items)
    free = (items["quantity"] == Item.PIPE).to_numpy() & ~pinned & ~nominated_pipes(topology, items)
    sales = np.asarray((items["quantity"] == Item.SUPPLY) & ~items["name"].isin(nodes[world]))
    problem = _problem(items, free, pinned, prior, tie, sales)
    answer = solve(problem)
    if not answer.certified.all():
        raise GasflowError(f"The prices of {label} cannot be found: no certified solution", "look at its figures")
    x, price = answer.columns[:, 0], pd.Series(answer.duals[:, 0], index=nodes)
    frees, pins = np.flatnonzero(free), np.flatnonzero(pinned)
    flow, wedge = items["reconciled"].to_numpy().copy(), np.zeros(len(items))
    flow[frees] = x[: frees.size]
    moved = x[frees.size : frees.size + pins.size]
    flow[pins] += WEDGE_TIE * moved
    wedge[pins] = moved / WEDGE_TIE
    # A wedge that holds a pipe shut (or full) does so by a margin, not on a knife's edge.
    reconciled = items["reconciled"].to_numpy()
    idle = pinned & (reconciled <= items["lower"].to_numpy() + AT_BOUND)
    full = pinned & (reconciled >= items["upper"].to_numpy() - AT_BOUND)
    flow = np.where(idle | full, reconciled, flow)
    wedge += MARGIN * (idle & (wedge > 0.0)) - MARGIN * (full & (wedge < 0.0))
    ties = x[frees.size + pins.size : frees.size + pins.size + len(nodes)]
    held, price = with_rents(items.assign(flow=flow, wedge=wedge), price, pinned)
    # Prices between the two legs of a full way have moved; idle pipes there stay shut.
    gap = items["destination"].map(price) - items["origin"].map(price) - items["cost"] + MARGIN
    wedge = np.where(idle, np.maximum(held["wedge"], np.where(gap > MARGIN, gap, -np.inf)), held["wedge"])
    wedge = _without_cycles(topology, held.assign(wedge=wedge))
    return Equilibrium(held.assign(wedge=wedge), price, tie * ties)


def _without_cycles(topology: Network, items: pd.DataFrame) -> Array:
    """Raise wedges until gas earns nothing by going round: at an idle pipe of the cycle, else where least flows.

    The wedge of a pipe that carries gas makes up for its slope at the flow of the base. At smaller flows it would pay
    to send gas there and back, if the other way were held shut by no more than the base needs: an idle pipe is held
    shut harder, which changes nothing in the base. Where all pipes of a cycle carry gas, slopes bound what goes round,
    and if they do not, then meters that are some GWh/d off have shown a round trip that nobody made.
    """
    wedge, flow = (items[name].to_numpy(np.float64).copy() for name in ("wedge", "flow"))
    rows = np.flatnonzero(items["quantity"] == Item.PIPE)
    pipes = items.iloc[rows].assign(capacity=items["upper"].iloc[rows], nominated=np.nan, tariff=items["cost"])
    for _ in range(rows.size):
        costs = costs_of(pipes.assign(wedge=wedge[rows]), topology.price_floor)
        for cycle in earning_cycles(pipes["origin"], pipes["destination"], costs):
            gain = -float(costs[cycle].sum())
            least = rows[cycle[int(np.argmin(flow[rows[cycle]]))]]
            if flow[least] <= AT_BOUND or np.isinf(bound_of(pipes.iloc[cycle], gain)):
                wedge[least] += gain
                break
        else:
            break
    return wedge


def pinned_pipes(topology: Network, items: pd.DataFrame) -> Mask:
    """Mark the observed pipes whose flow a contract does not settle already: they need a wedge.

    The only pipe out of an entry point that is fed by a contract carries that contract.
    """
    pipes = items[items["quantity"] == Item.PIPE]
    fed = set(pipes.loc[pipes["name"].isin(topology.supplies["route"]), "destination"])
    exits = items["origin"].map(pipes["origin"].value_counts())
    settled = items["origin"].isin(fed) & (exits == 1.0)
    seen = items["observed"].notna() & (items["quantity"] == Item.PIPE)
    return np.asarray(seen & ~settled & ~nominated_pipes(topology, items))


def _problem(
    items: pd.DataFrame, free: Mask, pinned: Mask, prior: pd.Series, tie: pd.Series, sales: Mask
) -> FlowProblem:
    """Columns: free pipes, deviations of pinned pipes, ties of the nodes, sales of the exporters."""
    nodes = tie.index
    incidence = incidence_of(items, nodes)
    reconciled = items["reconciled"].to_numpy()
    fixed = ~free & ~sales
    balance = -(incidence[:, np.flatnonzero(fixed)] @ reconciled[fixed])
    blocks = [
        incidence[:, np.flatnonzero(free)],
        incidence[:, np.flatnonzero(pinned)] * WEDGE_TIE,
        diags_array(tie.to_numpy(), format="csc"),
        incidence[:, np.flatnonzero(sales)],
    ]
    tariff, slope = items["cost"].to_numpy(), items["slope"].to_numpy()
    marginal = WEDGE_TIE * (tariff + slope * reconciled)[pinned]
    unlimited, sold = np.full(len(nodes), np.inf), np.zeros(int(sales.sum()))
    # A pinned pipe at a bound is held there by the bound: only inwards is left.
    low = np.where(reconciled[pinned] <= items["lower"].to_numpy()[pinned] + AT_BOUND, 0.0, -np.inf)
    high = np.where(reconciled[pinned] >= items["upper"].to_numpy()[pinned] - AT_BOUND, 0.0, np.inf)
    cost = [tariff[free], marginal, (tie * prior).to_numpy(), sold]
    curvature = [slope[free], np.ones(marginal.size), np.ones(len(nodes)), sold]
    lower = [np.zeros(int(free.sum())), low, -unlimited, sold]
    upper = [items["upper"].to_numpy()[free], high, unlimited, sold + np.inf]
    return FlowProblem(
        Structure(hstack(blocks, format="csc")),
        cost=_column(cost),
        curvature=_column(curvature),
        lower=_column(lower),
        upper=_column(upper),
        balance=balance[:, None],
    )


def _column(parts: list[Array]) -> Array:
    return np.concatenate(parts).astype(np.float64)[:, None]
