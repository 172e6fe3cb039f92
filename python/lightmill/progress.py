"""Progress on standard error: a bar on a terminal, a plain line every few seconds otherwise."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

EVERY = 5.0
"""Seconds between two plain lines."""


def duration(seconds: float) -> str:
    """Write a time as a person says it.

    Examples
    --------
    >>> duration(0.42), duration(75), duration(3 * 3600 + 120)
    ('0.4 s', '1 min 15 s', '3 h 2 min')
    """
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def size(count: float) -> str:
    """Write a number of bytes as a person says it.

    Examples
    --------
    >>> size(512), size(83_886_080), size(2.5e12)
    ('512 B', '83.9 MB', '2.5 TB')
    """
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if count < 1000 or unit == "TB":
            break
        count /= 1000
    return f"{count:.0f} B" if unit == "B" else f"{count:.3g} {unit}"


def rate(per_second: float) -> str:
    """Write a number a second.

    Examples
    --------
    >>> rate(48213.4), rate(3.217)
    ('48,200/s', '3.22/s')
    """
    return f"{float(f'{per_second:.3g}'):,.10g}/s"


class Silent:
    """Takes reports of (samples done, samples in all) and says nothing."""

    def __call__(self, done: int, total: int) -> None:
        """Take a report; what was found already there counts as done."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class Tempo:
    """The rate since the first report.

    Parameters
    ----------
    clock
        Seconds, from any start.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._first: tuple[float, int] | None = None

    def __call__(self, done: int) -> tuple[float, float]:
        """Take a report; return the seconds since the first one, and the samples a second (0 at first)."""
        now = self._clock()
        self._first = self._first or (now, done)
        began, before = self._first
        passed = now - began
        return passed, (done - before) / passed if passed > 0 else 0.0


class Lines(Silent):
    """One plain line every few seconds: samples done, rate, time left.

    Parameters
    ----------
    stream
        Where the lines go.
    clock
        Seconds, from any start.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._tempo = stream, Tempo(clock)
        self._due = EVERY

    def __call__(self, done: int, total: int) -> None:
        """Write a line if one is due."""
        passed, speed = self._tempo(done)
        if passed < self._due:
            return
        self._due = passed + EVERY
        left = f", {duration((total - done) / speed)} left" if speed > 0 else ""
        self._stream.write(f"{done:,} of {total:,} samples, {rate(speed)}{left}\n")
        self._stream.flush()


class Bar(Silent):
    """A bar with the rate and the time left, on a terminal.

    Parameters
    ----------
    stream
        The terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(file=stream), transient=True)
        self._task = self._bar.add_task("samples", total=None, rate="")
        self._tempo = Tempo()

    def __call__(self, done: int, total: int) -> None:
        """Move the bar."""
        _, speed = self._tempo(done)
        self._bar.update(self._task, completed=done, total=total, rate=rate(speed) if speed else "")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()


def progress(quiet: bool = False, stream: TextIO | None = None) -> Silent:
    """Choose how to report.

    Parameters
    ----------
    quiet
        Report nothing.
    stream
        Standard error unless given.

    Returns
    -------
    Silent
        A context manager to call with `(done, total)`.
    """
    stream = sys.stderr if stream is None else stream
    if quiet:
        return Silent()
    return Bar(stream) if stream.isatty() else Lines(stream)
