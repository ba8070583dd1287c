"""Results as an xarray dataset; the only file that knows xarray, which is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.errors import GasflowError


def grid_levels(scenarios: pd.Index[Any]) -> list[pd.Index[Any]]:
    """Return the values of each lever if scenarios are all combinations, last lever fastest; empty otherwise.

    Example:
        >>> import pandas as pd
        >>> grid = pd.MultiIndex.from_product([[0.0, 1.0], [1.0, 2.0, 3.0]], names=["share", "factor"])
        >>> [level.tolist() for level in grid_levels(grid)], grid_levels(grid[1:])
        ([[0.0, 1.0], [1.0, 2.0, 3.0]], [])
    """
    if not isinstance(scenarios, pd.MultiIndex):
        return []
    levels = [scenarios.get_level_values(level).unique() for level in range(scenarios.nlevels)]
    if int(np.prod([len(level) for level in levels])) != len(scenarios):
        return []
    return levels if pd.MultiIndex.from_product(levels).equals(scenarios.set_names([None] * len(levels))) else []


def dataset(
    variables: Mapping[str, tuple[NDArray[Any], str, pd.Index[Any], Mapping[str, str]]],
    scenarios: pd.Index[Any],
    periods: list[str],
) -> Any:
    """Return an ``xarray.Dataset`` with one dimension per lever of a grid, or else one dimension ``scenario``.

    Args:
        variables: per name the numbers, shape (item, period, scenario) or (scenario,), the name of the item axis, its
            labels, and attributes.
        scenarios: labels of the scenarios; the levers of a set that is no grid become coordinates.
        periods: labels of the periods.

    Raises:
        GasflowError: if xarray is not installed.
    """
    try:
        import xarray
    except ImportError as missing:
        raise GasflowError("xarray is not installed", "install gasflow-europe[xarray]") from missing
    # A lever may be called as a quantity is, such as demand; a dataset has each name once.
    scenarios = scenarios.set_names([f"{name}_lever" if name in variables else name for name in scenarios.names])
    levels = grid_levels(scenarios)
    dims = [str(level.name) for level in levels] or ["scenario"]
    shape = [len(level) for level in levels] or [len(scenarios)]
    coordinates: dict[str, Any] = {str(level.name): level.to_numpy() for level in levels}
    if not levels and isinstance(scenarios, pd.MultiIndex):
        for level, name in enumerate(scenarios.names):
            coordinates[str(name)] = ("scenario", scenarios.get_level_values(level).to_numpy())
    elif not levels:
        coordinates["scenario"] = scenarios.to_numpy()
    arrays: dict[str, Any] = {}
    for name, (numbers, axis, labels, attributes) in variables.items():
        if numbers.ndim == 1:
            arrays[name] = (dims, numbers.reshape(shape), attributes)
            continue
        moved = np.moveaxis(numbers, (2, 1, 0), (0, 1, 2)).reshape(*shape, numbers.shape[1], numbers.shape[0])
        arrays[name] = ([*dims, "period", axis], moved, attributes)
        coordinates[axis] = labels.to_numpy()
    coordinates["period"] = periods
    return xarray.Dataset(arrays, coords=coordinates)
