"""Writing to standard output and error, whatever has become of them."""

import os
import sys
from typing import TextIO


def say(text: str) -> None:
    """Print to standard output; a reader who has left is not worth a word."""
    _write(sys.stdout, text)


def warn(text: str) -> None:
    """Print to standard error, if it is still there."""
    try:
        _write(sys.stderr, text)
    except OSError:
        _discard(sys.stderr)


def flush() -> None:
    """Push out what was printed, so that a full disk shows now and not at exit.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)
    except OSError:
        _discard(sys.stdout)
        raise


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "ascii"
    try:
        # A terminal that knows no such letter shows a question mark.
        stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        stream.flush()
    except BrokenPipeError:
        _discard(stream)


def _discard(stream: TextIO) -> None:
    """Send the rest nowhere, or the interpreter complains when it closes the stream."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
