"""``gasflow check``: everything that is wrong with a folder, in one go."""

from __future__ import annotations

import warnings
from pathlib import Path

import click

from gasflow.errors import GasflowWarning, Severity, counted, listed
from gasflow.io.csv_folder import check_folder, read_csv_folder

FOUND = 1


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, folder: Path) -> None:
    """Check the network in FOLDER and list everything that is wrong.

    The exit code is 0 if the folder holds a network, with warnings or without,
    and 1 if it does not.
    """
    findings = check_folder(folder)
    for line in listed(findings):
        click.echo(line)
    if findings:
        click.echo(f"{counted(findings)} in {folder}.", err=True)
    if any(finding.severity is Severity.ERROR for finding in findings):
        ctx.exit(FOUND)
    with warnings.catch_warnings(action="ignore", category=GasflowWarning):
        network = read_csv_folder(folder)
    click.echo(f"{network!r}." + ("" if findings else " Nothing is wrong with it."))
