"""Sensitivities in words of the network: how prices and flows answer to a capacity, a demand or a cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gasflow.core.problem import Array, FlowProblem
from gasflow.core.records import take
from gasflow.core.sensitivity import Parameter, respond
from gasflow.core.solution import Solution
from gasflow.core.ties import ambiguous_columns
from gasflow.core.uniqueness import price_interval
from gasflow.errors import GasflowError
from gasflow.network.network import Network
from gasflow.results.sensitivity import Cause, Effect
from gasflow.simulation.answers import Answers
from gasflow.simulation.assembly import Assembler
from gasflow.simulation.layout import Kind, Positions


@dataclass(frozen=True)
class Responder:
    """Answers what results are asked about sensitivities; holds the solved batch.

    Attributes:
        network: the network that was solved, or the first of a horizon.
        assembler: knows where everything stands.
        problem: what was solved.
        solution: the answer.
    """

    network: Network
    assembler: Assembler
    problem: FlowProblem
    solution: Solution

    @classmethod
    def of(cls, answers: Answers) -> Responder:
        """For a solved batch."""
        return cls(answers.conditions.network, answers.assembler, answers.problem, answers.solution)

    def some(self, chosen: slice) -> Responder:
        """Return the same for some of the scenarios."""
        return replace(self, problem=self.problem.scenarios(chosen), solution=take(self.solution, chosen))

    def respond(self, effect: Effect, cause: Cause, place: str, period: int) -> Array:
        """Return derivative of prices or flows per GWh/d of capacity or demand, or per EUR/MWh of cost.

        Args:
            effect: what answers.
            cause: what is changed.
            place: node of a demand, pipe of a capacity, pipe or supply of a cost.
            period: number of the period in which it is changed.

        Returns:
            Shape (node or pipe, period, scenario); NaN at kinks and on prices that are not unique.
        """
        layout, days = self.assembler.layout, self.assembler.index.days
        unit = 1.0 if cause is Cause.COST else days[0, period, 0]
        total = None
        for parameter, position in self._numbers(cause, place, period):
            response = respond(self.problem, self.solution.columns, self.solution.duals, parameter, position)
            values = (
                layout.balances(response.duals)
                if effect is Effect.PRICES
                else layout.take(response.columns, Kind.PIPE) / days
            )
            total = unit * values if total is None else total + unit * values
        if total is None:
            raise GasflowError(
                f"There is no {cause.value} at {place!r}", "name a pipe for a capacity, a node for a demand"
            )
        return total

    def ambiguous_flows(self) -> NDArray[np.bool_]:
        """Which pipes' flows may differ between optima, shape (pipe, period, scenario)."""
        columns = ambiguous_columns(self.problem, self.solution)
        layout = self.assembler.layout
        ambiguous: NDArray[np.bool_] = layout.take(columns.astype(np.float64), Kind.PIPE) > 0
        return ambiguous

    def price_interval(self, node: str) -> tuple[float, float]:
        """Lowest and highest optimal price of a node, EUR/MWh.

        Raises:
            GasflowError: if there are several scenarios or periods.
        """
        problem, index = self.problem, self.assembler.index
        if problem.scenario_count * index.days.shape[1] > 1:
            raise GasflowError(
                "An interval is for one scenario and period", "take one with Results.scenario or simulate it"
            )
        solution, row = self.solution, int(np.flatnonzero(index.nodes == node)[0])
        return price_interval(problem, solution.columns, solution.duals, row)

    def _numbers(self, cause: Cause, place: str, period: int) -> list[tuple[Parameter, int]]:
        """Which numbers of the problem the cause stands for."""
        index, layout = self.assembler.index, self.assembler.layout
        count = layout.period_count

        def columns(kind: Kind, items: Positions) -> list[int]:
            return [layout.blocks[kind].start + int(item) * count + period for item in items]

        network = self.network
        if cause is Cause.DEMAND:
            row = np.flatnonzero(index.nodes == network.find(place, among=("nodes",)).name)
            return [(Parameter.BALANCE, int(row[0]) * count + period)]
        if cause is Cause.COST and place in index.supplies.index:
            made = self.assembler.production
            found = np.flatnonzero(index.supplies.index[made.rows] == place)
            return [(Parameter.COST, column) for column in columns(Kind.PRODUCTION, found)]
        pipe = np.flatnonzero(index.pipes.index == network.find(place, among=("pipes",)).name)
        parameter = Parameter.UPPER if cause is Cause.CAPACITY else Parameter.COST
        return [(parameter, column) for column in columns(Kind.PIPE, pipe)]
