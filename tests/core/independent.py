"""Clarabel and HiGHS called by hand: the independent word on what a programme's optimum is."""

from __future__ import annotations

import clarabel
import numpy as np
import scipy.sparse as sp


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
