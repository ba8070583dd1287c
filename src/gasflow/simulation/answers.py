"""From columns and duals back to the quantities that people ask for, still as arrays.

Every quantity has shape (item, period, scenario) and is a rate per day; each is computed when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.core.problem import Array, FlowProblem, Structure
from gasflow.core.solution import Solution, Status
from gasflow.core.solve import Engine
from gasflow.core.solvers.abstract import NO_HINTS, Hints
from gasflow.core.ties import Ties, break_ties
from gasflow.core.tolerances import CONSERVED, NOTHING
from gasflow.core.uniqueness import capacity_values, determined_rows
from gasflow.network.schema import Group
from gasflow.results.diagnostics import Diagnostics
from gasflow.results.places import ACTORS
from gasflow.scenarios.conditions import Conditions
from gasflow.simulation.assembly import Assembler
from gasflow.simulation.conservation import imbalance
from gasflow.simulation.curve_components import DemandCurves
from gasflow.simulation.layout import Kind
from gasflow.simulation.node_prices import NodePrices
from gasflow.simulation.one_way import act_one_way

# Whose surplus each kind of column is; a kind without an actor has no place in the account.
_ACTOR_OF = {
    Kind.DEMAND: "consumers",
    Kind.DEFICIT: "consumers",
    Kind.SPILL: "consumers",
    Kind.PRODUCTION: "producers",
    Kind.MARKET: "producers",
    Kind.PIPE: "pipes",
    Kind.STORAGE: "storage",
    Kind.INJECTION: "storage",
    Kind.WITHDRAWAL: "storage",
    Kind.LEVEL: "storage",
    Kind.SHORTFALL: "storage",
    Kind.HEADROOM: "storage",
}


@dataclass(frozen=True)
class Answers:
    """What a solved batch says about the network."""

    assembler: Assembler
    conditions: Conditions
    problem: FlowProblem
    solution: Solution

    def _rate(self, kind: Kind) -> Array:
        """Columns of a kind in GWh/d, shape (item, period, scenario)."""
        # Adding zero turns -0.0 into 0.0.
        return self.assembler.layout.take(self.solution.columns, kind) / self.assembler.index.days + 0.0

    @cached_property
    def flows(self) -> Array:
        """Flow into each pipe, GWh/d."""
        return self._rate(Kind.PIPE)

    @cached_property
    def capacity(self) -> Array:
        """What bounds each pipe, GWh/d: the tightest of capacity and nomination."""
        upper = self.assembler.layout.take(self.problem.upper, Kind.PIPE) / self.assembler.index.days
        return np.broadcast_to(upper, self.flows.shape)

    @cached_property
    def technical_capacity(self) -> Array:
        """Technical capacity of each pipe, GWh/d, whatever is nominated."""
        return np.broadcast_to(self.conditions.value("pipes", "capacity"), self.flows.shape)

    @property
    def duals(self) -> Array:
        """A price of every node, EUR/MWh; where it is not unique, one between the floor and the value of lost load."""
        return self._node_prices.duals

    @cached_property
    def prices(self) -> Array:
        """Price of every node, EUR/MWh; NaN where it is not unique."""
        return np.where(self._node_prices.known, self.duals, np.nan)

    @cached_property
    def _node_prices(self) -> NodePrices:
        ends = self.assembler.index.price_floor, self.conditions.value("nodes", "value_of_lost_load")
        return NodePrices.of(self.assembler.layout, self.problem, self.solution, self._unique, ends)

    @cached_property
    def _unique(self) -> NDArray[np.bool_]:
        """Whether each dual is unique, shape (row, scenario)."""
        return determined_rows(self.problem, self.solution.columns, self.solution.duals)

    @cached_property
    def rents(self) -> Array:
        """Value of one more MWh of what bounds each pipe, EUR/MWh.

        Zero where a pipe is not full; NaN where it is and a price at one of its ends is not unique.
        """
        layout, solution = self.assembler.layout, self.solution
        pipes = layout.columns(Kind.PIPE)
        columns = np.arange(pipes.start, pipes.stop)
        values = capacity_values(self.problem, solution.columns, solution.duals, self._unique, columns)
        return values.reshape(self.flows.shape)

    @cached_property
    def losses(self) -> Array:
        """Gas that enters each pipe and does not arrive, GWh/d."""
        return self.conditions.value("pipes", "loss") * self.flows

    @cached_property
    def demanded(self) -> Array:
        """Demand of each node at the value of lost load, GWh/d: what can go unserved."""
        nodes = self.assembler.layout.node_count
        return np.broadcast_to(self.assembler.demand.firm(self._curves), (nodes, *self.flows.shape[1:]))

    @cached_property
    def served(self) -> Array:
        """What all sectors of a node get together, GWh/d."""
        demand = self.assembler.demand
        taken = self.assembler.layout.take(self.solution.columns, Kind.DEMAND) / self.assembler.index.days
        served = self.demanded - self.unserved
        taken = taken.reshape(demand.demand_nodes.size, demand.pieces, *taken.shape[1:])
        served[demand.demand_nodes] += taken.sum(axis=1)
        return served

    @cached_property
    def unserved(self) -> Array:
        """Demand at each node that goes unserved at the value of lost load, GWh/d."""
        return np.minimum(self._at_nodes(Kind.DEFICIT), self.demanded)

    @cached_property
    def unsettled(self) -> Array:
        """Negative statistical difference at each node that nothing is left to settle, GWh/d."""
        return self._at_nodes(Kind.DEFICIT) - self.unserved

    @cached_property
    def spilled(self) -> Array:
        """Gas at each node for which there is no use at the price floor, GWh/d."""
        return self._at_nodes(Kind.SPILL)

    def _at_nodes(self, kind: Kind) -> Array:
        """Return what gives way at every node, GWh/d, shape (node, period, scenario)."""
        values = self._rate(kind)
        everywhere = np.zeros((len(self.assembler.index.nodes), *values.shape[1:]))
        everywhere[self.assembler.layout.blocks[kind].node] = values
        return everywhere

    @cached_property
    def demand(self) -> Array:
        """What each row of demand gets, GWh/d."""
        flows = self.assembler.layout.take(self.solution.columns, Kind.DEMAND)
        return self.assembler.demand.served(self._curves, flows, self.unserved)

    @cached_property
    def supply(self) -> Array:
        """What each supply delivers, GWh/d; a contract with a route what its pipe carries."""
        assembler = self.assembler
        supply = np.zeros((len(assembler.index.supplies), *self.flows.shape[1:]))
        supply[assembler.production.rows] = self._rate(Kind.PRODUCTION)
        supply[assembler.market.rows] = assembler.market.supplied(
            assembler.layout.take(self.solution.columns, Kind.MARKET)
        )
        supply[assembler.index.routed] = self.flows[assembler.index.route]
        return supply

    @cached_property
    def untaken(self) -> Array:
        """Contract gas offered and not taken, GWh/d per supply; what a closure takes off the offer is not in it."""
        contract = (self.assembler.index.supplies["kind"] == "contract").to_numpy()[:, None, None]
        offered = np.broadcast_to(self.conditions.value("supplies", "volume"), self.supply.shape)
        return np.where(contract, np.maximum(offered - self.supply, 0.0), 0.0)

    @cached_property
    def storage(self) -> Array:
        """Net withdrawal of each storage, GWh/d; negative when gas is injected."""
        if self.assembler.storage_rows is None:
            return self._rate(Kind.STORAGE)
        return self._rate(Kind.WITHDRAWAL) - self._rate(Kind.INJECTION)

    @cached_property
    def levels(self) -> Array:
        """Level of each storage at the end of each period, GWh."""
        layout, flows = self.assembler.layout, self.solution.columns
        if self.assembler.storage_rows is None:
            return self.conditions.value("storages", "level") - self.storage * self.assembler.index.days
        return layout.take(flows, Kind.LEVEL) - layout.take(flows, Kind.SHORTFALL)

    @cached_property
    def shortfall(self) -> Array:
        """What is missing to the filling target at the end of each period, GWh; zero without targets."""
        if self.assembler.storage_rows is None:
            return np.zeros_like(self.levels)
        target = self.assembler.layout.take(self.problem.upper, Kind.SHORTFALL)
        return np.maximum(target - self.levels, 0.0)

    @cached_property
    def storage_values(self) -> Array:
        """Value of one more MWh in store, EUR/MWh, shape (storage, period, scenario).

        Over a horizon the dual of the level equation, NaN where it is not unique; within one period the value at
        which the store acts.
        """
        rows = self.assembler.storage_rows
        if rows is not None:
            return np.where(self._unique[rows.level], -self.solution.duals[rows.level], np.nan)
        slope, action = (self.conditions.value("storages", name) for name in ("slope", "action"))
        return self.conditions.value("storages", "value") + slope * (self.storage - action)

    @cached_property
    def revenue(self) -> Array:
        """Revenue of each exporter, million EUR/d, shape (exporter, period, scenario); exporters sorted by code.

        Delivered volume, after the losses of its route, times the price at the point of delivery; NaN where gas is
        delivered at a price that is not unique.
        """
        index = self.assembler.index
        point = np.where(index.supplies["delivery"] != "", index.supplies["delivery"], index.supplies["node"])
        destination = index.pipes["destination"].to_numpy()[index.route]
        unnamed = (index.supplies["delivery"] == "").to_numpy()[index.routed]
        point[index.routed[unnamed]] = destination[unnamed]
        arriving = self.supply.copy()
        arriving[index.routed] -= self.losses[index.route]
        place = index.nodes.get_indexer(pd.Index(point))
        price = np.where(self.supply > NOTHING, self.prices[place], self.duals[place])
        earned = arriving * price / 1000.0
        codes, row = np.unique(index.supplies["exporter"].to_numpy(dtype=str), return_inverse=True)
        revenue = np.zeros((codes.size, *earned.shape[1:]))
        np.add.at(revenue, row, earned)
        return revenue

    @cached_property
    def welfare(self) -> Array:
        """Surplus in thousand EUR/d, shape (actor * group, period, scenario), actors outermost.

        Consumers: area under demand (firm demand at the value of lost load) less what is paid. Producers: sales less
        cost; the fixed statistical difference counts as a sale. Contract gas is sold where its route ends, so what
        the route earns is its exporter's. Storage: value added less the value of gas used. Other pipes: what the flow
        earns between its ends less its cost, at the destination's group. All add up to the objective.
        """
        layout, days = self.assembler.layout, self.assembler.index.days
        x = self.solution.columns
        first = self.duals.reshape(-1, x.shape[1])
        prices = np.concatenate([first, self.solution.duals[len(first) :]])
        earned = (self.problem.incidence.T @ prices) * x
        surplus = earned - (self.problem.cost + 0.5 * self.problem.curvature * x) * x
        groups = self.conditions.network.nodes["group"].to_numpy()
        member = np.stack([groups == group for group in Group]).astype(np.float64)
        total = np.zeros((len(ACTORS), len(Group), layout.period_count, x.shape[1]))
        for kind, block in layout.blocks.items():
            actor = ACTORS.index(_ACTOR_OF[kind])
            total[actor] += np.einsum("gi,its->gts", member[:, block.node], layout.take(surplus, kind) / days)
        index = self.assembler.index
        sold = layout.take(surplus, Kind.PIPE)[index.route] / days
        seller, end = (index.node(index.pipes[side])[index.route] for side in ("origin", "destination"))
        total[1] += np.einsum("gi,its->gts", member[:, seller], sold)
        total[3] -= np.einsum("gi,its->gts", member[:, end], sold)
        lost_load = self.conditions.value("nodes", "value_of_lost_load")
        total[0] += np.einsum("gi,its->gts", member, (lost_load - self.duals) * self.demanded)
        total[2] -= np.einsum("gi,its->gts", member, self._stock_used() / days)
        difference = self.conditions.value("nodes", "statistical_difference")
        total[1] += np.einsum("gi,its->gts", member, self.duals * difference)
        return total.reshape(-1, *total.shape[2:])

    def welfare_of_stock(self, period: int) -> Array:
        """Return the part of `welfare` up to a period that the gas left in store then stands for, thousand EUR/d.

        A plan that is given up at the end of a period hands this gas over to the next, which uses it for nothing; to
        add up, the welfare of the last period must do without it.

        Returns:
            Shape (actor * group, scenario), nothing but for storage.
        """
        layout, rows = self.assembler.layout, self.assembler.storage_rows
        total = np.zeros((len(ACTORS), len(Group), self.problem.scenario_count))
        if rows is None:
            return total.reshape(-1, total.shape[-1])
        if period < layout.period_count - 1:
            value = rows.worth_later(self.solution.duals, period) * self.levels[:, period]
        else:
            cost, curvature = (
                layout.take(array, Kind.LEVEL)[:, period] for array in (self.problem.cost, self.problem.curvature)
            )
            level = self.levels[:, period]
            value = -(cost + 0.5 * curvature * level) * level
        groups = self.conditions.network.nodes["group"].to_numpy()[layout.blocks[Kind.LEVEL].node]
        for position, group in enumerate(Group):
            total[ACTORS.index("storage"), position] = value[groups == group].sum(axis=0)
        return total.reshape(-1, total.shape[-1]) / float(self.assembler.index.days[0, period, 0])

    def _stock_used(self) -> Array:
        """Value of what storage rows are given for nothing (the gas in store at the start), by node, thousand EUR."""
        used = np.zeros_like(self.duals)
        rows = self.assembler.storage_rows
        if rows is not None:
            node = self.assembler.layout.blocks[Kind.LEVEL].node
            given = self.solution.duals * self.problem.balance
            np.add.at(used, node, given[rows.level])
            np.add.at(used, node, np.where(rows.limit[:, :, None] >= 0, given[rows.limit], 0.0))
        return used

    @cached_property
    def objective(self) -> Array:
        """The minimised cost in thousand EUR, shape (scenario,)."""
        return self.problem.objective(self.solution.columns)

    @property
    def diagnostics(self) -> Diagnostics:
        """How each scenario ended."""
        solution = self.solution
        return Diagnostics(solution.certificate, solution.status, solution.solver, solution.iterations, self.imbalance)

    @cached_property
    def imbalance(self) -> Array:
        """The largest violation of conservation, relative, shape (scenario,)."""
        return imbalance(self)

    @cached_property
    def _curves(self) -> DemandCurves:
        return self.assembler.demand.curves(self.conditions)


def solve_conditions(
    assembler: Assembler,
    conditions: Conditions,
    engine: Callable[[Structure], Engine] = Engine,
    hints: Hints = NO_HINTS,
    ties: Ties = Ties.ANY,
) -> Answers:
    """Assemble, solve and certify the conditions of an assembler's network, and ask whether gas is conserved.

    Args:
        assembler: turns the conditions into a problem.
        conditions: of its network.
        engine: solves the problems of a structure.
        hints: what solvers may know besides.
        ties: which of several optimal flows is returned.
    """
    problem = assembler.problem(conditions)
    solving, again = engine(problem.structure), replace(hints, row=None)
    solution = solving.solve(problem, hints)
    problem, solution = act_one_way(assembler.layout, problem, solution, lambda part: solving.solve(part, again))
    if ties is Ties.LEAST:
        solution = break_ties(problem, solution, solving, again)
    answers = Answers(assembler, conditions, problem, solution)
    broken = solution.certified & ~(answers.imbalance <= CONSERVED)
    return answers if not broken.any() else replace(answers, solution=solution.without(broken, Status.UNBALANCED))
