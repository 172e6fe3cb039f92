"""Progress on standard error: a bar on a terminal, a plain line every few seconds otherwise."""

import contextlib
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
    """Takes reports of (stage, samples done, samples in all) and says nothing."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take a report."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class Tempo:
    """The rate since a stage's first report.

    Parameters
    ----------
    clock
        Seconds, from any start.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._first: tuple[str, float, int] = ("", 0.0, 0)

    def __call__(self, stage: str, done: int) -> float:
        """Take a report; return the samples a second since the stage's first, 0 at first."""
        now = self._clock()
        if self._first[0] != stage:
            self._first = (stage, now, done)
        _, began, before = self._first
        return (done - before) / (now - began) if now > began else 0.0


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
        self._stream, self._clock, self._tempo = stream, clock, Tempo(clock)
        self._last = clock()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Write a line if one is due."""
        speed = self._tempo(stage, done)
        if self._clock() - self._last < EVERY:
            return
        self._last = self._clock()
        left = f", {rate(speed)}, {duration((total - done) / speed)} left" if speed > 0 else ""
        # Nobody may be listening any more, which is no reason to stop.
        with contextlib.suppress(OSError):
            self._stream.write(f"{stage}: {done:,} of {total:,} samples{left}\n")
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

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
        )
        self._bar = Progress(*columns, TimeRemainingColumn(), console=Console(file=stream), transient=True)
        self._task = self._bar.add_task("", total=None, rate="")
        self._tempo = Tempo()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Move the bar."""
        speed = self._tempo(stage, done)
        said = rate(speed) if speed else ""
        self._bar.update(self._task, description=stage, completed=done, total=total, rate=said)

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
        A context manager to call with `(stage, done, total)`.
    """
    stream = sys.stderr if stream is None else stream
    if quiet:
        return Silent()
    return Bar(stream) if stream.isatty() else Lines(stream)
