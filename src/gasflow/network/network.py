"""The network: five tables and what holds for all of them, checked at the door and never changed after."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Self, overload

import numpy as np
import pandas as pd

from gasflow.arguments import texts
from gasflow.errors import ArgumentError, Finding, GasflowError, NetworkError, Severity, UnknownPlace, counted
from gasflow.network import lookup
from gasflow.network.checks import inspect
from gasflow.network.columns import Kind
from gasflow.network.lookup import Place
from gasflow.network.schema import SCHEMA, TABLES
from gasflow.network.suggestions import nearest
from gasflow.network.tables import column_of, spelled, typed_table

Cell = float | str | None
_SINGULAR = {"nodes": "node", "pipes": "pipe", "supplies": "supply", "demands": "demand", "storages": "storage"}


class _FrozenTable:
    """A table of a network: each reader gets a copy, so that nobody changes the network through it."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.key = f"_{name}"

    @overload
    def __get__(self, network: None, owner: type) -> None: ...
    @overload
    def __get__(self, network: "Network", owner: type) -> pd.DataFrame: ...
    def __get__(self, network: "Network | None", owner: type) -> pd.DataFrame | None:
        return None if network is None else network.__dict__[self.key].copy()

    def __set__(self, network: "Network", frame: pd.DataFrame | None) -> None:
        network.__dict__[self.key] = frame


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """A gas network: nodes that balance, pipes between them, and what feeds, uses and stores gas.

    Every table is indexed by ``name``; `gasflow.network.schema` lists the columns, with units and defaults.
    Tables may be given with any unit in the header (``capacity_mcm_per_day_20c``) and are kept in GWh/d, GWh
    and EUR/MWh. Reading a table gives a copy: to change a network, derive another with ``with_...`` or
    ``replace``.

    Attributes:
        nodes: places where gas is balanced, (node, column).
        pipes: directed connections, (pipe, column).
        supplies: sources of gas, (supply, column).
        demands: uses of gas, (demand, column).
        storages: gas stores, (storage, column).
        name: title of the network.
        date: day on which it is valid, as 2022-05-10; empty for any day.
        value_of_lost_load: price at which demand goes unserved, EUR/MWh.
        price_floor: price at which contract gas is offered, and unwanted gas that must be taken is spilled, EUR/MWh.
        marker: hub or node whose price stands for that of the market; empty: where most is demanded.

    Raises:
        NetworkError: with everything that is wrong in any table.

    Example:
        >>> import pandas as pd
        >>> nodes = pd.DataFrame({"name": ["A", "B"]})
        >>> network = Network(nodes).with_pipe("A->B", origin="A", destination="B", capacity=50.0)
        >>> network = network.with_supply("field", node="A", volume=80.0, cost=20.0)
        >>> network.with_demand("town", node="B", volume=40.0)
        Network: 2 nodes, 1 pipe, 1 supply, 1 demand, 0 storages
    """

    nodes: _FrozenTable = _FrozenTable()
    pipes: _FrozenTable = _FrozenTable()
    supplies: _FrozenTable = _FrozenTable()
    demands: _FrozenTable = _FrozenTable()
    storages: _FrozenTable = _FrozenTable()
    name: str = ""
    date: str = ""
    value_of_lost_load: float = 3000.0
    price_floor: float = 0.0
    marker: str = ""

    def __post_init__(self) -> None:
        for field in ("name", *SCHEMA["network"].names):
            _single("Network", field, getattr(self, field))
        settings = {field: [getattr(self, field)] for field in SCHEMA["network"].names}
        given = {"network": pd.DataFrame({"name": [self.name], **settings}, dtype=object)}
        given |= {table: self.__dict__[f"_{table}"] for table in TABLES}
        tables, findings = inspect(given)
        self.__dict__["_findings"] = tuple(findings)
        if any(finding.severity is Severity.ERROR for finding in findings):
            raise NetworkError(findings)
        for table in SCHEMA:
            self.__dict__[f"_{table}"] = tables[table]
        for field in SCHEMA["network"].names:
            self.__dict__[field] = tables["network"][field].tolist()[0]
        self.__dict__["name"] = tables["network"].index[0]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a user should know and what forbids nothing, such as a demand that no supply can reach.

        Example:
            >>> from gasflow.network.toys import two_nodes
            >>> print(*two_nodes().without("pipes", "A->B").findings)
            warning: demands, row 'town', column 'node': 'B' is out of reach of every supply; ...
        """
        return self.__dict__["_findings"]  # type: ignore[no-any-return]

    @property
    def marker_node(self) -> str:
        """The node of the marker; empty in a network without a demand.

        Example:
            >>> from gasflow.network.toys import two_nodes
            >>> two_nodes().marker_node
            'B'
        """
        if self.marker:
            return self.find(self.marker, among=("nodes",)).name
        demands: pd.DataFrame = self.__dict__["_demands"]
        return str(demands.groupby("node")["volume"].sum().idxmax()) if len(demands) else ""

    @property
    def marker_name(self) -> str:
        """What the marker is called: as it was given, else the hub of its node, else the node itself."""
        node = self.marker_node
        return self.marker or (str(self.__dict__["_nodes"].at[node, "hub"]) if node else "") or node

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Copies of all tables by name; the settings come first, as the one-row table ``network``."""
        return {table: self.__dict__[f"_{table}"].copy() for table in SCHEMA}

    def find(self, place: str, among: Sequence[str] = ("nodes", "pipes")) -> Place:
        """Return the one row meant by a name, in any spelling: see `gasflow.network.lookup`.

        Raises:
            AmbiguousPlace: if several rows answer to the name.
            UnknownPlace: if none does; it carries the nearest names.

        Example:
            >>> from gasflow.network.toys import transit_hub
            >>> transit_hub().find("sokhranovka").name
            'Sokhranivka'
        """
        tables = texts(among, "Network.find", "among")
        for table in tables:
            _known_table(table)
        return lookup.find({table: self.__dict__[f"_{table}"] for table in tables}, place, tables)

    def with_node(self, name: str, **cells: Cell) -> Self:
        """Return a network with one node more, or with these cells of an existing one changed.

        Example:
            >>> Network().with_node("A", country="AT").nodes.loc["A", "country"]
            'AT'
        """
        return self._with_row("nodes", name, cells)

    def with_pipe(self, name: str, **cells: Cell) -> Self:
        """Return a network with one pipe more, or with these cells of an existing one changed.

        Example:
            >>> from gasflow.network.toys import two_nodes
            >>> two_nodes().with_pipe("A->B", capacity_mcm_per_day_20c=2.0).pipes["capacity"].tolist()
            [20.9]
        """
        return self._with_row("pipes", name, cells)

    def with_supply(self, name: str, **cells: Cell) -> Self:
        """Return a network with one supply more, or with these cells of an existing one changed.

        Example:
            >>> from gasflow.network.toys import two_nodes
            >>> two_nodes().with_supply("field", cost=25.0).supplies["cost"].to_dict()
            {'field': 25.0}
        """
        return self._with_row("supplies", name, cells)

    def with_demand(self, name: str, **cells: Cell) -> Self:
        """Return a network with one demand more, or with these cells of an existing one changed.

        Example:
            >>> from gasflow.network.toys import two_nodes
            >>> len(two_nodes().with_demand("village", node="A", volume=1.0).demands)
            2
        """
        return self._with_row("demands", name, cells)

    def with_storage(self, name: str, **cells: Cell) -> Self:
        """Return a network with one storage more, or with these cells of an existing one changed.

        Example:
            >>> from gasflow.network.toys import two_nodes
            >>> cells = {"volume": 900.0, "injection": 8.0, "withdrawal": 15.0, "level": 300.0, "value": 22.0}
            >>> two_nodes().with_storage("cavern", node="B", **cells).storages["level"].tolist()
            [300.0]
        """
        return self._with_row("storages", name, cells)

    def with_table(self, table: str, frame: pd.DataFrame) -> Self:
        """Return a network with one table exchanged.

        Example:
            >>> from gasflow.network.toys import two_nodes
            >>> network = two_nodes()
            >>> network.with_table("pipes", network.pipes.assign(tariff=3.0)).pipes["tariff"].tolist()
            [3.0]
        """
        _known_table(table)
        return dataclasses.replace(self, **{table: frame})  # type: ignore[arg-type]

    def without(self, table: str, *names: str) -> Self:
        """Return a network without these rows, and without what cannot be without them.

        With a node go the pipes, supplies, demands and storages at it; with a pipe the contracts on it.

        Raises:
            UnknownPlace: if the table has no such row.

        Example:
            >>> from gasflow.network.toys import line
            >>> line().without("nodes", "C")
            Network 'line': 2 nodes, 1 pipe, 1 supply, 0 demands, 0 storages
        """
        _known_table(table)
        tables = {name: getattr(self, name) for name in TABLES}
        for name in names:
            if not isinstance(name, str):
                raise ArgumentError("Network.without", "names", name, "give names one by one: 'A->B', 'B->C'")
        names = tuple(spelled(name) for name in names)
        for name in names:
            if name not in tables[table].index:
                raise UnknownPlace(name, nearest(name, tables[table].index))
        tables[table] = tables[table].drop(index=list(names))
        for name, kind in (("pipes", Kind.NODE), ("supplies", Kind.PIPE), ("supplies", Kind.NODE)):
            tables[name] = _attached(name, kind, tables)
        tables["demands"] = _attached("demands", Kind.NODE, tables)
        tables["storages"] = _attached("storages", Kind.NODE, tables)
        return dataclasses.replace(self, **tables)

    def replace(self, **changes: Cell | pd.DataFrame) -> Self:
        """Return a network with other settings (name, date, value_of_lost_load, price_floor, marker) or whole tables.

        Example:
            >>> from gasflow.network.toys import two_nodes
            >>> two_nodes().replace(date="2022-05-10").date
            '2022-05-10'
        """
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same values in the same order; NaN equals NaN."""
        if not isinstance(other, Network):
            return NotImplemented
        pairs = [(self.__dict__[f"_{table}"], other.__dict__[f"_{table}"]) for table in SCHEMA]
        return all(one.equals(two) for one, two in pairs)

    def __hash__(self) -> int:
        """Hash the settings and the names of all rows, which equal networks share."""
        names = (tuple(self.__dict__[f"_{table}"].index) for table in SCHEMA)
        return hash((self.date, self.value_of_lost_load, self.price_floor, *names))

    def __repr__(self) -> str:
        """Return name, date and the number of rows in one line."""
        title = f" {self.name!r}" if self.name else ""
        day = f" on {self.date}" if self.date else ""
        counts = ", ".join(_counted(self.__dict__[f"_{table}"], table) for table in TABLES)
        notes = f"; {counted(self.findings)}, see its findings" if self.findings else ""
        return f"Network{title}{day}: {counts}{notes}"

    def _repr_html_(self) -> str:
        """Return the same as a small table for a notebook, all text escaped."""
        heads = "".join(f"<th>{table}</th>" for table in TABLES)
        cells = "".join(f"<td>{len(self.__dict__[f'_{table}'])}</td>" for table in TABLES)
        title = escape(" ".join(part for part in ("Network", self.name, self.date) if part))
        return f"<table><caption>{title}</caption><tr>{heads}</tr><tr>{cells}</tr></table>"

    def _with_row(self, table: str, name: str, cells: Mapping[str, Cell]) -> Self:
        for field, cell in (("name", name), *cells.items()):
            _single(f"Network.with_{_SINGULAR[table]}", field, cell)
        frame = getattr(self, table)
        name = spelled(name) if isinstance(name, str) else name
        new = name not in frame.index
        changed = {column_of(SCHEMA[table], header) for header in cells}
        kept = {} if new else {header: cell for header, cell in frame.loc[name].items() if header not in changed}
        row = {header: [cell] for header, cell in (kept | dict(cells)).items()}
        index = pd.Index([name], dtype=object, name="name")
        typed, faults = typed_table(SCHEMA[table], pd.DataFrame(row, index=index, dtype=object))
        if faults:
            raise NetworkError(faults)
        position = len(frame) if new else int(frame.index.get_loc(name))
        parts = [part for part in (frame[:position], typed, frame[position + 1 :]) if len(part)]
        return dataclasses.replace(self, **{table: pd.concat(parts)})


def _attached(table: str, kind: Kind, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the rows all of whose references to nodes, or to pipes, still exist; where gas is priced is a detail."""
    frame, known = tables[table], tables["nodes" if kind is Kind.NODE else "pipes"].index
    sound = pd.Series(True, index=frame.index)
    for entry in SCHEMA[table].columns:
        if entry.kind is kind and entry.name != "delivery":
            sound &= frame[entry.name].isin(known) | (frame[entry.name] == "")
    kept = frame[sound].copy()
    if "delivery" in kept and kind is Kind.NODE:
        kept["delivery"] = kept["delivery"].where(kept["delivery"].isin(known), "")
    return kept


def _single(function: str, name: str, value: object) -> None:
    """Refuse a table, an array or a list where one value is meant; what kind of value is for the schema to say."""
    several = isinstance(value, np.ndarray | pd.DataFrame | pd.Series | Collection)
    if several and not isinstance(value, str | bytes):
        raise ArgumentError(function, name, value, "give one value")


def _known_table(table: str) -> None:
    if not isinstance(table, str) or table not in TABLES:
        raise GasflowError(f"There is no table {table!r}", f"use one of {', '.join(TABLES)}")


def _counted(frame: pd.DataFrame, table: str) -> str:
    return f"{len(frame)} {_SINGULAR[table] if len(frame) == 1 else table}"
