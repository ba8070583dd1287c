"""``gasflow read``: downloaded files become observations."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from gasflow.calibration import read_observations, write_observations
from gasflow.calibration.placing import placed
from gasflow.datasets.europe.own import points, topology_on
from gasflow.errors import listed
from gasflow.io.csv_folder import read_csv_folder
from gasflow.io.readers import READERS, read_raw


@click.command()
@click.argument("kind", type=click.Choice(list(READERS)))
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    "folder",
    metavar="FOLDER",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of observations; files read before stay in it.",
)
@click.option(
    "--topology",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="A network of your own, whose places are meant; else Europe's.",
)
@click.option(
    "--points",
    "own_points",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="CSV with point, direction, country, pipe: what points of pipelines are called.",
)
def read(
    kind: str, files: tuple[Path, ...], folder: Path, topology: Path | None, own_points: Path | None
) -> None:  # fmt: skip
    """Read downloaded FILES of a KIND into a folder of observations.

    entsog: operational data (physical flow), CSV or JSON; agsi and alsi: storage
    and LNG of countries, CSV or JSON; eurostat: nrg_cb_gasm, TSV or CSV; prices:
    CSV with date, place, price in EUR/MWh.
    """
    table = points() if own_points is None else pd.read_csv(own_points, dtype=str, keep_default_na=False)
    for file in files:
        reading = read_raw(kind, file)
        dates = reading.table["date"]
        network = read_csv_folder(topology) if topology else topology_on(max(dates))
        seen, left_out = placed(reading, network, table)
        taken = ", ".join(f"{len(frame):,} of {name}" for name, frame in seen.tables.items() if len(frame))
        seen = read_observations(folder).joined(seen) if folder.exists() else seen
        write_observations(seen, folder, overwrite=True)
        click.echo(f"{file}: {len(dates):,} figures, {min(dates)} to {max(dates)}; rows taken: {taken}")
        for line in listed([*reading.findings, *left_out]):
            click.echo(f"  {line}")
