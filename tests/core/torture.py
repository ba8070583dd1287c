"""Networks as strange as they come: degenerate, disconnected, shut, tied, with huge and tiny numbers."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_array

from gasflow.core.problem import FlowProblem, Structure


def strange_problem(generator: np.random.Generator, scenarios: int) -> FlowProblem:
    """A random topology with 1 to 40 nodes, and numbers from a family drawn with it."""
    draw = generator
    nodes = int(draw.integers(1, 41))
    columns: list[tuple[list[int], list[float], str]] = []
    if nodes > 1:
        for _ in range(int(draw.integers(0, 3 * nodes))):  # may leave islands and isolated nodes
            a, b = (int(node) for node in draw.choice(nodes, 2, replace=False))
            columns.append(([a, b], [-1.0, 1.0 - draw.choice([0.0, 0.02])], "pipe"))
            if draw.random() < 0.3:  # a parallel pipe, to make ties
                columns.append(columns[-1])
    for node in range(nodes):
        columns += [([node], [-1.0], "demand")] * int(draw.choice([0, 1, 8]))
        columns += [([node], [1.0], "supply")] * int(draw.choice([0, 1, 3]))
        columns += [([node], [1.0], "storage")] * int(draw.choice([0, 0, 1]))
        columns += [([node], [1.0], "deficit"), ([node], [-1.0], "surplus")]
    starts = np.cumsum([0] + [len(c[0]) for c in columns])
    incidence = csc_array(
        (np.concatenate([c[1] for c in columns]), np.concatenate([c[0] for c in columns]), starts),
        shape=(nodes, len(columns)),
    )
    return _numbers(draw, incidence, np.array([c[2] for c in columns]), scenarios)


def _numbers(draw, incidence, kind, scenarios):
    size = (kind.size, scenarios)
    low, high = sorted(10 ** draw.uniform(-1, 3.7, 2))  # capacities between 0.1 and 5,000
    upper = np.exp(draw.uniform(np.log(low), np.log(high + 1e-9), size))
    if draw.random() < 0.4:
        upper = np.maximum(np.round(upper), 1.0)  # whole numbers make degenerate vertices
    voll = draw.choice([3000.0, 500.0])
    cheap, dear = sorted(draw.uniform(1, voll, 2))
    cost = draw.uniform(cheap, dear, size)
    if draw.random() < 0.4:
        cost = np.round(cost / draw.choice([1, 10, 100])) * draw.choice([1.0, 10.0])  # equal costs
    cost = np.where((kind == "pipe")[:, None], draw.choice([0.0, 1.0, 0.1]) * draw.choice([1.0, 0.001]) * cost, cost)
    cost = np.where((kind == "demand")[:, None], -cost, cost)
    slope = draw.choice([0.0, 1e-6, 1e-3, 0.1, 1.0], p=[0.3, 0.1, 0.2, 0.2, 0.2])
    curvature = slope * draw.uniform(0.1, 1.0, size) * (draw.random((kind.size, 1)) < draw.choice([0.5, 1.0]))
    lower = np.where((kind == "storage")[:, None], -upper, 0.0)
    shut = draw.random(size) < draw.choice([0.0, 0.1, 0.5])
    lower, upper = np.where(shut, 0.0, lower), np.where(shut, 0.0, upper)
    pinned = draw.random(size) < draw.choice([0.0, 0.05])
    lower = np.where(pinned, upper, lower)
    slack = ((kind == "deficit") | (kind == "surplus"))[:, None]
    balance = np.round(draw.uniform(0, high, (incidence.shape[0], scenarios)), int(draw.choice([0, 3])))
    balance *= draw.random((incidence.shape[0], 1)) < draw.choice([0.0, 0.5, 1.0])
    return FlowProblem(
        Structure(incidence),
        cost=np.where((kind == "deficit")[:, None], voll, np.where((kind == "surplus")[:, None], 0.0, cost)),
        curvature=np.where(slack, 0.0, curvature),
        lower=np.where(slack, 0.0, lower),
        upper=np.where(slack, np.inf, upper),
        balance=balance,
    )
