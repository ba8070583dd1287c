"""The schema: every column of every table, with its type, unit, default, limits and meaning, as data.

Checks, the reading and writing of files, and the documentation are all driven by `SCHEMA`; a new column is
one new line here. All tables are indexed by ``name``. An empty cell means the default of its column.
"""

import math
from collections.abc import Mapping
from enum import StrEnum

import pandas as pd

from gasflow.network.columns import LARGEST, Column, Kind, Table
from gasflow.units import Quantity

# Published elasticities stay below 1. At 10 the quantity at a tenth of the price is already 1e10 times the anchor's.
STEEPEST = 10.0


class NodeKind(StrEnum):
    """What a node stands for.

    Example:
        >>> NodeKind.ENTRY.value
        'entry'
    """

    COUNTRY = "country"
    TRANSIT = "transit"
    ENTRY = "entry"
    TERMINAL = "terminal"
    WORLD = "world"


class Group(StrEnum):
    """Whose welfare a node belongs to.

    Example:
        >>> list(Group)
        [<Group.EU: 'EU'>, <Group.EXPORTER: 'exporter'>, <Group.OTHER: 'other'>]
    """

    EU = "EU"
    EXPORTER = "exporter"
    OTHER = "other"


class SupplyKind(StrEnum):
    """How a supply bids: at its cost, at the floor under contract, or along an elastic curve.

    Example:
        >>> SupplyKind.MARKET.value
        'market'
    """

    PRODUCTION = "production"
    CONTRACT = "contract"
    MARKET = "market"


class Sector(StrEnum):
    """Who uses the gas.

    Example:
        >>> Sector.POWER.value
        'power'
    """

    POWER = "power"
    INDUSTRY = "industry"
    HOUSEHOLDS = "households"
    TOTAL = "total"


def column(table: str, name: str) -> Column:
    """Return one column of the schema.

    Example:
        >>> column("pipes", "loss").below
        1.0
    """
    return next(entry for entry in SCHEMA[table].columns if entry.name == name)


def _text(name: str, meaning: str) -> Column:
    return Column(name, Kind.TEXT, meaning, default="")


def _choice(name: str, choices: type[StrEnum], default: StrEnum, meaning: str) -> Column:
    return Column(name, Kind.CHOICE, meaning, default=str(default), choices=tuple(str(word) for word in choices))


def _flow(name: str, meaning: str, default: float | None = None, minimum: float = 0.0) -> Column:
    return Column(name, Kind.NUMBER, meaning, Quantity.FLOW, default, minimum)


def _price(name: str, meaning: str, default: float | None = 0.0, minimum: float = -LARGEST) -> Column:
    return Column(name, Kind.NUMBER, meaning, Quantity.PRICE, default, minimum)


def _slope(meaning: str) -> Column:
    return Column("slope", Kind.NUMBER, meaning, Quantity.SLOPE, 0.0, 0.0)


def _loss(meaning: str) -> Column:
    return Column("loss", Kind.NUMBER, meaning, Quantity.SHARE, 0.0, 0.0, below=1.0)


def _share(name: str, default: float, meaning: str) -> Column:
    return Column(name, Kind.NUMBER, meaning, Quantity.SHARE, default, 0.0, 1.0)


def _angle(name: str, limit: float, meaning: str) -> Column:
    return Column(name, Kind.NUMBER, meaning, Quantity.ANGLE, math.nan, -limit, limit)


_NODE = Column("node", Kind.NODE, "node at which it sits")
_SOURCE = _text("source", "where the figures of the row come from")

_SETTINGS = Table(
    "network",
    "the network as a whole; one row",
    (
        Column("date", Kind.DATE, "day on which the network is valid; empty: any day", default=""),
        _price("value_of_lost_load", "price at which demand goes unserved", 3000.0),
        _price(
            "price_floor",
            "price at which contract gas is offered, and unwanted gas that must be taken is spilled",
            0.0,
        ),
        _text("marker", "hub or node whose price stands for that of the market; empty: where most is demanded"),
    ),
)
_NODES = Table(
    "nodes",
    "places where gas is balanced: countries, transit zones, entry points, LNG terminals, world markets",
    (
        _choice("kind", NodeKind, NodeKind.COUNTRY, "what the node stands for"),
        Column("country", Kind.COUNTRY, "two-letter code; EL is kept as GR, GB as UK", default=""),
        _choice("group", Group, Group.OTHER, "whose welfare it counts to"),
        _text("hub", 'trading hub whose price is that of the node, such as "TTF"; also found by this name'),
        _text("aliases", "other names by which it is found, separated by semicolons"),
        _flow(
            "statistical_difference",
            "fixed net source that closes the observed balance; + adds gas; losses in transit belong to the pipes",
            0.0,
            -LARGEST,
        ),
        _price("value_of_lost_load", "price at which demand goes unserved there; empty: that of the network", math.nan),
        _angle("latitude", 90.0, "north is positive; empty: unknown"),
        _angle("longitude", 180.0, "east is positive; empty: unknown"),
        _SOURCE,
    ),
)
_PIPES = Table(
    "pipes",
    "directed connections; flow is positive from origin to destination",
    (
        Column("origin", Kind.NODE, "node where the gas enters the pipe"),
        Column("destination", Kind.NODE, "node where it leaves"),
        _flow("capacity", "technical capacity at the origin"),
        _flow("booked", "booked capacity; empty: no booking known", math.nan),
        _flow("nominated", "nominated flow, an upper bound beside the capacity; empty: not nominated", math.nan),
        _price("tariff", "price of transport per unit of gas entering", 0.0, 0.0),
        _price("wedge", "calibrated addition to the tariff, of either sign"),
        _slope("rise of the transport cost with the flow"),
        _loss("share of the gas entering that does not arrive"),
        Column("first_day", Kind.DATE, "first day of service; empty: always", default=""),
        Column("last_day", Kind.DATE, "last day of service; empty: for ever", default=""),
        _SOURCE,
    ),
)
_SUPPLIES = Table(
    "supplies",
    "sources of gas: production, contracts by route, world markets",
    (
        _NODE,
        _choice("kind", SupplyKind, SupplyKind.PRODUCTION, "how it bids"),
        Column("exporter", Kind.COUNTRY, "country that earns the revenue", default=""),
        _flow(
            "volume",
            "what it can give; of a contract the nomination, of a market the volume at the anchor price",
        ),
        _flow("minimum", "what it gives in any case", 0.0),
        _price("cost", "price at which it offers its volume (production)"),
        Column(
            "elasticity",
            Kind.NUMBER,
            "d ln volume / d ln price (market, > 0)",
            default=math.nan,
            minimum=0.0,
            maximum=STEEPEST,
        ),
        _price("anchor_price", "price at which a market gives its volume", math.nan, 0.0),
        Column("route", Kind.PIPE, "pipe on which a contract is nominated", default=""),
        Column(
            "delivery",
            Kind.NODE,
            "node where the gas is priced; empty: end of the route, else node",
            default="",
        ),
        _SOURCE,
    ),
)
_DEMANDS = Table(
    "demands",
    "uses of gas by node and sector",
    (
        _NODE,
        _choice("sector", Sector, Sector.TOTAL, "who uses the gas"),
        _flow("volume", "use at the anchor price"),
        Column(
            "elasticity",
            Kind.NUMBER,
            "d ln use / d ln price (<= 0; 0: firm)",
            default=0.0,
            minimum=-STEEPEST,
            maximum=0.0,
        ),
        _price(
            "anchor_price",
            "price at which the volume is used; empty only where demand is firm",
            math.nan,
            0.0,
        ),
        _SOURCE,
    ),
)
_STORAGES = Table(
    "storages",
    "gas stores; action is positive out of the store",
    (
        _NODE,
        Column("volume", Kind.NUMBER, "working gas volume", Quantity.ENERGY, minimum=0.0),
        _flow("injection", "largest flow into the store"),
        _flow("withdrawal", "largest flow out of the store"),
        Column("level", Kind.NUMBER, "gas in store at the start", Quantity.ENERGY, minimum=0.0),
        _flow("action", "net withdrawal at which the value holds; negative: injection", 0.0, -LARGEST),
        _price("value", "price at which the store takes its action", None),
        _slope("rise of the asked price with the net withdrawal"),
        _price("injection_cost", "cost of putting a unit in", 0.0, 0.0),
        _price("withdrawal_cost", "cost of taking a unit out", 0.0, 0.0),
        _price("full_rate_cost", "what the last unit costs more than the first at the full rate, in or out", 0.0, 0.0),
        _loss("share of the gas injected that is lost"),
        _share("withdrawal_when_empty", 1.0, "share of the withdrawal rate that is left when the store is empty"),
        _share(
            "full_rate_level", 0.5, "level, as a share of the volume, from which the whole withdrawal rate is there"
        ),
        _SOURCE,
    ),
)

TABLES = ("nodes", "pipes", "supplies", "demands", "storages")
SCHEMA = {table.name: table for table in (_SETTINGS, _NODES, _PIPES, _SUPPLIES, _DEMANDS, _STORAGES)}


def schema_table() -> pd.DataFrame:
    """Return the schema, one row per column of a table.

    Example:
        >>> schema_table().query("table == 'pipes' and column == 'capacity'")[["header", "type", "required"]]
                          header    type required
        16  capacity_gwh_per_day  number      yes
    """
    return pd.DataFrame([_entry(table, entry) for table in SCHEMA.values() for entry in table.columns])


def schema_markdown(tables: Mapping[str, Table] = SCHEMA) -> str:
    """Return a schema as text with one table for each of its tables, for the documentation.

    Args:
        tables: the schema; that of networks if none is given.

    Example:
        >>> print(schema_markdown().splitlines()[0])
        ### network: the network as a whole; one row
    """
    heads = ("header", "type", "unit", "default", "limits", "meaning")
    lines = []
    for table in tables.values():
        lines += [
            f"### {table.name}: {table.meaning}",
            "",
            f"| {' | '.join(heads)} |",
            "|---" * len(heads) + "|",
        ]
        lines += [f"| {' | '.join(_entry(table, entry)[head] for head in heads)} |" for entry in table.columns]
        lines.append("")
    return "\n".join(lines)


def _entry(table: Table, entry: Column) -> dict[str, str]:
    return {
        "table": table.name,
        "column": entry.name,
        "header": entry.header,
        "type": str(entry.kind),
        "unit": entry.unit,
        "required": "yes" if entry.required else "no",
        "default": "" if entry.default is None or entry.default != entry.default else str(entry.default),
        "limits": _limits(entry),
        "meaning": entry.meaning,
    }


def _limits(entry: Column) -> str:
    if entry.choices:
        return ", ".join(entry.choices)
    parts = [f">= {entry.minimum:g}"] if entry.minimum > -LARGEST else []
    parts += [f"<= {entry.maximum:g}"] if entry.maximum < LARGEST else []
    parts += [f"< {entry.below:g}"] if math.isfinite(entry.below) else []
    return ", ".join(parts)
