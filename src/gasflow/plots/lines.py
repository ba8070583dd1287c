"""Numbers along one axis: a lever, or time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter
from numpy.typing import NDArray

from gasflow.arguments import instance, numbers
from gasflow.errors import GasflowError
from gasflow.plots.style import BLUE, CYCLE, SEQUENTIAL, figure_of, panels
from gasflow.results.distribution import scenario_quantiles
from gasflow.results.quantities import QUANTITIES, Nature
from gasflow.results.results import Results

_MARKS = ("o", "s", "^", "D", "v", "P")
_DASHES = ("-", "--", ":")


def curves(
    table: pd.DataFrame,
    *,
    label: str = "",
    title: str = "",
    observed: pd.Series[Any] | None = None,
    axes: Axes | None = None,
) -> Figure:
    """Draw the columns of a table along its index, each line named where it ends.

    Args:
        table: numbers by case (column) and by lever or time (index, whose name becomes the axis label).
        label: what the numbers are, with the unit.
        title: what the picture shows.
        observed: points on the same axes, such as what really happened; its name goes into the legend.
        axes: where to draw; none: a new figure.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"technical": [3.4, 0.0]}, index=pd.Index([0.0, 1.0], name="reroute"))
        >>> curves(table, label="percent").axes[0].get_xlabel()
        'reroute'
    """
    instance(pd.DataFrame, table, "curves", "table", "give a table, one column per line")
    if not len(table.columns):
        raise GasflowError("There is no column to draw", "give a table, one column per line")
    with panels(axes, (6.4, 3.6)) as grid:
        place: Axes = grid[0, 0]
        for number, (name, column) in enumerate(table.items()):
            again, look = divmod(number, len(CYCLE))
            style: dict[str, Any] = {"color": CYCLE[look], "linestyle": _DASHES[again % len(_DASHES)]}
            style["marker"] = _MARKS[look] if len(table) <= 40 else ""
            numbers = column.to_numpy(dtype=np.float64)
            place.plot(table.index, numbers, markersize=4, linewidth=1.6, label=str(name), **style)
        if observed is not None:
            place.plot(
                observed.index, observed, "x", color="black", markersize=6, label=str(observed.name or "observed")
            )
        if isinstance(table.index, pd.DatetimeIndex):
            _date_labels(place)
        place.set_xlabel(str(table.index.name or ""))
        place.set_ylabel(label)
        place.set_title(title)
        place.grid(axis="y")
        place.legend(loc="best")
        return figure_of(place)


def fan(
    results: Results,
    quantity: str,
    place: str | None = None,
    *,
    levels: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
    observed: pd.Series[Any] | None = None,
    axes: Axes | None = None,
) -> Figure:
    """Draw a quantity over the periods as a fan: the median, and bands that hold a share of the scenarios.

    Rates and prices hold for a whole period and are drawn as steps; stocks are there at the end of it.

    Args:
        results: over a horizon, one scenario (a line) or many (a fan).
        quantity: such as "prices" or "levels".
        place: item of the quantity (for nodes by any of their names); none: the sum of all items, such as all gas in
            store.
        levels: quantiles in ascending order, the middle one as a line, the others in pairs as bands.
        observed: what really happened, indexed by date.
        axes: where to draw; none: a new figure.

    Raises:
        GasflowError: if there is no such item, the quantity does not add up over all items, or the number of levels is
            even.

    Example:
        >>> import gasflow as gf
        >>> results = gf.simulate(gf.toys.two_nodes(), gf.DemandChange(factor=[0.8, 1.0, 1.2]))
        >>> fan(results, "flows", "A->B").axes[0].get_ylabel()
        'flows of A->B, GWh/d'
    """
    results = instance(Results, results, "fan", "results", "give the results of gasflow.simulate")
    shares = numbers(levels, "fan", "levels", 0.0, 1.0)
    if len(shares) % 2 == 0:
        raise GasflowError(f"{len(shares)} levels have no middle one for the line", "give an odd number of them")
    drawn = scenario_quantiles(_chosen(results, quantity, place), shares)
    ends = QUANTITIES[quantity].nature is Nature.STOCK
    bounds = np.array([*results.periods.starts, results.periods.end], dtype="datetime64[D]")
    when = bounds[1:] if ends else bounds
    if not ends:
        drawn = np.concatenate([drawn, drawn[:, -1:]], axis=1)
    middle = len(shares) // 2
    with panels(axes, (7.0, 3.6)) as grid:
        canvas: Axes = grid[0, 0]
        step: Literal["post"] | None = None if ends else "post"
        for low in range(middle if len(results.scenarios) > 1 else 0):
            share = shares[-1 - low] - shares[low]
            canvas.fill_between(when, drawn[low], drawn[-1 - low], step=step, linewidth=0,
                                color=SEQUENTIAL(0.22 + 0.2 * low), label=f"{share:.0%} of scenarios")  # fmt: skip
        canvas.plot(when, drawn[middle], color=BLUE, linewidth=1.8, drawstyle="default" if ends else "steps-post",
                    label="median" if len(results.scenarios) > 1 else "model")  # fmt: skip
        if observed is not None:
            canvas.plot(observed.index, observed, color="black", linewidth=1.2, linestyle=(0, (4, 2)), label="observed")
        canvas.set_ylabel(f"{quantity} of {place or 'all'}, {results.unit(quantity)}")
        _date_labels(canvas)
        canvas.yaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
        canvas.grid(axis="y")
        canvas.legend(loc="best")
        return figure_of(canvas)


def _date_labels(place: Axes) -> None:
    """Label the horizontal axis with as many dates as fit, each as short as can be."""
    locator: Any = AutoDateLocator()  # type: ignore[no-untyped-call]
    place.xaxis.set_major_locator(locator)
    place.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def _chosen(results: Results, quantity: str, place: str | None) -> NDArray[np.float64]:
    """One item of a quantity, or the sum of all, shape (period, scenario)."""
    array = results.array(quantity)
    if place is not None:
        one: NDArray[np.float64] = array[results.item(quantity, place)[0]]
        return one
    nature = QUANTITIES[quantity].nature
    if not nature.adds_over_places:
        raise GasflowError(f"{quantity!r} is a {nature}, which does not add up over places", "name one")
    total: NDArray[np.float64] = array.sum(axis=0)
    return total
