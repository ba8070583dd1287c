"""From the places of a source to the places of a network: tidy tables of readers become observations."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gasflow.calibration.observations import Observations
from gasflow.errors import Finding, GasflowError, Severity
from gasflow.io.readers import RawQuantity, Reading
from gasflow.network import Network
from gasflow.network.countries import country_code
from gasflow.network.schema import NodeKind
from gasflow.network.suggestions import fold

# Quantity of a reading, and the table and column of the observations that take it; the first of several counts.
TAKEN = {
    RawQuantity.PHYSICAL_FLOW: ("flows", "pipe", "value"),
    RawQuantity.SEND_OUT: ("send_out", "node", "value"),
    RawQuantity.CONSUMPTION_CALCULATED: ("demand", "node", "value"),
    RawQuantity.CONSUMPTION_OBSERVED: ("demand", "node", "value"),
    RawQuantity.PRODUCTION: ("production", "node", "value"),
    RawQuantity.NET_WITHDRAWAL: ("storage", "storage", "value"),
    RawQuantity.GAS_IN_STORAGE: ("storage", "storage", "level"),
    RawQuantity.LNG_PRICE: ("prices", "node", "price"),
}
_BARS = 2  # between point, operator and direction
_SHOWN = 5
_OF_THE_WORLD = "EU"  # place of the assessment of LNG delivered to all of it


def placed(reading: Reading, topology: Network, points: pd.DataFrame) -> tuple[Observations, list[Finding]]:
    """Return a reading as observations of a network.

    Args:
        reading: what a reader gave.
        topology: the network.
        points: points of pipelines that a source names otherwise than the network: (row, ``point`` ``direction``
            ``country`` ``pipe``). Every point of the source whose name holds ``point``, in that direction and with an
            operator of that country, is added to the pipe; the first row that fits counts.

    Returns:
        The observations, and what has no place in the network.

    Raises:
        GasflowError: if nothing has.

    Example:
        >>> from gasflow.network.toys import two_nodes
        >>> table = pd.DataFrame({"date": ["2025-01-01"], "place": ["Border (A) / (B)|Fluxys (BE)|entry"],
        ...                       "quantity": ["physical_flow"], "value": [12.0], "unit": ["GWh/d"], "source": ["x"]})
        >>> points = pd.DataFrame({"point": ["border"], "direction": ["entry"], "country": ["BE"], "pipe": ["A->B"]})
        >>> placed(Reading(table, ()), two_nodes(), points)[0].flows[["pipe", "value"]].values.tolist()
        [['A->B', 12.0]]
    """
    table = _with_net_withdrawal(_with_marker(reading.table, topology))
    known = table[table["quantity"].isin(list(TAKEN))]
    names = _names(known[["place", "quantity"]].drop_duplicates(), topology, points)
    pairs = zip(known["place"], known["quantity"], strict=True)
    known = known.assign(name=pd.Series([names.get(pair, "") for pair in pairs], index=known.index, dtype=object))
    here = known[known["name"] != ""]
    if here.empty:
        raise GasflowError("Nothing in the file has a place in the network", "name its places in the table of points")
    frames: dict[str, pd.DataFrame] = {}
    for quantity, (target, key, column) in TAKEN.items():
        rows = here[here["quantity"] == quantity]
        if rows.empty:
            continue
        summed = rows.groupby(["date", "name"], as_index=False).agg(value=("value", "sum"), source=("source", "first"))
        frame = summed.rename(columns={"name": key, "value": column}).assign(quality="observed")
        before = frames.get(target)
        if before is None:
            frames[target] = frame
        elif column in before:
            both = pd.concat([before, frame], ignore_index=True)
            frames[target] = both.drop_duplicates(["date", key], keep="first")
        else:
            frames[target] = before.merge(frame, on=["date", key, "source", "quality"], how="left")
    lost = sorted(set(known.loc[known["name"] == "", "place"]))
    return Observations.from_tables(**frames), _left_out(lost)


def _with_marker(table: pd.DataFrame, topology: Network) -> pd.DataFrame:
    """Add the price of the marker, where an assessment gives that of LNG and its spread to the marker."""
    of = {quantity: table[table["quantity"] == quantity].set_index(["date", "place"])["value"]
          for quantity in (RawQuantity.LNG_PRICE, RawQuantity.LNG_SPREAD)}  # fmt: skip
    price = (of[RawQuantity.LNG_PRICE] - of[RawQuantity.LNG_SPREAD]).dropna().reset_index()
    price = price[price["place"] == _OF_THE_WORLD]
    if price.empty or not topology.marker_node:
        return table
    source = table["source"].iloc[0]
    marker = price.assign(place=topology.marker_node, quantity=RawQuantity.LNG_PRICE, unit="EUR/MWh", source=source)
    return pd.concat([table, marker[list(table.columns)]], ignore_index=True)


def _with_net_withdrawal(table: pd.DataFrame) -> pd.DataFrame:
    """Add what stores gave on balance, where a source gives both ways and not the balance."""
    of = {quantity: table[table["quantity"] == quantity].set_index(["date", "place"])["value"]
          for quantity in (RawQuantity.WITHDRAWAL, RawQuantity.INJECTION, RawQuantity.NET_WITHDRAWAL)}  # fmt: skip
    balance = of[RawQuantity.WITHDRAWAL].sub(of[RawQuantity.INJECTION], fill_value=0.0).rename("value")
    net = balance[~balance.index.isin(of[RawQuantity.NET_WITHDRAWAL].index)]
    if net.empty:
        return table
    rows = net.reset_index().assign(quantity=RawQuantity.NET_WITHDRAWAL, unit="GWh/d", source=table["source"].iloc[0])
    return pd.concat([table, rows[list(table.columns)]], ignore_index=True)


def _names(pairs: pd.DataFrame, topology: Network, points: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return the name in the network of every place of the source, for each quantity."""
    nodes = topology.nodes
    tables = {"pipe": topology.pipes.index, "node": nodes.index, "storage": topology.storages.index}
    hubs = {str(hub): str(node) for node, hub in nodes["hub"].items() if hub}
    world = [str(node) for node in nodes.index[nodes["kind"] == NodeKind.WORLD]]
    columns = ("point", "direction", "country", "pipe")
    rules = [(fold(point), *rest) for point, *rest in zip(*(points[name] for name in columns), strict=True)]
    names = {}
    for place, quantity in pairs.itertuples(index=False, name=None):
        key = TAKEN[quantity][1]
        code = place.rstrip("*")
        meant = [word for word in (place, country_code(code) or "", hubs.get(place, "")) if word in tables[key]]
        if quantity == RawQuantity.LNG_PRICE and place == _OF_THE_WORLD:
            meant = world
        elif quantity == RawQuantity.PHYSICAL_FLOW and place.count("|") == _BARS:
            meant = [pipe for pipe in _pipes(place, rules) if pipe in tables["pipe"]]
        if meant:
            names[place, quantity] = meant[0]
    return names


def _pipes(place: str, rules: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the pipes that a point may mean."""
    point, operator, direction = place.split("|")
    label, country = fold(point), operator[-3:-1] if operator.endswith(")") else ""
    return [pipe for part, way, side, pipe in rules if (way, side) == (direction, country) and part in label]


def _left_out(places: Sequence[str]) -> list[Finding]:
    if not places:
        return []
    shown = ", ".join(repr(place) for place in places[:_SHOWN])
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    remedy = "name points of pipelines with --points; parts of a country are in its sum"
    return [Finding("places", "", "", None, "", f"{shown}{more} are not in the network", remedy,
                    severity=Severity.WARNING)]  # fmt: skip
