"""Threads behind the caller: one lays a shard out, others write it, while the caller fills another.

The caller's thread renders into one of at most `BUFFERS` sets of arrays; the first thread computes the
statistics, the checksums and the HDF5 skeleton (all of HDF5's calls are made there); `WRITERS` threads write
and sync files and give them their names. Memory is that of the buffers, whatever the count.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from lightmill.manifest import Shard
from lightmill.sink.content import content_of
from lightmill.sink.errors import DataError, explain, size
from lightmill.sink.files import Segment, Stopped, write_file
from lightmill.sink.mould import Moulds
from lightmill.sink.shards import row_bytes
from lightmill.sink.source import Arrays
from lightmill.sink.statistics import Statistics
from lightmill.sink.target import Target

WRITERS = 2
"""Threads that write: while the disk takes one shard, the next is copied to the system."""

BUFFERS = 2 + WRITERS
"""Shards alive at once: one being rendered, one laid out, the others written."""


@dataclass(frozen=True)
class _File:
    number: int
    buffer: Arrays
    shard: Shard
    segments: Sequence[Segment]


class Pipeline:
    """Writes filled shards in the background.

    Parameters
    ----------
    target : Target
        The data set that they belong to.

    Attributes
    ----------
    made : dict of Shard
        Shards that are in place, by number.
    statistics : Statistics
        Of their rows.
    """

    def __init__(self, target: Target) -> None:
        self.made: dict[int, Shard] = {}
        self.statistics = Statistics(target.fields)
        self._target = target
        self._moulds = Moulds(target.fields, target.identity)
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self._lock = threading.Lock()
        self._unborn = BUFFERS
        self._free: queue.SimpleQueue[Arrays | None] = queue.SimpleQueue()
        self._filled: queue.SimpleQueue[tuple[int, Arrays] | None] = queue.SimpleQueue()
        self._laid_out: queue.SimpleQueue[_File | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=work, name=f"lightmill-{work.__name__.strip('_')}")
            for work in (self._lay_out, *[self._write] * WRITERS)
        ]

    def start(self) -> None:
        """Start the threads; from here on `finish` or `abort` must be called."""
        for one in self._threads:
            one.start()

    def buffer(self) -> Arrays:
        """Arrays of a full shard to fill; waits for some to be free, and raises what went wrong meanwhile."""
        if self._unborn and self._free.empty():
            self._unborn -= 1
            return self._allocate()
        free = self._free.get()
        self.check()
        assert free is not None
        return free

    def check(self) -> None:
        """Raise what went wrong in a thread, if anything did."""
        if self._failure is not None:
            raise self._failure

    def submit(self, number: int, buffer: Arrays) -> None:
        """Hand over a filled shard; its buffer is the pipeline's until `buffer` returns it."""
        self._filled.put((number, buffer))

    def finish(self) -> None:
        """Wait until all that was handed over is in place."""
        self._filled.put(None)
        self._join()
        self.check()

    def abort(self) -> None:
        """Give up what is not in place; shards that are remain."""
        self._stop.set()
        self._filled.put(None)
        self._join()

    def _join(self) -> None:
        for one in self._threads:
            if one.ident is not None:
                one.join()

    def _allocate(self) -> Arrays:
        fields, rows = self._target.fields, self._target.division.largest
        try:
            return {one.path: np.empty((rows, *one.shape), one.dtype) for one in fields}
        except (MemoryError, ValueError):
            need = size(rows * row_bytes(fields))
            raise DataError(f"no memory for a shard of {rows} rows, {need}: choose fewer rows a shard") from None

    def _lay_out(self) -> None:
        while (item := self._filled.get()) is not None:
            self._unless_stopped(partial(self._file, *item))
        for _ in range(WRITERS):
            self._laid_out.put(None)

    def _file(self, number: int, buffer: Arrays) -> None:
        start, stop = self._target.division.rows_of(number)
        arrays = {path: rows[: stop - start] for path, rows in buffer.items()}
        self.statistics.update(arrays)
        content = content_of(self._target.fields, arrays)
        checksum = content.checksum()
        skeleton = self._moulds.skeleton(start, stop, checksum)
        shard = Shard(start, stop, skeleton.size, checksum, skeleton.frame(content), skeleton.layout)
        self._laid_out.put(_File(number, buffer, shard, skeleton.segments(arrays)))

    def _write(self) -> None:
        while (item := self._laid_out.get()) is not None:
            self._unless_stopped(partial(self._put, item))

    def _put(self, file: _File) -> None:
        write_file(self._target.shard(file.number), file.shard.bytes, file.segments, self._stop.is_set)
        self.made[file.number] = file.shard
        self._free.put(file.buffer)

    def _unless_stopped(self, work: Callable[[], None]) -> None:
        """Do nothing more once something failed; keep the first failure for the caller and wake it."""
        if self._stop.is_set():
            return
        try:
            work()
        except BaseException as error:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        with self._lock:
            if self._failure is None and not isinstance(error, Stopped):
                self._failure = _told(error)
            self._stop.set()
        self._free.put(None)


def _told(error: BaseException) -> BaseException:
    if isinstance(error, OSError):
        return explain("write a shard, at", error.filename or "an unnamed file", error)
    if isinstance(error, MemoryError):
        return DataError("not enough memory to write a shard: choose fewer rows a shard")
    return error
