"""What goes wrong, as one line and an exit code."""

import os
import traceback
from enum import IntEnum

import click


class Exit(IntEnum):
    """Exit codes."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    DAMAGED = 3
    STOPPED = 75


DEBUG = "LIGHTMILL_DEBUG"
"""Set to 1, this variable shows the traceback of an unexpected error."""


def explain(fault: BaseException) -> tuple[str, Exit]:
    """Find the words and the exit code for an exception.

    Parameters
    ----------
    fault
        Anything that a command let through.

    Returns
    -------
    text, code
        Lines to print on standard error, without a traceback.
    """
    from ..reference.crosscheck import CrosscheckError
    from ..recipe import RecipeError
    from ..sink import DataError

    if isinstance(fault, RecipeError):
        return str(fault), Exit.USAGE
    if isinstance(fault, click.ClickException):
        return _usage(fault), Exit.USAGE
    if isinstance(fault, KeyboardInterrupt):
        return f"lightmill: {fault or 'stopped'}", Exit.STOPPED
    if isinstance(fault, MemoryError):
        return f"lightmill: not enough memory{_colon(fault)}", Exit.FAILED
    if isinstance(fault, OSError | DataError | CrosscheckError):
        return f"lightmill: {_line(fault)}", Exit.FAILED
    return _unexpected(fault), Exit.FAILED


def _usage(fault: click.ClickException) -> str:
    command = fault.ctx.command_path if isinstance(fault, click.UsageError) and fault.ctx else "lightmill"
    return f"{command}: {fault.format_message()} (see {command} --help)"


def _unexpected(fault: BaseException) -> str:
    if os.environ.get(DEBUG) == "1":
        return "".join(traceback.format_exception(fault)).rstrip()
    return f"lightmill: unexpected {type(fault).__name__}{_colon(fault)} ({DEBUG}=1 shows where)"


def _colon(fault: BaseException) -> str:
    return f": {_line(fault)}" if str(fault) else ""


def _line(fault: BaseException) -> str:
    return " ".join(str(fault).split())
