"""The group of commands, and the way out of it."""

import contextlib
import importlib
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import NoReturn

import click

from . import output
from .failure import explain

COMMANDS = {
    "generate": "Make a data set from a recipe.",
    "preview": "Draw a contact sheet of a recipe's first samples.",
    "validate": "Check a recipe, and say what it would make.",
    "convert": "Print the recipe that a file of DeepBench means.",
    "info": "Describe a data set, or this machine.",
    "verify": "Prove a data set whole.",
    "export": "Copy a data set into one file of another kind.",
    "tasks": "List the recipes that come with the package, and the models.",
    "new": "Write a first recipe to start from.",
    "explain": "Tell a recipe's objects in the words of other packages.",
    "schema": "Print the JSON Schema of the recipe language.",
    "crosscheck": "Compare every model with an independent evaluation.",
}


class Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f".{cmd_name}", __package__), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list for --help, without importing the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _show_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from .. import __version__

        output.say(f"lightmill {__version__}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show it.")
def cli() -> None:
    """Make simulated images for machine learning, every number of them known.

    Exit codes: 0 done; 1 the run failed (disk, memory); 2 bad usage or recipe; 3 verify found damage; 75 stopped by
    a signal, safe to resume.
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command.

    Parameters
    ----------
    arguments
        Without the program's name.

    Returns
    -------
    int
        The exit code. No exception leaves, whatever happens.
    """
    try:
        with _stopped_by_signals(), cli.make_context("lightmill", list(arguments)) as context:
            code = cli.invoke(context) or 0
            output.flush()
            return int(code)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except BaseException as fault:
        text, code = explain(fault)
        output.warn(text)
        return int(code)


def main() -> NoReturn:
    """Run the command line and leave."""
    sys.exit(run(sys.argv[1:]))


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM stop a run as Ctrl-C does; a signal that the parent told us to ignore stays ignored."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGTERM)
    if before == signal.SIG_DFL:
        signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
