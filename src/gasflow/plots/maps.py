"""A schematic map: nodes at their coordinates, flows as arrows between them, no coastline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from gasflow.arguments import instance, whole
from gasflow.network.network import Network
from gasflow.network.schema import NodeKind
from gasflow.plots.style import DIVERGING, FAINT, INK, SEQUENTIAL, SOFT, figure_of, panels
from gasflow.results.comparison import Comparison
from gasflow.results.results import Results

# Thickest arrow in points; the area of a country's disc grows with what it uses.
_THICKEST = 6.0
_BEND = 0.12
# How many arrows are named, and how far apart the names are at least, in degrees.
_NAMED, _APART = 12, 1.3
_LEAST_FLOW, _LEAST_CHANGE = 5.0, 2.0
_MARKERS = {
    NodeKind.ENTRY: ("s", 11.0, "entry point"),
    NodeKind.TERMINAL: ("D", 13.0, "LNG terminal"),
    NodeKind.TRANSIT: ("o", 40.0, "transit zone"),
}


def flow_map(
    what: Results | Comparison,
    *,
    scenario: int = 0,
    period: int = 0,
    title: str = "",
    axes: Axes | None = None,
) -> Figure:
    """Draw flows on a schematic map; of a comparison, what changed.

    The width of an arrow grows with the flow (or its change), from origin to destination. Colours of arrows mean the
    change, if there is one: blue is more, red is less. Cargoes of LNG are drawn from the terminal on. Nodes without
    coordinates, and their pipes, are left out.

    Of a comparison that kept technical capacities, what the shocks closed is crossed out and named.

    Args:
        what: results, or two of them compared.
        scenario: which one, by its position.
        period: which one, by its position.
        title: what the picture shows.
        axes: where to draw; none: a new figure.

    Raises:
        GasflowError: if flows were not kept, or there is no such scenario or period.

    Example:
        >>> import gasflow as gf
        >>> hub = gf.toys.two_nodes()
        >>> hub = hub.with_node("A", latitude=50.0, longitude=5.0).with_node("B", latitude=51.0, longitude=9.0)
        >>> len(flow_map(gf.simulate(hub)).axes[0].patches)
        1
    """
    instance((Results, Comparison), what, "flow_map", "what", "give results, or two of them compared")
    changed = isinstance(what, Comparison)
    results = what.after if isinstance(what, Comparison) else what
    whole(scenario, "flow_map", "scenario", 0, len(results.scenarios) - 1)
    whole(period, "flow_map", "period", 0, results.periods.count - 1)
    flows = (what.changes("flows") if isinstance(what, Comparison) else what.array("flows"))[:, period, scenario]
    chart = _Chart.of(results.network)
    with panels(axes, (10.0, 7.2)) as grid:
        place: Axes = grid[0, 0]
        _frame(place, chart)
        _arrows(place, chart, flows, changed)
        prices = _prices(what, period, scenario)
        _nodes(place, chart, results, prices)
        if isinstance(what, Comparison):
            _name_closed(place, chart, what, (period, scenario))
        _legend(place, prices, flows, changed)
        place.set_title(title or ("Change of flows" if changed else "Flows") + (
            f", {results.network.name}" if results.network.name else ""))  # fmt: skip
        return figure_of(place)


@dataclass(frozen=True)
class _Chart:
    """Where everything lies, in degrees, longitudes shrunk to look right at the mean latitude.

    Attributes:
        network: what is drawn.
        where: columns x and y by node; NaN where unknown.
        stretch: height of a degree of latitude over the width of a degree of longitude.
    """

    network: Network
    where: pd.DataFrame
    stretch: float

    @classmethod
    def of(cls, network: Network) -> _Chart:
        nodes = network.nodes
        where = pd.DataFrame({"x": nodes["longitude"], "y": nodes["latitude"]})
        # A world market is nowhere in particular.
        where[(nodes["kind"] == NodeKind.WORLD).to_numpy()] = np.nan
        middle = where["y"].mean()
        return cls(network, where, 1.0 / np.cos(np.radians(0.0 if np.isnan(middle) else middle)))


def _frame(axes: Axes, chart: _Chart) -> None:
    known = chart.where.dropna()
    if len(known):
        axes.set_xlim(known["x"].min() - 2.0, known["x"].max() + 2.0)
        axes.set_ylim(known["y"].min() - 1.5, known["y"].max() + 1.5)
    axes.set_aspect(chart.stretch)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def _arrows(axes: Axes, chart: _Chart, flows: NDArray[np.float64], changed: bool) -> None:
    least = _LEAST_CHANGE if changed else _LEAST_FLOW
    pipes = chart.network.pipes
    ends = [chart.where.reindex(pipes[side]).to_numpy(dtype=np.float64) for side in ("origin", "destination")]
    known = np.isfinite(ends[0]).all(axis=1) & np.isfinite(ends[1]).all(axis=1)
    size = np.abs(np.nan_to_num(flows))
    largest = max(float(size[known].max(initial=0.0)), least)
    scale = _change_scale(flows)
    # Thick ones first, so that none is hidden.
    for row in np.argsort(-size, kind="stable"):
        if not known[row]:
            continue
        shown = size[row] >= least
        if not shown and not changed:
            continue
        width = 0.8 + _THICKEST * float(np.sqrt(size[row] / largest))
        colour = DIVERGING(scale(flows[row])) if changed else "#7A8A99"
        head = f"tail_width={width},head_width={1.6 * width + 3.0},head_length={1.2 * width + 3.5}"
        look: dict[str, Any] = (
            {"color": colour, "arrowstyle": f"simple,{head}", "linewidth": 0.0, "zorder": 2}
            if shown
            else {"color": FAINT, "arrowstyle": "-", "linewidth": 0.5, "zorder": 1}
        )
        axes.add_patch(
            FancyArrowPatch(tuple(ends[0][row]), tuple(ends[1][row]), connectionstyle=f"arc3,rad={_BEND}",
                            shrinkA=3.0, shrinkB=4.0, alpha=0.9, **look)
        )  # fmt: skip
    _name_largest(axes, chart, flows, np.array(ends), known & (size >= least), changed)


def _name_largest(
    axes: Axes,
    chart: _Chart,
    flows: NDArray[np.float64],
    ends: NDArray[np.float64],
    shown: NDArray[np.bool_],
    changed: bool,
) -> None:
    """Numbers beside the thickest arrows; gas through an entry point or terminal is named once, in front of it."""
    kinds = chart.network.nodes["kind"].reindex(chart.network.pipes["origin"]).to_numpy()
    first = ~np.isin(kinds, [NodeKind.ENTRY, NodeKind.TERMINAL])
    order = np.argsort(-np.abs(np.nan_to_num(flows)), kind="stable")
    taken: list[NDArray[np.float64]] = []
    for row in order[(shown & first)[order]]:
        origin, destination = ends[0][row], ends[1][row]
        # The top of the arc, by the construction of arc3.
        across = destination - origin
        top = (origin + destination) / 2 + 0.5 * _BEND * np.array([across[1], -across[0]])
        if len(taken) == _NAMED or any(np.hypot(*(top - other)) < _APART for other in taken):
            continue
        taken.append(top)
        x, y = top
        words = f"{flows[row]:+z,.0f}" if changed else f"{flows[row]:z,.0f}"
        text = axes.text(x, y, words, ha="center", va="center", fontsize=7.5, color=INK, zorder=7)
        text.set_path_effects([withStroke(linewidth=2.2, foreground="white")])


def _nodes(axes: Axes, chart: _Chart, results: Results, prices: NDArray[np.float64]) -> None:
    nodes, where = chart.network.nodes, chart.where
    known, kinds = where.notna().all(axis=1).to_numpy(), nodes["kind"].to_numpy()
    for kind, (marker, area, name) in _MARKERS.items():
        rows = known & (kinds == kind)
        axes.scatter(where["x"][rows], where["y"][rows], marker=marker, s=area, facecolor="white",
                     edgecolor=SOFT, linewidth=0.8, zorder=4, label=name)  # fmt: skip
    rows = known & (kinds == NodeKind.COUNTRY)
    demand = chart.network.demands.groupby("node")["volume"].sum().reindex(nodes.index).fillna(0.0).to_numpy()
    size = 70.0 + 330.0 * np.sqrt(demand / max(float(demand.max(initial=0.0)), 1.0))
    axes.scatter(where["x"][rows], where["y"][rows], s=size[rows], c=prices[rows], cmap=SEQUENTIAL,
                 norm=_price_scale(prices), edgecolor=INK, linewidth=0.8, zorder=5, plotnonfinite=True)  # fmt: skip
    for name, (x, y) in zip(nodes.index[rows], where.to_numpy()[rows], strict=True):
        text = axes.text(x, y, str(name), ha="center", va="center", fontsize=7.5, weight="bold", color=INK, zorder=6)
        text.set_path_effects([withStroke(linewidth=2.0, foreground="white")])


def _name_closed(axes: Axes, chart: _Chart, comparison: Comparison, when: tuple[int, int]) -> None:
    """Return a cross and the name on what the shocks closed: what had technical capacity before, and has none now.

    A node is closed if all pipes at it are; a pipe is named by itself if neither of its ends is closed.
    """
    kept = [results.arrays for results in (comparison.base, comparison.after)]
    if not all("technical_capacity" in arrays for arrays in kept):
        return
    pipes, nodes = chart.network.pipes, chart.network.nodes.index
    change = comparison.changes("technical_capacity")[:, *when]
    after = comparison.after.array("technical_capacity")[:, *when]
    shut = (after <= 0.0) & (change < 0.0)
    ends = [nodes.get_indexer(pd.Index(pipes[side])) for side in ("origin", "destination")]
    open_ends, shut_ends = np.zeros(len(nodes), dtype=np.int64), np.zeros(len(nodes), dtype=np.int64)
    for end in ends:
        np.add.at(open_ends, end, after > 0.0)
        np.add.at(shut_ends, end, shut)
    closed = (shut_ends > 1) & (open_ends == 0)
    where = chart.where.to_numpy()
    marks = dict(zip(nodes[closed].astype(str), where[closed], strict=True))
    alone = shut & ~closed[ends[0]] & ~closed[ends[1]]
    middle = (where[ends[0]] + where[ends[1]]) / 2
    marks |= dict(zip(pipes.index[alone].astype(str), middle[alone], strict=True))
    for name, (x, y) in marks.items():
        if np.isnan(x + y):
            continue
        axes.plot(x, y, "X", color=INK, markeredgecolor="white", markersize=10, zorder=8)
        text = axes.annotate(name, (x, y), (0, -9), textcoords="offset points", ha="center",
                             va="top", fontsize=8.5, weight="bold", zorder=8)  # fmt: skip
        text.set_path_effects([withStroke(linewidth=2.2, foreground="white")])


def _prices(what: Results | Comparison, period: int, scenario: int) -> NDArray[np.float64]:
    """Price of each node, or its change; NaN where it is not unique, or where prices were not kept."""
    kept = [what.base.arrays, what.after.arrays] if isinstance(what, Comparison) else [what.arrays]
    network = what.after.network if isinstance(what, Comparison) else what.network
    if not all("prices" in arrays for arrays in kept):
        return np.full(len(network.nodes), np.nan)
    array = what.changes("prices") if isinstance(what, Comparison) else what.array("prices")
    used = network.nodes.index.isin(network.demands["node"])
    return np.where(used, array[:, period, scenario], np.nan)


def _price_scale(prices: NDArray[np.float64]) -> Normalize:
    """Without the outermost eighth of the nodes, so that one outlier does not wash out the others."""
    known = prices[np.isfinite(prices)]
    if known.size == 0:
        return Normalize(0.0, 1.0)
    low, high = np.quantile(known, [0.06, 0.94])
    return Normalize(float(low), float(max(high, low + 1e-3)))


def _change_scale(flows: NDArray[np.float64]) -> Normalize:
    largest = max(float(np.abs(np.nan_to_num(flows)).max(initial=0.0)), _LEAST_CHANGE)
    return TwoSlopeNorm(0.0, -largest, largest)


def _legend(axes: Axes, prices: NDArray[np.float64], flows: NDArray[np.float64], changed: bool) -> None:
    if np.isfinite(prices).any():
        label = ("change of price" if changed else "price") + ", EUR/MWh"
        _bar(axes, SEQUENTIAL, _price_scale(prices), label, "both")
    if changed:
        _bar(axes, DIVERGING, _change_scale(flows), "change of flow, GWh/d", "neither")
    axes.legend(loc="lower left", fontsize=8)


def _bar(axes: Axes, colours: Colormap, scale: Normalize, label: str, extend: str) -> None:
    bar: Any = figure_of(axes).colorbar(
        ScalarMappable(scale, colours), ax=axes, shrink=0.5, pad=0.01, aspect=26, extend=extend
    )
    bar.set_label(label)
    bar.outline.set_visible(False)
