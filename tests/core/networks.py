"""Random networks as arrays, for the tests of the solvers: no names, no tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from gasflow.core.problem import FlowProblem, Structure

PIECES = 10


@dataclass(frozen=True)
class Shape:
    """How large and how strange a random network is."""

    nodes: int = 30
    chords: int = 15  # pipes beyond the spanning tree
    demands: float = 0.7  # share of nodes with a demand curve
    supplies: float = 0.3
    storages: float = 0.3
    curved: bool = True  # pipes and supplies with a slope
    losses: float = 0.01
    voll: float = 3000.0


def random_problem(generator: np.random.Generator, scenarios: int, shape: Shape) -> FlowProblem:
    """A meshed network whose demand, capacities, outages, costs and elasticities are all drawn per scenario."""
    columns: list[tuple[list[int], list[float], float, float, float, float]] = []
    n, draw = shape.nodes, generator
    slope = 1.0 if shape.curved else 0.0

    def add(rows, values, cost, curvature, lower, upper):
        columns.append((rows, values, cost, curvature, lower, upper))

    pairs = [(draw.integers(0, node), node) for node in range(1, n)]
    pairs += [tuple(draw.choice(n, 2, replace=False)) for _ in range(shape.chords)] if n > 1 else []
    for origin, target in pairs:
        for a, b in ((origin, target), (target, origin)):
            add([int(a), int(b)], [-1.0, 1.0 - shape.losses * draw.random()], draw.uniform(0.1, 2.0),
                slope * draw.uniform(0.001, 0.01), 0.0, draw.uniform(10, 1000))  # fmt: skip
    multiples = np.geomspace(0.1, 30, PIECES + 1)
    for node in np.flatnonzero(draw.random(n) < shape.demands):
        anchor, volume, elasticity = draw.uniform(60, 100), draw.uniform(5, 800), draw.uniform(0.05, 0.4)
        taken = volume * multiples**-elasticity
        for k in range(PIECES):
            width = taken[k] - taken[k + 1]
            low, high = anchor * multiples[k], anchor * multiples[k + 1]
            add([int(node)], [-1.0], -high, (high - low) / width, 0.0, width)
    for node in np.flatnonzero(draw.random(n) < shape.supplies):
        add([int(node)], [1.0], draw.uniform(5, 60), slope * draw.uniform(0.005, 0.05), 0.0, draw.uniform(100, 3000))
    for node in np.flatnonzero(draw.random(n) < shape.storages):
        rate = draw.uniform(5, 300)
        add([int(node)], [1.0], draw.uniform(60, 100), draw.uniform(0.01, 0.3), -rate, rate)
    for node in range(n):
        add([node], [1.0], shape.voll, 0.0, 0.0, np.inf)
        add([node], [-1.0], 0.0, 0.0, 0.0, np.inf)
    return _vary(generator, columns, n, scenarios)


def _vary(draw, columns, nodes, scenarios):
    count = len(columns)
    indptr = np.cumsum([0] + [len(c[0]) for c in columns])
    a = csc_array(
        (np.concatenate([c[1] for c in columns]), np.concatenate([c[0] for c in columns]), indptr),
        shape=(nodes, count),
    )
    cost, curvature, lower, upper = (np.array([c[k] for c in columns], dtype=float)[:, None] for k in range(2, 6))
    size = (count, scenarios)
    factor = draw.uniform(0.8, 1.2, size)
    outage = np.where(draw.random(size) < 0.02, 0.0, 1.0)
    bounded = np.isfinite(upper)
    scale = np.where(bounded, factor * outage, 1.0)
    return FlowProblem(
        Structure(a),
        cost=np.where(bounded, cost * draw.uniform(0.9, 1.1, size), cost),
        curvature=curvature * draw.uniform(0.7, 1.4, size),
        lower=lower * scale,
        upper=np.where(bounded, np.where(bounded, upper, 0.0) * scale, np.inf),
        balance=draw.uniform(0, 100, (nodes, scenarios)) * (draw.random((nodes, 1)) < 0.6),
    )
