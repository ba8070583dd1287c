"""Which rows of a table a shock means: by name, by node, by country, by exporter, by sector."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.errors import GasflowError, ShockError, UnknownPlace
from gasflow.network.countries import country_code
from gasflow.network.network import Network
from gasflow.scenarios.conditions import Conditions, Rows

_SINGULAR = {"nodes": "node", "supplies": "supply", "demands": "demand", "storages": "storage"}


@dataclass(frozen=True)
class Selection:
    """Rows of a table that have everything that is named; what is not named does not matter.

    Attributes:
        table: which table.
        name: a row, by its name.
        node: a node, by any of its names.
        country: a country by its code: all nodes whose ``country`` it is.
        exporter: the country that earns the revenue, by its code.
        sector: a sector of demand.
        kind: a kind of supply.
    """

    table: str
    name: str | None = None
    node: str | None = None
    country: str | None = None
    exporter: str | None = None
    sector: str | None = None
    kind: str | None = None

    def rows(self, conditions: Conditions, shock: str) -> Rows:
        """Positions of the rows, looked up once: a sweep asks for every chunk.

        Raises:
            UnknownPlace: if there is no such row or node.
            ShockError: if a code is none, or no row is left.
        """
        if self not in conditions.lookups:
            conditions.lookups[self] = self._found(conditions.network, shock)
        known: Rows = conditions.lookups[self]
        return known

    def _found(self, network: Network, shock: str) -> Rows:
        table: pd.DataFrame = getattr(network, self.table)
        chosen = np.ones(len(table), dtype=np.bool_)
        if self.name is not None:
            chosen &= self._named(network, self.name, shock)
        at = table["node"] if "node" in table else table.index.to_series()
        if self.node is not None:
            chosen &= (at == network.find(self.node, among=("nodes",)).name).to_numpy()
        if self.country is not None:
            chosen &= (at.map(network.nodes["country"]) == _code("country", self.country, shock)).to_numpy()
        if self.exporter is not None:
            chosen &= (table["exporter"] == _code("exporter", self.exporter, shock)).to_numpy()
        for key in ("sector", "kind"):
            if getattr(self, key) is not None:
                chosen &= (table[key] == getattr(self, key)).to_numpy()
        if not chosen.any():
            given = {one.name: getattr(self, one.name) for one in fields(self)[1:]}
            wanted = ", ".join(f"{key}={value!r}" for key, value in given.items() if value is not None)
            problem = f"there is no {_SINGULAR[self.table]}{f' with {wanted}' if wanted else ''}"
            raise ShockError(shock, problem, self._offers(table, at.map(network.nodes["country"])))
        return np.flatnonzero(chosen)

    def _named(self, network: Network, name: str, shock: str) -> NDArray[np.bool_]:
        try:
            row = network.find(name, among=(self.table,)).name
        except UnknownPlace:
            others = [key for key in ("node", "country", "exporter") if _answers(network, self.table, key, name)]
            if not others:
                raise
            remedy = " or ".join(f"{key}={name!r}" for key in others)
            raise ShockError(shock, f"there is no {_SINGULAR[self.table]} {name!r}", f"give {remedy}") from None
        found: NDArray[np.bool_] = np.asarray(getattr(network, self.table).index == row)
        return found

    def _offers(self, table: pd.DataFrame, countries: pd.Series) -> str:
        """Return what could be chosen instead."""
        kinds = {"countries": countries, **{f"{key}s": table[key] for key in ("exporter", "sector") if key in table}}
        known = {kind: sorted(set(values) - {""}) for kind, values in kinds.items()}
        parts = [f"{kind} are {', '.join(values)}" for kind, values in known.items() if values]
        return "; ".join(parts) or f"choose from network.{self.table}"


def _code(key: str, value: str, shock: str) -> str:
    """Return a country's code as the tables have it."""
    code = country_code(value.strip().upper())
    if code is None:
        raise ShockError(shock, f"{key}={value!r} is no country code", "give two letters, such as DE, or name a node")
    return code


def _answers(network: Network, table: str, key: str, value: str) -> bool:
    """Whether some row of a table is meant by a value given as node, country or exporter."""
    try:
        return bool(Selection(table, **{key: value})._found(network, "").size)
    except (GasflowError, KeyError):
        return False
