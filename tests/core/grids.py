"""A grid of two levers over one network: closure share times elasticity, as arrays."""

from __future__ import annotations

import numpy as np

from gasflow.core.problem import FlowProblem


def grid_problem(base: FlowProblem, side: int, closing: int) -> FlowProblem:
    """Close one column by a share between 0 and 1, and scale the slope of demand by 0.5 to 2.

    The columns with negative cost are demand; their width shrinks as their slope grows, as pieces of a curve do.
    """
    share, factor = (
        axis.ravel() for axis in np.meshgrid(np.linspace(0, 1, side), np.geomspace(0.5, 2, side), indexing="ij")
    )
    demand = base.cost[:, :1] < 0
    upper = np.where(demand, base.upper[:, :1] / factor, base.upper[:, :1])
    upper[closing] *= 1 - share
    curvature = np.where(demand, base.curvature[:, :1] * factor, base.curvature[:, :1])
    return FlowProblem(base.structure, base.cost[:, :1], curvature, base.lower[:, :1], upper, base.balance[:, :1])
