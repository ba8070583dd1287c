"""Solve small networks with any solver, certified on the way."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gasflow.core.certificate import certify
from gasflow.core.curves import Curve
from gasflow.core.solvers.abstract import Hints
from gasflow.network.network import Network
from gasflow.results.results import Results
from gasflow.scenarios.shock import combined
from gasflow.simulation.answers import Answers
from gasflow.simulation.model import Model
from gasflow.simulation.planning import plans
from gasflow.simulation.simulate import simulate


def simulated(network: Network, *shocks, solver="reference", curve: Curve = Curve.CONSTANT) -> Results:
    """What `gasflow.simulate` gives, by a solver of choice."""
    return simulate(Model(network, curve, solver=solver), *shocks)


def answers(network: Network, *shocks, solver="reference", curve=Curve.CONSTANT) -> Answers:
    """Solved and certified, still as arrays."""
    (plan,) = plans(Model(network, curve, solver=solver), combined(shocks), Hints())
    assert_optimal(plan.answers.problem, plan.answers.solution)
    return plan.answers


def assert_optimal(problem, solution) -> None:
    """The certificate, recomputed; needs no second solver and is fair where flows or prices are not unique."""
    certificate = certify(problem, solution.columns, solution.duals)
    assert certificate.accepted.all(), f"worst {certificate.worst}, worst column {certificate.worst_column}"
    assert solution.certified.all()
    assert (solution.columns >= problem.lower).all()
    assert (solution.columns <= problem.upper).all()


def price(results, node: str, scenario: int = 0) -> float:
    """Price of a node in one scenario, EUR/MWh."""
    return float(results.prices[node].iloc[scenario])


def demand_network(cost: float, supply: float, *demands: dict, **settings) -> Network:
    """One node A with production at a cost, and rows of demand."""
    nodes = pd.DataFrame({"name": ["A"]})
    supplies = pd.DataFrame({"name": ["field"], "node": "A", "volume": supply, "cost": cost})
    frame = pd.DataFrame([{"node": "A", "name": f"d{k}"} | row for k, row in enumerate(demands)])
    return Network(nodes, supplies=supplies, demands=frame, **settings)


def network_of(pipes: list[tuple[str, str, float]], supplies: pd.DataFrame, demands: pd.DataFrame, **same) -> Network:
    """A network of pipes (origin, destination, capacity) with the same further cells for all of them."""
    frame = pd.DataFrame(pipes, columns=["origin", "destination", "capacity"])
    frame = frame.assign(name=frame["origin"] + "->" + frame["destination"], **same)
    names = pd.unique(np.concatenate([frame["origin"], frame["destination"], supplies["node"], demands["node"]]))
    return Network(pd.DataFrame({"name": names}), frame, supplies, demands)
