"""One look for all pictures: colours that everybody can tell apart, on screen and in print.

Colours are those of Okabe and Ito; the sequential and the diverging scale run monotonically in lightness away from
what is neutral, so they survive a black-and-white printer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gasflow.errors import GasflowError

BLUE, ORANGE, GREEN, PURPLE, SKY, RED, YELLOW = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442"
)  # fmt: skip
CYCLE = (BLUE, RED, GREEN, PURPLE, ORANGE, SKY)
INK, SOFT, FAINT = "#222222", "#5F6368", "#D9DCE0"

SEQUENTIAL: Colormap = LinearSegmentedColormap.from_list(
    "gasflow_sequential", ["#FBFCFE", "#C6DDEE", "#6CAED6", "#0072B2", "#05355C"]
).with_extremes(bad="#ECEEF0")
DIVERGING: Colormap = LinearSegmentedColormap.from_list(
    "gasflow_diverging", ["#8A3100", RED, "#E9A57A", "#D5D8DB", "#79B4DA", BLUE, "#05355C"]
)

STYLE: Mapping[str, Any] = MappingProxyType(
    {
        "font.family": "DejaVu Sans",
        "font.size": 9.5,
        "text.color": INK,
        "text.parse_math": False,  # a name may hold dollar signs
        "axes.edgecolor": SOFT,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.titlelocation": "left",
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "axes.titlepad": 10,
        "grid.color": FAINT,
        "grid.linewidth": 0.6,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "legend.frameon": False,
        "figure.facecolor": "white",
        "figure.dpi": 110,
        "savefig.dpi": 200,
        "savefig.bbox": "tight",
    }
)


@contextmanager
def panels(
    axes: Axes | None, size: tuple[float, float], shape: tuple[int, int] = (1, 1), *, same_heights: bool = True
) -> Iterator[NDArray[Any]]:
    """Give the axes to draw in, shape (row, column), in the style of this module: those given, or of a new figure.

    Args:
        axes: draw here; none: a new figure.
        size: of a new figure, inches.
        shape: rows and columns of a new figure, with shared axes.
        same_heights: whether the vertical axes are shared too.
    """
    settings: Any = dict(STYLE)
    with rc_context(settings):
        if axes is not None:
            yield np.array([[axes]])
            return
        figure = Figure(figsize=size, layout="constrained")
        yield figure.subplots(*shape, squeeze=False, sharex=True, sharey=same_heights)


def figure_of(axes: Axes) -> Figure:
    """Return the figure that axes lie in, however deep."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes were removed from their figure")
    return figure


def level_of(values: Any, name: str) -> Any:
    """One level of an index as a plain index.

    Raises:
        GasflowError: if there is no such level; the message says which there are.
    """
    if not isinstance(name, str) or name not in values.names:
        known = ", ".join(str(level) for level in values.names)
        raise GasflowError(f"There is no lever {name!r}", f"choose from {known}")
    return values.get_level_values(name)
