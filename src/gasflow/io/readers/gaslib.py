"""Networks of GasLib: a ``.net`` file of nodes and connections and a ``.scn`` file of what enters and leaves.

Pipes, short pipes, resistors, valves, compressor stations and control valves all become directed pipes with the bounds
of their flow as capacity. Flows are volumes at 0 degC; one calorific value makes them energy, since what enters must
be able to leave.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from gasflow.io.readers.network_tables import Assumptions, NetworkTables, Row
from gasflow.io.readers.number_text import NumberError, number
from gasflow.io.readers.reading import NetworkReading, Notes, notes_for
from gasflow.io.readers.safe_xml import Element, read_xml
from gasflow.units import convert, kwh_per_cubic_metre

_NODES = {"source": "entry", "sink": "transit", "innode": "transit"}
_CONNECTIONS = (
    "pipe", "shortPipe", "resistor", "lossResistor", "linearResistor", "valve", "compressorStation", "controlValve",
)  # fmt: skip
# Cubic metres an hour.
_FLOW_UNITS = {"1000m_cube_per_hour": 1000.0, "m_cube_per_hour": 1.0, "m_cube_per_s": 3600.0}
_LENGTHS = {"km": 1.0, "m": 1e-3}
_LEFT_OUT = "it is left out"


def read_gaslib(
    path: Path, calorific_value: float | None = None, assumptions: Assumptions | None = None
) -> NetworkReading:
    """Return a network with one nomination.

    Args:
        path: the ``.net`` file, or a folder that holds one. The nomination is the ``.scn`` file of the same name, or
            the only one beside it; without one, sources offer and sinks take as much as they can.
        calorific_value: kWh per cubic metre at 0 degC, of all gas; None: the mean of the sources in the file.
        assumptions: tariffs and costs, which the files do not have.

    Returns:
        Tables of a network: sources as supplies that give what is nominated in any case, sinks as firm demands.

    Raises:
        RawFileError: if a file cannot be understood, or nothing makes a network.

    Example:
        >>> import tempfile
        >>> pipe = '<pipe id="p" from="A" to="B"><flowMax value="1" unit="1000m_cube_per_hour"/></pipe>'
        >>> nodes = '<nodes><source id="A"/><sink id="B"/></nodes>'
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "two.net"
        ...     _ = file.write_text(f"<network>{nodes}<connections>{pipe}</connections></network>")
        ...     print(*read_gaslib(file, calorific_value=11.0).tables["pipes"]["capacity"])
        0.264
    """
    net, scenario = _files(path)
    notes = notes_for(net)
    root = read_xml(net, notes)
    energy = _energy(root, calorific_value, notes)
    taker = _Taker(NetworkTables(notes), assumptions or Assumptions(), energy, f"GasLib {net.stem}")
    for element in root.within("nodes"):
        taker.node(element)
    for element in root.within("connections"):
        taker.connection(element)
    if scenario is None:
        notes.add(0, "", None, "has no nomination beside it", "sources and sinks are taken at their limits")
        taker.limits(root)
    else:
        taker.tables.turn_to(notes_for(scenario))
        taker.nomination(read_xml(scenario, taker.tables.notes))
    return taker.tables.reading()


def _files(path: Path) -> tuple[Path, Path | None]:
    if path.is_dir():
        nets = sorted(path.glob("*.net"))
        if len(nets) != 1:
            raise notes_for(path).refuse(f"holds {len(nets)} files that end in .net", "give the path of one of them")
        path = nets[0]
    if path.suffix.casefold() == ".scn":
        path = path.with_suffix(".net")
    beside = sorted(path.parent.glob("*.scn"))
    same = [file for file in beside if file.stem == path.stem]
    return path, (same or beside)[0] if same or len(beside) == 1 else None


def _energy(root: Element, stated: float | None, notes: Notes) -> float:
    """Return GWh/d per cubic metre an hour."""
    if stated is None:
        found = [
            value
            for source in root.within("nodes")
            if (entry := source.child("calorificValue")) and (value := _number(entry, {"MJ_per_m_cube": 1.0}, notes))
        ]
        stated = convert(fmean(found), "gj", "mwh") if found else kwh_per_cubic_metre(temperature=0.0)
        origin = "the mean of its sources" if found else "that of Russian gas, as its sources name none"
        problem = "kWh per cubic metre is taken as the calorific value of all gas"
        notes.add(0, "calorificValue", float(stated), problem, f"it is {origin}")
    return convert(stated, "kwh_per_hour", "gwh_per_day")


def _number(entry: Element | None, units: dict[str, float], notes: Notes) -> float | None:
    """Return the value of an element in the unit that has factor 1; none if there is none."""
    if entry is None:
        return None
    unit, text = entry.attributes.get("unit", ""), entry.attributes.get("value", "")
    if unit not in units:
        notes.add(entry.line, entry.tag, unit, "is no unit that is read", _LEFT_OUT)
        return None
    try:
        value = number(text)
    except NumberError as error:
        notes.add(entry.line, entry.tag, text, str(error), _LEFT_OUT)
        return None
    return None if value is None else value * units[unit]


@dataclass(frozen=True)
class _Taker:
    """Puts elements into the tables; `energy` is GWh/d per cubic metre an hour."""

    tables: NetworkTables
    assumed: Assumptions
    energy: float
    source: str

    def node(self, element: Element) -> None:
        """Take in a source, a sink or an inner node."""
        kind = _NODES.get(element.tag)
        if kind is None:
            self.tables.notes.add(element.line, "nodes", element.tag, "is no kind of node", _LEFT_OUT)
            return
        row: dict[str, float | str] = {"kind": kind, "source": self.source}
        row |= {"latitude": _angle(element, "geoWGS84Lat", 90.0), "longitude": _angle(element, "geoWGS84Long", 180.0)}
        self.tables.add("nodes", element.attributes.get("id", ""), row, element.line)

    def connection(self, element: Element) -> None:
        """Take in anything that gas flows through, one pipe per direction that its bounds allow."""
        name, ends = element.attributes.get("id", ""), [element.attributes.get(end, "") for end in ("from", "to")]
        if element.tag not in _CONNECTIONS:
            self.tables.notes.add(element.line, "connections", element.tag, "is no kind of connection", _LEFT_OUT)
            return
        highest, lowest = self._flow(element, "flowMax"), self._flow(element, "flowMin")
        if highest is None:
            self.tables.notes.add(element.line, "flowMax", name, "has no largest flow", _LEFT_OUT)
            return
        length = _number(element.child("length"), _LENGTHS, self.tables.notes)
        tariff = self.assumed.tariff(length or 0.0)
        row: Row = {"tariff": tariff, "source": f"{self.source} {element.tag}; tariff assumed"}
        self.tables.add_pipe(name, (ends[0], ends[1]), (highest, -(lowest or 0.0)), row, element.line)

    def limits(self, root: Element) -> None:
        """Take in sources and sinks at the bounds of the network file."""
        for element in root.within("nodes"):
            most = self._flow(element, "flowMax")
            if most is not None and element.tag in ("source", "sink"):
                self._boundary(element, element.tag == "source", (0.0, most))

    def nomination(self, root: Element) -> None:
        """Take in what a scenario file lets enter and leave."""
        for element in _boundaries(root):
            direction = element.attributes.get("type", "")
            bounds = {bound: flow for bound, flow in self._bounds(element) if flow is not None}
            if direction not in ("entry", "exit") or "upper" not in bounds:
                problem = "is neither entry nor exit, or has no upper flow"
                self.tables.notes.add(element.line, "node", element.attributes.get("id", ""), problem, _LEFT_OUT)
                continue
            self._boundary(element, direction == "entry", (bounds.get("lower", 0.0), bounds["upper"]))

    def _bounds(self, element: Element) -> Iterator[tuple[str, float | None]]:
        for flow in element.children:
            if flow.tag == "flow":
                value = _number(flow, _FLOW_UNITS, self.tables.notes)
                bound = flow.attributes.get("bound", "")
                for word in ("lower", "upper") if bound == "both" else (bound,):
                    yield word, None if value is None else value * self.energy

    def _boundary(self, element: Element, enters: bool, bounds: tuple[float, float]) -> None:
        name, (least, most) = element.attributes.get("id", ""), bounds
        if most < max(least, 0.0):
            self.tables.notes.add(element.line, "flow", most, "is below 0, or below the lower bound", _LEFT_OUT)
            return
        row: dict[str, float | str] = {"node": name, "volume": most, "source": self.source}
        if enters:
            row |= {"minimum": max(least, 0.0), "cost": self.assumed.production_cost}
            row["source"] = f"{self.source}; cost assumed"
        self.tables.add("supplies" if enters else "demands", name, row, element.line)

    def _flow(self, element: Element, tag: str) -> float | None:
        value = _number(element.child(tag), _FLOW_UNITS, self.tables.notes)
        return None if value is None else value * self.energy


def _boundaries(root: Element) -> Iterator[Element]:
    """Yield the nodes of the first scenario."""
    scenario = root if root.tag == "scenario" else root.child("scenario")
    yield from (element for element in (scenario.children if scenario else []) if element.tag == "node")


def _angle(element: Element, key: str, limit: float) -> float:
    try:
        value = number(element.attributes.get(key, ""))
    except NumberError:
        return math.nan
    return math.nan if value is None or abs(value) > limit else value
