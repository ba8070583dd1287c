"""A number over two levers, one panel for every value of a third."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from gasflow.arguments import instance
from gasflow.plots.style import INK, SEQUENTIAL, figure_of, level_of, panels

# Larger grids get contour lines instead of a number in every cell.
_NUMBERED = 110
_MOST_PANELS = 8


def heat_map(
    values: pd.Series[Any],
    x: str,
    y: str,
    *,
    panel: str | None = None,
    label: str = "",
    axes: Axes | None = None,
) -> Figure:
    """Draw a number over two levers of a grid as colours, with numbers or contour lines.

    Args:
        values: one number per scenario, indexed by the levers, such as ``results.price_at("TTF")`` or a difference of
            two of them; what other levers are there is averaged over.
        x: lever on the horizontal axis.
        y: lever on the vertical axis.
        panel: lever or other level of the index with one panel for each of its values, on one common scale.
        label: what the colours mean, with the unit.
        axes: where to draw; none: a new figure. Only without panels.

    Raises:
        GasflowError: if there is no such lever.

    Example:
        >>> import gasflow as gf
        >>> grid = gf.grid(gf.Closure("Sokhranivka", share=[0, 0.5, 1]), gf.ElasticityChange(factor=[0.5, 2]))
        >>> prices = gf.simulate(gf.toys.transit_hub(), grid, keep=["prices"]).price_at("SK")
        >>> figure = heat_map(prices, x="share", y="factor", label="price in SK, EUR/MWh")
        >>> figure.axes[0].get_xlabel(), figure.axes[-1].get_ylabel()
        ('share', 'price in SK, EUR/MWh')
    """
    instance(pd.Series, values, "heat_map", "values", "give one number per scenario, such as results.price_at(place)")
    names = [None] if panel is None else list(dict.fromkeys(level_of(values.index, panel)))[:_MOST_PANELS]
    tables = [_table(values if name is None else values[level_of(values.index, panel or "") == name], x, y)
              for name in names]  # fmt: skip
    every = np.concatenate([table.to_numpy(dtype=np.float64).ravel() for table in tables])
    limits = (float(np.nanmin(every)), float(np.nanmax(every)))
    size = (5.2, 4.0) if len(names) == 1 else (2.6 * len(names) + 1.0, 3.2)
    with panels(axes, size, (1, len(names))) as grid:
        for place, table, name in zip(grid[0], tables, names, strict=True):
            mesh = _draw(place, table, limits)
            place.set_xlabel(x)
            if name is not None:
                place.set_title(str(name), fontsize=10)
        grid[0, 0].set_ylabel(y)
        figure = figure_of(grid[0, 0])
        bar = figure.colorbar(mesh, ax=[*grid[0]], shrink=0.9, pad=0.02)
        bar.set_label(label)
        bar.outline.set_visible(False)
    return figure


def _table(values: pd.Series[Any], x: str, y: str) -> pd.DataFrame:
    """Means by the two levers, rows y, columns x, both ascending."""
    keys = [level_of(values.index, y), level_of(values.index, x)]
    return values.groupby(keys).mean().unstack()


def _draw(axes: Axes, table: pd.DataFrame, limits: tuple[float, float]) -> Any:
    numbers = table.to_numpy(dtype=np.float64)
    across, up = (np.asarray(index, dtype=np.float64) for index in (table.columns, table.index))
    mesh = axes.pcolormesh(_edges(across), _edges(up), numbers, cmap=SEQUENTIAL, vmin=limits[0], vmax=limits[1])
    mesh.set_edgecolor("face")  # no white hairlines between cells in a PDF
    if numbers.size <= _NUMBERED and across.size <= 8:
        _write(axes, across, up, numbers, limits)
    elif min(numbers.shape) > 1 and limits[1] > limits[0]:
        # The ends of the scale are borders of the grid, not lines across it.
        levels = np.asarray(MaxNLocator(10, steps=[1, 2, 2.5, 5, 10]).tick_values(*limits))
        levels = levels[(levels > limits[0] + 1e-6 * np.ptp(limits)) & (levels < limits[1])]
        lines = axes.contour(across, up, numbers, levels=levels, colors=INK, linewidths=0.6)
        for text in axes.clabel(lines, fontsize=7.5, fmt="%g"):
            text.set_path_effects([withStroke(linewidth=2.0, foreground="white")])
    axes.set(xlim=_edges(across)[[0, -1]], ylim=_edges(up)[[0, -1]])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return mesh


def _write(
    axes: Axes,
    across: NDArray[np.float64],
    up: NDArray[np.float64],
    numbers: NDArray[np.float64],
    limits: tuple[float, float],
) -> None:
    """Return a number in every cell, and ticks at the values of the levers."""
    digits = 2 if limits[1] - limits[0] < 10.0 else 1
    for row, column in np.argwhere(np.isfinite(numbers)):
        value = numbers[row, column]
        dark = value > limits[0] + 0.5 * (limits[1] - limits[0])
        axes.text(across[column], up[row], f"{value:z.{digits}f}", ha="center", va="center",
                  fontsize=7.5, color="white" if dark else INK)  # fmt: skip
    axes.set_xticks(across)
    axes.set_yticks(up)


def _edges(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cell borders halfway between centres; a single cell is one wide.

    Example:
        >>> _edges(np.array([0.0, 1.0, 3.0])).tolist()
        [-0.5, 0.5, 2.0, 4.0]
    """
    if centres.size == 1:
        return np.asarray(centres[0] + np.array([-0.5, 0.5]), dtype=np.float64)
    middle = (centres[1:] + centres[:-1]) / 2
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])
