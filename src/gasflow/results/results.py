"""Results: every quantity of every scenario and period, with labels and units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.core.solution import are_answers
from gasflow.errors import GasflowError
from gasflow.network.network import Network
from gasflow.network.schema import Group
from gasflow.results.distribution import joined_label, long_table, scenario_quantiles, share_above
from gasflow.results.judgement import Judgement
from gasflow.results.multidimensional import dataset
from gasflow.results.quantities import QUANTITIES, Axis
from gasflow.results.sensitivity import Cause, Effect, Responds, chosen, unit_of
from gasflow.results.shortages import shortage_sentences
from gasflow.scenarios.periods import Periods

Array = NDArray[np.float64]
ACTORS = ("consumers", "producers", "storage", "pipes")


@dataclass(frozen=True, eq=False, repr=False)
class Results:
    """The answers to one scenario or many, as tables of one shape: (scenario, period) x place.

    Every property below is a pandas table whose rows are (scenario, period) and whose columns are places; its unit is
    in `unit` and in ``table.attrs["unit"]``.

    Attributes:
        network: the network that was solved, before the shocks.
        periods: the time axis.
        scenarios: label of each scenario (a MultiIndex with one level per lever for a grid).
        arrays: the quantities that were kept, each of shape (item, period, scenario).
        judgement: certificate and status of each scenario.
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
    judgement: Judgement
    responder: Responds | None = None

    @property
    def flows(self) -> pd.DataFrame:
        """Gas that enters each pipe, GWh/d."""
        return self.table("flows")

    @property
    def prices(self) -> pd.DataFrame:
        """Value of one more MWh at each node, EUR/MWh; NaN where it is not unique."""
        return self.table("prices")

    @property
    def unserved(self) -> pd.DataFrame:
        """Demand at each node that goes unserved, GWh/d."""
        return self.table("unserved")

    @property
    def demand(self) -> pd.DataFrame:
        """What each sector of each node gets, GWh/d."""
        return self.table("demand")

    @property
    def supply(self) -> pd.DataFrame:
        """What each supply delivers, GWh/d."""
        return self.table("supply")

    @property
    def untaken(self) -> pd.DataFrame:
        """Contract gas that was offered and not taken, GWh/d per supply."""
        return self.table("untaken")

    @property
    def storage(self) -> pd.DataFrame:
        """Net withdrawal of each storage, GWh/d; negative when gas is injected."""
        return self.table("storage")

    @property
    def levels(self) -> pd.DataFrame:
        """Gas in store at the end of each period, GWh."""
        return self.table("levels")

    @property
    def shortfall(self) -> pd.DataFrame:
        """What is missing to the filling targets at the end of each period, GWh per storage."""
        return self.table("shortfall")

    @property
    def storage_values(self) -> pd.DataFrame:
        """Value of one more MWh in each storage, EUR/MWh."""
        return self.table("storage_values")

    @property
    def rents(self) -> pd.DataFrame:
        """Value of one more MWh of capacity on each pipe, EUR/MWh."""
        return self.table("rents")

    @property
    def welfare(self) -> pd.DataFrame:
        """Surplus in thousand EUR/d by (actor, group); only changes against a base have a meaning."""
        return self.table("welfare")

    @property
    def revenue(self) -> pd.DataFrame:
        """Revenue of each exporter, million EUR/d."""
        return self.table("revenue")

    @property
    def certificate(self) -> pd.DataFrame:
        """The certificate of every scenario: ratios to their limits, tolerance, status, solver."""
        return self.judgement.table(self.scenarios)

    def unit(self, quantity: str) -> str:
        """The unit of a quantity."""
        return QUANTITIES[quantity].unit

    def table(self, quantity: str) -> pd.DataFrame:
        """A quantity as a table, (scenario, period) x place.

        Raises:
            GasflowError: if the quantity was not kept.
        """
        frame = self._frame(self.array(quantity), self.items(quantity))
        frame.attrs["unit"] = QUANTITIES[quantity].unit
        return frame

    def _frame(self, array: NDArray[Any], items: pd.Index[Any]) -> pd.DataFrame:
        """An array (item, period, scenario) as a table, (scenario, period) x item."""
        rows = array.transpose(2, 1, 0).reshape(array.shape[2] * array.shape[1], array.shape[0])
        return pd.DataFrame(rows, index=self.rows, columns=items)

    def array(self, quantity: str) -> Array:
        """A quantity as an array, shape (item, period, scenario)."""
        if quantity not in self.arrays:
            kept = ", ".join(self.arrays)
            raise GasflowError(f"{quantity!r} was not kept, only {kept}; name it in keep= when you simulate")
        return self.arrays[quantity]

    def scenario(self, position: int) -> Results:
        """One scenario as results of its own, by its position.

        Raises:
            IndexError: if there is no such scenario.
        """
        chosen = slice(position, position + 1)
        if not 0 <= position < len(self.scenarios):
            raise IndexError(f"there is no scenario {position} among {len(self.scenarios)}")
        judged = self.judgement
        certificate = replace(
            judged.certificate,
            **{part.name: getattr(judged.certificate, part.name)[chosen] for part in fields(judged.certificate)},
        )
        return replace(
            self,
            scenarios=self.scenarios[chosen],
            arrays={name: array[:, :, chosen] for name, array in self.arrays.items()},
            judgement=Judgement(
                certificate,
                judged.status[chosen],
                judged.solver[chosen],
                judged.iterations[chosen],
                judged.imbalance[chosen],
            ),
            responder=self.responder if len(self.scenarios) == 1 else None,
        )

    def items(self, quantity: str) -> pd.Index[Any]:
        """The labels of a quantity's items."""
        axis = QUANTITIES[quantity].axis
        network = self.network
        items: pd.Index[Any]
        if axis is Axis.SURPLUS:
            items = pd.MultiIndex.from_product([ACTORS, [str(group) for group in Group]], names=["actor", "group"])
            return items
        if axis is Axis.EXPORTER:
            items = pd.Index(np.unique(network.supplies["exporter"].to_numpy(dtype=str)), name="exporter")
            return items
        tables = {
            Axis.NODE: network.nodes,
            Axis.PIPE: network.pipes,
            Axis.SUPPLY: network.supplies,
            Axis.DEMAND: network.demands,
            Axis.STORAGE: network.storages,
        }
        items = pd.Index(tables[axis].index, name=str(axis))
        return items

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
            GasflowError: if the solved problem is not at hand (sets of many scenarios, horizons with several plans).

        Example:
            >>> import gasflow as gf
            >>> closed = gf.simulate(gf.toys.transit_hub(), gf.Closure("Sokhranivka"))
            >>> table = closed.sensitivity(of="prices", to="demand", at="SK")
            >>> table.attrs["unit"], bool(table["SK"].iloc[0] > 0)
            ('EUR/MWh per GWh/d', True)
        """
        effect, cause = chosen(Effect, of), chosen(Cause, to)
        array = self._solved().respond(effect, cause, at, period)
        frame = self._frame(array, self.items(effect.value))
        frame.attrs["unit"] = unit_of(effect, cause)
        return frame

    def ambiguous_flows(self) -> pd.DataFrame:
        """Whether each pipe's flow may differ between optima; with a slope on every pipe, none does.

        Returns:
            (scenario, period) x pipe, true where linear tariffs leave several flows optimal: a cycle of equal cost.

        Raises:
            GasflowError: if the solved problem is not at hand (sets of many scenarios, horizons with several plans).

        Example:
            >>> import gasflow as gf
            >>> gf.simulate(gf.toys.belgium()).ambiguous_flows().iloc[0].any()
            np.True_
        """
        return self._frame(self._solved().ambiguous_flows(), self.items("flows"))

    def _solved(self) -> Responds:
        """Whoever holds the solved problem."""
        if self.responder is None:
            raise GasflowError("These results no longer hold the solved problem; simulate the scenario by itself.")
        return self.responder

    def price_at(self, place: str) -> pd.Series[Any]:
        """Price at a node, by any of its names (a hub such as TTF, a country, an entry), EUR/MWh."""
        return self.prices[self.network.find(place, among=("nodes",)).name]

    def price_interval(self, place: str) -> tuple[float, float]:
        """Lowest and highest optimal price at a node of a single scenario and period, EUR/MWh; equal where unique.

        Raises:
            GasflowError: if there are several scenarios or periods, or the solved problem is not at hand.

        Example:
            >>> import gasflow as gf
            >>> closed = gf.simulate(gf.toys.two_nodes(), gf.Closure("A->B"))
            >>> closed.price_interval("B")
            (3000.0, 3000.0)
        """
        return self._solved().price_interval(self.network.find(place, among=("nodes",)).name)

    def total(self, quantity: str) -> pd.DataFrame:
        """A rate per day added up over the horizon, scenario x place: GWh from GWh/d, EUR from EUR/d."""
        array = np.einsum("its,t->si", self.array(quantity), self.periods.days)
        return pd.DataFrame(array, index=self.scenarios, columns=self.items(quantity))

    def survival_days(self) -> pd.Series[float]:
        """Days until demand first goes unserved, per scenario; infinite where it never does."""
        short = (self.array("unserved") > 1e-6).any(axis=0)
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
        numbers = scenario_quantiles(self.array(quantity), levels)
        index = pd.MultiIndex.from_product([list(levels), self.periods.labels], names=["quantile", "period"])
        rows = numbers.swapaxes(1, 2).reshape(len(index), -1)
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
        labels = [joined_label(label) for label in self.items(quantity)]
        among = {Axis.NODE: ("nodes",), Axis.PIPE: ("pipes",)}.get(QUANTITIES[quantity].axis)
        name = self.network.find(place, among).name if among else place
        if name not in labels:
            raise GasflowError(f"{quantity!r} has no {place!r}; choose from {', '.join(labels)}")
        shares = share_above(self.array(quantity)[labels.index(name)], threshold)
        return pd.Series(shares, index=pd.Index(self.periods.labels, name="period"), name=f"{quantity}.{name}")

    def tidy(self, *quantities: str) -> pd.DataFrame:
        """One row per number: levers or scenario, period, quantity, place, value, unit; none given: all kept."""
        chosen = quantities or tuple(self.arrays)
        return pd.concat([long_table(self.table(name), name, self.unit(name)) for name in chosen], ignore_index=True)

    def to_xarray(self) -> Any:
        """All that was kept as an ``xarray.Dataset``, with one dimension per lever where the scenarios are a grid.

        Raises:
            GasflowError: if xarray is not installed.

        Example:
            >>> import gasflow as gf
            >>> grid = gf.grid(gf.Closure("Sokhranivka", share=[0, 0.5, 1]), gf.Elasticity(factor=[0.5, 2]))
            >>> data = gf.simulate(gf.toys.transit_hub(), grid).to_xarray()
            >>> data["prices"].dims, data["worst"].dims
            (('share', 'factor', 'period', 'node'), ('share', 'factor'))
        """
        variables: dict[str, Any] = {}
        for name in self.arrays:
            labels = pd.Index([joined_label(label) for label in self.items(name)])
            about = {"unit": self.unit(name), "meaning": QUANTITIES[name].meaning}
            # A dimension may not have the name of a variable, such as demand.
            axis = str(QUANTITIES[name].axis)
            variables[name] = (self.array(name), f"{axis}_name" if axis in QUANTITIES else axis, labels, about)
        for name in ("worst", "worst_column", "status"):
            variables[name] = (self.certificate[name].to_numpy(), "", pd.Index([]), {})
        return dataset(variables, self.scenarios, self.periods.labels)

    def shortages(self) -> list[str]:
        """What goes unserved or untaken, scenario by scenario, in words of the network."""
        sentences = []
        for scenario, label in enumerate(self.scenarios):
            arrays = {name: array[:, :, scenario] for name, array in self.arrays.items()}
            many, several = len(self.scenarios) > 1, self.periods.count > 1
            prefixes = [
                ", ".join([f"scenario {label}"] * many + [day] * several) + ": " * (many or several)
                for day in self.periods.labels
            ]
            sentences += shortage_sentences(self.network, arrays.__getitem__, prefixes)
        return sentences

    @property
    def rows(self) -> pd.MultiIndex:
        """The labels of the rows of every table: (scenario, period); the levers of a grid are levels of their own."""
        scenario = np.repeat(np.arange(len(self.scenarios)), self.periods.count)
        period = self.periods.labels * len(self.scenarios)
        names = [*self.scenarios.names] if isinstance(self.scenarios, pd.MultiIndex) else ["scenario"]
        levels = [self.scenarios.get_level_values(level)[scenario] for level in range(len(names))]
        return pd.MultiIndex.from_arrays([*levels, period], names=[*names, "period"])

    def __repr__(self) -> str:
        certified = int(are_answers(self.judgement.status).sum())
        return (
            f"Results: scenarios {len(self.scenarios)} ({certified} certified), periods {self.periods.count}; "
            f"{', '.join(self.arrays)}"
        )
