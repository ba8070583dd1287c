"""The closure report as a page of text, 80 columns wide, coloured only on a terminal."""

from __future__ import annotations

import math

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gasflow.reports.closure import ClosureReport
from gasflow.reports.figures import MARKER, percent_change
from gasflow.units import mcm_from_gwh

WIDTH = 80
_LARGEST = 10
_LEAST_SHOWN = 0.05


def print_report(report: ClosureReport) -> None:
    """Print a report."""
    console = Console(width=WIDTH, highlight=False)
    _print_title(console, report)
    for table in (_headline(report), _absorbed(report), _flows(report), _prices(report), _welfare(report)):
        console.print(table)
        console.print()
    _print_scarcity(console, report)
    _print_certificate(console, report)


def _print_title(console: Console, report: ClosureReport) -> None:
    network = report.network
    console.print(f"[bold]{escape(network.name)}[/] (day: {network.date or 'any'})")
    for closure, booked in zip(report.closures, report.booked_percent, strict=True):
        terms = f"{float(np.max(closure.share)):.0%} closes, {float(np.max(closure.reroute)):.0%} to be re-routed"
        where = f" via {escape(closure.via)}" if closure.via else ""
        console.print(f"  {escape(closure.place)}: {terms}{where}, limit {closure.limit}")
        if not math.isnan(booked):
            console.print(f"    it holds {booked:.1f} % of all that {'/'.join(report.exporters)} has booked")
    console.print()


def _headline(report: ClosureReport) -> Table:
    table = _table("", "before", "after", "change %", "unit")
    before, after = report.baseline, report.after
    rows = [("flow through what closed", mcm_from_gwh(before.through), mcm_from_gwh(after.through), "mcm/d (20 degC)")]
    if abs(after.transit.entries - before.transit.entries) > _LEAST_SHOWN or "RU" in report.exporters:
        entry, leaving = "Ukraine's transit, entries", "Ukraine's transit, exits"
        rows += [
            (entry, mcm_from_gwh(before.transit.entries), mcm_from_gwh(after.transit.entries), "mcm/d (20 degC)"),
            (entry, before.transit.entries, after.transit.entries, "GWh/d"),
            (leaving, before.transit.exits, after.transit.exits, "GWh/d"),
            ("Ukraine's own offtake", before.transit.offtake, after.transit.offtake, "GWh/d"),
        ]
    rows += [(f"price at {MARKER}", before.marker, after.marker, "EUR/MWh")]
    if report.exporters:
        rows += [(f"revenue of {'/'.join(report.exporters)}", before.revenue, after.revenue, "million EUR/d")]
    rows += [("unserved demand", before.unserved, after.unserved, "GWh/d")]
    for name, first, second, unit in rows:
        if not math.isnan(first):
            table.add_row(name, _number(first), _number(second), _signed(percent_change(first, second)), unit)
    low, central, high = report.marker_percent
    if not math.isnan(central):
        span = f"{MARKER} over the stated ranges"
        table.add_row(span, "", "", f"{_signed(low)} to {_signed(high)}", "%")
    return table


def _absorbed(report: ClosureReport) -> Table:
    table = _table("who made up for the loss", "GWh/d", "share %")
    loss = float(report.absorbed.sum())
    shown = report.absorbed[report.absorbed.abs() > _LEAST_SHOWN].sort_values(ascending=False)
    for by, gwh in shown.items():
        table.add_row(escape(str(by)), _number(gwh), _number(100.0 * gwh / loss if loss else math.nan))
    table.add_section()
    table.add_row("flow lost", _number(loss), "")
    table.add_row("  of it re-routed by the exporter", _number(report.rerouted), "")
    return table


def _flows(report: ClosureReport) -> Table:
    table = _table("largest changes of flow, GWh/d", "before", "after", "change", "capacity")
    for name, row in report.flows.head(_LARGEST).iterrows():
        table.add_row(
            escape(str(name)), *(_number(row[key]) for key in ("baseline", "after")), _signed(row["change"]),
            _number(row["capacity"]),
        )  # fmt: skip
    return table


def _prices(report: ClosureReport) -> Table:
    table = _table("price, EUR/MWh", "before", "after", "change %", "after: low", "high")
    hubs = report.network.nodes["hub"]
    order = sorted(hubs[hubs != ""].index, key=lambda node: (hubs[node] != MARKER, hubs[node]))
    for node in order:
        row = report.prices.loc[node]
        table.add_row(
            escape(f"{hubs[node]} ({node})"), *(_number(row[key], 2) for key in ("baseline", "after")),
            _signed(row["percent"]), *(_number(row[key], 2) for key in ("low", "high")),
        )  # fmt: skip
    return table


def _welfare(report: ClosureReport) -> Table:
    welfare = report.central.welfare
    table = _table("welfare, thousand EUR/d", *(str(group) for group in welfare.columns))
    for actor, row in welfare.iterrows():
        table.add_row(str(actor), *(_signed(value, 0) for value in row))
    return table


def _print_scarcity(console: Console, report: ClosureReport) -> None:
    console.print("[bold]highest prices[/]")
    for dear in report.dearest:
        console.print(f"  {escape(str(dear))}")
    shortages = report.central.after.shortages()
    console.print("[bold]shortages and gas that cannot be placed[/]")
    for sentence in shortages or ["none"]:
        console.print(f"  {escape(sentence)}")


def _print_certificate(console: Console, report: ClosureReport) -> None:
    certificate = report.as_dict()["certificate"]
    worst, tolerance, status = (certificate[key] for key in ("worst", "tolerance", "status"))
    console.print(f"[bold]certificate[/]\n  {status}; worst {worst:.1e} of {tolerance:.0e} allowed, in", end=" ")
    console.print(f"{certificate['solves']} solves")


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0), width=None)
    table.add_column(first, no_wrap=False, max_width=34, min_width=26)
    for name in others:
        table.add_column(name, justify="left" if name == "unit" else "right", no_wrap=True)
    return table


def _number(value: float, digits: int = 1) -> str:
    return "n/a" if math.isnan(value) else f"{value:,.{digits}f}"


def _signed(value: float, digits: int = 1) -> str:
    if math.isnan(value):
        return "n/a"
    colour = "" if abs(value) < 0.5 * 10**-digits else "red" if value < 0 else "green"
    text = f"{value:+,.{digits}f}" if colour else f"{0.0:.{digits}f}"
    return f"[{colour}]{text}[/]" if colour else text
