"""Random networks over periods, with stores that link them, as arrays for the tests of the solvers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from gasflow.core.problem import FlowProblem, Structure
from tests.core.networks import Shape, random_problem


@dataclass(frozen=True)
class Stores:
    """How many stores a random horizon has, and which are strange."""

    count: int = 3
    closed: float = 0.1  # share without volume or rates
    limited: float = 0.5  # share whose withdrawal falls with the level
    targets: float = 0.5  # share with a filling target
    curved: bool = True  # costs that rise with the rate


def random_horizon(draw: np.random.Generator, periods: int, shape: Shape, stores: Stores) -> FlowProblem:
    """One scenario: every number of a random network drawn anew in every period, and stores at random nodes."""
    network = random_problem(draw, periods, shape)
    eye, count = sp.eye_array(periods, format="csr"), stores.count
    numbers = [np.broadcast_to(getattr(network, name), (network.column_count, periods)).reshape(-1, 1)
               for name in ("cost", "curvature", "lower", "upper")]  # fmt: skip
    parts, balance = _store_columns(draw, shape.nodes, periods, stores)
    nothing = sp.csr_array((2 * count * periods, network.column_count * periods))
    incidence = sp.block_array([[sp.block_array([[sp.kron(network.incidence, eye)], [nothing]]), parts[0]]])
    together = [np.concatenate([one, other[:, None]]) for one, other in zip(numbers, parts[1:], strict=True)]
    balances = np.concatenate([network.balance.reshape(-1, 1), balance])
    period = np.arange(incidence.shape[0]) % periods
    # Stores without a level-dependent limit have no such row in the library; here it is kept slack by its headroom.
    return FlowProblem(Structure(incidence, period), *together, balances)


def _store_columns(draw, nodes, periods, stores):
    """Injection, withdrawal, level, shortfall and headroom of the stores: their columns, and the balances they add."""
    count = stores.count
    at = sp.csr_array((np.ones(count), (draw.integers(0, nodes, count), np.arange(count))), shape=(nodes, count))
    eye, each = sp.eye_array(periods, format="csr"), sp.eye_array(count, format="csr")
    back = sp.eye_array(periods, k=-1, format="csr")
    volume = draw.uniform(100, 5000, count) * (draw.random(count) > stores.closed)
    rate = volume * draw.uniform(0.02, 0.3, count)
    fall = np.where(draw.random(count) < stores.limited, rate / np.maximum(volume, 1.0), 0.0)
    kept = draw.uniform(0.95, 1.0)
    change = sp.kron(each, eye - back)
    mean = sp.kron(sp.diags_array(-fall / 2), eye + back)
    one = sp.kron(each, eye)
    level = sp.block_array([[sp.csr_array((nodes * periods, count * periods))], [change], [mean]])
    columns = sp.block_array(
        [
            [-sp.kron(at, eye), sp.kron(at, eye), None],
            [-kept * one, one, None],
            [None, one, one],
        ],
        format="csc",
    )
    incidence = sp.block_array([[columns[:, : 2 * count * periods], level, -level, columns[:, 2 * count * periods :]]])
    target = np.zeros((count, periods))
    target[draw.random(count) < stores.targets, periods // 2] = 0.8
    target = (target * volume[:, None]).ravel()
    full, flow = np.repeat(volume, periods), np.repeat(rate, periods)
    none = np.zeros(count * periods)
    worth = none.reshape(count, periods).copy()
    worth[:, -1] = -draw.uniform(20, 90, count)
    rise = np.divide(1.0, flow, out=none.copy(), where=flow > 0) if stores.curved else none
    start = draw.random(count) * volume
    first = np.zeros((2, count, periods))
    first[0, :, 0] = start
    first[1] = (rate + fall * volume)[:, None]
    first[1, :, 0] += fall * start / 2
    return (
        incidence,
        np.concatenate([none + 0.5, none + 0.3, worth.ravel(), none + 200.0, none]),
        np.concatenate([rise, rise, none, none, none]),
        np.concatenate([none, none, target, none, none]),
        np.concatenate([flow, flow, full, target, none + np.inf]),
    ), first.reshape(-1, 1)
