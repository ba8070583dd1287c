"""Is gas conserved in an answer, as a reader of the tables would ask?

The certificate proves that the programme was solved; this asks whether its answer can be true. It is computed from the
tables of the network and from the labelled quantities, and takes nothing over from the incidence matrix: per node and
period

    supplied + arriving + withdrawn + statistical difference = served + leaving + injected + spilled,

where a negative difference counts as far as it is settled; no supply gives more than it has, and no pipe carries more
than it can; nothing is unserved or unsettled, and nothing spilled, beyond what must be served or taken; and the level
of a store follows from its net action alone, within its volume. Each is a difference in GWh/d (GWh for levels) relative
to one unit plus the size of what is compared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from gasflow.core.problem import Array
from gasflow.simulation.components import NetworkIndex
from gasflow.simulation.layout import Positions

if TYPE_CHECKING:
    from gasflow.simulation.answers import Answers


@dataclass(frozen=True)
class Accounts:
    """Where pipes, supplies and storages stand in the accounts of the nodes, shape (node, item) each."""

    origins: csr_array
    destinations: csr_array
    supplies: csr_array
    storages: csr_array

    @classmethod
    def of(cls, index: NetworkIndex) -> Accounts:
        """Read them off the tables."""
        return cls(
            _at(index, index.node(index.pipes["origin"])),
            _at(index, index.node(index.pipes["destination"])),
            _at(index, index.node(index.supplies["node"])),
            _at(index, index.node(index.storages["node"])),
        )


def imbalance(answers: Answers) -> Array:
    """Return the largest violation of conservation, relative, shape (scenario,); NaN where there is no answer.

    Example:
        >>> from datetime import date
        >>> from gasflow.core.tolerances import CONSERVED
        >>> from gasflow.network.toys import two_nodes
        >>> from gasflow.scenarios.conditions import Conditions
        >>> from gasflow.scenarios.periods import Periods
        >>> from gasflow.simulation.answers import solve_conditions
        >>> from gasflow.simulation.assembly import Assembler
        >>> base = Conditions.of((two_nodes(),), Periods.single(date(2022, 5, 10)))
        >>> float(imbalance(solve_conditions(Assembler(base), base))[0]) < CONSERVED
        True
    """
    conditions = answers.conditions
    market = (answers.assembler.index.supplies["kind"] == "market").to_numpy()[:, None, None]
    # The volume of a market is what it gives at its anchor price, and not its most.
    volume = np.where(market, np.inf, conditions.value("supplies", "volume"))
    parts = (
        _balance(answers),
        _beyond(answers.supply, volume),
        _beyond(answers.flows, np.minimum(conditions.value("pipes", "capacity"), answers.capacity)),
        _give(answers),
        _stores(answers),
    )
    worst: Array = np.max(parts, axis=0)
    return worst


def _balance(answers: Answers) -> Array:
    """Return what comes to a node less what leaves it, relative to what passes through it."""
    accounts, difference = answers.assembler.accounts, answers.conditions.value("nodes", "statistical_difference")
    arriving = answers.flows * (1.0 - answers.conditions.value("pipes", "loss"))
    coming, leaving = _summed(accounts.destinations, arriving), _summed(accounts.origins, answers.flows)
    supplied, withdrawn = _summed(accounts.supplies, answers.supply), _summed(accounts.storages, answers.storage)
    gained = supplied + coming + withdrawn + difference + answers.unsettled
    mismatch = gained - answers.served - leaving - answers.spilled
    return _largest(np.abs(mismatch) / (1.0 + coming + leaving + answers.served))


def _give(answers: Answers) -> Array:
    """Return what gives way beyond what must be served or taken at the node."""
    difference = answers.conditions.value("nodes", "statistical_difference")
    supplies = answers.assembler.index.supplies
    free = np.asarray(supplies["route"] == "")[:, None, None]
    minimum = np.where(free, answers.conditions.value("supplies", "minimum"), 0.0)
    taken = _summed(answers.assembler.accounts.supplies, np.broadcast_to(minimum, answers.supply.shape))
    parts = (
        _beyond(answers.unserved, answers.demanded),
        _beyond(answers.unsettled, np.maximum(-difference, 0.0)),
        _beyond(answers.spilled, taken + np.maximum(difference, 0.0)),
    )
    worst: Array = np.max(parts, axis=0)
    return worst


def _stores(answers: Answers) -> Array:
    """Levels outside the volume, or other than what the net action makes of the level before."""
    conditions, levels = answers.conditions, answers.levels
    start, volume = conditions.value("storages", "level")[:, :1], conditions.value("storages", "volume")
    room = np.maximum(volume, start)
    before = np.concatenate([np.broadcast_to(start, levels[:, :1].shape), levels[:, :-1]], axis=1)
    kept = 1.0 - answers.assembler.index.storages["loss"].to_numpy(dtype=np.float64)[:, None, None]
    if answers.assembler.storage_rows is None:
        kept = np.ones_like(kept)
    action = answers.storage * answers.assembler.index.days
    follows = before - np.where(action < 0.0, kept * action, action)
    return np.maximum(_largest(np.abs(levels - follows) / (1.0 + before)), _beyond(levels, room))


def _beyond(values: Array, most: Array) -> Array:
    """How far values lie below zero or above a limit, relative, the largest per scenario."""
    outside = np.maximum(-values, values - most)
    return _largest(np.maximum(outside, 0.0) / (1.0 + np.abs(values)))


def _largest(values: Array) -> Array:
    largest: Array = np.max(values, axis=(0, 1), initial=0.0)
    return largest


def _summed(accounts: csr_array, values: Array) -> Array:
    """Items added up at their nodes, from shape (item, period, scenario) to (node, period, scenario)."""
    total: Array = accounts @ np.ascontiguousarray(values).reshape(values.shape[0], math.prod(values.shape[1:]))
    return total.reshape(-1, *values.shape[1:])


def _at(index: NetworkIndex, node: Positions) -> csr_array:
    """One in the row of its node for every item."""
    places = (node, np.arange(node.size))
    return csr_array((np.ones(node.size), places), shape=(len(index.nodes), node.size))
