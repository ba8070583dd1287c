"""What pages of text share: how they are shown, tables without frames, numbers, and the terms of a closure."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from io import StringIO
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gasflow.scenarios.shocks import Closure

WIDTH = 80


Page = Callable[[Console], None]


def print_page(page: Page) -> None:
    """Print a page on the terminal."""
    page(Console(width=WIDTH, highlight=False, emoji=False))


def page_text(page: Page) -> str:
    """Return a page as plain text, for `print`."""
    console = Console(width=WIDTH, highlight=False, emoji=False, file=StringIO(), color_system=None)
    with console.capture() as captured:
        page(console)
    return captured.get().rstrip()


def page_html(page: Page) -> str:
    """Return a page for a notebook, all text escaped."""
    console = Console(width=WIDTH, highlight=False, emoji=False, file=StringIO(), record=True, force_terminal=True)
    page(console)
    return console.export_html(inline_styles=True, code_format='<pre style="line-height: 1.25">{code}</pre>')


def print_json(figures: dict[str, Any]) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(figures, indent=2, ensure_ascii=False, allow_nan=False))


def print_certificate(console: Console, certificate: dict[str, Any]) -> None:
    """Print the certificate of all that a page rests on."""
    worst, tolerance, status, solves = (certificate[key] for key in ("worst", "tolerance", "status", "solves"))
    console.print(f"[bold]certificate[/]\n  {status}; worst {worst:.1e} of {tolerance:.0e} allowed, in {solves} solves")


def print_closures(console: Console, closures: dict[str, list[str]]) -> None:
    """Print what closes, by the terms on which it does."""
    for terms, places in closures.items():
        console.print(f"closes {terms}:", *places, sep="\n  ")


def table_of(first: str, *others: str) -> Table:
    """Return a table without a frame: names in the first column, numbers to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0), width=None)
    table.add_column(first, no_wrap=False, max_width=34, min_width=26)
    for name in others:
        table.add_column(name, justify="left" if name == "unit" else "right", no_wrap=True)
    return table


def number(value: float, digits: int = 1) -> str:
    """Return a number with thousands, n/a for NaN."""
    return "n/a" if math.isnan(value) else f"{value:z,.{digits}f}"


def chance(probability: float) -> str:
    """Return a probability in percent, with as many digits as tell a rare event from none.

    Example:
        >>> chance(0.0011), chance(1e-6), chance(0.0), chance(1.0)
        ('0.11 %', '0.0001 %', '0 %', '100 %')
    """
    return "n/a" if math.isnan(probability) else f"{100.0 * probability:.3g} %"


def signed(value: float, digits: int = 1) -> str:
    """Return a change with its sign, coloured on a terminal."""
    if math.isnan(value):
        return "n/a"
    colour = "" if abs(value) < 0.5 * 10**-digits else "red" if value < 0 else "green"
    text = f"{value:+z,.{digits}f}" if colour else f"{0.0:z.{digits}f}"
    return f"[{colour}]{text}[/]" if colour else text


def closure_terms(closure: Closure) -> str:
    """How much closes, and what becomes of its gas."""
    share, reroute = float(np.max(closure.share)), float(np.max(closure.reroute))
    if reroute == 0.0:
        return f"to {100 * share:zg} %, nothing re-routed"
    where = f" via {escape(closure.via)}" if closure.via else ""
    return f"to {100 * share:zg} %, {100 * reroute:g} % to be re-routed{where} within {closure.limit} capacity"
