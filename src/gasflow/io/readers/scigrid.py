"""Networks of SciGRID_gas, such as IGGIELGN: a folder of semicolon-separated files, one per kind of component.

Each row has an identifier, the nodes at which it stands, and records in text: ``param`` with its figures and ``method``
with how each was found. Records are read as literals and never run. Capacities in million cubic metres a day are taken
at 0 degC. What was imputed stays so: the source of a row carries the method. Prices are not in the files; they are
`Assumptions`. Compressors are passed over, because a network has no pressures.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gasflow.io.readers.literals import LiteralTextError, literal
from gasflow.io.readers.network_tables import Assumptions, NetworkTables, Row
from gasflow.io.readers.number_text import NumberError, number
from gasflow.io.readers.reading import NetworkReading, Notes, notes_for
from gasflow.io.readers.records import Record, read_records
from gasflow.network.countries import country_code
from gasflow.units import convert

_FILES = ("Nodes", "PipeSegments", "Productions", "LNGs", "BorderPoints", "Consumers", "Storages")
_NEEDED_FILES = ("Nodes", "PipeSegments")
_FLOW = convert(1.0, "mcm_per_day_0c", "gwh_per_day")
_ENERGY = convert(1.0, "mcm_0c", "gwh")
_MEASURED = ("", "raw", "none")
_LEFT_OUT = "it is left out"
_LONGEST_SOURCE = 300


@dataclass(frozen=True)
class _Component:
    """One row of a file, its texts as data."""

    line: int
    name: str
    nodes: tuple[str, ...]
    country: str
    where: tuple[float, float]
    figures: Mapping[str, Any]
    methods: Mapping[str, Any]

    def figure(self, key: str) -> float | None:
        """Return a figure, if it is a finite number that is not below 0."""
        value = self.figures.get(key)
        sound = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
        return float(value) if sound else None  # type: ignore[arg-type]

    def source(self, *keys: str) -> str:
        """Return where figures come from, with the method of each that was not measured."""
        methods = {key: str(self.methods.get(key, "")) for key in keys}
        told = [f"{key} by {how}" for key, how in methods.items() if how.casefold() not in _MEASURED]
        text = "; ".join([f"SciGRID_gas {self.name}", *told])[:_LONGEST_SOURCE]
        return "".join(sign if sign.isprintable() else "?" for sign in text)


def read_scigrid(path: Path, assumptions: Assumptions | None = None) -> NetworkReading:
    """Return the network of a folder.

    Args:
        path: folder with files that end in ``_Nodes.csv``, ``_PipeSegments.csv``, and as far as there are
            ``_Productions.csv``, ``_LNGs.csv``, ``_BorderPoints.csv``, ``_Consumers.csv`` and ``_Storages.csv``.
        assumptions: prices and levels, which the files do not have.

    Returns:
        Tables of a network: a node per node, one directed pipe per direction, productions and LNG terminals and
        imports over its edge as supplies, consumers as firm demands, storages half full.

    Raises:
        RawFileError: if a file is missing or cannot be understood, or nothing makes a network.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     read_scigrid(Path(folder))
        Traceback (most recent call last):
        gasflow.errors.RawFileError: 1 finding:
        ...
    """
    notes = notes_for(path)
    files = _files(path, notes)
    tables = NetworkTables(notes)
    assumed = assumptions or Assumptions()
    components: dict[str, list[_Component]] = {}
    for kind in _FILES:
        if kind in files:
            tables.turn_to(notes_for(files[kind]))
            components[kind] = list(_components(files[kind], tables.notes))
            _Taker(tables, assumed, components).take(kind)
    return tables.reading()


def _files(path: Path, notes: Notes) -> dict[str, Path]:
    if not path.is_dir():
        raise notes.refuse("is no folder", "give the folder that holds the files of SciGRID_gas")
    files = {}
    for kind in _FILES:
        found = sorted(path.glob(f"*_{kind}.csv"))
        if len(found) > 1:
            raise notes.refuse(f"holds {len(found)} files of {kind}", "keep one data set in a folder")
        if found:
            files[kind] = found[0]
        elif kind in _NEEDED_FILES:
            raise notes.refuse(f"holds no file that ends in _{kind}.csv", "unpack the whole data set")
    return files


def _components(path: Path, notes: Notes) -> Iterator[_Component]:
    records = read_records(path, notes, ["id", "node_id", "param"])
    for line, record in records.rows:
        figures, methods = (_record(line, record, key, notes) for key in ("param", "method"))
        nodes = _words(line, record, "nodeid", notes)
        country = next(iter(_words(line, record, "countrycode", notes)), "")
        where = (_angle(record, "lat", records.decimal_comma), _angle(record, "long", records.decimal_comma))
        code = country_code(country.upper()) or ""
        yield _Component(line, record["id"], nodes, code, where, figures, methods)


def _record(line: int, record: Record, key: str, notes: Notes) -> Mapping[str, Any]:
    text = record.get(key, "")
    if not text:
        return {}
    try:
        value = literal(text)
    except LiteralTextError as error:
        notes.add(line, key, text, str(error), "its figures are left out")
        return {}
    return value if isinstance(value, dict) else {}


def _words(line: int, record: Record, key: str, notes: Notes) -> tuple[str, ...]:
    """Return a list of words; a word without brackets stands for itself."""
    text = record.get(key, "")
    if not text.startswith(("[", "(")):
        return (text,) if text else ()
    try:
        value = literal(text)
    except LiteralTextError as error:
        notes.add(line, key, text, str(error), _LEFT_OUT)
        return ()
    return tuple(str(word) for word in value)


def _angle(record: Record, key: str, decimal_comma: bool) -> float:
    """Return degrees; NaN if there are none, or a whole course."""
    try:
        value = number(record.get(key, ""), decimal_comma)
    except NumberError:
        return math.nan
    limit = 90.0 if key == "lat" else 180.0
    return math.nan if value is None or abs(value) > limit else value


@dataclass(frozen=True)
class _Taker:
    """Puts the components of one kind into the tables."""

    tables: NetworkTables
    assumed: Assumptions
    components: Mapping[str, Sequence[_Component]]

    def take(self, kind: str) -> None:
        """Put in all components of a kind."""
        takers = {
            "Nodes": self._node,
            "PipeSegments": self._pipe,
            "Productions": self._production,
            "LNGs": self._terminal,
            "BorderPoints": self._import,
            "Consumers": self._consumer,
            "Storages": self._store,
        }
        for component in self.components[kind]:
            takers[kind](component)

    def _node(self, one: _Component) -> None:
        latitude, longitude = one.where
        row: Row = {"kind": "transit", "country": one.country, "latitude": latitude, "longitude": longitude}
        self.tables.add("nodes", one.name, {**row, "source": one.source()}, one.line)

    def _pipe(self, one: _Component) -> None:
        capacity = self._figure(one, "max_cap_M_m3_per_d")
        if capacity is None:
            return
        if len(one.nodes) != 2:
            self._note(one, "node_id", len(one.nodes), "is not the number of nodes of a pipe")
            return
        back = capacity if one.figures.get("is_bothDirection") in (1, True) else 0.0
        tariff = self.assumed.tariff(one.figure("length_km") or 0.0)
        row: Row = {"tariff": tariff, "source": f"{one.source('max_cap_M_m3_per_d')}; tariff assumed"}
        self.tables.add_pipe(one.name, (one.nodes[0], one.nodes[1]), (capacity * _FLOW, back * _FLOW), row, one.line)

    def _production(self, one: _Component) -> None:
        self._supply(one, "max_supply_M_m3_per_d", self.assumed.production_cost)

    def _terminal(self, one: _Component) -> None:
        self._supply(one, "max_cap_store2pipe_M_m3_per_d", self.assumed.import_cost)

    def _import(self, one: _Component) -> None:
        """Take in a border point only where gas comes from a country that has no node in the network."""
        origin = country_code(str(one.figures.get("from_country", "")).upper())
        if origin and origin not in {node.country for node in self.components["Nodes"]}:
            self._supply(one, "max_cap_from_to_M_m3_per_d", self.assumed.import_cost, origin)

    def _supply(self, one: _Component, key: str, cost: float, exporter: str = "") -> None:
        volume = self._figure(one, key)
        if volume is not None and (node := self._node_of(one)):
            row: Row = {"node": node, "exporter": exporter or one.country, "volume": volume * _FLOW, "cost": cost}
            self.tables.add("supplies", one.name, {**row, "source": f"{one.source(key)}; cost assumed"}, one.line)

    def _consumer(self, one: _Component) -> None:
        volume = self._figure(one, "max_demand_M_m3_per_d")
        if volume is not None and (node := self._node_of(one)):
            row: Row = {"node": node, "volume": volume * _FLOW, "source": one.source("max_demand_M_m3_per_d")}
            self.tables.add("demands", one.name, row, one.line)

    def _store(self, one: _Component) -> None:
        keys = ("max_workingGas_M_m3", "max_cap_pipe2store_M_m3_per_d", "max_cap_store2pipe_M_m3_per_d")
        figures = [self._figure(one, key) for key in keys]
        if None in figures or not (node := self._node_of(one)):
            return
        volume, injection, withdrawal = (value or 0.0 for value in figures)
        row: Row = {
            "node": node,
            "volume": volume * _ENERGY,
            "injection": injection * _FLOW,
            "withdrawal": withdrawal * _FLOW,
            "level": volume * _ENERGY * self.assumed.level_share,
            "value": self.assumed.stored_value,
            "slope": self.assumed.stored_slope,
            "source": f"{one.source(*keys)}; level and value assumed",
        }
        self.tables.add("storages", one.name, row, one.line)

    def _figure(self, one: _Component, key: str) -> float | None:
        value = one.figure(key)
        if value is None:
            self._note(one, key, one.figures.get(key), "is no number from 0 up")
        return value

    def _node_of(self, one: _Component) -> str:
        if len(one.nodes) == 1:
            return one.nodes[0]
        self._note(one, "node_id", len(one.nodes), "is not one node")
        return ""

    def _note(self, one: _Component, column: str, value: object, problem: str) -> None:
        shown = value if isinstance(value, int | float | None) else str(value)
        self.tables.notes.add(one.line, column, shown, problem, f"{one.name[:60]} is left out")
