"""Every quantity of the results: where it lives, what kind of number it is, its unit and its meaning, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar, overload

from gasflow.errors import GasflowError

if TYPE_CHECKING:
    import pandas as pd


class Axis(StrEnum):
    """What a quantity has one value for, besides scenario and period."""

    NODE = "node"
    PIPE = "pipe"
    SUPPLY = "supply"
    DEMAND = "demand"
    STORAGE = "storage"
    EXPORTER = "exporter"
    SURPLUS = "surplus"

    @property
    def table(self) -> str:
        """The table of the network whose rows these are; empty if they are no rows of one."""
        return _TABLES.get(self, "")


_TABLES = {
    Axis.NODE: "nodes",
    Axis.PIPE: "pipes",
    Axis.SUPPLY: "supplies",
    Axis.DEMAND: "demands",
    Axis.STORAGE: "storages",
}


class Nature(StrEnum):
    """What may be done with a quantity.

    Attributes:
        RATE: per day, a mean of the period; adds up over places, and times the days over periods.
        STOCK: there at the end of the period; adds up over places, not over periods.
        PRICE: per unit; adds up over nothing, has a mean over time.
        RATIO: of two others; adds up over nothing, has a mean over time.

    Example:
        >>> Nature.RATE.adds_over_places, Nature.STOCK.adds_over_places, Nature.PRICE.adds_over_places
        (True, True, False)
    """

    RATE = "rate"
    STOCK = "stock"
    PRICE = "price"
    RATIO = "ratio"

    @property
    def adds_over_places(self) -> bool:
        """Whether the sum over nodes, pipes or stores has a meaning."""
        return self in (Nature.RATE, Nature.STOCK)


@dataclass(frozen=True)
class Quantity:
    """One quantity of the results."""

    axis: Axis
    nature: Nature
    unit: str
    meaning: str


QUANTITIES = {
    "flows": Quantity(Axis.PIPE, Nature.RATE, "GWh/d", "gas that enters each pipe"),
    "losses": Quantity(Axis.PIPE, Nature.RATE, "GWh/d", "gas that enters each pipe and does not arrive"),
    "capacity": Quantity(
        Axis.PIPE, Nature.RATE, "GWh/d", "what bounds each pipe: the tightest of capacity and nomination"
    ),
    "technical_capacity": Quantity(Axis.PIPE, Nature.RATE, "GWh/d", "what each pipe can carry, whatever is nominated"),
    "rents": Quantity(
        Axis.PIPE, Nature.PRICE, "EUR/MWh", "value of one more MWh of what bounds each pipe; NaN where it is not unique"
    ),
    "prices": Quantity(
        Axis.NODE, Nature.PRICE, "EUR/MWh", "value of one more MWh at each node; NaN where it is not unique"
    ),
    "duals": Quantity(
        Axis.NODE, Nature.PRICE, "EUR/MWh", "the solver's price of each node, one of several where not unique"
    ),
    "unserved": Quantity(Axis.NODE, Nature.RATE, "GWh/d", "demand that goes unserved at the value of lost load"),
    "unsettled": Quantity(
        Axis.NODE, Nature.RATE, "GWh/d", "negative statistical difference that nothing is left to settle"
    ),
    "spilled": Quantity(Axis.NODE, Nature.RATE, "GWh/d", "gas without a use at the price floor"),
    "demand": Quantity(Axis.DEMAND, Nature.RATE, "GWh/d", "what each sector gets"),
    "supply": Quantity(Axis.SUPPLY, Nature.RATE, "GWh/d", "what each supply delivers"),
    "untaken": Quantity(Axis.SUPPLY, Nature.RATE, "GWh/d", "contract gas offered and not taken"),
    "storage": Quantity(Axis.STORAGE, Nature.RATE, "GWh/d", "net withdrawal; negative when gas is injected"),
    "levels": Quantity(Axis.STORAGE, Nature.STOCK, "GWh", "gas in store at the end of each period"),
    "shortfall": Quantity(Axis.STORAGE, Nature.STOCK, "GWh", "missing to the filling target at the end of each period"),
    "storage_values": Quantity(
        Axis.STORAGE, Nature.PRICE, "EUR/MWh", "value of one more MWh in store; NaN where it is not unique"
    ),
    "revenue": Quantity(
        Axis.EXPORTER, Nature.RATE, "million EUR/d", "delivered volume times the price at the point of delivery"
    ),
    "welfare": Quantity(Axis.SURPLUS, Nature.RATE, "thousand EUR/d", "surplus by actor and group of countries"),
}


def quantity_called(name: object) -> Quantity:
    """Return the quantity of a name.

    Raises:
        GasflowError: if there is none; the message lists them.

    Example:
        >>> quantity_called("levels").unit
        'GWh'
    """
    if not isinstance(name, str) or name not in QUANTITIES:
        raise GasflowError(f"There is no quantity {name!r}", f"choose from {', '.join(QUANTITIES)}")
    return QUANTITIES[name]


Kind = TypeVar("Kind")


class HoldsTables(Protocol):
    """Whatever gives a quantity as a table."""

    def table(self, quantity: str) -> pd.DataFrame:
        """Return the table of a quantity."""
        ...


class QuantityTable:
    """An attribute of results or of a comparison that is the table of a quantity."""

    def __init__(self, name: str) -> None:
        self.quantity = name
        about = QUANTITIES[name]
        self.__doc__ = f"{about.meaning[0].upper()}{about.meaning[1:]}, {about.unit}."

    @overload
    def __get__(self, owner: None, kind: type) -> QuantityTable: ...
    @overload
    def __get__(self, owner: HoldsTables, kind: type) -> pd.DataFrame: ...
    def __get__(self, owner: HoldsTables | None, kind: type) -> QuantityTable | pd.DataFrame:
        return self if owner is None else owner.table(self.quantity)


def with_quantities(kind: type[Kind]) -> type[Kind]:
    """Give a class every quantity as an attribute, but for those that it defines itself."""
    for name in QUANTITIES:
        if name not in vars(kind):
            setattr(kind, name, QuantityTable(name))
    return kind
