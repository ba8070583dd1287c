"""``gasflow sweep``: a study file to a folder of answers."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from gasflow.datasets.europe import load_europe
from gasflow.sweeps.study import plan_study, read_study
from gasflow.sweeps.study_schema import study_help
from gasflow.sweeps.sweep import Progress as Done
from gasflow.sweeps.sweep import Sweep, run_plan

_COLUMNS = ("unit", "mean", "q05", "q50", "q95", "lowest", "highest", "cvar95", "probability_positive")


class _Rate(ProgressColumn):
    """Scenarios per second."""

    def render(self, task: Task) -> Text:
        """The speed of this run, without what it found done."""
        return Text(f"{task.finished_speed or task.speed or 0:,.0f}/s", style="progress.data.speed")


@click.command("sweep", epilog="\b\nThe study file (TOML):\n" + study_help().replace("\n", "\n  "))
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--out", "folder", required=True, type=click.Path(path_type=Path), help="Folder for the answers.")
@click.option("--workers", type=click.IntRange(min=1), help="Threads; as many as processors if left out.")
@click.option("--dask", "address", help="Address of a Dask scheduler that does the work.")
@click.option("--resume", is_flag=True, help="Go on with what the folder holds already.")
def sweep(study: Path, folder: Path, workers: int | None, address: str | None, resume: bool) -> None:
    """Solve every scenario of a STUDY file and keep the answers in a folder."""
    if workers and address:
        raise click.UsageError("give --workers or --dask, not both")
    read = read_study(study)
    plan = plan_study(read, read.network(load_europe))
    with _bar() as bar:
        task = bar.add_task(read.name or study.stem, total=plan.scenarios.count)

        def show(done: Done) -> None:
            if done.done == done.found:
                # The rate starts here: what an earlier run did takes no time now.
                bar.reset(task, completed=done.found)
            bar.update(task, completed=done.done)

        answer = run_plan(plan, folder, address or workers, resume, show)
    _report(answer)


def _bar() -> Progress:
    """A progress bar with rate and remaining time, on the error stream."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _report(answer: Sweep) -> None:
    """The outcome in words and the summary table."""
    click.echo(repr(answer))
    click.echo(f"Probability of a shortage anywhere: {answer.shortage_probability:.2%}")
    if answer.quantile_error:
        click.echo(f"Quantiles are within {answer.quantile_error:.3%} of the exact ones.")
    with pd.option_context("display.width", 160, "display.max_columns", None, "display.float_format", "{:,.2f}".format):
        click.echo(answer.summary[list(_COLUMNS)].head(40).to_string())
    click.echo(f"Scenarios, summary and manifest are in {answer.folder}")
