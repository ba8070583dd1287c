"""Two results side by side: what changed, where, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.arguments import instance
from gasflow.errors import GasflowError
from gasflow.network.schema import Group
from gasflow.results.places import ACTORS
from gasflow.results.quantities import with_quantities
from gasflow.results.results import Results

Array = NDArray[np.float64]
TOTAL = "total"
# What a notebook shows of a comparison.
_SHOWN = ("prices", "flows", "unserved")
_LARGEST = 8


@with_quantities
@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """A base and what comes after it, on the same network.

    Every quantity is an attribute. Every table but `welfare` has the columns ``baseline``, ``after``, ``change`` (after
    less baseline) and ``percent`` (of the size of the baseline; NaN where that is zero). Its rows are places for a
    single scenario and period, else (scenario, period, place); a base of one scenario is held against every scenario
    after it.

    Attributes:
        base: before.
        after: afterwards.
    """

    base: Results
    after: Results

    if TYPE_CHECKING:

        def __getattr__(self, quantity: str) -> pd.DataFrame: ...

    @property
    def revenue(self) -> pd.DataFrame:
        """Revenue of each exporter, million EUR/d; supplies that belong to no exporter are left out."""
        table = self.table("revenue")
        return table[np.asarray(table.index.get_level_values("exporter") != "")]

    @property
    def welfare(self) -> pd.DataFrame:
        """Change of surplus in thousand EUR/d, actors by groups of countries, with totals both ways.

        The total of the totals is the change of welfare: what the objective of the programme says with its sign
        turned.
        """
        change = self._after("welfare") - self._base("welfare")
        period, scenario = change.shape[1:]
        parts = change.reshape(len(ACTORS), len(Group), period, scenario)
        parts = np.concatenate([parts, parts.sum(axis=0, keepdims=True)])
        parts = np.concatenate([parts, parts.sum(axis=1, keepdims=True)], axis=1)
        rows = parts.transpose(3, 2, 0, 1).reshape(-1, len(Group) + 1)
        index = self._rows(pd.Index([*ACTORS, TOTAL], name="actor"))
        table = pd.DataFrame(rows, index=index, columns=pd.Index([*map(str, Group), TOTAL], name="group"))
        table.attrs["unit"] = self.after.unit("welfare")
        return table

    def table(self, quantity: str) -> pd.DataFrame:
        """Any quantity that both results kept, as described above.

        Raises:
            GasflowError: if one of the results did not keep it.
        """
        baseline, after = self._base(quantity), self._after(quantity)
        change = after - baseline
        size = np.abs(baseline)
        percent = np.divide(100.0 * change, size, out=np.full_like(change, np.nan), where=size > 0)
        columns = {"baseline": baseline, "after": after, "change": change, "percent": percent}
        table = pd.DataFrame(
            {name: array.transpose(2, 1, 0).ravel() for name, array in columns.items()},
            index=self._rows(self.after.items(quantity)),
        )
        table.attrs["unit"] = self.after.unit(quantity)
        return table

    def changes(self, quantity: str) -> Array:
        """After less baseline as an array, shape (item, period, scenario)."""
        return self._after(quantity) - self._base(quantity)

    def _base(self, quantity: str) -> Array:
        return np.broadcast_to(self.base.array(quantity), self._after(quantity).shape)

    def _after(self, quantity: str) -> Array:
        return self.after.array(quantity)

    def _rows(self, items: pd.Index[Any]) -> pd.Index[Any]:
        """Places, preceded by scenario and period where there are several."""
        when = self.after.rows
        if len(when) == 1:
            return items
        names = [*when.names, *items.names]
        levels = [when.get_level_values(level).repeat(len(items)) for level in range(when.nlevels)]
        places = [np.tile(items.get_level_values(level), len(when)) for level in range(items.nlevels)]
        return pd.MultiIndex.from_arrays([*levels, *places], names=names)

    def __repr__(self) -> str:
        return f"Comparison: {self.base!r} -> {self.after!r}"

    def _repr_html_(self) -> str:
        """Return the largest changes of every quantity that is kept for a notebook, all text escaped."""
        pages = []
        for quantity in [name for name in _SHOWN if name in self.base.arrays and name in self.after.arrays]:
            table = self.table(quantity)
            largest = table["change"].abs().nlargest(_LARGEST).index
            pages.append(f"<h4>{quantity}, {table.attrs['unit']}</h4>{table.loc[largest].round(2).to_html()}")
        return f"<h3>What changed most, {escape(self.after.network.name)}</h3>{''.join(pages)}"


def compare(base: Results, after: Results) -> Comparison:
    """Set a result beside the one it is to be held against.

    Args:
        base: one scenario, or as many as `after`.
        after: one scenario or many, on a network with the same rows and periods.

    Raises:
        GasflowError: if the two cannot be compared.

    Example:
        >>> import gasflow as gf
        >>> hub = gf.toys.transit_hub()
        >>> comparison = gf.compare(gf.simulate(hub), gf.simulate(hub, gf.Closure("Sokhranivka")))
        >>> comparison.flows.loc["UA transit->Veľké Kapušany"].round(1).to_dict()
        {'baseline': 1001.0, 'after': 752.0, 'change': -249.0, 'percent': -24.9}
    """
    for name, given in (("base", base), ("after", after)):
        instance(Results, given, "compare", name, "give the results of gasflow.simulate")
    if base.periods != after.periods:
        raise GasflowError("The two results have different periods", "simulate both over the same ones")
    if len(base.scenarios) not in (1, len(after.scenarios)):
        counts = f"{len(base.scenarios)} and {len(after.scenarios)}"
        raise GasflowError(f"The two results have {counts} scenarios", "give a base of one, or of as many")
    for name, table in base.network.tables.items():
        if name != "network" and not table.index.equals(after.network.tables[name].index):
            raise GasflowError(f"The two networks have different {name}", "compare results of one network")
    return Comparison(base, after)
