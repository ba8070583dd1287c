"""A store puts gas in or takes it out, never both at once.

Both columns of a store lie in the same balance, and a store that loses gas on the way in can so burn it. That never
pays at a price above zero, but gas that somebody pays to be rid of (a negative tariff, must-take gas without a use)
would be got rid of in this way, and where nothing costs anything it is a tie. No convex programme can forbid it: so
where an answer does both, the direction of the net action is kept, the other one closed, and the scenario solved again,
until none does. The answer is optimal among those in which each store acts in the direction so chosen, which its
status says: the best choice of all directions would be a search through very many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gasflow.core.problem import FlowProblem
from gasflow.core.records import placed
from gasflow.core.solution import Solution, Status, are_answers
from gasflow.simulation.layout import Kind, Layout

_DUST = 1e-7  # GWh
_ROUNDS = 20


def act_one_way(
    layout: Layout, problem: FlowProblem, solution: Solution, solve: Callable[[FlowProblem], Solution]
) -> tuple[FlowProblem, Solution]:
    """Solve scenarios in which a store acts both ways again, with one of the two closed.

    Args:
        layout: where injection and withdrawal are.
        problem: the programme.
        solution: its answer.
        solve: solves a programme of some of its scenarios.

    Returns:
        The programme with what was closed, and its answer. A scenario that still does both in the end has none.
    """
    if Kind.INJECTION not in layout.blocks:
        return problem, solution
    for _ in range(_ROUNDS):
        inward, outward = (layout.take(solution.columns, kind) for kind in (Kind.INJECTION, Kind.WITHDRAWAL))
        both = (inward > _DUST) & (outward > _DUST)
        again = np.flatnonzero(both.any(axis=(0, 1)))
        if again.size == 0:
            break
        upper = np.broadcast_to(problem.upper, solution.columns.shape).copy()
        layout.take(upper, Kind.INJECTION)[both & (outward >= inward)] = 0.0
        layout.take(upper, Kind.WITHDRAWAL)[both & (outward < inward)] = 0.0
        problem = replace(problem, upper=upper)
        found = solve(problem.scenarios(again))
        chosen = np.where(are_answers(found.status), Status.ONE_WAY, found.status).astype(np.int8)
        iterations = solution.iterations[again] + found.iterations
        solution = placed(solution, again, replace(found, status=chosen, iterations=iterations))
    return problem, solution
