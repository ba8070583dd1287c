"""Which bases there are, and how good each is."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from gasflow.calibration.schema import Quality
from gasflow.datasets.europe.observed import observations
from gasflow.datasets.europe.tables import base_of, labels
from gasflow.network.days import Day

# Ingredient by table of observations; a total is as good as what it sums up.
INGREDIENTS = {
    "flows": "flows", "lng": "send_out", "demand": "demand", "production": "production", "storage": "storage",
    "price": "prices",
}  # fmt: skip
# Share of the volume that must have been published for an ingredient to be called so.
_MOST = 0.75
_PUBLISHED = (str(Quality.OBSERVED), str(Quality.DERIVED))


def bases() -> pd.DataFrame:
    """Return every base: the days it stands for, its grade, and how good each of its ingredients is.

    Grade A: demand and all sums of imports were published; B: some sum of imports is an estimate; C: demand is one too;
    S: a scenario, assumed throughout.

    Returns:
        (label, ``first_day`` ``last_day`` ``grade`` ``flows`` ``lng`` ``demand`` ``production`` ``storage`` ``price``);
        an ingredient is ``observed`` or ``derived`` if three quarters of its volume are, else ``estimated`` or
        ``assumed``, whichever is more; empty: the calibration estimates it.

    Example:
        >>> bases().loc[["2022-05-10", "2024-12", "2026-02"], "grade"].to_dict()
        {'2022-05-10': 'A', '2024-12': 'B', '2026-02': 'C'}
    """
    rows = [_row(label) for label in labels()]
    return pd.DataFrame(rows).set_index("label")


def grade_note(date: Day) -> str:
    """Say in one line what in a base is an estimate; empty for grade A.

    Example:
        >>> grade_note("2022-05-10"), grade_note("2024-12")
        ('', 'base 2024-12 is of grade B: part of its imports is estimated')
    """
    row = _row(base_of(date).label)
    told = {"B": "part of its imports is estimated", "C": "its demand and part of its imports are estimated",
            "S": "a scenario, assumed throughout"}  # fmt: skip
    return f"base {row['label']} is of grade {row['grade']}: {told[row['grade']]}" if row["grade"] in told else ""


def _row(label: str) -> dict[str, str]:
    base = base_of(label)
    quality = {name: _quality(table, label) for name, table in INGREDIENTS.items()}
    totals = observations().totals
    sums = totals.loc[totals["date"] == label, "quality"].isin(_PUBLISHED)
    if quality["demand"] == quality["storage"] == Quality.ASSUMED:
        grade = "S"
    elif quality["demand"] not in _PUBLISHED:
        grade = "C"
    else:
        grade = "A" if sums.all() else "B"
    return {"label": label, "first_day": base.first_day, "last_day": base.last_day, "grade": grade} | quality


def _quality(table: str, label: str) -> str:
    """Return what three quarters of the volume are; of demand, beside the same month of other years."""
    sizes = _sizes(table)
    size = sizes.loc[label] if label in sizes.index else 0.0 * sizes.iloc[0]
    whole = float(size.to_numpy().sum())
    if table == "demand":
        same = sizes.index.str.slice(5, 7) == label[5:7]
        whole = max(whole, float(np.median(sizes[same].to_numpy().sum(axis=1))))
    published = size.reindex(_PUBLISHED).fillna(0.0)
    if published.sum() >= _MOST * whole:
        return str(published.idxmax())
    rest: dict[str, float] = dict.fromkeys((str(Quality.ESTIMATED), str(Quality.ASSUMED)), 0.0)
    for name in set(rest) & set(size.index):
        rest[name] = float(size.to_numpy()[size.index == name][0])
    rest[str(Quality.ESTIMATED)] += whole - float(size.to_numpy().sum())
    return max(rest, key=lambda quality: rest[quality])


@cache
def _sizes(table: str) -> pd.DataFrame:
    """Volume by base and quality, what is known as sums only among it; of prices that of the marker counts."""
    tables = observations().tables
    frame = tables[table]
    if table == "prices":
        frame = frame.drop_duplicates("date", keep="first").assign(value=1.0)
    sums = tables["totals"]
    rows = pd.concat([frame, sums[sums["table"] == table]])[["date", "quality", "value"]]
    return rows.assign(value=rows["value"].abs()).pivot_table(
        index="date", columns="quality", values="value", aggfunc="sum", fill_value=0.0
    )
