"""What a column and a table of the schema are made of."""

import math
from dataclasses import dataclass
from enum import StrEnum

from gasflow.units import Quantity, inside_suffix

# No gas flow, price or store on Earth comes near; what exceeds it is a slip of the unit.
LARGEST = 1e9


class Kind(StrEnum):
    """What the cells of a column hold.

    Example:
        >>> Kind("date") is Kind.DATE
        True
    """

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"
    DAY_OR_MONTH = "day or month"
    COUNTRY = "country"
    NODE = "node"
    PIPE = "pipe"


@dataclass(frozen=True)
class Column:
    """One column: number columns have a quantity and limits, choice columns the words they accept.

    ``minimum <= value <= maximum`` and ``value < below`` hold for every number;
    NaN is allowed only as a default.

    Example:
        >>> Column("capacity", Kind.NUMBER, "technical capacity", Quantity.FLOW).header
        'capacity_gwh_per_day'
    """

    name: str
    kind: Kind
    meaning: str
    quantity: Quantity = Quantity.RATIO
    default: float | str | None = None  # None: required
    minimum: float = -LARGEST
    maximum: float = LARGEST
    below: float = math.inf
    choices: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether a row must give a value."""
        return self.default is None

    @property
    def unit(self) -> str:
        """The unit inside, empty for text and pure numbers."""
        return "" if self.kind is not Kind.NUMBER or self.quantity is Quantity.RATIO else str(self.quantity)

    @property
    def header(self) -> str:
        """The header in a file: the name, followed by the suffix of the unit inside."""
        suffix = inside_suffix(self.quantity) if self.kind is Kind.NUMBER else ""
        return f"{self.name}_{suffix}" if suffix else self.name


@dataclass(frozen=True)
class Table:
    """One table: its name, what a row stands for, and its columns besides the index ``name``.

    Example:
        >>> Table("hubs", "trading hubs", (Column("node", Kind.NODE, "where it is"),)).names
        ('node',)
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)
