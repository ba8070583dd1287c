"""What was observed in Europe, as the calibration takes it: the tables in the folder `observations`."""

from __future__ import annotations

from functools import cache

import pandas as pd

from gasflow.calibration import Observations
from gasflow.calibration.schema import OBSERVED
from gasflow.datasets.europe.tables import Base, read_table


@cache
def observations() -> Observations:
    """Return everything that was observed in Europe, in months and on some days.

    Example:
        >>> seen = observations().on("2022-05-10").flows.set_index("pipe")
        >>> round(float(seen.at["RU->Sokhranivka", "value"]), 1)
        248.7
    """
    tables = {name: read_table(f"observations/{name}") for name in OBSERVED}
    return Observations(**tables | {"demand": _bounded(tables["demand"])})


def observed(kind: str, base: Base) -> pd.DataFrame:
    """Return one kind of observation in one base.

    Args:
        kind: name of a table of `gasflow.calibration.schema`.
        base: the base.

    Example:
        >>> from gasflow.datasets.europe.tables import base_of
        >>> prices = observed("prices", base_of("2022-05-10")).set_index("node")["price"]
        >>> float(prices["NL"])
        81.49
    """
    return observations().on(base.label).tables[kind]


def _bounded(demand: pd.DataFrame) -> pd.DataFrame:
    """Say how far demand may be moved; a later row of the bounds wins."""
    bounds = read_table("bounds")
    share = pd.Series(0.0, index=demand.index)
    for base, node, bound in zip(*(bounds[column] for column in ("base", "node", "bound")), strict=True):
        meant = pd.Series(True, index=demand.index)
        if base != "*":
            meant &= demand["date"] == base
        if node != "*":
            meant &= demand["node"] == node
        share[meant] = bound
    return demand.assign(bound=share)
