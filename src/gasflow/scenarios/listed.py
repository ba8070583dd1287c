"""Scenarios from a table: one row per scenario, one column per parameter of a shock."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import pandas as pd

from gasflow.arguments import instance
from gasflow.errors import Finding, StudyError
from gasflow.scenarios.conditions import Array
from gasflow.scenarios.levers import Lever, number_fields, shock_kinds, target_fields
from gasflow.scenarios.sets import SCENARIO, Design, ScenarioSet
from gasflow.scenarios.shock import Shock


@dataclass(frozen=True, eq=False)
class Listed(Design):
    """Numbers listed in a table.

    Attributes:
        values: shape (lever, scenario).
    """

    values: Array = field(repr=False)

    @property
    def count(self) -> int:
        """How many rows the table has."""
        return int(self.values.shape[1])

    @property
    def lengths(self) -> tuple[int, ...]:
        """No grid."""
        return ()

    def numbers(self, start: int, stop: int) -> Array:
        """Return some rows of the table."""
        return self.values[:, start:stop]

    def __str__(self) -> str:
        rows = "; ".join(", ".join(map(repr, row)) for row in self.values.T.tolist())
        return f"listed scenarios {rows}"


def scenarios_from_table(table: pd.DataFrame) -> ScenarioSet:
    """Scenarios listed in a table, one per row.

    A column is named ``shock.target.parameter``: the kind of shock in lower case with underscores, where it acts
    (left out if everywhere), and the parameter: ``closure.Sokhranivka.share``, ``supply_cut.exporter=RU.share``,
    ``demand_change.country=DE.factor``, ``demand_change.country=DE/sector=industry.factor``,
    ``pipe_change.column=tariff/place=Sudzha.change``, ``lng_price_change.factor``. Columns that share shock and target
    are one shock. Names may be left out as long as what they stand for comes in order:
    ``demand_change.DE/industry.factor``, ``pipe_change.tariff/Sudzha.change``.

    Args:
        table: numbers only; the index is not used.

    Raises:
        StudyError: with everything that is wrong with any column.

    Example:
        >>> import pandas as pd, gasflow as gf
        >>> table = pd.DataFrame({"closure.Sokhranivka.share": [0.5, 1.0], "lng_price_change.factor": [1.0, 1.2]})
        >>> gf.scenarios_from_table(table).chunk(1, 2).shocks[1].factor
        (1.2,)
    """
    instance(pd.DataFrame, table, "scenarios_from_table", "table", "give a pandas DataFrame, one row per scenario")
    findings: list[Finding] = []
    if table.shape[0] == 0 or table.shape[1] == 0:
        findings.append(Finding("scenarios", "", "", None, "", "is empty", "give one row per scenario"))
    chosen: dict[tuple[type[Shock], tuple[tuple[str, str], ...]], dict[str, Array]] = {}
    levers: list[tuple[str, tuple[Any, ...], str]] = []
    for position, column in enumerate(table.columns):
        found = _parsed(str(column), findings)
        if found is None:
            continue
        kind, target, parameter = found
        numbers = _numbers(table.iloc[:, position], kind, parameter, findings)
        if parameter in chosen.setdefault((kind, target), {}):
            findings.append(Finding("scenarios", "", str(column), None, "", "is given twice", "keep one of them"))
        chosen[kind, target][parameter] = numbers
        levers.append((str(column), (kind, target), parameter))
    if findings:
        raise StudyError(findings)
    order = list(chosen)
    shocks = tuple(_shock(*key, chosen[key]) for key in order)
    values = np.stack([chosen[key][parameter] for _, key, parameter in levers])
    values.flags.writeable = False
    named = tuple(Lever(name, order.index(key), parameter) for name, key, parameter in levers)
    return ScenarioSet(shocks, named, Listed(values))


def _shock(kind: type[Shock], target: tuple[tuple[str, str], ...], numbers: dict[str, Array]) -> Shock:
    """Return a shock at its target with the numbers of the first scenario."""
    given: dict[str, Any] = dict(target)
    given |= {name: float(values[0]) for name, values in numbers.items()}
    return kind(**given)


def _parsed(column: str, findings: list[Finding]) -> tuple[type[Shock], tuple[tuple[str, str], ...], str] | None:
    """Kind of shock, target and parameter of a column; none, with findings, if it cannot be read."""

    def found(problem: str, remedy: str) -> None:
        findings.append(Finding("scenarios", "", column, None, "", problem, remedy))

    first, _, rest = column.partition(".")
    where, _, parameter = rest.rpartition(".")
    kind = shock_kinds().get(first)
    if kind is None or column == SCENARIO:
        found(f"starts with {first!r}, which is no shock", f"start with one of {', '.join(shock_kinds())}")
        return None
    known = number_fields(kind)
    if parameter not in known:
        found(f"ends with {parameter!r}, which {first} does not have", f"end with one of {', '.join(known)}")
        return None
    targets = _targets(where, target_fields(kind))
    if targets is None:
        found(f"names {where!r}, which says nothing to {first}", f"name {' or '.join(target_fields(kind))}")
        return None
    nameless = {one.name for one in fields(kind) if "columns" in one.metadata and not one.default}
    if (kind.needs and not targets) or not nameless <= targets.keys():
        found("does not say where", f"write {first}.NAME.{parameter}")
    return kind, tuple(targets.items()), parameter


def _targets(where: str, known: list[str]) -> dict[str, str] | None:
    """Return what ``DE/industry`` or ``sector=industry`` stands for, by parameter; none if it cannot be read."""
    parts = where.split("/", len(known) - 1) if where and known else []
    if where and not known:
        return None
    targets: dict[str, str] = {}
    for name, part in zip(known, parts, strict=False):
        key, _, value = part.partition("=")
        key, value = (key, value) if key in known else (name, part)
        if key in targets:
            return None
        if value:
            targets[key] = value
    return targets


def _numbers(values: pd.Series[Any], kind: type[Shock], parameter: str, findings: list[Finding]) -> Array:
    """Return the numbers of a column, with a finding for every row that cannot be used."""
    numbers: Array = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
    limits = kind.__dataclass_fields__[parameter].metadata
    bad = np.flatnonzero(~((numbers >= limits["low"]) & (numbers <= limits["high"]) & np.isfinite(numbers)))
    for row in bad:
        remedy = f"give a number between {limits['low']:g} and {limits['high']:g}"
        name, cell = str(values.index[int(row)]), values.iloc[row]
        findings.append(Finding("scenarios", name, str(values.name), cell, "", "cannot be used", remedy, int(row)))
    return numbers
