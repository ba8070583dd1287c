"""Clarabel and HiGHS called by hand: the independent word on what a programme's optimum is."""

from __future__ import annotations

import clarabel
import numpy as np
import scipy.sparse as sp
from scipy.linalg import null_space
from scipy.optimize import linprog


def clarabel_by_hand(problem, scenario):
    """Objective and duals of one scenario, without polish, by Clarabel; NaN where it does not say "solved"."""
    one = problem.scenarios(slice(scenario, scenario + 1))
    lower, upper = one.lower[:, 0], one.upper[:, 0]
    count = one.column_count
    eye = sp.eye_array(count, format="csr")
    high, low = np.isfinite(upper), np.isfinite(lower)
    rows = sp.vstack([one.incidence.tocsr(), eye[high], -eye[low]], format="csc")
    limits = np.concatenate([one.balance[:, 0], upper[high], -lower[low]])
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-10
    settings.max_threads = 1
    cones = [clarabel.ZeroConeT(one.row_count), clarabel.NonnegativeConeT(int(high.sum() + low.sum()))]
    curvature = sp.csc_matrix(sp.diags_array(one.curvature[:, 0]))
    answer = clarabel.DefaultSolver(
        curvature, one.cost[:, 0].copy(), sp.csc_matrix(rows), limits, cones, settings
    ).solve()
    if str(answer.status) != "Solved":  # "AlmostSolved" is no witness
        return np.nan, np.full(one.row_count, np.nan)
    x = np.asarray(answer.x)
    objective = float(one.cost[:, 0] @ x + 0.5 * one.curvature[:, 0] @ x**2)
    return objective, -np.asarray(answer.z)[: one.row_count]


def price_interval_by_highs(problem, flows, row):
    """Lowest and highest optimal dual of a row; all duals free; one scenario."""
    x = flows[:, 0]
    lower, upper = problem.lower[:, 0], problem.upper[:, 0]
    margin = 1e-7 * (1.0 + np.abs(x))
    marginal = problem.cost[:, 0] + problem.curvature[:, 0] * x
    a = problem.incidence.T.tocsr()
    may_fall = x < upper - margin  # r >= 0 is needed: more of the column must not pay
    may_rise = x > lower + margin
    goal = np.zeros(problem.row_count)
    ends = []
    for sign in (1.0, -1.0):
        goal[row] = sign
        answer = linprog(
            goal,
            A_ub=np.vstack([a[may_fall].toarray(), -a[may_rise].toarray()]),
            b_ub=np.concatenate([marginal[may_fall], -marginal[may_rise]]) + 1e-6,
            bounds=(None, None),
        )
        ends.append(sign * float(answer.fun or 0.0) if answer.status == 0 else -sign * np.inf)
    return (round(ends[0], 5), round(ends[1], 5))


def on_cycles_by_null_space(incidence, tied):
    """Whether each of the tied columns has a part in a combination of them that balances, by dense algebra."""
    return (np.abs(null_space(incidence[:, tied].toarray())) > 1e-9).any(axis=1)
