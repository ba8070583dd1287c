"""The rules a network keeps: one small function each, all registered in `RULES`.

A rule reads the typed tables and yields findings; it never raises and never stops another rule. Cells that
could not even be read have been reported by `gasflow.network.tables` and are not reported twice. Numbers are brought
back from rounding errors first (`gasflow.network.tolerance`), so that rules compare them as they are. Whether supply
can reach a demand is asked only once every reference is sound: one mistyped name would cut off many.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gasflow.errors import Finding, GasflowError, Severity
from gasflow.network.columns import Column, Kind
from gasflow.network.countries import country_code
from gasflow.network.cycles import bound_of, costs_of, earning_cycles
from gasflow.network.lookup import find
from gasflow.network.schema import SCHEMA, TABLES, column
from gasflow.network.suggestions import nearest
from gasflow.network.tables import typed_table
from gasflow.network.tolerance import CURVE_END, RELATIVE, common_anchor, highest_anchors, settled, slack

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Rule:
    """One rule: its name, what it forbids in a sentence, and the function that looks for it.

    Example:
        >>> [rule.name for rule in RULES][:3]
        ['empty name', 'unprintable name', 'duplicate name']
    """

    name: str
    meaning: str
    look: Callable[[Tables], Iterator[Finding]]


def inspect(
    frames: Mapping[str, pd.DataFrame | None], from_text: bool = False
) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Return the tables as the schema has them, and everything that is wrong with them, warnings included.

    Args:
        frames: tables by name as the user gives them, ``network`` (one row of settings) among them. If one is
            left out because it could not be read, the rules are not asked, only whether cells can be read.
        from_text: whether all cells are text from a file.

    Example:
        >>> from gasflow.network.toys import two_nodes
        >>> inspect(two_nodes().tables)[1]
        []
    """
    pairs = {name: typed_table(table, frames[name], from_text) for name, table in SCHEMA.items() if name in frames}
    tables = {name: frame for name, (frame, _) in pairs.items()}
    unread = [finding for _, faults in pairs.values() for finding in faults]
    if tables.keys() != SCHEMA.keys():
        return tables, unread
    tables = settled(tables)
    found = [finding for rule in RULES for finding in rule.look(tables)]
    if not any(finding.column in _REFERENCES for finding in [*unread, *found]):
        found.extend(_unreachable_demand(tables))
    known = {(finding.table, finding.position, finding.column) for finding in unread}
    return tables, [*unread, *(new for new in found if (new.table, new.position, new.column) not in known)]


def _empty_name(tables: Tables) -> Iterator[Finding]:
    for table in TABLES:
        yield from _rows(tables, table, "name", np.asarray(tables[table].index == ""), "is empty", "give it a name")


def _unprintable_name(tables: Tables) -> Iterator[Finding]:
    for table in (*TABLES, "network"):
        bad = [not name.isprintable() or name != name.strip() for name in tables[table].index]
        problem = "starts or ends with a blank, or holds a character that cannot be printed"
        yield from _rows(tables, table, "name", bad, problem, "use letters, digits, signs and inner blanks only")


def _unwritable_text(tables: Tables) -> Iterator[Finding]:
    for table, entry in _columns(Kind.TEXT):
        bad = [_unwritable(text) for text in tables[table][entry.name]]
        problem = "holds a null or half a character, or is longer than 100,000 characters"
        yield from _rows(tables, table, entry.name, bad, problem, "shorten or clean it")


def _duplicate_name(tables: Tables) -> Iterator[Finding]:
    for table in TABLES:
        index = tables[table].index
        bad = index.duplicated() & (index != "")
        yield from _rows(tables, table, "name", bad, "is the name of an earlier row", "give each row its own name")


def _shared_name(tables: Tables) -> Iterator[Finding]:
    bad = tables["pipes"].index.isin(tables["nodes"].index) & (tables["pipes"].index != "")
    yield from _rows(tables, "pipes", "name", bad, "is also the name of a node", "name the pipe ORIGIN->DESTINATION")


def _below_minimum(tables: Tables) -> Iterator[Finding]:
    for table, entry in _columns(Kind.NUMBER):
        bad = tables[table][entry.name].to_numpy() < entry.minimum
        problem = f"is below {entry.minimum:g}"
        yield from _rows(tables, table, entry.name, bad, problem, f"give {entry.minimum:g} or more")


def _above_maximum(tables: Tables) -> Iterator[Finding]:
    for table, entry in _columns(Kind.NUMBER):
        numbers = tables[table][entry.name].to_numpy()
        most = f"{entry.maximum:g}"
        yield from _rows(tables, table, entry.name, numbers > entry.maximum, f"is above {most}", f"give {most} or less")
        most = f"{entry.below:g}"
        yield from _rows(
            tables,
            table,
            entry.name,
            numbers >= entry.below * (1.0 - RELATIVE),
            f"is not below {most}",
            f"give less than {most}",
        )


def _unknown_choice(tables: Tables) -> Iterator[Finding]:
    for table, entry in _columns(Kind.CHOICE):
        bad = ~tables[table][entry.name].isin(entry.choices)
        yield from _rows(tables, table, entry.name, bad, "is no choice", f"use one of {', '.join(entry.choices)}")


def _unknown_country(tables: Tables) -> Iterator[Finding]:
    for table, entry in _columns(Kind.COUNTRY):
        bad = [code != "" and country_code(code) is None for code in tables[table][entry.name]]
        remedy = "use the two letters of ISO 3166-1, such as DE, or leave it empty"
        yield from _rows(tables, table, entry.name, bad, "is no country code", remedy)


def _unknown_node(tables: Tables) -> Iterator[Finding]:
    yield from _unknown_reference(tables, Kind.NODE, "nodes", "is no node")


def _unknown_route(tables: Tables) -> Iterator[Finding]:
    yield from _unknown_reference(tables, Kind.PIPE, "pipes", "is no pipe")


def _unknown_reference(tables: Tables, kind: Kind, target: str, problem: str) -> Iterator[Finding]:
    known = tables[target].index
    for table, entry in _columns(kind):
        values = tables[table][entry.name]
        bad = np.asarray((values != "") & ~values.isin(known))
        for position in np.flatnonzero(bad):
            near = nearest(str(values.iloc[position]), known)
            remedy = f"did you mean {near[0]!r}" if near else f"add it to {target}"
            yield _finding(tables, table, entry.name, int(position), problem, remedy)


def _self_loop(tables: Tables) -> Iterator[Finding]:
    pipes = tables["pipes"]
    bad = (pipes["origin"] == pipes["destination"]) & (pipes["origin"] != "")
    yield from _rows(tables, "pipes", "destination", bad, "is the origin as well", "let the pipe lead elsewhere")


def _nominated_above_capacity(tables: Tables) -> Iterator[Finding]:
    pipes = tables["pipes"]
    bad = pipes["nominated"] > pipes["capacity"]
    yield from _rows(tables, "pipes", "nominated", bad, "is above the capacity", "nominate no more than the capacity")


def _reversed_dates(tables: Tables) -> Iterator[Finding]:
    pipes = tables["pipes"]
    bad = (pipes["last_day"] != "") & (pipes["last_day"] < pipes["first_day"])
    yield from _rows(tables, "pipes", "last_day", bad, "is before the first day", "exchange the two days")


def _minimum_above_volume(tables: Tables) -> Iterator[Finding]:
    supplies = tables["supplies"]
    bad = supplies["minimum"] > supplies["volume"]
    yield from _rows(tables, "supplies", "minimum", bad, "is above the volume", "give the volume or less")


def _market_without_curve(tables: Tables) -> Iterator[Finding]:
    supplies = tables["supplies"]
    market = supplies["kind"] == "market"
    for name in ("elasticity", "anchor_price"):
        bad = market & ~(supplies[name] > 0.0)
        yield from _rows(tables, "supplies", name, bad, "gives the market no curve", "give a number above 0")


def _demand_without_anchor(tables: Tables) -> Iterator[Finding]:
    demands = tables["demands"]
    bad = (demands["elasticity"] < 0.0) & ~(demands["anchor_price"] > 0.0)
    remedy = "give the price, above 0, at which the volume is used"
    yield from _rows(tables, "demands", "anchor_price", bad, "gives an elastic demand no anchor", remedy)


def _anchors_differ(tables: Tables) -> Iterator[Finding]:
    demands = tables["demands"]
    elastic = demands["elasticity"] < 0.0
    bad = elastic & (demands["anchor_price"] > 0.0) & (demands["anchor_price"] != common_anchor(demands))
    remedy = "anchor all sectors of a node at the price of the node"
    yield from _rows(tables, "demands", "anchor_price", bad, "is not that of the node's other sectors", remedy)


def _anchor_too_high(tables: Tables) -> Iterator[Finding]:
    elastic = {"supplies": tables["supplies"]["kind"] == "market", "demands": tables["demands"]["elasticity"] < 0.0}
    for table, highest in highest_anchors(tables).items():
        bad = elastic[table].to_numpy() & (tables[table]["anchor_price"].to_numpy() > highest)
        problem = f"is above the value of lost load over {CURVE_END:g}"
        for position in np.flatnonzero(bad):
            most = np.floor(100 * highest[position]) / 100
            remedy = f"give {most:g} or less, or raise the value of lost load"
            yield _finding(tables, table, "anchor_price", int(position), problem, remedy)


def _route_without_contract(tables: Tables) -> Iterator[Finding]:
    supplies = tables["supplies"]
    bad = (supplies["route"] != "") & (supplies["kind"] != "contract")
    yield from _rows(
        tables, "supplies", "route", bad, "belongs to no contract", "leave it empty, or make it a contract"
    )


def _route_elsewhere(tables: Tables) -> Iterator[Finding]:
    supplies = tables["supplies"]
    origins = _first_of_each(tables["pipes"]["origin"])
    starts = supplies["route"].map(origins)
    bad = starts.notna() & (starts != supplies["node"])
    remedy = "let the route start at the node of the supply"
    yield from _rows(tables, "supplies", "route", bad, "starts at another node", remedy)


def _route_taken(tables: Tables) -> Iterator[Finding]:
    routes = tables["supplies"]["route"]
    bad = routes.duplicated() & (routes != "")
    remedy = "add the volumes up in one contract, or give each its own pipe"
    yield from _rows(tables, "supplies", "route", bad, "is the route of an earlier contract", remedy)


def _level_above_volume(tables: Tables) -> Iterator[Finding]:
    storages = tables["storages"]
    bad = storages["level"] > storages["volume"]
    yield from _rows(tables, "storages", "level", bad, "is above the working volume", "give the volume or less")


def _action_out_of_reach(tables: Tables) -> Iterator[Finding]:
    storages = tables["storages"]
    action = storages["action"]
    bad = (action > storages["withdrawal"]) | (-action > storages["injection"])
    remedy = "give one from minus injection to withdrawal"
    yield from _rows(tables, "storages", "action", bad, "is more than the store can do", remedy)


def _prices_reversed(tables: Tables) -> Iterator[Finding]:
    floor = float(tables["network"]["price_floor"].iloc[0])
    for table in ("network", "nodes"):
        bad = tables[table]["value_of_lost_load"] <= floor + slack(np.array(floor))
        problem, remedy = "is not above the price floor", "give a higher price"
        yield from _rows(tables, table, "value_of_lost_load", bad, problem, remedy)


def _unknown_marker(tables: Tables) -> Iterator[Finding]:
    marker = str(tables["network"]["marker"].iloc[0])
    if not marker:
        return
    try:
        find({"nodes": tables["nodes"]}, marker, ("nodes",))
    except GasflowError as error:
        yield _finding(tables, "network", "marker", 0, "names no node", error.remedy)


def _earning_cycle(tables: Tables) -> Iterator[Finding]:
    pipes = tables["pipes"]
    costs = costs_of(pipes, float(tables["network"]["price_floor"].iloc[0]))
    for cycle in earning_cycles(pipes["origin"], pipes["destination"], costs):
        gain = -math.fsum(costs[cycle])
        way = [f"{pipes.index[position]} ({costs[position]:g})" for position in cycle]
        way = way if len(way) <= _LISTED else [*way[:_LISTED], f"{len(way) - _LISTED} more pipes"]
        bound = bound_of(pipes.iloc[cycle], gain)
        much = "gas" if math.isinf(bound) else f"up to {bound:.3g} GWh/d"
        problem = f"lets {much} go round for money: {', '.join(way)} cost {-gain:g} EUR/MWh together"
        finding = _finding(tables, "pipes", "wedge", int(cycle[0]), problem, f"raise it by {gain:g} or more")
        yield finding if math.isinf(bound) else replace(finding, severity=Severity.WARNING)


def _unreachable_demand(tables: Tables) -> Iterator[Finding]:
    """Follow the pipes, whatever their capacity, from every row that can give gas.

    Only a warning: a closure, or the network that is left after one, may cut a demand off, and it goes unserved then.
    """
    nodes, pipes, demands = tables["nodes"], tables["pipes"], tables["demands"]
    reached = {*tables["supplies"]["node"], *tables["storages"]["node"]}
    reached |= set(nodes.index[nodes["statistical_difference"] > 0.0])
    onward: dict[str, list[str]] = {}
    for origin, destination in zip(pipes["origin"], pipes["destination"], strict=True):
        onward.setdefault(origin, []).append(destination)
    frontier = list(reached)
    while frontier:
        new = set(onward.get(frontier.pop(), ())) - reached
        reached |= new
        frontier.extend(new)
    bad = (demands["volume"] > 0.0) & ~demands["node"].isin(reached)
    remedy = "add a pipe or a supply, or expect it to go unserved"
    for finding in _rows(tables, "demands", "node", bad, "is out of reach of every supply", remedy):
        yield replace(finding, severity=Severity.WARNING)


RULES = (
    Rule("empty name", "Every row has a name.", _empty_name),
    Rule("unprintable name", "A name can be printed and has no blanks around it.", _unprintable_name),
    Rule("duplicate name", "No two rows of a table have the same name.", _duplicate_name),
    Rule("shared name", "A pipe and a node do not share a name.", _shared_name),
    Rule("unwritable text", "Text can be written to a file.", _unwritable_text),
    Rule("below minimum", "No number is below the minimum of its column.", _below_minimum),
    Rule("above maximum", "No number is above the maximum of its column.", _above_maximum),
    Rule("unknown choice", "Kinds, groups and sectors are among the choices.", _unknown_choice),
    Rule("unknown country", "A country is a code of ISO 3166-1, or EL or UK.", _unknown_country),
    Rule("unknown node", "Every node that is referred to exists.", _unknown_node),
    Rule("unknown route", "Every route that is referred to exists.", _unknown_route),
    Rule("self-loop", "A pipe leads from one node to another.", _self_loop),
    Rule("nominated above capacity", "No more is nominated than the capacity.", _nominated_above_capacity),
    Rule("reversed dates", "A pipe's last day is not before its first.", _reversed_dates),
    Rule("minimum above volume", "A supply's minimum is within its volume.", _minimum_above_volume),
    Rule("market without curve", "A market has an elasticity and an anchor price.", _market_without_curve),
    Rule("demand without anchor", "An elastic demand has an anchor price.", _demand_without_anchor),
    Rule("anchors differ", "The elastic sectors of a node share one anchor price.", _anchors_differ),
    Rule("anchor too high", "An anchor price leaves room for its curve.", _anchor_too_high),
    Rule("route without contract", "Only a contract has a route.", _route_without_contract),
    Rule("route elsewhere", "A route starts at the node of its supply.", _route_elsewhere),
    Rule("route taken", "A route carries one contract.", _route_taken),
    Rule("level above volume", "A store holds no more than its working volume.", _level_above_volume),
    Rule("action out of reach", "A store's action is within injection and withdrawal.", _action_out_of_reach),
    Rule(
        "earning cycle",
        "No gas earns by going round; a warning if slopes bound it.",
        _earning_cycle,
    ),
    Rule("prices reversed", "The value of lost load is above the price floor.", _prices_reversed),
    Rule("unknown marker", "The marker is a node, by its name or hub.", _unknown_marker),
)
_LONGEST_TEXT = 100_000  # the csv module reads no field beyond 131,072 characters
_LISTED = 6
_REFERENCES = {
    entry.name for table in SCHEMA.values() for entry in table.columns if entry.kind in (Kind.NODE, Kind.PIPE)
}


def _columns(kind: Kind) -> Iterator[tuple[str, Column]]:
    return ((table.name, entry) for table in SCHEMA.values() for entry in table.columns if entry.kind is kind)


def _rows(
    tables: Tables,
    table: str,
    name: str,
    bad: Sequence[bool] | np.ndarray | pd.Series,
    problem: str,
    remedy: str,
) -> Iterator[Finding]:
    for position in np.flatnonzero(np.asarray(bad, dtype=bool)):
        yield _finding(tables, table, name, int(position), problem, remedy)


def _finding(tables: Tables, table: str, name: str, position: int, problem: str, remedy: str) -> Finding:
    frame = tables[table]
    row = str(frame.index[position])
    value = row if name == "name" else frame[name].iloc[position]
    unit = "" if name == "name" else column(table, name).unit
    shown = row if row or table == "network" else f"row {position + 1}"
    if not isinstance(value, str):
        value = None if np.isnan(value) else float(value)
    return Finding(table, shown, name, value, unit, problem, remedy, position)


def _unwritable(text: str) -> bool:
    return len(text) > _LONGEST_TEXT or "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text)


def _first_of_each(series: pd.Series) -> pd.Series:
    return series[~series.index.duplicated()]
