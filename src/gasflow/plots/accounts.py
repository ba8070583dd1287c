"""The two pictures of a closure: who made up for the loss, and what prices do within the stated ranges."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gasflow.errors import ArgumentError
from gasflow.network.network import Network
from gasflow.plots.style import BLUE, FAINT, INK, ORANGE, RED, SOFT, figure_of, panels

# Contributions below this share of the loss are put together.
_LEAST_SHOWN = 0.01
_OTHER = "other"


class Closed(Protocol):
    """What is drawn of a closure; `gasflow.ClosureReport` has it."""

    @property
    def network(self) -> Network:
        """The network of the central case."""

    @property
    def prices(self) -> pd.DataFrame:
        """Columns ``baseline``, ``after``, ``low`` and ``high`` by node, EUR/MWh."""

    @property
    def absorbed(self) -> pd.Series[Any]:
        """GWh/d by what made up for the loss; adds up to the loss."""


def absorption(report: Closed, *, axes: Axes | None = None) -> Figure:
    """Draw who made up for a lost flow, as steps that add up to the loss.

    Args:
        report: a closure report.
        axes: where to draw; none: a new figure.

    Example:
        >>> import gasflow as gf
        >>> report = gf.closure_report(gf.toys.transit_hub(), gf.Closure("Sokhranivka"))
        >>> [text.get_text() for text in absorption(report).axes[0].get_yticklabels()][-1]
        'flow lost'
    """
    _closed(report, "absorption")
    loss = float(report.absorbed.sum())
    account = _shown(report.absorbed, _LEAST_SHOWN * abs(loss))
    names, steps = [*map(str, account.index), "flow lost"], [*account.to_numpy(dtype=np.float64), loss]
    starts = [*np.cumsum([0.0, *account])[:-1], 0.0]
    colours = [*(BLUE if step > 0 else ORANGE for step in account), SOFT]
    with panels(axes, (6.6, 1.0 + 0.34 * len(names))) as grid:
        place: Axes = grid[0, 0]
        rows = np.arange(len(names))
        place.barh(rows, steps, left=starts, color=colours, height=0.68)
        for row in rows[:-1]:
            end = starts[row] + steps[row]
            place.plot([end, end], [row - 0.34, row + 1.34], color=SOFT, linewidth=0.7)
            place.text(max(end, starts[row]), row, f"  {steps[row]:z,.0f}  ({steps[row] / loss:z.0%})", va="center",
                       fontsize=8.5)  # fmt: skip
        place.text(loss, rows[-1], f"  {loss:z,.0f}", va="center", fontsize=8.5, weight="bold")
        place.set_yticks(rows, names)
        place.set_ylim(len(names) - 0.4, -0.6)
        place.set_xlim(min(0.0, *starts), 1.18 * max(loss, *np.cumsum(account)))
        place.set_xlabel("GWh/d")
        place.set_title("Who made up for the lost gas")
        place.grid(axis="x")
        place.tick_params(axis="y", length=0)
        place.spines["left"].set_visible(False)
        return figure_of(place)


def price_ranges(report: Closed, *, axes: Axes | None = None) -> Figure:
    """Draw the price of every hub before and after, with its range over the stated ranges of the parameters, if any.

    Args:
        report: a closure report; without a hub in its network, every node with a price is drawn.
        axes: where to draw; none: a new figure.

    Example:
        >>> import gasflow as gf
        >>> report = gf.closure_report(gf.toys.transit_hub(), gf.Closure("Sokhranivka"))
        >>> price_ranges(report).axes[0].get_xlabel()
        'EUR/MWh'
    """
    _closed(report, "price_ranges")
    hubs = report.network.nodes["hub"]
    prices = report.prices.dropna(subset=["baseline", "after"])
    named = prices.index.isin(hubs[hubs != ""].index)
    prices = prices[named] if named.any() else prices
    prices = prices.sort_values("after")
    names = [f"{hubs[node]} ({node})" if hubs[node] else str(node) for node in prices.index]
    before, after, low, high = (
        prices[name].to_numpy(dtype=np.float64) for name in ("baseline", "after", "low", "high")
    )
    band = bool(np.isfinite(low).any())
    with panels(axes, (6.6, 1.1 + 0.27 * len(names))) as grid:
        place: Axes = grid[0, 0]
        rows = np.arange(len(names))
        span = np.concatenate([before, after, low, high])
        place.hlines(rows, np.nanmin(span) - 1.0, np.nanmax(span) + 1.0, color=FAINT, linewidth=0.6)
        if band:
            place.hlines(rows, low, high, color=RED, linewidth=3.2, alpha=0.45, label="after: low to high end")
        place.plot(before, rows, "o", color="white", markeredgecolor=INK, markersize=5.5, label="before")
        place.plot(after, rows, "o", color=RED, markersize=5.5, label="after: central case")
        place.set_yticks(rows, names)
        place.set_ylim(-0.7, len(names) - 0.3)
        place.set_xlabel("EUR/MWh")
        place.set_title("Prices before and after" + ("" if band else ", central case only"), pad=26)
        place.tick_params(axis="y", length=0)
        place.spines["left"].set_visible(False)
        handles, labels = place.get_legend_handles_labels()
        order = [1, 2, 0] if band else [0, 1]
        place.legend([handles[one] for one in order], [labels[one] for one in order], ncols=3, loc="lower left",
                     bbox_to_anchor=(-0.01, 0.985), borderpad=0.0, handletextpad=0.4, columnspacing=1.6)  # fmt: skip
        return figure_of(place)


def _closed(report: object, function: str) -> None:
    """Refuse what is no closure report."""
    if not all(hasattr(report, name) for name in ("network", "prices", "absorbed")):
        raise ArgumentError(function, "report", report, "give what gasflow.closure_report returns")


def _shown(account: pd.Series[Any], least: float) -> pd.Series[Any]:
    """Return the entries of an account in descending order, small ones put together at the end."""
    small = account.abs() < max(least, 1e-6)
    shown = account[~small].sort_values(ascending=False)
    other = float(account[small].sum())
    return pd.concat([shown, pd.Series({_OTHER: other})]) if abs(other) >= 0.05 else shown
