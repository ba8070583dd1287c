"""Tables whose columns are places, found by any of their names."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pandas as pd

from gasflow.errors import UnknownPlace
from gasflow.network.network import Network
from gasflow.results.places import place_called
from gasflow.results.quantities import Axis


class UnknownColumn(UnknownPlace, KeyError):  # noqa: N818 - sister of UnknownPlace
    """A table of results has no such place; pandas and its users also know it as a `KeyError`."""


class PlaceTable(pd.DataFrame):
    """A table that finds a column by the name of its place, in any spelling, by hub or by alias.

    What pandas makes of it (a rounded one, some of its rows) is a plain table.

    Example:
        >>> import gasflow as gf
        >>> closed = gf.simulate(gf.toys.transit_hub(), gf.Closure("Sokhranivka"))
        >>> closed.prices["Slovakia"].equals(closed.prices["SK"])
        True
        >>> closed.flows[["UA transit->Velke Kapusany"]].columns.tolist()
        ['UA transit->Veľké Kapušany']
        >>> closed.prices["Sokranivka"]
        Traceback (most recent call last):
        ...
        gasflow.results.place_table.UnknownColumn: There is no 'Sokranivka' in the network. Did you mean 'Sokhranivka'?
    """

    _metadata: ClassVar[list[str]] = ["_network"]

    @classmethod
    def of(cls, table: pd.DataFrame, network: Network) -> Self:
        """Return the table, with the network whose names it understands."""
        named = cls(table)
        object.__setattr__(named, "_network", network)
        return named

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def __getitem__(self, key: Any) -> Any:
        """Return a column by its label, or by any other name of its place."""
        try:
            return pd.DataFrame.__getitem__(self, key)
        except KeyError:
            if isinstance(key, str):
                return pd.DataFrame.__getitem__(self, self._label(key))
            if isinstance(key, list) and all(isinstance(one, str) for one in key):
                return pd.DataFrame.__getitem__(self, [self._label(one) for one in key])
            raise

    def _label(self, place: str) -> str:
        network = getattr(self, "_network", None)
        if place in self.columns or network is None or str(self.columns.name) not in list(Axis):
            return place
        try:
            return place_called(network, Axis(str(self.columns.name)), place)[1]
        except UnknownPlace as unknown:
            raise UnknownColumn(unknown.place, unknown.suggestions) from None
