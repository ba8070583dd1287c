"""``gasflow close``: the main job, a closure and its consequences."""

from __future__ import annotations

from pathlib import Path

import click

from gasflow.commands.close_page import print_report
from gasflow.commands.page import print_json
from gasflow.datasets.europe import day_before_closing, load_europe
from gasflow.io.folders import write_tables
from gasflow.reports.closure import ClosureReport, closure_report, routes_of
from gasflow.scenarios.shocks import Closure, Limit

_ENDS = ("low", "high")


@click.command()
@click.argument("places", metavar="PLACE...", nargs=-1)
@click.option("--date", default="2022-05-10", show_default=True, metavar="DAY", help="Day or month of the base.")
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
@click.option("--from-country", metavar="CODE", help="Close every contract route of an exporter, such as RU.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--csv", "folder", metavar="FOLDER", type=click.Path(path_type=Path), help="Write tables to a folder.")
def close(
    places: tuple[str, ...],
    date: str,
    from_country: str | None,
    as_json: bool,
    folder: Path | None,
    **terms: float | str | None,
) -> None:
    """Close one PLACE or several, and print what happens to flows and prices.

    A place is an entry point, terminal, country or pipe, by any of its names:
    sokhranivka, "Nord Stream 1", "Gate LNG", "NL->DE".
    """
    if not (places or from_country):
        raise click.UsageError("Name a PLACE to close, or an exporter with --from-country.")
    network = load_europe(date)
    every = [*places, *(routes_of(network, from_country) if from_country else [])]
    closures = [Closure(place, **terms) for place in every]  # type: ignore[arg-type]  # click has checked the types
    remarks = []
    before = day_before_closing(date, [network.find(place).name for place in every])
    if before is not None:
        date, remark = before
        network, remarks = load_europe(date), [remark]
    ends = [load_europe(date, elasticity=first, storage_slope=second) for first in _ENDS for second in _ENDS]
    report = closure_report(network, *closures, ends=ends, remarks=remarks)
    if folder:
        write_tables(report.tables(), folder)
    _print(report, as_json)


def _print(report: ClosureReport, as_json: bool) -> None:
    if as_json:
        print_json(report.as_dict())
    else:
        print_report(report)
