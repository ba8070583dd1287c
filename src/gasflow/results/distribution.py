"""What many scenarios say together: quantiles, probabilities, and one long table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gasflow.results.places import joined

Array = NDArray[np.float64]


def scenario_quantiles(array: Array, levels: Sequence[float]) -> Array:
    """Quantiles over the last axis, NaN left out: the smallest number that at least a share do not exceed.

    Returns:
        Shape (level, *array.shape[:-1]); NaN where there is no number.

    Example:
        >>> import numpy as np
        >>> scenario_quantiles(np.array([[4.0, np.nan, 1.0, 3.0, 2.0]]), [0.25, 0.5, 1.0]).tolist()
        [[1.0], [2.0], [4.0]]
    """
    ascending = np.sort(array, axis=-1)  # NaN goes last
    count = np.isfinite(array).sum(axis=-1)
    shares = np.reshape(np.asarray(levels, dtype=np.float64), (-1,) + (1,) * count.ndim)
    rank = np.clip(np.ceil(shares * count - 1e-9), 1, None).astype(np.intp)
    quantiles: Array = np.take_along_axis(ascending[None], rank[..., None] - 1, axis=-1)[..., 0]
    return quantiles


def share_above(array: Array, threshold: float) -> Array:
    """Share of the numbers along the last axis that exceed a threshold, NaN left out; NaN where there is none."""
    known = np.isfinite(array)
    count = known.sum(axis=-1)
    above = (known & (array > threshold)).sum(axis=-1)
    share: Array = np.divide(above, count, out=np.full(count.shape, np.nan), where=count > 0)
    return share


def long_table(table: pd.DataFrame, quantity: str, unit: str) -> pd.DataFrame:
    """Return a table (scenario, period) x place as one row per number, place after place.

    Example:
        >>> table = pd.DataFrame({"A": [1.0, 2.0], "B": [3.0, 4.0]}, index=pd.Index(["may", "june"], name="period"))
        >>> long_table(table, "prices", "EUR/MWh")["value"].tolist()
        [1.0, 2.0, 3.0, 4.0]
    """
    rows, places = table.shape
    labels = np.array([joined(label) for label in table.columns], dtype=object)
    index = table.index.to_frame(index=False)
    own: dict[str, Any] = {
        "quantity": quantity,
        "place": np.repeat(labels, rows),
        "value": table.to_numpy().ravel(order="F"),
    }
    every = np.tile(np.arange(rows), places)
    # Built column by column: reshaping a frame of thousands of columns takes pandas longer than a solve. A lever may
    # have the name of a column, as the value of gas in store has.
    keys = {f"{name} (lever)" if name in own or name == "unit" else str(name): index[name] for name in index}
    return pd.DataFrame({name: column.take(every).array for name, column in keys.items()}).assign(**own, unit=unit)


def row_labels(scenarios: pd.Index[Any], periods: Sequence[str]) -> pd.MultiIndex:
    """Scenario (the levers of a grid are levels of their own) and period of every row of a table.

    Example:
        >>> row_labels(pd.RangeIndex(2, name="scenario"), ["2022-05-10"]).tolist()
        [(0, '2022-05-10'), (1, '2022-05-10')]
    """
    position = np.repeat(np.arange(len(scenarios)), len(periods))
    names = [*scenarios.names] if isinstance(scenarios, pd.MultiIndex) else ["scenario"]
    levels = [scenarios.get_level_values(level)[position] for level in range(len(names))]
    return pd.MultiIndex.from_arrays([*levels, [*periods] * len(scenarios)], names=[*names, "period"])
