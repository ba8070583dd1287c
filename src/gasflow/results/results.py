"""Results: every quantity of every scenario and period, with labels and units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.arguments import instance, number, numbers, one_of, texts, whole
from gasflow.core.records import take
from gasflow.core.solution import are_answers
from gasflow.core.tolerances import NOTHING
from gasflow.errors import GasflowError
from gasflow.network.network import Network
from gasflow.results.bounds import binding
from gasflow.results.diagnostics import Diagnostics, read_only
from gasflow.results.distribution import long_table, row_labels, scenario_quantiles, share_above
from gasflow.results.multidimensional import dataset
from gasflow.results.place_table import PlaceTable
from gasflow.results.places import items, joined, place_called
from gasflow.results.quantities import QUANTITIES, Nature, quantity_called, with_quantities
from gasflow.results.sensitivity import Cause, Effect, Responds, unit_of
from gasflow.results.shortages import shortages
from gasflow.scenarios.periods import Periods

Array = NDArray[np.float64]


@with_quantities
@dataclass(frozen=True, eq=False, repr=False)
class Results:
    """The answers to one scenario or many, as tables of one shape: (scenario, period) x place.

    Every quantity is an attribute: a pandas table whose rows are (scenario, period) and whose columns are places. Its
    unit is in `unit` and in ``table.attrs["unit"]``. A column is also found by any other name of its place, such as
    ``results.prices["TTF"]``. Results are never changed: arrays are read-only, tables are copies.

    Attributes:
        network: the network that was solved, before the shocks.
        periods: the time axis.
        scenarios: label of each scenario (a MultiIndex with one level per lever for a grid).
        arrays: the quantities that were kept, each of shape (item, period, scenario).
        diagnostics: certificate and status of each scenario.
        responder: answers `sensitivity`; none where the solved problem is not at hand.

    Example:
        >>> import gasflow as gf
        >>> results = gf.simulate(gf.toys.two_nodes())
        >>> results.prices.round(2).to_dict("list")
        {'A': [20.0], 'B': [22.0]}
        >>> results.unit("prices")
        'EUR/MWh'
    """

    network: Network
    periods: Periods
    scenarios: pd.Index[Any]
    arrays: Mapping[str, Array]
    diagnostics: Diagnostics
    responder: Responds | None = None

    if TYPE_CHECKING:

        def __getattr__(self, quantity: str) -> pd.DataFrame: ...

    def __post_init__(self) -> None:
        frozen = {name: read_only(array) for name, array in self.arrays.items()}
        object.__setattr__(self, "arrays", MappingProxyType(frozen))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what pickle, copy and other processes need; a mapping proxy cannot be pickled."""
        return Results, (
            self.network, self.periods, self.scenarios, dict(self.arrays), self.diagnostics, self.responder,
        )  # fmt: skip

    @property
    def bounded_by(self) -> pd.DataFrame:
        """What keeps each pipe from carrying more: "capacity", "nomination", or nothing (an empty text).

        Raises:
            GasflowError: if flows, capacity or technical_capacity were not kept.

        Example:
            >>> import gasflow as gf
            >>> bounds = gf.simulate(gf.toys.transit_hub(), gf.Closure("Sokhranivka")).bounded_by.iloc[0]
            >>> bounds["RU->Sudzha"], bounds["RU->Sokhranivka"], bounds["Sudzha->UA transit"]
            ('nomination', 'capacity', '')
        """
        bounds = binding(*(self.array(name) for name in ("flows", "capacity", "technical_capacity")))
        return PlaceTable.of(self._frame(bounds, self.items("flows")), self.network)

    @property
    def certificate(self) -> pd.DataFrame:
        """The certificate of every scenario: ratios to their limits, tolerance, status, solver."""
        return self.diagnostics.table(self.scenarios)

    def unit(self, quantity: str) -> str:
        """Return the unit of a quantity."""
        return quantity_called(quantity).unit

    def table(self, quantity: str) -> pd.DataFrame:
        """Return a quantity as a table, (scenario, period) x place.

        Raises:
            GasflowError: if the quantity was not kept, or does not exist.
        """
        frame = PlaceTable.of(self._frame(self.array(quantity), self.items(quantity)), self.network)
        frame.attrs["unit"] = self.unit(quantity)
        return frame

    def _frame(self, array: NDArray[Any], items: pd.Index[Any]) -> pd.DataFrame:
        """Return an array (item, period, scenario) as a table of its own, (scenario, period) x item."""
        rows = array.transpose(2, 1, 0).reshape(array.shape[2] * array.shape[1], array.shape[0])
        return pd.DataFrame(rows, index=self.rows, columns=items, copy=True)

    def array(self, quantity: str) -> Array:
        """Return a quantity as an array, shape (item, period, scenario)."""
        quantity_called(quantity)
        if quantity not in self.arrays:
            kept = ", ".join(self.arrays) or "nothing"
            raise GasflowError(f"{quantity!r} was not kept, only {kept}", "name it in keep= when you simulate")
        return self.arrays[quantity]

    def scenario(self, position: int) -> Results:
        """One scenario as results of its own, by its position.

        Raises:
            GasflowError: if there is no such scenario.
        """
        first = whole(position, "Results.scenario", "position", 0, len(self.scenarios) - 1)
        chosen = slice(first, first + 1)
        return replace(
            self,
            scenarios=self.scenarios[chosen],
            arrays={name: array[:, :, chosen] for name, array in self.arrays.items()},
            diagnostics=take(self.diagnostics, chosen),
            responder=self.responder and self.responder.some(chosen),
        )

    def items(self, quantity: str) -> pd.Index[Any]:
        """Return the labels of a quantity's items."""
        return items(self.network, quantity_called(quantity).axis)

    def sensitivity(self, of: str, to: str, at: str, period: int = 0) -> pd.DataFrame:
        """How prices or flows answer to a small change, per scenario: exact between kinks, from one more solve.

        Args:
            of: "prices" (of every node) or "flows" (of every pipe).
            to: "demand" of a node, "capacity" of a pipe, or "cost" of a pipe or a production.
            at: its name.
            period: number of the period in which it is changed.

        Returns:
            (scenario, period) x place, per GWh/d or per EUR/MWh; the unit is in ``attrs["unit"]``. NaN at a kink, where
            an increase and a decrease differ, and where a price is not unique.

        Raises:
            GasflowError: if there is no such place, or the solved problem is not at hand (more than a hundred
                scenarios, horizons with several plans).

        Example:
            >>> import gasflow as gf
            >>> closed = gf.simulate(gf.toys.transit_hub(), gf.Closure("Sokhranivka"))
            >>> table = closed.sensitivity(of="prices", to="demand", at="SK")
            >>> table.attrs["unit"], bool(table["SK"].iloc[0] > 0)
            ('EUR/MWh per GWh/d', True)
        """
        where = "Results.sensitivity"
        effect, cause = one_of(Effect, of, where, "of"), one_of(Cause, to, where, "to")
        instance(str, at, where, "at", "give the name of a node, a pipe or a production")
        whole(period, where, "period", 0, self.periods.count - 1)
        array = self._solved().respond(effect, cause, at, period)
        frame = self._frame(array, self.items(effect.value))
        frame.attrs["unit"] = unit_of(effect, cause)
        return frame

    def ambiguous_flows(self) -> pd.DataFrame:
        """Whether each pipe's flow may differ between optima; with a slope on every pipe, none does.

        Returns:
            (scenario, period) x pipe, true where linear tariffs leave several flows optimal: a cycle of equal cost.

        Raises:
            GasflowError: if the solved problem is not at hand (more than a hundred scenarios, horizons with several
                plans).

        Example:
            >>> import gasflow as gf
            >>> gf.simulate(gf.toys.belgium()).ambiguous_flows().iloc[0].any()
            np.True_
        """
        return self._frame(self._solved().ambiguous_flows(), self.items("flows"))

    def _solved(self) -> Responds:
        """Whoever holds the solved problem."""
        if self.responder is None:
            raise GasflowError(
                "These results do not hold the solved problem: they have more than a hundred scenarios, or a horizon "
                "was planned anew on the way",
                "simulate the scenario by itself, without news",
            )
        return self.responder

    def price_at(self, place: str) -> pd.Series[Any]:
        """Price at a node, by any of its names (a hub, a country, an entry), EUR/MWh."""
        prices: pd.Series[Any] = self.prices[self.item("prices", place)[1]]
        return prices

    def price_interval(self, place: str) -> tuple[float, float]:
        """Lowest and highest optimal price at a node of a single scenario and period, EUR/MWh; equal where unique.

        Raises:
            GasflowError: if there are several scenarios or periods, or the solved problem is not at hand.

        Example:
            >>> import gasflow as gf
            >>> closed = gf.simulate(gf.toys.two_nodes(), gf.Closure("A->B"))
            >>> closed.price_interval("B")
            (3000.0, inf)
        """
        return self._solved().price_interval(self.item("prices", place)[1])

    def total(self, quantity: str) -> pd.DataFrame:
        """Return a rate per day added up over the horizon, scenario x place: GWh from GWh/d, EUR from EUR/d.

        Raises:
            GasflowError: if the quantity is not a rate: prices and stocks of several periods do not add up.

        Example:
            >>> import gasflow as gf
            >>> total = gf.simulate(gf.toys.two_nodes()).total("flows")
            >>> total["A->B"].tolist(), total.attrs["unit"]
            ([40.0], 'GWh')
        """
        nature = quantity_called(quantity).nature
        if nature is not Nature.RATE:
            instead = "its last period says what is left" if nature is Nature.STOCK else "take its mean"
            raise GasflowError(f"{quantity!r} is a {nature}, which does not add up over time", f"{instead}")
        return self._over_time(quantity, self.periods.days, self.unit(quantity).removesuffix("/d"))

    def mean(self, quantity: str) -> pd.DataFrame:
        """Return the mean over the horizon, every day alike, scenario x place; NaN where a period has no number.

        Raises:
            GasflowError: if the quantity is a stock, which is known at the ends of periods only.

        Example:
            >>> import gasflow as gf
            >>> gf.simulate(gf.toys.two_nodes()).mean("prices")["B"].round(6).tolist()
            [22.0]
        """
        if quantity_called(quantity).nature is Nature.STOCK:
            raise GasflowError(f"{quantity!r} is a stock at the end of each period", "it has no mean over time")
        return self._over_time(quantity, self.periods.days / self.periods.days.sum(), self.unit(quantity))

    def _over_time(self, quantity: str, weights: Array, unit: str) -> pd.DataFrame:
        array = np.einsum("its,t->si", self.array(quantity), weights)
        frame = PlaceTable.of(pd.DataFrame(array, index=self.scenarios, columns=self.items(quantity)), self.network)
        frame.attrs["unit"] = unit
        return frame

    def survival_days(self) -> pd.Series[float]:
        """Days until demand first goes unserved, per scenario; infinite where it never does."""
        short = (self.array("unserved") > NOTHING).any(axis=0)
        since = np.concatenate([[0.0], np.cumsum(self.periods.days)[:-1]])
        days = np.where(short.any(axis=0), since[short.argmax(axis=0)], np.inf)
        return pd.Series(days, index=self.scenarios, name="survival_days")

    def quantiles(self, levels: Sequence[float] = (0.05, 0.5, 0.95), quantity: str = "prices") -> pd.DataFrame:
        """Quantiles over the scenarios, (quantile, period) x place, of the scenarios that have a number.

        A quantile is a number that occurs: the smallest that at least the given share do not exceed.

        Example:
            >>> import gasflow as gf
            >>> results = gf.simulate(gf.toys.two_nodes(), gf.DemandChange(factor=[0.8, 1.0, 1.2, 1.4]))
            >>> results.quantiles([0.5, 1.0], "flows")["A->B"].tolist()
            [40.0, 50.0]
        """
        levels = numbers(levels, "Results.quantiles", "levels", 0.0, 1.0)
        found = scenario_quantiles(self.array(quantity), levels)
        index = pd.MultiIndex.from_product([list(levels), self.periods.labels], names=["quantile", "period"])
        rows = found.swapaxes(1, 2).reshape(len(index), -1)
        frame = pd.DataFrame(rows, index=index, columns=self.items(quantity))
        frame.attrs["unit"] = self.unit(quantity)
        return frame

    def exceedance(self, quantity: str, place: str, threshold: float) -> pd.Series[Any]:
        """Share of the scenarios with a number in which it exceeds a threshold at a place, by period.

        Example:
            >>> import gasflow as gf
            >>> results = gf.simulate(gf.toys.two_nodes(), gf.DemandChange(factor=[0.8, 1.0, 1.2, 1.4]))
            >>> float(results.exceedance("unserved", "B", 1.0).iloc[0])
            0.25
        """
        limit = number(threshold, "Results.exceedance", "threshold")
        row, name = self.item(quantity, place)
        shares = share_above(self.array(quantity)[row], limit)
        return pd.Series(shares, index=pd.Index(self.periods.labels, name="period"), name=f"{quantity}.{name}")

    def item(self, quantity: str, place: str) -> tuple[int, str]:
        """Position and label of one item of a quantity, by any of its names.

        Raises:
            UnknownPlace: if there is none; it suggests the nearest.
        """
        return place_called(self.network, quantity_called(quantity).axis, place)

    def tidy(self, *quantities: str) -> pd.DataFrame:
        """One row per number: levers or scenario, period, quantity, place, value, unit; none given: all kept."""
        chosen = texts(quantities, "Results.tidy", "quantities") or tuple(self.arrays)
        if not chosen:
            raise GasflowError("Nothing was kept", "name quantities in keep= when you simulate")
        return pd.concat([long_table(self.table(name), name, self.unit(name)) for name in chosen], ignore_index=True)

    def to_xarray(self) -> Any:
        """All that was kept as an ``xarray.Dataset``, with one dimension per lever where the scenarios are a grid.

        Raises:
            GasflowError: if xarray is not installed.

        Example:
            >>> import gasflow as gf
            >>> grid = gf.grid(gf.Closure("Sokhranivka", share=[0, 0.5, 1]), gf.ElasticityChange(factor=[0.5, 2]))
            >>> data = gf.simulate(gf.toys.transit_hub(), grid).to_xarray()
            >>> data["prices"].dims, data["worst"].dims
            (('share', 'factor', 'period', 'node'), ('share', 'factor'))
        """
        variables: dict[str, Any] = {}
        for name in self.arrays:
            labels = pd.Index([joined(label) for label in self.items(name)])
            about = {"unit": self.unit(name), "meaning": QUANTITIES[name].meaning}
            # A dimension may not have the name of a variable, such as demand.
            axis = str(QUANTITIES[name].axis)
            variables[name] = (self.array(name), f"{axis}_name" if axis in QUANTITIES else axis, labels, about)
        for name in ("worst", "worst_column", "status"):
            variables[name] = (self.certificate[name].to_numpy(), "", pd.Index([]), {})
        return dataset(variables, self.scenarios, self.periods.labels)

    def shortages(self) -> list[str]:
        """Return what goes unserved or untaken, scenario by scenario, in words of the network.

        Raises:
            GasflowError: if unserved, untaken, supply, flows or capacity were not kept.
        """
        return shortages(self.network, self.array, self.scenarios, self.periods.labels)

    @property
    def rows(self) -> pd.MultiIndex:
        """The labels of the rows of every table: (scenario, period); the levers of a grid are levels of their own."""
        return row_labels(self.scenarios, self.periods.labels)

    def __repr__(self) -> str:
        certified = int(are_answers(self.diagnostics.status).sum())
        return (
            f"Results: scenarios {len(self.scenarios)} ({certified} certified), periods {self.periods.count}; "
            f"{', '.join(self.arrays)}"
        )
