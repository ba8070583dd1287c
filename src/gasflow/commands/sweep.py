"""``gasflow sweep``: a study file to a folder of answers."""

from __future__ import annotations

import shlex
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from gasflow.datasets.europe import horizon as europe_over
from gasflow.datasets.europe import load_europe
from gasflow.reports.pages.elements import chance
from gasflow.sweeps.plan import Plan
from gasflow.sweeps.study import Study, plan_study, read_study
from gasflow.sweeps.study_schema import study_help
from gasflow.sweeps.sweep import Executor, Sweep, run_plan
from gasflow.sweeps.sweep import Progress as Done

# A page of a terminal.
_ROWS = 24
_COLUMNS = ("unit", "mean", "q05", "q50", "q95", "lowest", "highest", "cvar95", "probability_positive")


class _Rate(ProgressColumn):
    """Scenarios per second."""

    def render(self, task: Task) -> Text:
        """Return the speed of this run, without what it found done."""
        return Text(f"{task.finished_speed or task.speed or 0:z,.0f}/s", style="progress.data.speed")


@click.command("sweep", epilog="\b\nThe study file (TOML):\n" + study_help().replace("\n", "\n  "))
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--folder", required=True, type=click.Path(path_type=Path), help="Folder for the answers.")
@click.option(
    "--network", "own", metavar="FOLDER", type=click.Path(path_type=Path), help="A network in place of the study's."
)
@click.option("--threads", type=click.IntRange(min=1), help="Threads; as many as processors if left out.")
@click.option("--cluster", help="Address of a Dask scheduler whose workers do the work instead.")
@click.option("--resume", is_flag=True, help="Go on with what the folder holds already.")
def sweep(study: Path, folder: Path, own: Path | None, threads: int | None, cluster: str | None, resume: bool) -> None:
    """Solve every scenario of a STUDY file and keep the answers in a folder."""
    if threads is not None and cluster is not None:
        raise click.UsageError("give --threads or --cluster, not both")
    read = read_study(study)
    plan = plan_study(read.on(own) if own else read, load_europe, europe_over)
    words = ["--network", str(own)] if own else []
    _report(_carry_out(read, plan, folder, Executor(threads, cluster), resume, words))


def _carry_out(study: Study, plan: Plan, folder: Path, executor: Executor, resume: bool, options: list[str]) -> Sweep:
    """Carry out a plan with a progress bar; on Ctrl-C, say what is kept and how to go on."""
    done: int | None = None
    try:
        with _bar() as bar, _plain_warnings():
            task = bar.add_task(study.name or study.file.stem, total=plan.scenarios.count)

            def show(progress: Done) -> None:
                nonlocal done
                done = progress.done
                if progress.done == progress.found:
                    # The rate starts here: what an earlier run did takes no time now.
                    bar.reset(task, completed=progress.found)
                bar.update(task, completed=progress.done)

            return run_plan(plan, folder, executor, resume, show)
    except KeyboardInterrupt:
        words = ["gasflow", "sweep", str(study.file), "--folder", str(folder), "--resume", *options]
        for option, value in (("--threads", executor.threads), ("--cluster", executor.cluster)):
            words += [option, str(value)] if value else []
        kept = "what it held" if done is None else f"{done:,} of {plan.scenarios.count:,} scenarios"
        click.echo(f"Stopped. The folder {folder} keeps {kept}.", err=True)
        click.echo(f"Go on with: {shlex.join(words)}", err=True)
        # End as Ctrl-C ends any program: at once, though threads are at work on chunks that may take hours.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
        raise


@contextmanager
def _plain_warnings() -> Iterator[None]:
    """Warnings as sentences, without the place in the code."""
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        yield


def _show_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, file: Any = None, line: Any = None
) -> None:
    click.echo(f"Warning: {message}", err=True)


def _bar() -> Progress:
    """Return a progress bar with rate and remaining time, on the error stream."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _report(answer: Sweep) -> None:
    """Return the outcome in words and the summary table."""
    click.echo(repr(answer))
    click.echo(f"Probability of a shortage anywhere: {chance(answer.shortage_probability)}")
    if answer.quantile_error:
        click.echo(f"Quantiles are within {answer.quantile_error:.3%} of the exact ones.")
    form = "{:z,.2f}".format
    with pd.option_context("display.width", 160, "display.max_columns", None, "display.float_format", form):
        shown = answer.summary.loc[answer.plan.headlines, list(_COLUMNS)].head(_ROWS)
        click.echo(shown.to_string(formatters={"probability_positive": chance}))
    if len(shown) < len(answer.summary):
        click.echo(f"{len(answer.summary) - len(shown)} more rows are in summary.csv.")
    click.echo(f"Scenarios, summary and manifest are in {answer.folder}")
