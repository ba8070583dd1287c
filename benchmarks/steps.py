"""The same programme with steps in place of quadratic pieces, for those who solve linear programmes only.

As small as it can be, which favours the peers: the pieces of a demand or supply curve (about ten to a curve) become
one step each, storage gets ten steps, and the slope of a pipe is replaced by its mean over the capacity.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array

from gasflow.core.problem import Array, FlowProblem, Structure
from gasflow.simulation.layout import Kind, Layout

STEPS = 10


def with_steps(problem: FlowProblem, base: FlowProblem, layout: Layout) -> FlowProblem:
    """A linear programme whose costs differ between scenarios only where those of `problem` do.

    Args:
        problem: the quadratic programme.
        base: the same without shocks; the width of a pipe or storage in it decides how far its slope is followed, so
            that a lost capacity does not change a cost.
        layout: says which columns are which.
    """
    widths = np.nan_to_num(problem.upper - problem.lower, posinf=0.0)
    base_widths = np.nan_to_num(base.upper - base.lower, posinf=0.0)
    stepped = np.zeros(problem.column_count, dtype=np.int64) + 1
    if Kind.STORAGE in layout.blocks:
        stepped[layout.columns(Kind.STORAGE)] = STEPS
    curves = np.zeros(problem.column_count, dtype=np.bool_)
    for kind in (Kind.DEMAND, Kind.MARKET):
        curves[layout.columns(kind)] = True
    rise = np.where(curves[:, None], problem.curvature * widths, problem.curvature * base_widths)
    origin = np.where(curves[:, None], problem.lower, base.lower)
    start = problem.cost + problem.curvature * origin
    source = np.repeat(np.arange(problem.column_count), stepped)
    number = np.arange(source.size) - np.repeat(np.cumsum(stepped) - stepped, stepped)
    middle = ((number + 0.5) / stepped[source])[:, None]
    first = (number == 0)[:, None]
    lower = np.where(first, problem.lower[source], 0.0)
    return FlowProblem(
        Structure(csc_array(problem.incidence[:, source])),
        cost=_shared(start[source] + middle * rise[source]),
        curvature=np.zeros((source.size, 1)),
        lower=lower,
        upper=np.where(first, problem.lower[source], 0.0) + np.where(
            np.isinf(problem.upper[source]), np.inf, widths[source] / stepped[source][:, None]
        ),
        balance=problem.balance,
    )  # fmt: skip


def with_costs_of(problem: FlowProblem, base: FlowProblem) -> FlowProblem:
    """The same scenarios with the costs of the base: the easier case in which only bounds differ."""
    return replace(problem, cost=base.cost)


def _shared(values: Array) -> Array:
    """Where rounding alone makes scenarios differ, all get the number of the first."""
    same = np.abs(values - values[:, :1]).max(axis=1) <= 1e-9 * (1.0 + np.abs(values[:, 0]))
    return values[:, :1] if same.all() else np.where(same[:, None], values[:, :1], values)
