"""A network of the size and shape of a continent's pipes, drawn from a seed: for what must not grow with the square."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree
from scipy.spatial import cKDTree

from gasflow.network.network import Network

NODES, PIPES = 4675, 6285
_ALTERNATIVES = 8  # nearest nodes that a pipe may lead to
_TYPICAL = 310.4  # GWh/d; most pipes of a public data set have the same capacity


def large_network(seed: int = 0, nodes: int = NODES, pipes: int = PIPES, slope: float = 0.0) -> Network:
    """Nodes in a square, joined to near ones: a tree, a fifth of its pipes more, and a tenth the other way.

    Demand stands at a tenth of the nodes, stores at a twentieth, fields at a fortieth. Two thirds of the pipes have the
    same capacity, and tariffs grow with the length in steps, so that many ways cost the same.
    """
    draw = np.random.default_rng([11, seed])
    ends = _ends(draw, nodes, pipes)
    where = 1 + draw.permutation(nodes - 1)
    towns, stores = where[: nodes // 10], where[: nodes // 20]
    fields = np.concatenate([[0], where[nodes // 10 : nodes // 10 + nodes // 40]])
    volume = draw.lognormal(2.3, 0.8, towns.size)
    offer = draw.lognormal(0.0, 1.0, fields.size)
    working = draw.lognormal(6.0, 0.8, stores.size)
    names = np.array([f"n{k}" for k in range(nodes)])
    same = draw.random(pipes) < 0.66
    frame = pd.DataFrame({"name": [f"p{k}" for k in range(pipes)], "origin": names[ends[0]],
                          "destination": names[ends[1]], "slope": slope,
                          "capacity": np.where(same, _TYPICAL, draw.uniform(22, 2232, pipes).round()),
                          "tariff": draw.choice([0.1, 0.2, 0.3], pipes)})  # fmt: skip
    return Network(
        pd.DataFrame({"name": names, "group": draw.choice(["EU", "other"], nodes)}),
        frame,
        pd.DataFrame({"name": [f"field {k}" for k in range(fields.size)], "node": names[fields], "cost":
                      draw.uniform(10, 60, fields.size).round(), "volume": offer * 1.1 * volume.sum() / offer.sum()}),
        pd.DataFrame({"name": [f"town {k}" for k in range(towns.size)], "node": names[towns], "volume": volume,
                      "elasticity": draw.choice([0.0, -0.1, -0.3], towns.size), "anchor_price": 60.0}),
        pd.DataFrame({"name": [f"store {k}" for k in range(stores.size)], "node": names[stores], "volume": working,
                      "injection": working / 100, "withdrawal": working / 60, "level": working / 2, "value":
                      draw.uniform(40, 70, stores.size), "slope": draw.uniform(1, 5, stores.size)}),
        name=f"large {seed}", date="2022-05-10",
    )  # fmt: skip


def _ends(draw: np.random.Generator, nodes: int, pipes: int) -> tuple[np.ndarray, np.ndarray]:
    """Origins and destinations, shape (pipe,): a tree that leads from node 0 to every other one, and more."""
    place = draw.random((nodes, 2))
    distance, near = cKDTree(place).query(place, k=min(_ALTERNATIVES + 1, nodes))
    one, other = np.repeat(np.arange(nodes), near.shape[1] - 1), near[:, 1:].ravel()
    # Older versions of scipy search trees by short indices only.
    ends = one.astype(np.int32), other.astype(np.int32)
    links = coo_array((distance[:, 1:].ravel(), ends), shape=(nodes, nodes)).tocsr()
    order, before = breadth_first_order(minimum_spanning_tree(links.maximum(links.T)), 0, directed=False)
    assert order.size == nodes, "this seed leaves islands"
    more = draw.permutation(one.size)[: (pipes - nodes + 1) * 5 // 8]
    origin, destination = (np.concatenate([before[order[1:]], one[more]]), np.concatenate([order[1:], other[more]]))
    back = draw.permutation(origin.size)[: pipes - origin.size]
    return np.concatenate([origin, destination[back]]), np.concatenate([destination, origin[back]])
