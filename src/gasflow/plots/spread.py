"""How a number spreads over the scenarios of a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gasflow.arguments import instance
from gasflow.errors import ArgumentError, GasflowError
from gasflow.plots.style import CYCLE, INK, SOFT, figure_of, panels

_BINS = 60


def distribution(
    values: pd.Series[Any] | Mapping[str, pd.Series[Any]],
    *,
    label: str = "",
    quantiles: Sequence[float] = (0.05, 0.5, 0.95),
    axes: Axes | None = None,
) -> Figure:
    """Draw how numbers spread over scenarios: one histogram, or several one below the other on one scale.

    Args:
        values: one number per scenario, such as ``results.price_at("TTF")``, or several such series by name. NaN
            (no answer, or no unique price) is left out and counted beside the histogram.
        label: what the numbers are, with the unit.
        quantiles: three shares of the scenarios: the ends of the bar below each histogram, and its dot.
        axes: where to draw; none: a new figure. Only for one series.

    Raises:
        GasflowError: if a series has no number.

    Example:
        >>> import gasflow as gf
        >>> results = gf.simulate(gf.toys.two_nodes(), gf.DemandChange(factor=[0.8, 0.9, 1.0, 1.1]))
        >>> figure = distribution(results.flows["A->B"], label="flow, GWh/d")
        >>> figure.axes[-1].get_xlabel()
        'flow, GWh/d'
    """
    given = values if isinstance(values, Mapping) else {"": values}
    series = {name: instance(pd.Series, one, "distribution", "values", "give a series, or several by name")
              for name, one in given.items()}  # fmt: skip
    if not series:
        raise GasflowError("There is nothing to draw", "give a series, or several by name")
    numbers = {name: _numbers(one) for name, one in series.items()}
    known = {name: one[np.isfinite(one)] for name, one in numbers.items()}
    for name, one in known.items():
        if one.size == 0:
            raise GasflowError(f"There is no number in {name or 'the series'}", "every scenario is NaN")
    bins = _bins(np.concatenate([*known.values()]))
    with panels(axes, (6.4, 1.1 + 1.15 * len(known)), (len(known), 1), same_heights=False) as grid:
        for place, colour, (name, one) in zip(grid[:, 0], CYCLE * len(known), known.items(), strict=False):
            _histogram(place, one, bins, colour)
            _summary(place, one, quantiles, colour)
            missing = numbers[name].size - one.size
            note = f"{name}\n{one.size:,} scenarios" + (f", {missing:,} NaN" if missing else "")
            place.text(1.0, 0.96, note.strip(), transform=place.transAxes, ha="right", va="top", linespacing=1.5)
        grid[-1, 0].set_xlabel(label)
        return figure_of(grid[0, 0])


def _numbers(values: pd.Series[Any]) -> NDArray[np.float64]:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ArgumentError("distribution", "values", values, "give a series of numbers") from None


def _bins(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = float(numbers.min()), float(numbers.max())
    if high - low <= 1e-9 * (1.0 + abs(low)):
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, _BINS + 1)


def _histogram(axes: Axes, numbers: NDArray[np.float64], bins: NDArray[np.float64], colour: str) -> None:
    shares = np.histogram(numbers, bins)[0] / numbers.size
    axes.stairs(shares, bins, fill=True, color=colour, alpha=0.45, linewidth=0)
    axes.stairs(shares, bins, color=colour, linewidth=1.0)
    # Every panel has a height of its own: what counts is where the mass lies, not how narrow the bins are.
    axes.set_ylim(-0.42 * shares.max(), 1.12 * shares.max())
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axhline(0.0, color=SOFT, linewidth=0.6)


def _summary(axes: Axes, numbers: NDArray[np.float64], quantiles: Sequence[float], colour: str) -> None:
    """Return a bar from the first to the last quantile with a dot at the middle one, and their values."""
    low, middle, high = np.quantile(numbers, quantiles, method="inverted_cdf")
    height = 0.1 * axes.get_ylim()[0] / 0.42
    axes.plot([low, high], [height, height], color=colour, linewidth=3.0, solid_capstyle="butt")
    axes.plot([middle], [height], marker="o", color="white", markeredgecolor=colour, markeredgewidth=1.6, markersize=6)
    # Adding zero turns a rounded -0.00 into 0.00.
    words = [f"{share:.0%}: {value:z.2f}" for share, value in zip(quantiles, (low, middle, high), strict=True)]
    axes.text(low, 2.1 * height, "    ".join(words), va="top", fontsize=8, color=INK)
