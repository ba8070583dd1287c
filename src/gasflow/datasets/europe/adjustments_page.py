"""What the two steps of the calibration changed, as the page `ADJUSTMENTS.md` beside this module.

``python docs/build.py`` writes it; a test holds the page to the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from gasflow.calibration.items import Item
from gasflow.datasets.europe.evidence import adjustments, wedges
from gasflow.datasets.europe.tables import read_table

# Adjustments of a single figure are listed above both.
_SHARE, _VOLUME = 0.03, 10.0
_LEAST_WEDGE = 0.05
_WEDGES_ON = "2022-05-10"
_HEAD = """# What the reconciliation and the calibration changed

Written by `python docs/build.py` from `gasflow.datasets.europe.evidence.adjustments()` and `wedges()`, which give every
single figure for every base; this page shows the sums, the statistical differences, and every adjustment above both 3 %
and 10 GWh/d. All in GWh/d.

Rules: demand of a country moves by at most 3 %, except on 2022-05-10, when demand comes from the balance (25 %), and
except where demand is itself an assumption or rests on one: CH, BA, AL, RS, MK, MD, UA, Kaliningrad, IE (`bounds.csv`
gives each bound and its reason). The statistical difference of a country is at most 10 % of its demand. A positive
difference adds gas: less was observed to arrive than to be used.
"""


def adjustments_page() -> str:
    """Return the page."""
    table = adjustments()
    nodes = read_table("nodes").set_index("name")
    parts = [
        _HEAD,
        "## Sums over the EU\n",
        _sums(table[table["node"].map(nodes["group"]) == "EU"]),
        "## Statistical difference by country, per cent of demand\n",
        *_differences(table),
        "## Adjustments above 3 % and 10 GWh/d\n",
        _largest(table),
        f"## Wedges on {_WEDGES_ON}\n",
        "What calibration adds to the tariff of an observed pipe so that its observed flow pays: EUR/MWh. "
        "`wedges(date)` gives every\nother base.\n",
        _wedges(),
    ]
    return "\n".join(parts)


def _sums(table: pd.DataFrame) -> str:
    rows = []
    for base, part in table.groupby("base", sort=False):
        demand = part[part["quantity"] == Item.DEMAND]
        difference = part[part["quantity"] == Item.DIFFERENCE].set_index("node")
        total, moved, gap = demand["observed"].sum(), demand["adjustment"].sum(), difference["adjustment"].sum()
        share = difference["share"]
        largest = str(share.abs().idxmax())
        rows.append(
            (base, f"{total:z.0f}", f"{moved:+z.0f}", f"{100 * moved / total:+z.2f}", f"{gap:+z.0f}",
             f"{100 * gap / total:+z.2f}", f"{largest} {100 * float(share[largest]):+z.1f}")
        )  # fmt: skip
    heads = ("base", "demand observed", "demand adjusted by", "%", "statistical difference", "% of demand",
             "largest country, %")  # fmt: skip
    return _markdown(heads, rows)


def _differences(table: pd.DataFrame) -> list[str]:
    part = table[(table["quantity"] == Item.DIFFERENCE) & (table["base"].str.len() == len("2022-05"))]
    wide = 100.0 * part.pivot_table(index="node", columns="base", values="share")
    tables = []
    for year, months in wide.T.groupby(wide.columns.str[:4]):
        heads = (str(year), *(month[5:] for month in months.index))
        tables.append(_markdown(heads, [(node, *(f"{x:+z.1f}" for x in row)) for node, row in months.T.iterrows()]))
    return tables


def _largest(table: pd.DataFrame) -> str:
    large = (table["share"].abs() > _SHARE) & (table["adjustment"].abs() > _VOLUME)
    chosen = table[large & (table["quantity"] != Item.DIFFERENCE)]
    rows = [
        (base, quantity, name, f"{observed:z.0f}", f"{reconciled:z.0f}", f"{100 * share:+z.0f}")
        for base, quantity, name, observed, reconciled, share in zip(
            *(chosen[column].tolist() for column in ("base", "quantity", "name", "observed", "reconciled", "share")),
            strict=True,
        )
    ]
    return _markdown(("base", "what", "name", "observed", "reconciled", "%"), rows)


def _wedges() -> str:
    table = wedges(_WEDGES_ON)
    table = table[table["wedge"].abs() >= _LEAST_WEDGE]
    rows = [(str(pipe), *(f"{value:z.2f}" for value in row)) for pipe, row in table.iterrows()]
    return _markdown(("pipe", "tariff", "wedge", "price at origin", "price at destination"), rows)


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"
