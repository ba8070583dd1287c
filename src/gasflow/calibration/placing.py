"""From the places of a source to the places of a network: tidy tables of readers become observations."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from gasflow.calibration.observations import Observations
from gasflow.errors import Finding, GasflowError, Severity
from gasflow.io.readers import Reading
from gasflow.network import Network
from gasflow.network.suggestions import fold

# Quantity of a reading, and the table and column of the observations that take it.
TAKEN = {
    "flow": ("flows", "pipe", "value"),
    "send-out": ("send_out", "node", "value"),
    "demand": ("demand", "node", "value"),
    "production": ("production", "node", "value"),
    "net withdrawal": ("storage", "storage", "value"),
    "level": ("storage", "storage", "level"),
    "price": ("prices", "node", "price"),
}


def placed(reading: Reading, topology: Network, points: pd.DataFrame) -> tuple[Observations, list[Finding]]:
    """Return a reading as observations of a network.

    Args:
        reading: what a reader gave.
        topology: the network.
        points: points of pipelines that a source names otherwise than the network: (row, ``point`` ``direction``
            ``country`` ``pipe``). Every point of the source whose name holds ``point``, in that direction and on the
            side of that country, is added to the pipe.

    Returns:
        The observations, and what has no place in the network.

    Raises:
        GasflowError: if nothing has.

    Example:
        >>> from gasflow.network.toys import two_nodes
        >>> table = pd.DataFrame({"date": ["2025-01-01"], "place": ["Border (A) / (B) | entry | BE"],
        ...                       "quantity": ["flow"], "value": [12.0], "unit": ["GWh/d"], "source": ["entsog"]})
        >>> points = pd.DataFrame({"point": ["border"], "direction": ["entry"], "country": ["BE"], "pipe": ["A->B"]})
        >>> placed(Reading(table, ()), two_nodes(), points)[0].flows[["pipe", "value"]].values.tolist()
        [['A->B', 12.0]]
    """
    table = reading.table
    known = table[table["quantity"].isin(TAKEN)]
    findings = [
        _left_out(str(quantity), len(rows), "is no observation", "use it for the network's own tables")
        for quantity, rows in table[~table["quantity"].isin(TAKEN)].groupby("quantity")
    ]
    names = _names(known[["place", "quantity"]].drop_duplicates(), topology, points)
    name = pd.Series([names.get(pair, "") for pair in zip(known["place"], known["quantity"], strict=True)],
                     index=known.index)  # fmt: skip
    for place, rows in known[name == ""].groupby("place"):
        findings.append(
            _left_out(str(place), len(rows), "is no place of the network", "name it in the table of points")
        )
    if (name == "").all():
        raise GasflowError("No place of the file is in the network", "look at its places, and name them as points")
    frames: dict[str, pd.DataFrame] = {}
    placed_rows = known.assign(name=name)[name != ""]
    for quantity, rows in placed_rows.groupby("quantity"):
        target, key, column = TAKEN[str(quantity)]
        summed = rows.groupby(["date", "name"], as_index=False).agg(value=("value", "sum"), source=("source", "first"))
        frame = summed.rename(columns={"name": key, "value": column}).assign(quality="observed")
        known_rows = frames.get(target)
        joint = ["date", key, "source", "quality"]
        frames[target] = frame if known_rows is None else known_rows.merge(frame, on=joint, how="outer")
    if "storage" in frames:
        frames["storage"] = frames["storage"].dropna(subset="value")
    return Observations.from_tables(**frames), findings


def _names(pairs: pd.DataFrame, topology: Network, points: pd.DataFrame) -> Mapping[tuple[str, str], str]:
    """Return the name in the network of every place of the source, for each quantity."""
    tables = {"pipe": topology.pipes.index, "node": topology.nodes.index, "storage": topology.storages.index}
    rules = [(fold(point), direction, country, pipe) for point, direction, country, pipe in
             zip(*(points[column] for column in ("point", "direction", "country", "pipe")), strict=True)]  # fmt: skip
    hubs = {str(hub): str(node) for node, hub in topology.nodes["hub"].items() if hub}
    names = {}
    for place, quantity in pairs.itertuples(index=False, name=None):
        _, key, _ = TAKEN[quantity]
        if place in tables[key]:
            names[place, quantity] = place
        elif place in hubs and key == "node":
            names[place, quantity] = hubs[place]
        elif quantity == "flow" and place.count("|") == _BARS:
            label, direction, country = (part.strip() for part in place.split("|"))
            folded = fold(label)
            meant = [pipe for point, way, side, pipe in rules
                     if (way, side) == (direction, country) and point in folded]  # fmt: skip
            if meant and meant[0] in tables["pipe"]:
                names[place, quantity] = meant[0]
    return names


_BARS = 2  # between point, direction and country


def _left_out(what: str, count: int, problem: str, remedy: str) -> Finding:
    return Finding("file", what, "", None, "", f"{problem}: {count} rows are left out", remedy,
                   severity=Severity.WARNING)  # fmt: skip
