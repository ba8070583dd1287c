"""``gasflow read``: downloaded files become observations, or networks."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from gasflow.calibration import read_observations, write_observations
from gasflow.calibration.placing import placed
from gasflow.datasets.europe.own import points, topology_on
from gasflow.errors import Finding, listed
from gasflow.io.csv_folder import read_csv_folder, write_csv_folder
from gasflow.io.readers import NetworkReading, Reading, read_raw
from gasflow.network import Network
from gasflow.network.schema import TABLES

KINDS = {
    "acer": "daily LNG price assessments, CSV",
    "agsi": "gas in storage, JSON or CSV",
    "alsi": "LNG terminals, JSON or CSV",
    "entsog": "physical flows by day or hour, CSV or JSON",
    "eurostat": "monthly balances, TSV or SDMX-CSV",
    "gaslib": "a network: .net, with its .scn beside it",
    "scigrid": "a network: folder of SciGRID_gas",
}
_HELP = "".join(f"  {kind:10}  {what}\n" for kind, what in KINDS.items())


@click.command(epilog=f"\b\nKinds:\n{_HELP}")
@click.argument("kind", metavar="KIND", type=click.Choice(list(KINDS)))
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    "folder",
    metavar="FOLDER",
    required=True,
    type=click.Path(path_type=Path),
    help="Where to; files read before stay in it.",
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
    """Read each downloaded FILE of a KIND into FOLDER.

    What was observed is added to a folder of observations, which `gasflow base`
    takes. Kinds of networks fill FOLDER with one instead. What is odd about a file is
    listed, with what was done about it.
    """
    table = points() if own_points is None else pd.read_csv(own_points, dtype=str, keep_default_na=False)
    for file in files:
        reading = read_raw(kind, file)
        if isinstance(reading, NetworkReading):
            nodes, pipes, supplies, demands, storages = (reading.tables[name] for name in TABLES)
            network = Network(nodes, pipes, supplies, demands, storages, name=file.stem)
            write_csv_folder(network, folder)
            click.echo(f"{file}: {network!r}")
            found = list(reading.findings)
        else:
            found = _observed(file, reading, folder, read_csv_folder(topology) if topology else None, table)
        for line in listed(found):
            click.echo(f"  {line}")


def _observed(
    file: Path, reading: Reading, folder: Path, topology: Network | None, table: pd.DataFrame
) -> list[Finding]:  # fmt: skip
    """Add a reading to a folder of observations, and return what was odd."""
    dates = reading.table["date"]
    seen, left_out = placed(reading, topology or topology_on(max(dates)), table)
    taken = ", ".join(f"{len(frame):,} of {name}" for name, frame in seen.tables.items() if len(frame))
    seen = read_observations(folder).joined(seen) if folder.exists() else seen
    write_observations(seen, folder, overwrite=True)
    click.echo(f"{file}: {len(dates):,} figures, {min(dates)} to {max(dates)}; rows taken: {taken}")
    return [*reading.findings, *left_out]
