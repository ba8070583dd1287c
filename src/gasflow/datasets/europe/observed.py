"""What was observed in a base, and before, as the calibration takes it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from gasflow.calibration import Observations
from gasflow.calibration.schema import OBSERVED
from gasflow.datasets.europe.tables import read_table

_NAMES = {"base": "date", "place": "pipe", "country": "node", "action": "value"}
_OF_STORES = {"node": "storage"}


@cache
def observations() -> Observations:
    """Return everything that was observed in Europe, month by month.

    Example:
        >>> seen = observations().on("2022-05-10").flows.set_index("pipe")
        >>> round(float(seen.at["RU->Sokhranivka", "value"]), 1)
        248.7
    """
    return Observations(**{name: _table(name) for name in OBSERVED})


def _table(name: str) -> pd.DataFrame:
    frame = _source(name).rename(columns=_NAMES | (_OF_STORES if name == "storage" else {}))
    columns = OBSERVED[name].columns
    for entry in columns:
        if entry.name not in frame:
            frame[entry.name] = np.nan if entry.default is None else entry.default
    return frame[[entry.name for entry in columns]]


def _source(name: str) -> pd.DataFrame:
    if name == "flows":
        return _flows()
    if name == "demand":
        return _demand()
    if name in ("totals", "weather"):
        return Observations.from_tables().tables[name]
    files = {"send_out": "observed_lng", "basis": "price_basis"}
    return read_table(files.get(name, f"observed_{name}"))


def _flows() -> pd.DataFrame:
    """Flows with the share of days near the month's largest, where it is known."""
    return read_table("observed_flows").merge(
        read_table("full_days")[["base", "place", "share"]].rename(columns={"share": "full_days"}),
        on=["base", "place"],
        how="left",
    )


def _demand() -> pd.DataFrame:
    """Demand with how far it may be moved; a later row of the bounds wins."""
    frame = read_table("observed_demand").copy()
    bounds = read_table("bounds")
    frame["bound"] = 0.0
    for base, node, bound in zip(*(bounds[column] for column in ("base", "node", "bound")), strict=True):
        meant = frame["base"].isin([base] if base != "*" else frame["base"]) & frame["node"].isin(
            [node] if node != "*" else frame["node"]
        )
        frame["bound"] = frame["bound"].where(~meant, bound)
    return frame
