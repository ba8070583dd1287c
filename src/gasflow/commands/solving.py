"""How a model is solved, as options that every command which solves one network or horizon has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from gasflow.core.curves import Curve
from gasflow.core.solvers.registry import SOLVERS
from gasflow.core.ties import Ties

SOLVING = ("curve", "ties", "solver", "threads")


def solving_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of `gasflow.Model` to a command."""
    for option in (
        click.option("--threads", type=click.IntRange(min=1), help="Threads; as many as processors if left out."),
        click.option(
            "--solver", type=click.Choice(list(SOLVERS)), default="auto", show_default=True, help="Who solves."
        ),
        click.option(
            "--ties", type=click.Choice([*map(str, Ties)]), default=str(Ties.ANY), show_default=True,
            help="Where several flows are optimal: any, or the least squares.",
        ),
        click.option(
            "--curve", type=click.Choice([*map(str, Curve)]), default=str(Curve.CONSTANT), show_default=True,
            help="How demand answers to the price.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command
