"""What a calibration did, as a page of text: what was estimated, what was changed most, what had no room."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gasflow.calibration import Calibration
from gasflow.errors import listed
from gasflow.reports.pages.elements import number, signed, table_of

_SHOWN = 8
# Adjustments are shown above both.
_SHARE, _VOLUME = 0.03, 1.0


def calibration_page(found: Calibration, console: Console) -> None:
    """Print the page of a calibration."""
    network = found.network
    marker = found.equilibrium.price[network.marker_node]
    console.print(f"[bold]{escape(network.name or found.date)}[/], calibrated to {found.date}")
    console.print(f"  {escape(network.marker_name)} {number(marker, 2)} EUR/MWh")
    for table in (_estimated(found), _adjusted(found), _wedges(found)):
        if table is not None:
            console.print()
            console.print(table)
    for line in listed(found.findings):
        console.print(escape(line))


def _estimated(found: Calibration) -> Table | None:
    if found.estimated.empty:
        return None
    table = table_of("estimated, since nobody saw it", "places", "GWh/d", "% of all")
    shares = found.estimated_shares
    for (kind, rule), rows in found.estimated.groupby(["table", "rule"], sort=False):
        size = float(rows["value"].abs().sum())
        whole = float(found.estimated.loc[found.estimated["table"] == kind, "value"].abs().sum())
        part = 100.0 * shares[str(kind)] * size / whole if whole else 0.0
        table.add_row(escape(f"{kind}: {rule}"), str(len(rows)), number(size, 0), number(part))
    return table


def _adjusted(found: Calibration) -> Table | None:
    rows = found.adjustments
    rows = rows[(rows["share"].abs() > _SHARE) & (rows["adjustment"].abs() > _VOLUME)]
    rows = rows.sort_values("adjustment", key=abs, ascending=False)[:_SHOWN]
    if rows.empty:
        return None
    table = table_of("largest adjustments, GWh/d", "seen", "balanced", "change")
    for name, quantity, seen, balanced, change in zip(
        *(rows[column] for column in ("name", "quantity", "observed", "reconciled", "adjustment")), strict=True
    ):
        table.add_row(escape(f"{name} ({quantity})"), number(seen), number(balanced), signed(change))
    return table


def _wedges(found: Calibration) -> Table | None:
    rows = found.wedges[:_SHOWN]
    if rows.empty:
        return None
    table = table_of("largest wedges, EUR/MWh", "tariff", "wedge", "from", "to")
    for name, values in zip(rows.index, rows.to_numpy(), strict=True):
        table.add_row(escape(str(name)), *(number(float(value), 2) for value in values))
    return table
