"""``gasflow check``: everything that is wrong with a folder, in one go."""

from __future__ import annotations

from pathlib import Path

import click

from gasflow.io.csv_folder import check_folder, read_csv_folder

FOUND = 1


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, folder: Path) -> None:
    """Check the network in FOLDER and list everything that is wrong.

    The exit code is 0 if the folder holds a network, and 1 if there are findings.
    """
    findings = check_folder(folder)
    if not findings:
        click.echo(f"{read_csv_folder(folder)!r}. Nothing is wrong with it.")
        return
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"{len(findings)} finding{'' if len(findings) == 1 else 's'} in {folder}.", err=True)
    ctx.exit(FOUND)
