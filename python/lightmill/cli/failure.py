"""What goes wrong, as one line and an exit code."""

import os
import sys
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


_TOLD = (("sink.errors", "DataError"), ("reference.crosscheck", "CrosscheckError"), ("_core", "DrawError"))
"""Module and class of errors whose words are for the user."""


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
    if _is(fault, "recipe.faults", "RecipeError"):
        return str(fault), Exit.USAGE
    if isinstance(fault, click.ClickException):
        return _usage(fault), Exit.USAGE
    if isinstance(fault, KeyboardInterrupt):
        return f"lightmill: {_line(fault) or 'stopped'}", Exit.STOPPED
    if isinstance(fault, MemoryError):
        return f"lightmill: not enough memory{_colon(fault)}", Exit.FAILED
    if isinstance(fault, OSError):
        return f"lightmill: {_system(fault)}", Exit.FAILED
    if any(_is(fault, *known) for known in _TOLD):
        return f"lightmill: {_line(fault)}", Exit.FAILED
    if _of_a_row(fault):
        return f"lightmill: {_line(fault)}", Exit.FAILED
    return _unexpected(fault), Exit.FAILED


def _of_a_row(fault: BaseException) -> bool:
    """Tell whether the core refused a row's drawn values: a RuntimeError with no Python frame below our own."""
    if type(fault) is not RuntimeError:
        return False
    *_, (frame, _) = [(None, 0), *traceback.walk_tb(fault.__traceback__)]
    return frame is not None and str(frame.f_globals.get("__name__")).startswith("lightmill.")


def _is(fault: BaseException, module: str, name: str) -> bool:
    """Tell an exception's class without importing its module: what was never imported was never raised."""
    home = sys.modules.get(f"lightmill.{module}")
    return home is not None and isinstance(fault, getattr(home, name))


def _system(fault: OSError) -> str:
    """Name the file, if it has one, and say what the system said."""
    said = fault.strerror or _line(fault) or type(fault).__name__
    return f"{fault.filename}: {said}" if fault.filename else said


def _usage(fault: click.ClickException) -> str:
    command = fault.ctx.command_path if isinstance(fault, click.UsageError) and fault.ctx else "lightmill"
    message = fault.format_message().rstrip(".")
    return f"{command}: {message} (see {command} --help)"


def _unexpected(fault: BaseException) -> str:
    if os.environ.get(DEBUG) == "1":
        return "".join(traceback.format_exception(fault)).rstrip()
    return f"lightmill: unexpected {type(fault).__name__}{_colon(fault)} ({DEBUG}=1 shows where)"


def _colon(fault: BaseException) -> str:
    return f": {_line(fault)}" if str(fault) else ""


def _line(fault: BaseException) -> str:
    return " ".join(str(fault).split())
