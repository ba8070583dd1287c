"""The reference solver: Clarabel, one scenario at a time.

Clarabel (Goulart and Chen, 2024) is a primal-dual interior-point method for conic programmes. It is trusted, needs no
compilation, and is therefore also the default for a handful of scenarios, and the last resort of the other solvers.
This is the only file that knows it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import clarabel
import numpy as np
from scipy.sparse import csc_matrix, csr_array, diags_array, eye_array, hstack, vstack

from gasflow.core.certificate import certify
from gasflow.core.problem import Array, FlowProblem, Structure
from gasflow.core.solvers.abstract import NO_HINTS, Candidate, Hints, Prepared, Solver, one_by_one
from gasflow.core.solvers.polish import polish

# A bound this many times the typical quantity is left out: it would only spoil the scaling, and the certificate is
# computed with it.
_NO_LIMIT = 1e6
_HOLD = 1e-9  # units of flow by which a price of 1 EUR/MWh may miss a balance
_NOTHING = 1e-3  # GWh; smaller columns say nothing about the size of what flows


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

    name = "reference"

    def prepare(self, structure: Structure) -> Prepared:
        """Do nothing ahead: Clarabel factorises per scenario."""
        return _PreparedReference(self)


@dataclass(frozen=True)
class _PreparedReference(Prepared):
    options: ReferenceSolver

    def solve(self, problem: FlowProblem, hints: Hints = NO_HINTS) -> Candidate:
        """Solve scenario by scenario and polish each."""
        return one_by_one(problem, self.options.name, lambda one: _solve_until_certified(one, self.options))


def _solve_until_certified(problem: FlowProblem, options: ReferenceSolver) -> tuple[Array, Array, bool, int]:
    """Columns, duals, whether polished, and iterations; attempt after attempt, until one meets the certificate.

    Clarabel measures feasibility and gap in absolute terms too: with quantities of a million GWh/d it stops short of
    the certificate. So they are handed over in a unit in which they are about one: a large one of those that enter and
    leave the network. Where numbers that stand for no limit or for nothing mislead it, GWh itself is tried. Where no
    gas can go a price could be anything and may run away, so the next attempt holds prices. Where bounds or costs are
    orders of magnitude apart, a box is put around the columns that the attempts before came to: bounds far away from
    all that flows are then near it, and none is in the way if what comes out is optimal without them.
    """
    usual = float(np.quantile(_sizes(problem), 0.9))
    spent = 0
    best = (np.full(problem.column_count, np.nan), np.full(problem.row_count, np.nan), False, np.inf)
    attempts = (
        (usual, np.inf, 0.0),
        (1.0, np.inf, 0.0),
        (usual, np.inf, _HOLD),
        (usual, 10.0, 0.0),
        (usual, 100.0, 0.0),
    )
    for unit, reach, hold in attempts:
        around = problem if np.isinf(reach) else _box(problem, best[0], reach)
        x, y, iterations = _solve_one(around, options, unit, hold)
        x, y, polished = polish(problem, x, y)
        spent += iterations
        score = float(certify(problem, x[:, None], y[:, None]).score[0])
        if score < best[3]:
            best = x, y, polished, score
        if score <= 1.0:
            break
    return (*best[:3], spent)


def _box(problem: FlowProblem, flows: Array, reach: float) -> FlowProblem:
    """Return the same programme with bounds no further from the given columns than some multiples of their size."""
    flows = np.clip(np.nan_to_num(flows), problem.lower[:, 0], problem.upper[:, 0])
    moving = np.abs(flows)[np.abs(flows) > _NOTHING]
    distance = reach * np.maximum(1.0 + np.abs(flows), np.median(moving) if moving.size else 1.0)
    lower = np.maximum(problem.lower, (flows - distance)[:, None])
    return replace(problem, lower=lower, upper=np.minimum(problem.upper, (flows + distance)[:, None]))


def _sizes(problem: FlowProblem) -> Array:
    """Bounds and balances of what enters or leaves the network at one row, as far as they are not zero or infinite."""
    ends = np.diff(problem.incidence.indptr) == 1
    sizes = np.abs(np.concatenate([problem.lower[ends, 0], problem.upper[ends, 0], problem.balance[:, 0]]))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    return sizes if sizes.size else np.ones(1)


def _solve_one(problem: FlowProblem, options: ReferenceSolver, unit: float, hold: float) -> tuple[Array, Array, int]:
    """Columns and duals of a problem of one scenario; NaN where Clarabel gives up without numbers.

    With a hold every balance may be missed by as many units as the hold times its price, at a cost that makes the price
    exact: the dual problem then has a term ``-hold y**2 / 2``, and the polish removes what it did to the balances.
    """
    lower, upper = problem.lower[:, 0] / unit, problem.upper[:, 0] / unit
    fixed = lower == upper
    free = np.flatnonzero(~fixed)
    a = problem.incidence
    balance = problem.balance[:, 0] / unit - a[:, np.flatnonzero(fixed)] @ lower[fixed]
    has_upper, has_lower = upper[free] < _NO_LIMIT, lower[free] > -_NO_LIMIT
    scale = _column_scale(np.where(has_upper & has_lower, upper[free] - lower[free], np.inf))
    identity = eye_array(free.size, format="csr")
    held = problem.row_count if hold else 0
    scaled = hstack([a[:, free] @ diags_array(scale), np.sqrt(hold) * eye_array(problem.row_count, held)])
    none = csr_array((free.size, held))
    bounds = [hstack([identity, none], format="csr")[has_upper], hstack([-identity, none], format="csr")[has_lower]]
    rows = vstack([scaled, *bounds], format="csc")
    limits = np.concatenate([balance, (upper[free] / scale)[has_upper], -(lower[free] / scale)[has_lower]])
    cones = [
        clarabel.ZeroConeT(problem.row_count),
        clarabel.NonnegativeConeT(int(has_upper.sum() + has_lower.sum())),
    ]
    bent = np.concatenate([problem.curvature[free, 0] * unit * scale**2, np.ones(held)])
    cost = np.concatenate([problem.cost[free, 0] * scale, np.zeros(held)])
    answer = clarabel.DefaultSolver(
        csc_matrix(diags_array(bent, format="csc")), cost, csc_matrix(rows), limits, cones, _settings(options)
    ).solve()
    flows = lower.copy()
    flows[free] = scale * np.asarray(answer.x)[: free.size]
    prices = -np.asarray(answer.z)[: problem.row_count]
    flows = np.clip(flows * unit, problem.lower[:, 0], problem.upper[:, 0])
    return flows, prices, int(answer.iterations)


def _column_scale(width: Array) -> Array:
    """Units in which columns are handed over: the square root of their width, the median where that is infinite.

    Widths run from a watt to a winter's storage. In these units Clarabel needs 41 iterations for a horizon of twelve
    months for which, in GWh, it takes 200 and gives up; in units of the whole width it loses digits of the balance.
    """
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
