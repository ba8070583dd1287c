"""``gasflow backtest``: the horizon held against the winter that came."""

from __future__ import annotations

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from gasflow.reports.europe.backtest import ACCOUNT, BEFORE, SEASON, Backtest
from gasflow.reports.europe.backtest import backtest as held_against
from gasflow.reports.pages.elements import WIDTH, number, print_certificate, print_json, signed

_COUNTRIES = 10


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def backtest(as_json: bool) -> None:
    """Model the gas in store from May 2022 to March 2023, and print the error.

    Route flows, production and the first level are as observed, the worth of gas
    at the end is the forward price known on the first day; LNG, storage and demand
    respond. Beside it the plain accounting of imports, production and demand.
    """
    report = held_against()
    if as_json:
        print_json(report.as_dict())
    else:
        _print(report)


def _print(report: Backtest) -> None:
    console = Console(width=WIDTH, highlight=False, emoji=False)
    first, last = (str(day.date()) for day in (report.observed.index[0], report.observed.index[-1]))
    console.print(f"[bold]Gas in EU stores, modelled against observed, {first} to {last}[/]\n")
    for table in (_errors(report), _course(report), _countries(report)):
        console.print(table)
        console.print()
    console.print("[bold]against the bounds[/]")
    for sentence in report.verdicts:
        console.print(f"  {sentence}")
    console.print()
    for sentence in _reading(report):
        console.print(sentence)
    console.print()
    print_certificate(console, report.as_dict()["certificate"])


def _errors(report: Backtest) -> Table:
    table = _plain("mean absolute error, points of volume", "EU", "countries", "last day", "mean TTF")
    for case, row in report.errors.iterrows():
        table.add_row(
            str(case), *(number(row[name]) for name in ("eu", "countries")), signed(row["last"]), number(row["ttf"])
        )
    table.add_row("observed", "", "", "", number(float(report.ttf["observed"].mean())))
    return table


def _course(report: Backtest) -> Table:
    table = _plain("end of month", "observed", "account", "year before", "season", "TTF obs.", "year b.", "season")
    for month, row in report.course.iterrows():
        ttf = report.ttf.loc[report.ttf.index.str[:7] == str(month)].mean()
        levels = [number(row[name]) for name in ("observed", ACCOUNT, BEFORE, SEASON)]
        table.add_row(str(month), *levels, *(number(ttf[name]) for name in ("observed", BEFORE, SEASON)))
    return table


def _countries(report: Backtest) -> Table:
    table = _plain("error by country, points of its volume", "account", "year before", "season")
    for country, row in report.by_country.head(_COUNTRIES).iterrows():
        table.add_row(str(country), *(number(row[name]) for name in (ACCOUNT, BEFORE, SEASON)))
    return table


def _reading(report: Backtest) -> list[str]:
    """Return what the errors say, with their figures."""
    errors, ttf = report.errors, report.ttf[SEASON].to_numpy(dtype=np.float64)
    paid = next(name for name in errors.index if name.startswith(BEFORE) and "what storage paid" in name)
    eu, last = (errors[name].astype(float).to_dict() for name in ("eu", "last"))
    peak = float(report.ttf["observed"].max())
    return [
        "[bold]what this says[/]",
        f"  Perfect foresight with one worth of gas at the end has one price, up to storage costs: modelled TTF "
        f"stays between {ttf.min():z.0f} and {ttf.max():z.0f}. It explains how fast stores "
        f"fill and empty, given a price; it cannot explain a price that went to {peak:z.0f} and back, which took news "
        "(Nord Stream), a rush to fill stores and a mild winter that nobody knew.",
        f"  With the anchors of the year before, stores end {last[BEFORE]:+z.0f} points off: at the "
        "forward price of the first day demand would have been far higher than it came to be. The price is the cause: "
        f"valued at what storage really paid, the same model is off by {eu[paid]:z.1f} points for the EU "
        f"instead of {eu[BEFORE]:z.1f}; LNG as observed and the targets change much less.",
        "  With the anchors of the season, the saving and the mild winter are inputs; what remains is that demand "
        "is modelled higher in the dear months, because the modelled price does not rise with the real one.",
        "  The account is given LNG, demand and flows as they came, and within the EU flows that were reconciled "
        "with storage, so that its error by country flatters it; it can say nothing about another winter.",
    ]


def _plain(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(first, max_width=40)
    for name in others:
        table.add_column(name, justify="right")
    return table
