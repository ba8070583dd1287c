"""What a sweep keeps: columns of numbers, one per quantity, place and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gasflow.errors import AmbiguousPlace, Finding, StudyError, UnknownPlace
from gasflow.network.tables import spelled
from gasflow.results.places import joined
from gasflow.results.quantities import QUANTITIES
from gasflow.results.results import Results
from gasflow.scenarios.conditions import Array

TOTAL = "total"
# Sums over places have a meaning for these: what adds up is gas or money, not prices.
_ADDED_UP = tuple(name for name, quantity in QUANTITIES.items() if quantity.nature.adds_over_places)


@dataclass(frozen=True)
class Output:
    """One column of numbers.

    Attributes:
        name: such as ``prices.NL``, or ``prices.NL@2022-06-01`` over a horizon.
        quantity: which quantity.
        item: position of the place, or -1 for the sum over all places.
        period: position of the period.
        named: whether it was asked for by itself, not with all places of the quantity.
    """

    name: str
    quantity: str
    item: int
    period: int
    named: bool = True

    @property
    def unit(self) -> str:
        """Unit of the numbers."""
        return QUANTITIES[self.quantity].unit

    def of(self, results: Results) -> Array:
        """Return the numbers, shape (scenario,)."""
        array = results.array(self.quantity)[:, self.period]
        numbers: Array = array[self.item] if self.item >= 0 else array.sum(axis=0)
        return np.ascontiguousarray(numbers)


def outputs_of(blank: Results, asked: Sequence[str]) -> tuple[Output, ...]:
    """Return the columns that some words ask for.

    Args:
        blank: results without arrays, for their labels.
        asked: each a quantity (all places), ``quantity.place`` (a node by any of its names: ``prices.TTF``), or
            ``quantity.total``.

    Raises:
        StudyError: with everything that is not understood.

    Example:
        >>> import gasflow as gf
        >>> hub = gf.toys.transit_hub()
        >>> [output.name for output in outputs_of(gf.simulate(hub), ["prices.Slovakia", "unserved.total"])]
        ['prices.SK', 'unserved.total']
    """
    findings: list[Finding] = []
    chosen: dict[str, Output] = {}
    for text in asked:
        quantity, dot, place = text.partition(".")
        if dot and not place:
            remedy = f"write {quantity}, or a place after the dot"
            findings.append(Finding("keep", "", text, None, "", "names no place", remedy))
            continue
        for label, item in _items(blank, quantity, place, findings):
            for period, day in enumerate(blank.periods.labels):
                name = f"{quantity}.{label}" + (f"@{day}" if blank.periods.count > 1 else "")
                if name in chosen and chosen[name].item != item:
                    problem, remedy = f"is the sum and a place called {TOTAL!r}", "ask for one of the two"
                    findings.append(Finding("keep", "", name, None, "", problem, remedy))
                named = bool(place) or (name in chosen and chosen[name].named)
                chosen[name] = Output(name, quantity, item, period, named)
    if not chosen and not findings:
        findings.append(Finding("keep", "", "", None, "", "is empty", "name at least one, such as prices.TTF"))
    if findings:
        raise StudyError(findings)
    return tuple(chosen.values())


def _items(blank: Results, quantity: str, place: str, findings: list[Finding]) -> list[tuple[str, int]]:
    """Label and position of every place that is meant."""
    place = spelled(place)
    if quantity not in QUANTITIES:
        remedy = f"use one of {', '.join(QUANTITIES)}"
        findings.append(Finding("keep", "", quantity, None, "", "is no quantity", remedy))
        return []
    if place == TOTAL and quantity in _ADDED_UP:
        return [(TOTAL, -1)]
    if not place:
        return [(joined(label), item) for item, label in enumerate(blank.items(quantity))]
    try:
        item, label = blank.item(quantity, place)
        return [(label, item)]
    except UnknownPlace as unknown:
        near = unknown.suggestions
    except AmbiguousPlace as several:
        near = several.candidates
    remedy = f"did you mean {' or '.join(map(repr, near))}" if near else "leave out the place for all of them"
    findings.append(Finding("keep", "", f"{quantity}.{place}", None, "", f"names no {_axis(quantity)}", remedy))
    return []


def _axis(quantity: str) -> str:
    return str(QUANTITIES[quantity].axis)
