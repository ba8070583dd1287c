"""Every quantity of the results: where it lives, its unit and its meaning, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Axis(StrEnum):
    """What a quantity has one value for, besides scenario and period."""

    NODE = "node"
    PIPE = "pipe"
    SUPPLY = "supply"
    DEMAND = "demand"
    STORAGE = "storage"
    EXPORTER = "exporter"
    SURPLUS = "surplus"


@dataclass(frozen=True)
class Quantity:
    """One quantity of the results."""

    axis: Axis
    unit: str
    meaning: str


QUANTITIES = {
    "flows": Quantity(Axis.PIPE, "GWh/d", "gas that enters each pipe"),
    "capacity": Quantity(Axis.PIPE, "GWh/d", "what bounds each pipe: the tightest of capacity and nomination"),
    "rents": Quantity(Axis.PIPE, "EUR/MWh", "value of one more MWh of capacity"),
    "prices": Quantity(Axis.NODE, "EUR/MWh", "value of one more MWh at each node; NaN where it is not unique"),
    "duals": Quantity(Axis.NODE, "EUR/MWh", "the solver's price of each node, one of several where not unique"),
    "unserved": Quantity(Axis.NODE, "GWh/d", "demand that goes unserved at the value of lost load"),
    "unsettled": Quantity(Axis.NODE, "GWh/d", "negative statistical difference that nothing is left to settle"),
    "spilled": Quantity(Axis.NODE, "GWh/d", "gas without a use at the price floor"),
    "demand": Quantity(Axis.DEMAND, "GWh/d", "what each sector gets"),
    "supply": Quantity(Axis.SUPPLY, "GWh/d", "what each supply delivers"),
    "untaken": Quantity(Axis.SUPPLY, "GWh/d", "contract gas offered and not taken"),
    "storage": Quantity(Axis.STORAGE, "GWh/d", "net withdrawal; negative when gas is injected"),
    "levels": Quantity(Axis.STORAGE, "GWh", "gas in store at the end of each period"),
    "shortfall": Quantity(Axis.STORAGE, "GWh", "missing to the filling target at the end of each period"),
    "storage_values": Quantity(Axis.STORAGE, "EUR/MWh", "value of one more MWh in store"),
    "revenue": Quantity(Axis.EXPORTER, "million EUR/d", "delivered volume times the price at the point of delivery"),
    "welfare": Quantity(Axis.SURPLUS, "thousand EUR/d", "surplus by actor and group of countries"),
}
