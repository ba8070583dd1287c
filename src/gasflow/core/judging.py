"""Certificates for batches of any size: numpy for a handful, compiled code on every core for many."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from gasflow.core.certificate import Certificate, certify
from gasflow.core.kernels import kernels
from gasflow.core.problem import Array, FlowProblem

_FEW = 64  # up to here numpy is quick enough, and nothing needs to be compiled
_TASK = 256  # scenarios per task; a multiple of the lanes


def certify_many(problem: FlowProblem, flows: Array, prices: Array, threads: int | None = None) -> Certificate:
    """The certificate of every scenario, as `gasflow.core.certificate.certify` defines it.

    Args:
        problem: the programme.
        flows: ``x`` in GWh, shape (column, scenario).
        prices: ``y`` in EUR/MWh, shape (row, scenario).
        threads: how many threads share the work; None takes one per processor.

    Example:
        >>> import numpy as np
        >>> from scipy.sparse import csc_array
        >>> one = np.ones((1, 1))
        >>> problem = FlowProblem(csc_array(one), 20 * one, 0 * one, 0 * one, 9 * one, 3 * one)
        >>> bool(certify_many(problem, 3 * one, 20 * one).accepted[0])
        True
    """
    count = flows.shape[1]
    fused = kernels("gasflow.core.certificate_fused") if count > _FEW else None
    if fused is None:
        return certify(problem, flows, prices)
    a = problem.incidence
    structure = (a.indptr.astype(np.int64), a.indices.astype(np.int64), np.asarray(a.data, dtype=np.float64))
    numbers = (problem.cost, problem.curvature, problem.lower, problem.upper, problem.balance)
    flows, prices = np.ascontiguousarray(flows), np.ascontiguousarray(prices)
    out = np.empty((4, count))

    def task(first: int) -> None:
        fused.certify_blocks(structure, numbers, flows, prices, out, (first, min(first + _TASK, count)))

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        list(pool.map(task, range(0, count, _TASK)))
    return Certificate(balance=out[0], gap=out[1], sign=out[2], worst_column=out[3])
