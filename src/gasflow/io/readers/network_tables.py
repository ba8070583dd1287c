"""Rows of network tables as they are read: names made unique, what a network cannot hold left out and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

import pandas as pd

from gasflow.errors import Finding, Severity
from gasflow.io.readers.reading import NetworkReading, Notes
from gasflow.io.readers.records import unreadable
from gasflow.network.checks import inspect
from gasflow.network.columns import LARGEST
from gasflow.network.schema import SCHEMA, TABLES

_LEFT_OUT = "it is left out"
_LONGEST_NAME = 200
Row = Mapping[str, float | str]


@dataclass(frozen=True)
class Assumptions:
    """What the files of a pipeline network do not say and a network needs; stated in the source of each row.

    Attributes:
        tariff_per_100_km: EUR/MWh for each 100 km of pipe.
        shortest_tariff: EUR/MWh of the shortest pipe, so that no gas goes round for nothing.
        production_cost: EUR/MWh at which fields offer.
        import_cost: EUR/MWh at which LNG and imports over the edge of the network offer.
        stored_value: EUR/MWh at which stores take their action, which is none.
        stored_slope: EUR/MWh by which a store asks more per GWh/d.
        level_share: gas in store, as a share of the working volume.

    Example:
        >>> Assumptions().level_share
        0.5
    """

    tariff_per_100_km: float = 0.1
    shortest_tariff: float = 0.01
    production_cost: float = 20.0
    import_cost: float = 30.0
    stored_value: float = 30.0
    stored_slope: float = 0.1
    level_share: float = 0.5

    def tariff(self, length_km: float) -> float:
        """Return the tariff of a pipe in EUR/MWh."""
        return max(self.shortest_tariff, self.tariff_per_100_km * length_km / 100.0)


@dataclass
class NetworkTables:
    """Collects rows by table and name.

    Example:
        >>> tables = NetworkTables(Notes("net"))
        >>> for name in ("A", "B", "A"):
        ...     tables.add("nodes", name, {}, line=0)
        >>> tables.add_pipe("p", ("A", "B"), (10.0, 5.0), {"tariff": 0.1}, 0)
        >>> tables.reading().tables["pipes"][["name", "capacity"]].values.tolist()
        [['p', 10.0], ['p (back)', 5.0]]
    """

    notes: Notes
    _rows: dict[str, dict[str, Row]] = field(default_factory=lambda: {table: {} for table in TABLES})
    _earlier: list[Finding] = field(default_factory=list)

    def turn_to(self, notes: Notes) -> None:
        """Go on with the next file, whose findings are its own."""
        self._earlier += self.notes.findings
        self.notes = notes

    def has_node(self, name: str) -> bool:
        """Whether a node was taken in."""
        return name in self._rows["nodes"]

    def add(self, table: str, name: str, row: Row, line: int) -> None:
        """Take in a row unless its name is taken or cannot be shown, or its node is unknown."""
        if problem := self._problem(table, name, row):
            self.notes.add(line, "name", name, problem, _LEFT_OUT)
            return
        rows = self._rows[table]
        if name in rows:
            if table == "nodes" or rows[name] == row:
                self.notes.add(line, "name", name, "is the name of an earlier row", _LEFT_OUT)
                return
            self.notes.add(line, "name", name, "is the name of another row", "a number is added to it")
            name = next(new for k in count(2) if (new := f"{name} ({k})") not in rows)
        rows[name] = row

    def add_pipe(self, name: str, ends: tuple[str, str], capacity: tuple[float, float], row: Row, line: int) -> None:
        """Take in a connection as one directed pipe per direction that has a capacity, in GWh/d."""
        for known in ends:
            if not self.has_node(known):
                self.notes.add(line, "node", known, "is no node", _LEFT_OUT)
                return
        if ends[0] == ends[1]:
            self.notes.add(line, "node", ends[0], "is both ends of a pipe", _LEFT_OUT)
            return
        if self.has_node(name):
            name = f"{name} (pipe)"
        for suffix, limit, way in (("", capacity[0], ends), (" (back)", capacity[1], ends[::-1])):
            if limit > 0.0:
                directed = {"origin": way[0], "destination": way[1], "capacity": limit, **row}
                self.add("pipes", name + suffix, directed, line)
        if max(capacity) <= 0.0:
            self.notes.add(line, "capacity", name, "has no capacity", _LEFT_OUT)

    def reading(self) -> NetworkReading:
        """Return the tables, and the findings about the files and about the network that they make.

        Raises:
            RawFileError: if the tables make no network all the same.
        """
        if not self._rows["nodes"]:
            raise self.notes.refuse("names no node", "check that the files are of this kind")
        tables = {name: self._frame(name) for name in TABLES}
        found = inspect({**tables, "network": pd.DataFrame({"name": ["read"]})})[1]
        if errors := [finding for finding in found if finding.severity is Severity.ERROR]:
            raise self.notes.refuse(f"makes no network ({errors[0]})", "correct the files, or leave those rows out")
        return NetworkReading(tables, (*self._earlier, *self.notes.findings, *found))

    def _problem(self, table: str, name: str, row: Row) -> str:
        if not name or len(name) > _LONGEST_NAME or unreadable(name) or name != name.strip():
            return "is empty, too long or not printable"
        if "node" in row and not self.has_node(str(row["node"])):
            return f"stands at {str(row['node'])[:60]!r}, which is no node"
        if any(isinstance(value, float) and abs(value) > LARGEST for value in row.values()):
            return "has a figure that is too large for any quantity of gas"
        return ""

    def _frame(self, table: str) -> pd.DataFrame:
        rows = [{"name": name, **row} for name, row in self._rows[table].items()]
        needed = [entry.name for entry in SCHEMA[table].columns if entry.required]
        return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["name", *needed])
