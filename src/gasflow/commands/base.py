"""``gasflow base``: a network of one's own day, from observations."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click
import pandas as pd

from gasflow.calibration import Observations, calibrate, read_observations
from gasflow.datasets.europe.own import calibrate_europe, topology_on
from gasflow.io.csv_folder import read_csv_folder, write_csv_folder
from gasflow.network.days import day_or_month
from gasflow.reports.pages.calibration import calibration_page
from gasflow.reports.pages.elements import print_page


@click.command()
@click.option("--date", metavar="DAY", required=True, help="Day or month.")
@click.option(
    "--observations",
    "folder",
    metavar="FOLDER",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of observations, such as `gasflow read` writes.",
)
@click.option(
    "--topology",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="A network of your own; else Europe on that day, with what is bundled where you say nothing.",
)
@click.option("--price", type=float, help="Price of the marker hub on that day, EUR/MWh, if no table has it.")
@click.option(
    "--out", metavar="NETWORK", required=True, type=click.Path(path_type=Path), help="Folder for the network."
)
@click.option("--overwrite", is_flag=True, help="Replace a network that is there.")
def base(
    date: str, folder: Path, topology: Path | None, price: float | None, out: Path, overwrite: bool
) -> None:  # fmt: skip
    """Make a base for a day from observations, and print what was estimated on the way.

    The network is a folder that close, horizon and sweep take as --network.
    """
    label, seen = day_or_month(date), read_observations(folder)
    network = read_csv_folder(topology) if topology else topology_on(label)
    if price is not None:
        row = pd.DataFrame({"date": [label], "node": [network.marker_node], "price": [price], "source": ["--price"]})
        seen = seen.joined(Observations.from_tables(prices=row))
    found = calibrate(network, seen, label) if topology else calibrate_europe(seen, label)
    write_csv_folder(found.network, out, overwrite)
    print_page(partial(calibration_page, found))
    click.echo(f"written to {out}")
