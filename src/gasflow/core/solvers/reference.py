"""The reference solver: Clarabel, one scenario at a time.

Clarabel (Goulart and Chen, 2024) is a primal-dual interior-point method for conic programmes. It is trusted, needs no
compilation, and is therefore also the default for a handful of scenarios and for one long horizon. This is the only
file that knows it.
"""

from __future__ import annotations

from dataclasses import dataclass

import clarabel
import numpy as np
from scipy.sparse import csc_array, csc_matrix, diags_array, eye_array, vstack

from gasflow.core.problem import Array, FlowProblem
from gasflow.core.solvers.abstract import Candidate, Prepared, Solver
from gasflow.core.solvers.polish import polish


@dataclass(frozen=True)
class ReferenceSolver(Solver):
    """Clarabel behind the contract of `Solver`.

    Attributes:
        tolerance: relative and absolute tolerance of gap and feasibility asked of Clarabel; tighter than the
            certificate, so that the polish can tell columns at a bound from columns near it.
        iteration_limit: most interior-point iterations per scenario.
    """

    tolerance: float = 1e-12
    iteration_limit: int = 200

    def prepare(self, incidence: csc_array) -> Prepared:
        """Clarabel factorises per scenario, so nothing is done ahead."""
        return _PreparedReference(incidence, self)


@dataclass(frozen=True)
class _PreparedReference(Prepared):
    incidence: csc_array
    options: ReferenceSolver

    def solve(self, problem: FlowProblem) -> Candidate:
        """Solve scenario by scenario and polish each."""
        count = problem.scenario_count
        flows = np.full((problem.column_count, count), np.nan)
        prices = np.full((problem.row_count, count), np.nan)
        polished = np.zeros(count, dtype=np.bool_)
        iterations = np.zeros(count, dtype=np.int32)
        for scenario in range(count):
            one = problem.scenarios(slice(scenario, scenario + 1))
            x, y, iterations[scenario] = _solve_one(one, self.options)
            x, y, polished[scenario] = polish(one, x, y)
            flows[:, scenario], prices[:, scenario] = x, y
        return Candidate(flows, prices, polished, iterations)


def _solve_one(problem: FlowProblem, options: ReferenceSolver) -> tuple[Array, Array, int]:
    """Columns and duals of a problem of one scenario; NaN where Clarabel gives up without numbers.

    Clarabel measures feasibility and gap in absolute terms too, so quantities are handed over in a unit in which they
    are about one: with capacities of a million GWh/d it would stop short of the certificate otherwise.
    """
    unit = _typical_quantity(problem)
    lower, upper = problem.lower[:, 0] / unit, problem.upper[:, 0] / unit
    fixed = lower == upper
    free = np.flatnonzero(~fixed)
    a = problem.incidence
    balance = problem.balance[:, 0] / unit - a[:, np.flatnonzero(fixed)] @ lower[fixed]
    scale = _column_scale(lower[free], upper[free])
    has_upper, has_lower = np.isfinite(upper[free]), np.isfinite(lower[free])
    identity = eye_array(free.size, format="csr")
    scaled = (a[:, free] @ diags_array(scale)).tocsr()
    rows = vstack([scaled, identity[has_upper], -identity[has_lower]], format="csc")
    limits = np.concatenate([balance, (upper[free] / scale)[has_upper], -(lower[free] / scale)[has_lower]])
    cones = [
        clarabel.ZeroConeT(problem.row_count),
        clarabel.NonnegativeConeT(int(has_upper.sum() + has_lower.sum())),
    ]
    curvature = csc_matrix(diags_array(problem.curvature[free, 0] * unit * scale**2, format="csc"))
    answer = clarabel.DefaultSolver(
        curvature, problem.cost[free, 0] * scale, csc_matrix(rows), limits, cones, _settings(options)
    ).solve()
    flows = lower.copy()
    flows[free] = scale * np.asarray(answer.x)
    prices = -np.asarray(answer.z)[: problem.row_count]
    flows = np.clip(flows * unit, problem.lower[:, 0], problem.upper[:, 0])
    return flows, prices, int(answer.iterations)


def _typical_quantity(problem: FlowProblem) -> float:
    """A large bound or balance that is not an outlier: nine in ten of those that are not zero lie below it."""
    quantities = np.abs(np.concatenate([problem.lower, problem.upper, problem.balance], axis=0))
    quantities = quantities[np.isfinite(quantities) & (quantities > 0)]
    return float(np.quantile(quantities, 0.9)) if quantities.size else 1.0


def _column_scale(lower: Array, upper: Array) -> Array:
    """Units in which columns are handed over: the square root of their width, the median where that is infinite.

    Widths run from a watt to a winter's storage. In these units Clarabel needs 41 iterations for a horizon of twelve
    months for which, in GWh, it takes 200 and gives up; in units of the whole width it loses digits of the balance.
    """
    width = upper - lower
    finite = np.isfinite(width)
    typical = float(np.median(width[finite])) if finite.any() else 1.0
    scale: Array = np.sqrt(np.where(finite, width, typical))
    return scale


def _settings(options: ReferenceSolver) -> object:
    """Clarabel's settings: quiet, one thread, tight."""
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_iter = options.iteration_limit
    settings.tol_gap_abs = options.tolerance
    settings.tol_gap_rel = options.tolerance
    settings.tol_feas = options.tolerance
    settings.max_threads = 1
    return settings
