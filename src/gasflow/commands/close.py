"""``gasflow close``: the main job, a closure and its consequences."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from gasflow.commands.solving import SOLVING, solving_options
from gasflow.datasets.europe import DEFAULT_DAY, day_before_closing, grade_note, load_europe
from gasflow.io.csv_folder import read_csv_folder
from gasflow.io.folders import write_tables
from gasflow.reports.closure import ClosureReport, closure_report, routes_of
from gasflow.reports.pages.closure import closure_page
from gasflow.reports.pages.elements import print_json, print_page
from gasflow.scenarios.shocks import Closure, Limit
from gasflow.simulation.model import Model

_ENDS = ("low", "high")


@click.command()
@click.argument("places", metavar="PLACE...", nargs=-1)
@click.option("--date", metavar="DAY", help=f"Day or month of the bundled base.  [default: {DEFAULT_DAY}]")
@click.option("--network", "own", metavar="FOLDER", type=click.Path(path_type=Path), help="A network of your own.")
@click.option("--share", default=1.0, show_default=True, help="Share that closes, 0 to 1.")
@click.option("--reroute", default=0.0, show_default=True, help="Share of the lost gas that takes another route.")
@click.option("--via", metavar="PLACE", help="Where re-routed gas goes; else the exporter's other routes nearby.")
@click.option(
    "--limit",
    type=click.Choice([str(limit) for limit in Limit]),
    default=str(Limit.TECHNICAL),
    show_default=True,
    help="Capacity that bounds re-routed gas.",
)
@click.option("--exporter", metavar="CODE", help="Close every contract route of an exporter.")
@solving_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--csv", "folder", metavar="FOLDER", type=click.Path(path_type=Path), help="Write tables to a folder.")
def close(
    places: tuple[str, ...],
    date: str | None,
    own: Path | None,
    exporter: str | None,
    as_json: bool,
    folder: Path | None,
    **options: Any,
) -> None:
    """Close one PLACE or several, and print what happens to flows and prices.

    A place is an entry point, terminal, country or pipe, by any of its names:
    sokhranivka, "Nord Stream 1", "Gate LNG", "NL->DE".
    """
    if not (places or exporter):
        raise click.UsageError("Name a PLACE to close, or an exporter with --exporter.")
    if own and date:
        raise click.UsageError("give --date for the bundled network, or --network for your own, not both")
    date = date or DEFAULT_DAY
    network = read_csv_folder(own) if own else load_europe(date)
    every = [*places, *(routes_of(network, exporter) if exporter else [])]
    how = {name: options.pop(name) for name in SOLVING}
    closures = [Closure(place, **options) for place in every]
    model = Model(network, **how)
    report = closure_report(model, *closures) if own else _in_europe(model, date, closures)
    if folder:
        write_tables(report.tables(), folder)
    if as_json:
        print_json(report.as_dict())
    else:
        print_page(partial(closure_page, report))


def _in_europe(model: Model, date: str, closures: list[Closure]) -> ClosureReport:
    """Report with the ends of the stated ranges, on the last day before a place really closed."""
    remarks = []
    before = day_before_closing(date, [model.network.find(closure.place).name for closure in closures])
    if before is not None:
        date, remark = before
        model, remarks = replace(model, subject=load_europe(date)), [remark]
    remarks += filter(None, [grade_note(date)])
    ends = [load_europe(date, elasticity=first, storage_slope=second) for first in _ENDS for second in _ENDS]
    return closure_report(model, *closures, ends=ends, remarks=remarks)
