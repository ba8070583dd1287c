"""Levers: the parameters of shocks that differ between the scenarios of a set, and what they are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import gasflow.scenarios.changes
import gasflow.scenarios.shocks  # noqa: F401  shocks are known from when they are defined
from gasflow.scenarios.shock import Shock, is_distribution


@dataclass(frozen=True)
class Lever:
    """One parameter of one shock.

    Attributes:
        name: what it is called in labels; the shortest that is unique.
        shock: position of the shock in its set.
        field: name of the parameter.
    """

    name: str
    shock: int
    field: str


_TARGETS = ("column", "place", "supply", "storage", "country", "sector", "node", "exporter")


def spelling(kind: type[Shock]) -> str:
    """Return what a kind of shock is called in tables and study files.

    Example:
        >>> from gasflow.scenarios.shocks import LngPriceChange
        >>> spelling(LngPriceChange)
        'lng_price_change'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def shock_kinds() -> dict[str, type[Shock]]:
    """Every kind of shock by its spelling, sorted: those of the library, and what else derives from `Shock`."""
    kinds: dict[str, type[Shock]] = {}
    derived = Shock.__subclasses__()
    while derived:
        kind = derived.pop(0)
        derived += kind.__subclasses__()
        if not kind.__name__.startswith("_"):
            kinds[spelling(kind)] = kind
    return dict(sorted(kinds.items()))


def number_fields(kind: type[Shock]) -> list[str]:
    """Return the parameters of a kind of shock that take numbers.

    Example:
        >>> number_fields(shock_kinds()["closure"])
        ['share', 'reroute']
    """
    return [one.name for one in fields(kind) if "low" in one.metadata]


def target_fields(kind: type[Shock]) -> list[str]:
    """Return the parameters of a kind of shock that say what it acts on, in the order in which an address names them.

    Example:
        >>> target_fields(shock_kinds()["supply_cut"])
        ['supply', 'country', 'node', 'exporter']
    """
    known = {one.name: one.default for one in fields(kind)}
    names = [name for name in _TARGETS if name in known]
    # A column that may be left out comes last.
    return sorted(names, key=lambda name: name == "column" and bool(known[name]))


def address(shock: Shock, field: str) -> str:
    """Return the full name of a parameter, with what the shock acts on; after a gap, with the name of what is given.

    Example:
        >>> import gasflow as gf
        >>> address(gf.Closure("Sokhranivka"), "share"), address(gf.DemandChange(sector="power"), "factor")
        ('closure.Sokhranivka.share', 'demand_change.sector=power.factor')
        >>> address(gf.PipeChange("tariff", place="Sudzha"), "change")
        'pipe_change.tariff/Sudzha.change'
    """
    known = {one.name: one.default for one in fields(shock)}
    parts: list[str] = []
    gap = False
    for name in target_fields(type(shock)):
        value = getattr(shock, name)
        if value is None or (name == "column" and value == known[name]):
            gap = True
        else:
            parts.append(f"{name}={value}" if gap else str(value))
    kind = spelling(type(shock))
    return ".".join(part for part in (kind, "/".join(parts), field) if part)


def sequences(shocks: Sequence[Shock]) -> Iterator[tuple[int, str]]:
    """Position and name of every parameter that is a sequence."""
    for position, shock in enumerate(shocks):
        for name in shock.numbers():
            if isinstance(getattr(shock, name), tuple):
                yield position, name


def distributions(shocks: Sequence[Shock]) -> Iterator[tuple[int, str]]:
    """Position and name of every parameter that is a distribution."""
    for position, shock in enumerate(shocks):
        for name in shock.numbers():
            if is_distribution(getattr(shock, name)):
                yield position, name


def named_levers(shocks: Sequence[Shock], parameters: Sequence[tuple[int, str]]) -> tuple[Lever, ...]:
    """Levers under the shortest names that tell them apart: the parameter, the kind of shock with it, the address.

    Example:
        >>> import gasflow as gf
        >>> shocks = (gf.Closure("Sudzha"), gf.DemandChange(), gf.ElasticityChange())
        >>> [lever.name for lever in named_levers(shocks, [(0, "share"), (1, "factor"), (2, "factor")])]
        ['share', 'demand_change_factor', 'elasticity_change_factor']
    """
    kinds = [spelling(type(shocks[position])) for position, _ in parameters]
    spellings = [
        [field, f"{kind}_{field}", address(shocks[position], field), f"{address(shocks[position], field)}.{position}"]
        for kind, (position, field) in zip(kinds, parameters, strict=True)
    ]
    counts = [Counter(spelling[level] for spelling in spellings) for level in range(4)]
    names = [
        next(name for name, count in zip(spelling, counts, strict=True) if count[name] == 1) for spelling in spellings
    ]
    return tuple(Lever(name, *parameter) for name, parameter in zip(names, parameters, strict=True))
