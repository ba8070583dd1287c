"""Whether observations and network speak of the same places."""

from __future__ import annotations

from collections.abc import Iterable

from gasflow.calibration.observations import Observations
from gasflow.calibration.reconcile import members
from gasflow.calibration.schema import OBSERVED, Summed
from gasflow.errors import Finding
from gasflow.network import Network
from gasflow.network.columns import Kind
from gasflow.network.suggestions import nearest


def unknown_places(topology: Network, seen: Observations, label: str) -> list[Finding]:
    """Return every row of a date that names no place of the network, and say if the price of the marker is missing.

    A row that says that nothing flowed needs no place.

    Args:
        topology: the network.
        seen: what was seen on the date.
        label: the date.
    """
    tables = topology.tables
    known = {Kind.NODE: tables["nodes"].index, Kind.PIPE: tables["pipes"].index}
    findings = []
    for name, table in OBSERVED.items():
        frame = seen.tables[name]
        said = frame[frame["value"] != 0.0] if "value" in frame else frame
        for column in table.columns:
            if column.kind in known:
                findings += _unknown(name, column.name, said[column.name], known[column.kind], label)
    stores = seen.storage.loc[seen.storage["value"] != 0.0, "storage"]
    findings += _unknown("storage", "storage", stores, tables["storages"].index, label)
    for total in seen.totals.itertuples(index=False):
        places = [place for place, _ in members(str(total.places))]
        among = known[Kind.PIPE if total.table == Summed.FLOWS else Kind.NODE]
        if not among.intersection(places).size:
            findings += _unknown("totals", "places", places, among, label)
    if topology.marker_node not in set(seen.prices["node"]):
        problem = f"has no price of the marker {topology.marker_name} on {label}"
        remedy = f"add a row with node {topology.marker_node}"
        findings.append(Finding("prices", "", "node", None, "", problem, remedy))
    return findings


def _unknown(table: str, column: str, places: Iterable[str], known: Iterable[str], label: str) -> list[Finding]:
    names = list(known)
    missing = dict.fromkeys(place for place in places if place not in set(names))
    return [_finding(table, column, place, names, label) for place in missing]


def _finding(table: str, column: str, place: str, names: list[str], label: str) -> Finding:
    near = nearest(place, names)
    remedy = f"did you mean {' or '.join(map(repr, near))}?" if near else "use a name of the network's tables"
    return Finding(table, f"{label} {place}", column, place, "", "is not in the network", remedy)
