"""``gasflow horizon``: a closure through the months, with storage."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from gasflow.commands.solving import SOLVING, solving_options
from gasflow.datasets.europe import DEFAULT_DAY
from gasflow.datasets.europe import horizon as europe_over
from gasflow.datasets.europe.horizon import Known
from gasflow.io.csv_folder import read_csv_folder
from gasflow.reports.horizon import horizon_report
from gasflow.reports.pages.elements import print_json, print_page
from gasflow.reports.pages.horizon import horizon_page
from gasflow.scenarios.horizon import Foresight, Horizon
from gasflow.scenarios.periods import Periods, Step
from gasflow.scenarios.sample_paths import sample_paths
from gasflow.scenarios.shocks import Closure
from gasflow.simulation.model import Model


@click.command()
@click.argument("places", metavar="PLACE...", nargs=-1, required=True)
@click.option("--start", default=DEFAULT_DAY, show_default=True, metavar="DAY", help="First day of the horizon.")
@click.option("--end", default="2023-04-01", show_default=True, metavar="DAY", help="The day after its last.")
@click.option(
    "--step", type=click.Choice([str(one) for one in Step]), default=str(Step.MONTH), show_default=True,
    help="Length of a period.",
)  # fmt: skip
@click.option("--from", "since", metavar="DAY", help="Day on which the place closes; else it is closed all along.")
@click.option("--until", metavar="DAY", help="Day on which it is open again; else it stays closed.")
@click.option("--share", default=1.0, show_default=True, help="Share that closes, 0 to 1.")
@click.option("--reroute", default=0.0, show_default=True, help="Share of the lost gas that takes another route.")
@click.option(
    "--notice", type=click.FloatRange(min=0), metavar="DAYS",
    help="Days before --from on which the closure is known; 0 is a surprise; else known from the start.",
)  # fmt: skip
@click.option(
    "--contracts", type=click.Choice([str(one) for one in Known]), default=str(Known.START), show_default=True,
    help="Contract flows of the first day, or as observed in each period.",
)  # fmt: skip
@click.option(
    "--end-slope", default=0.0, show_default=True, metavar="EUR/MWH",
    help="How much the value of gas left at the end falls from empty to full stores.",
)  # fmt: skip
@click.option(
    "--network", "own", metavar="FOLDER", type=click.Path(path_type=Path),
    help="A network of your own, the same in every period; it needs no --contracts.",
)  # fmt: skip
@solving_options
@click.option("--draws", type=click.IntRange(min=2), help="Winters to draw; each is solved without and with.")
@click.option("--seed", default=1, show_default=True, help="Names the drawn winters.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def horizon(
    places: tuple[str, ...],
    notice: float | None,
    draws: int | None,
    seed: int,
    own: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Close one PLACE or several for a while, and print the months that follow.

    Prices, storage levels, the value of stored gas, shortages and how long supply
    lasts, welfare and revenue, before and after; with --draws over many winters.
    """
    if notice is not None and options["since"] is None:
        raise click.UsageError("--notice counts back from the day of the closure: give that day with --from")
    terms = {name: options.pop(name) for name in ("share", "reroute")}
    dates = {"start": options.pop("since"), "end": options.pop("until")}
    how = {name: options.pop(name) for name in SOLVING}
    end_slope = options.pop("end_slope")
    over = _steady(own, options) if own else europe_over(**options)
    over = over.with_policy(end_slope=end_slope)
    closures = [Closure(place, **terms, **dates) for place in places]
    foresight = None if notice is None else Foresight(notice_days=notice)
    drawn = sample_paths(draws, seed, over) if draws else None
    report = horizon_report(Model(over, foresight=foresight, **how), *closures, winters=drawn)
    if as_json:
        print_json(report.as_dict())
    else:
        print_page(partial(horizon_page, report))


def _steady(folder: Path, options: dict[str, Any]) -> Horizon:
    """Return a horizon with one network in every period."""
    periods = Periods.between(options["start"], options["end"], options["step"])
    return Horizon.steady(read_csv_folder(folder), periods)
