"""The closure report as a page of text, 80 columns wide, coloured only on a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gasflow.reports.figures import hubs_in_order, percent_change
from gasflow.reports.pages.elements import closure_terms, number, print_certificate, print_closures, signed, table_of
from gasflow.reports.transit import zones
from gasflow.units import mcm_from_gwh

if TYPE_CHECKING:
    from gasflow.reports.closure import ClosureReport

_LARGEST = 10
_LEAST_SHOWN = 0.05


def closure_page(report: ClosureReport, console: Console) -> None:
    """Print a report on a console."""
    tables = (_headline(report), _absorbed(report), _flows(report), _prices(report), _welfare(report))
    _print_title(console, report)
    for table in tables:
        console.print(table)
        console.print()
    if not report.has_band:
        console.print("No range beside the central case: no ends of the parameters' ranges were given.\n")
    _print_scarcity(console, report)
    print_certificate(console, report.as_dict()["certificate"])


def _print_title(console: Console, report: ClosureReport) -> None:
    network = report.network
    day = "" if network.date in network.name else f", as on {network.date}"
    console.print(f"[bold]{escape(network.name)}[/]{day}")
    places: dict[str, list[str]] = {}
    for closure, booked in zip(report.closures, report.booked_percent, strict=True):
        place = escape(closure.place) + ("" if math.isnan(booked) else f", {booked:z.1f} % of the exporter's bookings")
        places.setdefault(closure_terms(closure), []).append(place)
    print_closures(console, places)
    for note in report.notes:
        console.print(f"note: {escape(note)}")
    console.print()


def _headline(report: ClosureReport) -> Table:
    table = table_of("", "before", "after", "change %", "unit")
    before, after = report.baseline, report.after
    rows = [("flow through what closed", mcm_from_gwh(before.through), mcm_from_gwh(after.through), "mcm/d (20 degC)")]
    if report.touches_transit:
        through = escape("/".join(zones(report.network)))
        entry, leaving = f"{through}, entries", f"{through}, exits"
        rows += [
            (entry, mcm_from_gwh(before.transit.entries), mcm_from_gwh(after.transit.entries), "mcm/d (20 degC)"),
            (entry, before.transit.entries, after.transit.entries, "GWh/d"),
            (leaving, before.transit.exits, after.transit.exits, "GWh/d"),
            (f"{through}, own offtake", before.transit.offtake, after.transit.offtake, "GWh/d"),
        ]
    marker = escape(report.network.marker_name)
    rows += [(f"price at {marker}", before.marker, after.marker, "EUR/MWh")]
    if report.exporters:
        rows += [(f"revenue of {'/'.join(report.exporters)}", before.revenue, after.revenue, "million EUR/d")]
    rows += [("unserved demand", before.unserved, after.unserved, "GWh/d")]
    for name, first, second, unit in rows:
        if not math.isnan(first):
            table.add_row(name, number(first), number(second), signed(percent_change(first, second)), unit)
    low, central, high = report.marker_percent
    if report.has_band and not math.isnan(central):
        span = f"{marker} over the stated ranges"
        table.add_row(span, "", "", f"{signed(low)} to {signed(high)}", "%")
    return table


def _absorbed(report: ClosureReport) -> Table:
    table = table_of("who made up for the loss", "GWh/d", "share %")
    loss = float(report.absorbed.sum())
    shown = report.absorbed[report.absorbed.abs() > _LEAST_SHOWN].sort_values(ascending=False)
    for by, gwh in shown.items():
        table.add_row(escape(str(by)), number(gwh), number(100.0 * gwh / loss if loss else math.nan))
    table.add_section()
    table.add_row("flow lost", number(loss), "")
    table.add_row("  of it on other contract routes", number(report.rerouted), "")
    return table


def _flows(report: ClosureReport) -> Table:
    table = table_of("largest changes of flow, GWh/d", "before", "after", "change", "capacity")
    for name, row in report.flows.head(_LARGEST).iterrows():
        table.add_row(
            escape(str(name)), *(number(row[key]) for key in ("baseline", "after")), signed(row["change"]),
            number(row["capacity"]),
        )  # fmt: skip
    return table


def _prices(report: ClosureReport) -> Table:
    ends = ("low", "high") if report.has_band else ()
    table = table_of("price, EUR/MWh", "before", "after", "change %", *(f"after: {end}" for end in ends))
    hubs = report.network.nodes["hub"]
    for node in hubs_in_order(report.network):
        row: Any = report.prices.loc[node]
        name = f"{hubs[node]} ({node})" if hubs[node] else node
        table.add_row(
            escape(name), *(number(row[key], 2) for key in ("baseline", "after")),
            signed(row["percent"]), *(number(row[key], 2) for key in ends),
        )  # fmt: skip
    return table


def _welfare(report: ClosureReport) -> Table:
    welfare = report.central.welfare
    table = table_of("welfare, thousand EUR/d", *(str(group) for group in welfare.columns))
    for actor, row in welfare.iterrows():
        table.add_row(str(actor), *(signed(value, 0) for value in row))
    return table


def _print_scarcity(console: Console, report: ClosureReport) -> None:
    console.print("[bold]highest prices[/]")
    for dear in report.dearest:
        console.print(f"  {escape(str(dear))}")
    shortages = report.central.after.shortages()
    console.print("[bold]shortages and gas that cannot be placed[/]")
    for sentence in shortages or ["none"]:
        console.print(f"  {escape(sentence)}")
