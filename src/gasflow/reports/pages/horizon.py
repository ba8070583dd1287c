"""The horizon report as a page of text, 80 columns wide; periods shorter than a month are shown as months."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gasflow.reports.figures import percent_change
from gasflow.reports.pages.elements import (
    closure_terms,
    number,
    print_certificate,
    print_closures,
    signed,
    table_of,
)

if TYPE_CHECKING:
    from gasflow.reports.horizon import HorizonReport

# Months side by side that fit the page.
_MONTHS = 11
_SENTENCES = 12
_EXPORTERS = 8
_LEAST = 0.5  # million EUR


def horizon_page(report: HorizonReport, console: Console) -> None:
    """Print a report on a console."""
    tables = (_course(report), *_prices(report), _money(report), _welfare(report), *_fans(report))
    _print_title(console, report)
    for table in tables:
        console.print(table)
        console.print()
    _print_survival(console, report)
    print_certificate(console, report.certificate)


def _print_title(console: Console, report: HorizonReport) -> None:
    periods = report.horizon.periods
    console.print(
        f"[bold]{escape(_name(report))} from {periods.labels[0]} to {periods.end}[/], {periods.count} periods"
    )
    closures: dict[str, list[str]] = {}
    for closure in report.closures:
        dates = [f"{word} {day}" for word, day in (("from", closure.start), ("until", closure.end)) if day]
        place = " ".join([escape(closure.place), *dates]) if dates else f"{escape(closure.place)} all along"
        closures.setdefault(closure_terms(closure), []).append(place)
    print_closures(console, closures)
    notice = report.notice_days
    known = "from the beginning" if math.isinf(notice) else f"{notice:g} days ahead" if notice else "when it begins"
    console.print(f"known {known}; the rest of the future is known to all at all times")
    policy = report.horizon.policy
    if policy.end_value is not None:
        level = f"at {100 * policy.end_level:g} %, {policy.end_slope:g} less when full than when empty"
        held = level if policy.end_slope else "at any level, which holds the price of the last months to it"
        console.print(f"gas left at the end is worth {policy.end_value:g} EUR/MWh {held}")
    for note in report.notes:
        console.print(f"note: {escape(note)}")
    console.print()


def _name(report: HorizonReport) -> str:
    """Name of the network, without the months for which its first one stands."""
    return report.model.network.name.split(",")[0] or "A network"


def _course(report: HorizonReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("before -> after")
    marker = escape(report.horizon.networks[0].marker_name)
    for name in (
        marker,
        "",
        "change",
        f"{report.group} stores",
        "",
        "value",
        "",
        "unserved",
    ):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_row("", "EUR/MWh", "", "%", "% full", "", "EUR/MWh", "", "GWh/d", style="dim")
    for month, row in _monthly(report.course).iterrows():
        table.add_row(
            str(month), number(row["marker_before"]), number(row["marker_after"]),
            signed(percent_change(row["marker_before"], row["marker_after"])),
            *(number(row[f"{name}_{side}"]) for name in ("level", "value") for side in ("before", "after")),
            number(row["unserved_after"]),
        )  # fmt: skip
    if report.course[["value_before", "value_after"]].isna().to_numpy().any():
        table.caption = "value n/a: what one more MWh is worth is not unique in some store"
        table.caption_justify = "left"
    return table


def _prices(report: HorizonReport) -> list[Table]:
    """Prices before, and their changes, hubs x months, in blocks that fit."""
    days = report.course["days"]
    months = pd.Index(days.index.str[:7])
    tables = []
    prices = report.prices
    for title, numbers, show in (
        ("price before", prices["before"], number),
        ("change", prices["after"] - prices["before"], signed),
    ):
        wide = numbers.unstack("period")[days.index]
        weighted = wide.mul(days, axis=1).T.groupby(months).sum().div(days.groupby(months.to_numpy()).sum(), axis=0).T
        weighted = weighted.reindex(prices.index.get_level_values("hub").unique())
        for first in range(0, weighted.shape[1], _MONTHS):
            part = weighted.iloc[:, first : first + _MONTHS]
            table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
            table.add_column(title, max_width=12)
            for month in part.columns:
                table.add_column(f"{month[5:]}/{month[2:4]}", justify="right", no_wrap=True)
            for hub, row in part.iterrows():
                table.add_row(escape(str(hub)), *(show(value) for value in row))
            tables.append(table)
    return tables


def _money(report: HorizonReport) -> Table:
    table = table_of("revenue, million EUR", "before", "after", "change %")
    largest = report.revenue[report.revenue["before"] > _LEAST].nlargest(_EXPORTERS, "before")
    for exporter, row in largest.iterrows():
        before, after = row["before"], row["after"]
        table.add_row(escape(str(exporter)), number(before, 0), number(after, 0), signed(percent_change(before, after)))
    return table


def _welfare(report: HorizonReport) -> Table:
    table = table_of("change of welfare, million EUR", *map(str, report.welfare.columns))
    for actor, row in report.welfare.iterrows():
        table.add_row(str(actor), *(signed(value, 0) for value in row))
    return table


def _fans(report: HorizonReport) -> list[Table]:
    """Prices and levels over the drawn winters: the middle, and where nine in ten lie."""
    if report.winters is None:
        return []
    count = len(report.winters.after.scenarios)
    tables = []
    for name, title in (
        ("marker", f"{escape(report.horizon.networks[0].marker_name)} in {count:,} winters, EUR/MWh"),
        ("level", f"{report.group} stores, % full"),
    ):
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0), title_justify="left")
        table.add_column(title, max_width=20)
        for side in ("before", "after"):
            for level in ("5 %", "50 %", "95 %"):
                table.add_column(f"{side}\n{level}", justify="right", max_width=7)
        if name == "marker":
            table.add_column("short after", justify="right", max_width=6)
        for month, row in _monthly(report.fans.assign(days=report.course["days"])).iterrows():
            numbers = [number(row[f"{name}_{side}_{q}"]) for side in ("before", "after") for q in ("q05", "q50", "q95")]
            table.add_row(str(month), *numbers, *([f"{row['short_after']:.1%}"] if name == "marker" else []))
        tables.append(table)
    return tables


def _print_survival(console: Console, report: HorizonReport) -> None:
    console.print("[bold]how long supply lasts[/]")
    for side, days in zip(("before", "after"), report.survival_days, strict=True):
        text = "no demand goes unserved" if math.isinf(days) else f"demand first goes unserved after {days:z.0f} days"
        console.print(f"  {side}: {text}")
    before, after = report.shortfall
    console.print(f"  missing to the filling target: {number(before, 0)} GWh before, {number(after, 0)} GWh after")
    sentences = report.central.after.shortages()
    console.print("[bold]shortages and gas that cannot be placed[/]")
    for sentence in sentences[:_SENTENCES] or ["none"]:
        console.print(f"  {escape(sentence)}")
    if len(sentences) > _SENTENCES:
        console.print(f"  and {len(sentences) - _SENTENCES} more, see --json")


def _monthly(course: pd.DataFrame) -> pd.DataFrame:
    """Rates as means over each calendar month, levels and values as they are at its last period."""
    months = pd.Index(course.index.str[:7], name="month")
    days = course["days"]
    ends = course.groupby(months).last()
    rates = [name for name in course.columns if name.startswith(("marker", "unserved"))]
    means = course[rates].mul(days, axis=0).groupby(months).sum().div(days.groupby(months).sum(), axis=0)
    return ends.assign(**{name: np.asarray(means[name]) for name in rates})
