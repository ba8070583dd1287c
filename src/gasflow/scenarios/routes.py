"""Which pipes a place touches, which contracts use them, and which other routes could take their gas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gasflow.errors import ShockError
from gasflow.network.lookup import Place
from gasflow.network.network import Network
from gasflow.scenarios.conditions import Conditions, Rows


@dataclass(frozen=True)
class Reach:
    """What a closed place takes with it, as positions.

    Attributes:
        pipes: the pipes that it stands for.
        contracts: the contracts whose route is one of them.
        slots: those pipes that carry booked cargoes, and
        markets: the supply from which each of these comes.
    """

    pipes: Rows
    contracts: Rows
    slots: Rows
    markets: Rows


def reach(conditions: Conditions, place: str) -> Reach:
    """Return what a place takes with it, looked up once: a sweep asks for every chunk and every outage.

    Raises:
        UnknownPlace: if there is no such place.
        AmbiguousPlace: if several places answer to the name.
    """
    if not isinstance(place, str) or place not in conditions.lookups:
        network = conditions.network
        pipes = touched_pipes(network, network.find(place))
        conditions.lookups[place] = Reach(pipes, contracts_on(network, pipes), *cargo_pipes(network, pipes))
    known: Reach = conditions.lookups[place]
    return known


def touched_pipes(network: Network, place: Place) -> Rows:
    """Positions of the pipes that a place stands for: itself, or all pipes at a node.

    Example:
        >>> from gasflow.network.toys import transit_hub
        >>> network = transit_hub()
        >>> network.pipes.index[touched_pipes(network, network.find("Sokhranivka"))].tolist()
        ['RU->Sokhranivka', 'Sokhranivka->UA transit']
    """
    pipes = network.pipes
    if place.table == "pipes":
        return np.flatnonzero(pipes.index == place.name)
    return np.flatnonzero(((pipes["origin"] == place.name) | (pipes["destination"] == place.name)).to_numpy())


def entering_pipes(network: Network, places: Sequence[Place]) -> Rows:
    """Positions of the pipes on which gas comes to some places: the flow on them is the flow through the places.

    A pipe counts itself. A node counts the pipes that lead to it; one where contracts start, or to which no pipe
    leads, those that leave it. Gas that has already been counted on its way in is not counted again where several
    places lie behind one another.

    Example:
        >>> from gasflow.network.toys import transit_hub
        >>> network = transit_hub()
        >>> places = [network.find("Sokhranivka"), network.find("UA transit")]
        >>> network.pipes.index[entering_pipes(network, places)].tolist()
        ['RU->Sokhranivka', 'Sudzha->UA transit']
    """
    pipes = network.pipes
    touched = np.zeros(len(pipes), dtype=np.bool_)
    entering = np.zeros(len(pipes), dtype=np.bool_)
    exporters = set(network.supplies.loc[network.supplies["route"] != "", "node"])
    for place in places:
        rows = touched_pipes(network, place)
        touched[rows] = True
        into = rows[(pipes["destination"].iloc[rows] == place.name).to_numpy()]
        out = rows[(pipes["origin"].iloc[rows] == place.name).to_numpy()]
        entering[into if into.size and place.name not in exporters else out if out.size else rows] = True
    open_inflow = pipes["destination"][~touched]
    counted = pipes["origin"].isin(pipes["destination"]) & ~pipes["origin"].isin({*open_inflow, *exporters})
    return np.flatnonzero(entering & ~counted.to_numpy())


def contracts_on(network: Network, pipes: Rows) -> Rows:
    """Positions of the contract supplies whose route is one of the pipes."""
    return np.flatnonzero(network.supplies["route"].isin(set(network.pipes.index[pipes])).to_numpy())


def cargo_pipes(network: Network, pipes: Rows) -> tuple[Rows, Rows]:
    """Those of the pipes that carry booked cargoes from a market supply, and the position of that supply.

    Example:
        >>> from gasflow.network.toys import transit_hub
        >>> network = transit_hub().with_pipe("LNG->Gate LNG", booked=300.0)
        >>> slots, markets = cargo_pipes(network, touched_pipes(network, network.find("Gate LNG")))
        >>> network.pipes.index[slots].tolist(), network.supplies.index[markets].tolist()
        (['LNG->Gate LNG'], ['LNG'])
    """
    supplies, origins = network.supplies, network.pipes["origin"].to_numpy()
    booked = network.pipes["booked"].notna().to_numpy()
    market = {node: row for row, (node, kind) in enumerate(zip(supplies["node"], supplies["kind"], strict=True))
              if kind == "market"}  # fmt: skip
    slots = np.array([pipe for pipe in pipes if origins[pipe] in market and booked[pipe]], dtype=np.intp)
    return slots, np.array([market[origins[pipe]] for pipe in slots], dtype=np.intp)


def other_routes(network: Network, contract: int, via: str | None) -> Rows:
    """Positions of the contracts that could take over a contract's gas.

    These are the other contracts of the same exporter on the way through `via`; without `via`, those whose entry
    leads to the same node as this one's entry does.

    Raises:
        ShockError: if there are none.
        UnknownPlace: if `via` is not a place.
    """
    supplies, pipes = network.supplies, network.pipes
    own = supplies.iloc[contract]
    if via is not None:
        candidates = contracts_on(network, touched_pipes(network, network.find(via)))
    else:
        entries = pipes["destination"].reindex(supplies["route"]).fillna("").to_numpy()
        onward = pipes.groupby("origin")["destination"].agg(frozenset)
        goals = onward.get(entries[contract], frozenset())
        same = [bool(entry) and bool(goals & onward.get(entry, frozenset())) for entry in entries]
        candidates = np.flatnonzero(same)
    exporters = supplies["exporter"].to_numpy()
    chosen: Rows = candidates[(exporters[candidates] == own["exporter"]) & (candidates != contract)]
    if chosen.size == 0:
        where = f"through {via!r}" if via else "to the same place"
        raise ShockError(
            "Closure", f"{own.name!r} has no other route {where}", "name another one with via, or set reroute=0"
        )
    return chosen
