"""From reconciled quantities to prices and wedges, so that the no-shock solve returns what was observed.

With every quantity held, the *level* of prices is free, and full pipes split the network into parts whose levels are
free of one another. So hold the quantities softly, pin TTF, and tie every node weakly to a prior price:

    minimise    tariffs and slopes of the unobserved pipes
                + sum over observed pipes k   1/2 (wedge_k / W)**2 ...   (flow may leave the reconciled one by
                                                                          W**2 * wedge_k, W small)
                + sum over nodes i            1/2 ((price_i - prior_i) / P_i)**2 ...   (likewise)
    subject to  every node balances with demand, production, storage and contracts as reconciled.

Both ties are columns. The column of a node brings ``P_i v`` at cost ``P_i prior_i`` with curvature 1, so at the
optimum ``v = P_i (price_i - prior_i)``; the column of an observed pipe moves ``W v`` beside the reconciled flow,
so ``v = W wedge``. The flows thus leave the reconciled ones by less than 0.001 GWh/d, which is written into the
base. TTF is tied with ``P = 1`` and hence exact; the British price and the world LNG price are inputs and tied
harder than the rest. The second pass needs no solve: each curve is anchored at its own node's price, each store is
valued at it, each observed pipe carries its wedge, and the first-order conditions of the solve above are
those of the no-shock problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import hstack

from gasflow.core.problem import Array, FlowProblem, Structure
from gasflow.core.solve import solve
from gasflow.datasets.europe.congestion import with_rents
from gasflow.datasets.europe.items import Quantity, incidence_of
from gasflow.datasets.europe.priors import prior_prices
from gasflow.datasets.europe.tables import Base, read_table
from gasflow.errors import GasflowError

Mask = NDArray[np.bool_]

WEDGE_TIE = 3e-3
PRICE_TIE = 1e-3
INPUT_TIE = 0.1
MARGIN = 0.05  # EUR/MWh
AT_BOUND = 1e-6  # GWh/d
PINNED = "NL"
INPUTS = ("UK", "LNG")


@dataclass(frozen=True)
class Calibration:
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


def calibrate(base: Base, items: pd.DataFrame) -> Calibration:
    """Find prices and wedges for the reconciled items of a base.

    Args:
        base: the base.
        items: the items of `reconcile`.

    Raises:
        GasflowError: if the programme has no certified solution.

    Example:
        >>> from gasflow.datasets.europe.reconcile import reconcile
        >>> from gasflow.datasets.europe.tables import base_of
        >>> day = base_of("2022-05-10")
        >>> round(float(calibrate(day, reconcile(day)).price["NL"]), 2)
        81.49
    """
    nodes = pd.Index(read_table("nodes")["name"])
    prior = prior_prices(base, items)
    tie = pd.Series(PRICE_TIE, index=nodes)
    tie[list(INPUTS)] = INPUT_TIE
    tie[PINNED] = 1.0
    pinned = pinned_pipes(items)
    free = (items["quantity"] == Quantity.PIPE).to_numpy() & ~pinned & ~nominated_pipes(items)
    problem = _problem(items, nodes, free, pinned, prior, tie)
    answer = solve(problem)
    if not answer.certified.all():
        raise GasflowError(f"No certified calibration for {base.label}")
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
    held, price = with_rents(base, items.assign(flow=flow, wedge=wedge), price, pinned)
    # Prices between the two legs of a full way have moved; idle pipes there stay shut.
    gap = items["destination"].map(price) - items["origin"].map(price) - items["cost"] + MARGIN
    wedge = np.where(idle, np.maximum(held["wedge"], np.where(gap > MARGIN, gap, -np.inf)), held["wedge"])
    wedge = _without_round_trips(items, wedge, idle)
    return Calibration(held.assign(wedge=wedge), price, tie * ties)


def _without_round_trips(items: pd.DataFrame, wedge: Array, idle: Mask) -> Array:
    """Raise the wedge of idle pipes until no unit earns by going there on the way back and here again.

    The wedge of a pipe that carries gas makes up for its slope at the flow of the base. At smaller flows it would pay
    to send gas there and back, if the other way were held shut by no more than the base needs.
    """
    pipes = items["quantity"] == Quantity.PIPE
    cost = (items["cost"] + wedge).where(pipes)
    least = cost.groupby([items["origin"], items["destination"]]).min()
    back = least.reindex(pd.MultiIndex.from_frame(items[["destination", "origin"]])).to_numpy()
    short = -(cost.to_numpy() + back)
    raised: Array = np.where(idle & (short > 0.0), wedge + short, wedge)
    return raised


def nominated_pipes(items: pd.DataFrame) -> Mask:
    """Mark the pipes that carry what is nominated: contract routes, and those nominated at all times."""
    pipes = read_table("pipes")
    nominated = {*read_table("routes")["route"], *pipes.loc[pipes["nominated"].notna(), "name"]}
    return np.asarray((items["quantity"] == Quantity.PIPE) & items["name"].isin(nominated))


def pinned_pipes(items: pd.DataFrame) -> Mask:
    """Mark the observed pipes whose flow a contract does not settle already: they need a wedge.

    The only pipe out of an entry point that is fed by a contract carries that contract.
    """
    pipes = items[items["quantity"] == Quantity.PIPE]
    fed = set(pipes.loc[pipes["name"].isin(read_table("routes")["route"]), "destination"])
    exits = items["origin"].map(pipes["origin"].value_counts())
    settled = items["origin"].isin(fed) & (exits == 1.0)
    seen = items["observed"].notna() & (items["quantity"] == Quantity.PIPE)
    return np.asarray(seen & ~settled & ~nominated_pipes(items))


def _problem(
    items: pd.DataFrame, nodes: pd.Index, free: Mask, pinned: Mask, prior: pd.Series, tie: pd.Series
) -> FlowProblem:
    """Columns: free pipes, deviations of pinned pipes, ties of the nodes, sales of the exporters."""
    incidence = incidence_of(items["origin"], items["destination"], items["loss"], nodes)
    reconciled = items["reconciled"].to_numpy()
    sales = (items["quantity"] == Quantity.SUPPLY).to_numpy() & (items["name"] != "LNG").to_numpy()
    fixed = ~free & ~sales
    balance = -(incidence[:, np.flatnonzero(fixed)] @ reconciled[fixed])
    identity = incidence_of(pd.Series([""] * len(nodes)), pd.Series(nodes), pd.Series(0.0, index=nodes), nodes)
    blocks = [
        incidence[:, np.flatnonzero(free)],
        incidence[:, np.flatnonzero(pinned)] * WEDGE_TIE,
        identity.multiply(tie.to_numpy()[None, :]).tocsc(),
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
