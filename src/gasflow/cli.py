"""The command line: ``gasflow COMMAND``. Parses and hands over; each command is a module of `gasflow.commands`.

Commands are imported when they are called, and their heavy imports happen when they run: ``gasflow --help`` is instant.
"""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from gasflow.errors import GasflowError
from gasflow.version import __version__

# Name of a command and of its module, and what it answers.
COMMANDS = {
    "backtest": "Gas in store through a winter, modelled against observed.",
    "base": "A network of your own day, from observations.",
    "check": "What is wrong with a network in a folder of CSV files.",
    "close": "What happens to flows and prices if places close.",
    "horizon": "A closure through the months: storage, prices, how long supply lasts.",
    "read": "Downloaded files become observations.",
    "sweep": "Every scenario of a study file, into a folder of answers.",
}
MISUSE = 2


class Complaint(click.ClickException):
    """A message for people on stderr, and the exit code of misuse."""

    exit_code = MISUSE


class Commands(click.Group):
    """The commands by name, imported when called; errors of the library become one message each."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"gasflow.commands.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except GasflowError as error:
            raise Complaint(str(error)) from error
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            raise Complaint(f"{error.strerror}: {error.filename}" if error.filename else str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="gasflow")
def commands() -> None:
    """Gas flows and prices in Europe: what happens if a route closes?"""


def main() -> None:
    """Run the command line."""
    # A terminal that cannot show a letter gets a question mark instead of a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    commands(prog_name="gasflow")
