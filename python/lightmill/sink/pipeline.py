"""Threads behind the caller: they sum, hash, write and sync shards while the caller fills others.

The caller's thread renders into one of at most `BUFFERS` sets of arrays. `WRITERS` threads take filled ones: an
array is hashed and summed, a piece at a time while that is in cache, and handed to the disk, a run at a time; then
the file's metadata, which has the checksum, goes in. Memory is that of the buffers, whatever the count.
"""

from __future__ import annotations

import math
import queue
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from lightmill.manifest import Shard
from lightmill.sink import direct, files
from lightmill.sink.content import PLACEHOLDER, Content
from lightmill.sink.direct import PAGE, Writer
from lightmill.sink.errors import DataError, explain, size
from lightmill.sink.files import Stopped
from lightmill.sink.mould import Moulds
from lightmill.sink.shards import array_bytes
from lightmill.sink.source import Array, Arrays
from lightmill.sink.statistics import Statistics
from lightmill.sink.target import Target

WRITERS = 2
"""Threads that write: while the disk takes one shard, the next is handed to the system."""

BUFFERS = 2 + WRITERS
"""Shards alive at once: one being rendered, one waiting, the others written."""

PIECE = 1 << 20
"""Bytes hashed and summed at a time: they stay in the second-level cache between the two."""

RUN = 8 << 20
"""Bytes of a write: 1 GB/s where a disk takes 0.9 in pieces of 1 MiB, and few enough to stop soon."""


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
        self._order: deque[int] = deque()
        self._summed: dict[int, Statistics] = {}
        self._threads = [threading.Thread(target=self._work, name=f"lightmill-write-{n}") for n in range(WRITERS)]

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
        self._order.append(number)
        self._filled.put((number, buffer))

    def finish(self) -> None:
        """Wait until all that was handed over is in place."""
        self._join()
        self.check()

    def abort(self) -> None:
        """Give up what is not in place; shards that are remain."""
        self._stop.set()
        self._join()

    def _join(self) -> None:
        for _ in self._threads:
            self._filled.put(None)
        for one in self._threads:
            if one.ident is not None:
                one.join()

    def _allocate(self) -> Arrays:
        fields, rows = self._target.fields, self._target.division.largest
        try:
            return {one.path: direct.empty(one.whole(rows), one.dtype) for one in fields}
        except (MemoryError, ValueError):
            need = size(array_bytes(fields, rows))
            raise DataError(f"no memory for a shard of {rows} rows, {need}: choose fewer rows a shard") from None

    def _work(self) -> None:
        """Do nothing more once something failed; keep the first failure for the caller and wake it."""
        while (item := self._filled.get()) is not None:
            try:
                if not self._stop.is_set():
                    self._put(*item)
            except BaseException as error:
                self._fail(error)

    def _put(self, number: int, buffer: Arrays) -> None:
        rows = self._target.division.rows_of(number)
        fields = self._target.fields
        arrays = {one.path: buffer[one.path][: one.whole(rows[1] - rows[0])[0]] for one in fields}
        statistics = Statistics(self._target.fields)
        shard = self._write(self._target.shard(number), rows, arrays, statistics)
        with self._lock:
            self.made[number] = shard
            self._summed[number] = statistics
            # Joined in order of rows, so that the last digits do not depend on which thread was first.
            while self._order and self._order[0] in self._summed:
                self.statistics.join(self._summed.pop(self._order.popleft()))
        self._free.put(buffer)

    def _write(self, path: Path, rows: tuple[int, int], arrays: Arrays, statistics: Statistics) -> Shard:
        content, blank = Content(self._target.fields), self._moulds.skeleton(*rows, PLACEHOLDER)
        with files.temporary(path) as (descriptor, name):
            files.fill(descriptor, name, blank.size, [])
            writer = Writer(descriptor, name, self._stop.is_set)
            for field in self._target.fields:
                offset, _ = blank.layout.get(field.path, (0, 0))
                for at, run in _runs(arrays[field.path]):
                    for piece in _pieces(run):
                        statistics.update(field.path, piece, content.hasher(field.path, len(piece)))
                    if run.nbytes:
                        writer.put(offset + at, run)
            skeleton = self._moulds.skeleton(*rows, content.checksum())
            files.fill(descriptor, name, skeleton.size, list(skeleton.bones.items()))
            files.commit(descriptor, name, path)
        return Shard(*rows, skeleton.size, content.checksum(), skeleton.frame(content), skeleton.layout)

    def _fail(self, error: BaseException) -> None:
        with self._lock:
            if self._failure is None and not isinstance(error, Stopped):
                self._failure = _told(error)
            self._stop.set()
        self._free.put(None)


def _runs(array: Array) -> Iterator[tuple[int, Array]]:
    """Cut an array along its first axis into runs of about `RUN` bytes that end with a page, with the bytes before."""
    each = array.nbytes // max(len(array), 1)
    step = PAGE // math.gcd(max(each, 1), PAGE)
    count = max(1, RUN // max(each * step, 1)) * step
    for start in range(0, len(array), count):
        yield start * each, array[start : start + count]


def _pieces(array: Array) -> Iterator[Array]:
    """Cut an array along its first axis into pieces of about `PIECE` bytes."""
    count = max(1, PIECE * len(array) // max(array.nbytes, 1))
    return (array[start : start + count] for start in range(0, len(array), count))


def _told(error: BaseException) -> BaseException:
    if isinstance(error, OSError):
        return explain("write a shard, at", error.filename or "an unnamed file", error)
    if isinstance(error, MemoryError):
        return DataError("not enough memory to write a shard: choose fewer rows a shard")
    return error
